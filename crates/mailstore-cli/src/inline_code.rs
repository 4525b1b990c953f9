//! Text from outside in reports in Markdown.

use mailstore_reach::printable;

/// Formats any text as inline code, so that it cannot contain markup.
pub(crate) fn inline_code(text: &str) -> String {
    format!("`{}`", printable(&text.replace('`', "'")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_contain_markup() {
        assert_eq!(inline_code("a`b\n<c>"), r"`a'b\n<c>`");
    }
}
