//! Offsets in a text.

/// Converts a byte offset to a line and a column in characters, both counted from 1.
///
/// An offset within a character counts as the start of the character. An offset beyond the end counts as the end.
///
/// ```
/// assert_eq!(wire_values::line_and_column("[\n  1", 4), (2, 3));
/// ```
pub fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = &text[..floor_char_boundary(text, offset)];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = 1 + before.bytes().filter(|&byte| byte == b'\n').count();
    (line, 1 + before[line_start..].chars().count())
}

/// Returns the nearest character boundary or end of the text at or before an offset.
pub fn floor_char_boundary(text: &str, offset: usize) -> usize {
    (0..=offset.min(text.len()))
        .rev()
        .find(|&at| text.is_char_boundary(at))
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let text = "[\r\n  \"\u{e4}\u{20ac}x\"";
        assert_eq!(line_and_column(text, 0), (1, 1));
        assert_eq!(line_and_column(text, 3), (2, 1));
        assert_eq!(line_and_column(text, text.find('x').unwrap()), (2, 6));
        assert_eq!(line_and_column(text, text.find('x').unwrap() - 1), (2, 5));
        assert_eq!(line_and_column(text, 1000), (2, 8));
        assert_eq!(line_and_column("", 0), (1, 1));
    }
}
