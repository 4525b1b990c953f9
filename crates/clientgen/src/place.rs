//! Places in a text, for people.

/// Returns the line and the column of an offset, both from 1. The column counts characters.
pub(crate) fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = 1 + before.bytes().filter(|&byte| byte == b'\n').count();
    (line, 1 + before[line_start..].chars().count())
}

#[cfg(test)]
mod tests {
    use super::line_and_column;

    #[test]
    fn columns_count_characters() {
        assert_eq!(line_and_column("[\n  1", 4), (2, 3));
        assert_eq!(line_and_column("\u{e4}b", 2), (1, 2));
        assert_eq!(line_and_column("a\n", 9), (2, 1));
    }
}
