//! Splits the server's log of a running call into lines.

use crate::secrets::Secrets;

/// Joins pieces of text into lines. A piece may end anywhere, even between `\r` and `\n`.
#[derive(Default, Debug)]
pub(crate) struct Lines {
    /// The beginning of a line whose end has not been received.
    open: String,
    /// Whether a part of that line was already returned.
    is_continued: bool,
}

impl Lines {
    /// Maximum length of a line in bytes. A longer line is returned in parts, so that a line without an end does not
    /// fill the memory.
    const LONGEST: usize = 64 * 1024;

    /// Returns the lines that this piece completes, without line ends.
    pub(crate) fn push(&mut self, piece: &str) -> Vec<String> {
        let mut lines = Vec::new();
        let mut rest = piece;
        if let Some(end) = piece.rfind('\n') {
            self.open.push_str(&piece[..=end]);
            // A line whose parts were all returned has no rest.
            let skip = self.is_continued && matches!(self.open.as_bytes(), [b'\n', ..] | [b'\r', b'\n', ..]);
            lines.extend(self.open.lines().skip(usize::from(skip)).map(str::to_owned));
            self.open.clear();
            self.is_continued = false;
            rest = &piece[end + 1..];
        }
        self.open.push_str(rest);
        if self.open.len() > Self::LONGEST {
            // A `\r` at the end may be half of a line end, so it waits for the next piece.
            let rest = if self.open.ends_with('\r') { "\r" } else { "" };
            self.open.truncate(self.open.len() - rest.len());
            lines.push(std::mem::replace(&mut self.open, rest.to_owned()));
            self.is_continued = true;
        }
        lines
    }

    /// Returns the last line, if it has no line end.
    pub(crate) fn finish(&mut self) -> Option<String> {
        let open = std::mem::take(&mut self.open);
        let line = open.trim_end_matches('\r');
        (!line.is_empty()).then(|| line.to_owned())
    }
}

/// The last lines of a log.
#[derive(Default, Debug)]
pub(crate) struct Tail {
    lines: std::collections::VecDeque<String>,
    /// Number of lines before `lines`.
    pub(crate) dropped: u64,
}

impl Tail {
    /// Maximum number of lines. Published logs end with one line that contains the outcome.
    const LENGTH: usize = 20;
    /// Maximum length of a line in characters. The rest of a longer line is removed.
    const WIDTH: usize = 1000;

    /// Adds lines without these secrets.
    pub(crate) fn extend(&mut self, lines: &[String], secrets: &Secrets) {
        let skipped = lines.len().saturating_sub(Self::LENGTH);
        let cut = |line: &String| {
            // A secret that is cut would not be found.
            let mut line = line.clone();
            secrets.mask(&mut line);
            line.chars().take(Self::WIDTH).collect()
        };
        self.lines.extend(lines[skipped..].iter().map(cut));
        let surplus = self.lines.len().saturating_sub(Self::LENGTH);
        self.lines.drain(..surplus);
        self.dropped += (skipped + surplus) as u64;
    }

    pub(crate) fn to_vec(&self) -> Vec<String> {
        self.lines.iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_part_may_end_inside_a_line_end() {
        let mut lines = Lines::default();
        assert_eq!(lines.push("Verifying...\r"), Vec::<String>::new());
        assert_eq!(lines.push("\n  100 mess"), ["Verifying..."]);
        assert_eq!(lines.push("ages verified...\r\n"), ["  100 messages verified..."]);
        assert_eq!(lines.finish(), None);
    }

    #[test]
    fn a_last_line_without_a_line_end_is_kept() {
        let mut lines = Lines::default();
        assert!(lines.push("Finished.").is_empty());
        assert_eq!(lines.finish().as_deref(), Some("Finished."));
    }

    #[test]
    fn the_length_of_the_tail_is_limited() {
        let mut tail = Tail::default();
        let lines: Vec<String> = (0..50).map(|n| n.to_string()).collect();
        tail.extend(&lines, &Secrets::default());
        assert_eq!(tail.to_vec(), lines[30..]);
        assert_eq!(tail.dropped, 30);
        tail.extend(&["x".repeat(5000)], &Secrets::default());
        assert_eq!(tail.to_vec().last().map(String::len), Some(1000));
    }

    #[test]
    fn a_line_that_does_not_end_is_returned_in_parts() {
        let mut lines = Lines::default();
        let piece = "x".repeat(Lines::LONGEST);
        for end in ["\n", "\r\n"] {
            assert!(lines.push(&piece).is_empty());
            assert_eq!(lines.push("x").len(), 1);
            assert!(lines.push(end).is_empty(), "the end of a line that was returned");
            assert_eq!(lines.push(end), [""], "an empty line");
        }
        assert!(lines.push(&piece).is_empty());
        assert_eq!(lines.push("\r"), [piece.as_str()], "half of a line end");
        assert!(lines.push("\n").is_empty());
        assert!(lines.push(&piece).is_empty());
        assert_eq!(lines.push("x").len(), 1);
        assert_eq!(lines.finish(), None);
    }

    /// A progress display overwrites its line. In an earlier version, its whole log was kept in memory.
    #[test]
    fn parts_that_all_end_in_a_carriage_return_are_returned() {
        let mut lines = Lines::default();
        let mut handed_over = 0;
        for _ in 0..100 {
            let parts = lines.push(&("x".repeat(5000) + "\r"));
            handed_over += parts.iter().map(String::len).sum::<usize>();
            assert!(lines.open.len() <= Lines::LONGEST);
        }
        assert!(handed_over > 400_000);
        for _ in 0..3 * Lines::LONGEST {
            lines.push("\r");
        }
        assert!(lines.open.capacity() <= 4 * Lines::LONGEST);
    }

    proptest! {
        #[test]
        fn the_lines_do_not_depend_on_where_the_log_is_cut(text in "([a-zü]{0,6}(\r\n)?){0,12}", cut in 1_usize..9) {
            let mut lines = Lines::default();
            let mut out = Vec::new();
            let chars: Vec<char> = text.chars().collect();
            for piece in chars.chunks(cut) {
                out.extend(lines.push(&piece.iter().collect::<String>()));
            }
            out.extend(lines.finish());
            let expected: Vec<String> = text.lines().map(str::to_owned).collect();
            prop_assert_eq!(out, expected);
        }
    }
}
