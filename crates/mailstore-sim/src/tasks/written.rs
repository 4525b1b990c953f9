//! The log of a long call, and the part of it that each status reports.

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::faults::Cut;

/// A log with a mark for every status.
#[derive(Debug, Default)]
pub(crate) struct Written {
    text: String,
    marks: Vec<Mark>,
}

/// One status: its version, the position in the log, and the progress.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    pub(crate) version: i64,
    pub(crate) percent: Option<u8>,
    end: Position,
}

/// A position in the log in UTF-16 units: before the character that starts at a byte, or in the middle of it.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Position {
    byte: usize,
    half: bool,
}

impl Written {
    /// Appends a piece of log. It is reported with the next mark.
    pub(crate) fn write(&mut self, piece: &str) {
        self.text.push_str(piece);
    }

    /// Adds a status that reports everything written so far.
    pub(crate) fn mark(&mut self, version: i64, percent: Option<u8>) {
        let end = Position {
            byte: self.text.len(),
            half: false,
        };
        self.marks.push(Mark {
            version,
            percent,
            end,
        });
    }

    /// Withdraws the last status. The next status reports its news.
    pub(crate) fn unmark(&mut self) {
        self.marks.pop();
    }

    /// Returns everything written, whether reported or not.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Returns the status at an index, counted from 0.
    pub(crate) fn get(&self, place: usize) -> Option<Mark> {
        self.marks.get(place).copied()
    }

    /// Returns the number of statuses.
    pub(crate) fn len(&self) -> usize {
        self.marks.len()
    }

    /// Returns the number of statuses up to a version.
    pub(crate) fn known(&self, version: i64) -> usize {
        self.marks.partition_point(|mark| mark.version <= version)
    }

    /// Returns the log of a range of statuses, or `None` if it is empty.
    pub(crate) fn between(&self, from: usize, to: usize) -> Option<LogText> {
        let from = self.end_before(from);
        let to = self.end_before(to);
        if (from.byte, from.half) >= (to.byte, to.half) {
            return None;
        }
        // If the position is in the middle of a character, only the second half of the character is reported.
        let halved = |position: Position| {
            let character = self.text.get(position.byte..)?.chars().next()?;
            let mut units = [0; 2];
            match (position.half, character.encode_utf16(&mut units)) {
                (true, [high, low]) => Some((*high, *low, character.len_utf8())),
                _ => None,
            }
        };
        let start = halved(from);
        let first = from.byte + start.map_or(0, |(_, _, length)| length);
        let text = self.text.get(first..to.byte).unwrap_or_default();
        Some(LogText::new(
            start.map(|(_, low, _)| low),
            text,
            halved(to).map(|(high, _, _)| high),
        ))
    }

    fn end_before(&self, place: usize) -> Position {
        let before = place.min(self.marks.len()).checked_sub(1);
        before
            .and_then(|place| self.marks.get(place))
            .map_or(Position::default(), |mark| mark.end)
    }

    /// Returns the piece of log that only the last status reports, in whole characters, and the start of the piece.
    fn last_piece(&self) -> Option<(usize, &str)> {
        let last = self.marks.last()?;
        let before = self.end_before(self.marks.len() - 1);
        let mut start = before.byte;
        if before.half {
            start += self.text.get(start..)?.chars().next().map_or(0, char::len_utf8);
        }
        let piece = self.text.get(start..last.end.byte)?;
        (!piece.is_empty()).then_some((start, piece))
    }

    /// Returns whether [`Written::cut`] can cut the log.
    pub(crate) fn can_cut(&self, cut: Cut) -> bool {
        self.cut_place(cut).is_some()
    }

    /// Moves the end of the last status back into its piece of log. The next status reports the rest.
    pub(crate) fn cut(&mut self, cut: Cut) {
        let Some(place) = self.cut_place(cut) else { return };
        if cut == Cut::Pair && !self.is_pair(place) {
            self.text.insert(place, PAIR);
        }
        if let Some(last) = self.marks.last_mut() {
            last.end = Position {
                byte: place,
                half: cut == Cut::Pair,
            };
        }
    }

    fn cut_place(&self, cut: Cut) -> Option<usize> {
        let (start, piece) = self.last_piece()?;
        let place = match cut {
            Cut::Line => middle_of_last_line(piece)?,
            Cut::LineEnd => piece.rfind("\r\n")? + 1,
            Cut::Pair => match piece.rfind(|character: char| character.len_utf16() == 2) {
                Some(place) => place,
                None => middle_of_last_line(piece)?,
            },
        };
        Some(start + place)
    }

    fn is_pair(&self, byte: usize) -> bool {
        let character = self.text.get(byte..).and_then(|rest| rest.chars().next());
        character.is_some_and(|character| character.len_utf16() == 2)
    }
}

/// The character that is inserted into a log without characters of two UTF-16 units.
const PAIR: char = '\u{1F4E7}';

/// Returns a position in the last line that has at least two characters.
fn middle_of_last_line(piece: &str) -> Option<usize> {
    let line = piece.lines().rfind(|line| line.chars().nth(1).is_some())?;
    // The line is a part of the piece, so the difference is its start.
    let start = line.as_ptr() as usize - piece.as_ptr() as usize;
    let (middle, _) = line.char_indices().nth(line.chars().count() / 2)?;
    Some(start + middle)
}

/// A piece of log as an envelope contains it: it may start and end with half a character.
#[derive(Debug, Clone)]
pub(crate) enum LogText {
    Whole(String),
    /// Serialises as a JSON string with escapes that a Rust string cannot contain.
    Halved(Box<RawValue>),
}

impl LogText {
    fn new(low: Option<u16>, text: &str, high: Option<u16>) -> LogText {
        if low.is_none() && high.is_none() {
            return LogText::Whole(text.to_owned());
        }
        let escape = |unit: Option<u16>| unit.map(|unit| format!("\\u{unit:04x}")).unwrap_or_default();
        let quoted = serde_json::Value::from(text).to_string();
        let inner = quoted.get(1..quoted.len() - 1).unwrap_or_default();
        match RawValue::from_string(format!("\"{}{inner}{}\"", escape(low), escape(high))) {
            Ok(raw) => LogText::Halved(raw),
            Err(_) => LogText::Whole(text.to_owned()),
        }
    }
}

impl Serialize for LogText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            LogText::Whole(text) => serializer.serialize_str(text),
            LogText::Halved(raw) => raw.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: Option<LogText>) -> String {
        serde_json::to_string(&text).expect("JSON")
    }

    fn written(pieces: &[&str]) -> Written {
        let mut written = Written::default();
        for (version, piece) in (3..).zip(pieces) {
            written.write(piece);
            written.mark(version, None);
        }
        written
    }

    #[test]
    fn a_status_reports_what_is_new_since_the_known_version() {
        let log = written(&["one\r\n", "two\r\n", "", "four\r\n"]);
        assert_eq!(json(log.between(log.known(3), 4)), r#""two\r\nfour\r\n""#);
        assert_eq!(json(log.between(log.known(4), 3)), "null");
        assert_eq!(json(log.between(log.known(-1), 1)), r#""one\r\n""#);
        assert_eq!(json(log.between(log.known(99), 4)), "null");
    }

    #[test]
    fn the_next_status_reports_the_log_that_was_cut_off() {
        for (cut, first) in [
            (Cut::Line, r#""first\r\nsec""#),
            (Cut::LineEnd, r#""first\r\nsecond\r""#),
        ] {
            let mut log = written(&["first\r\nsecond\r\n"]);
            log.cut(cut);
            log.write("third\r\n");
            log.mark(4, None);
            assert_eq!(json(log.between(0, 1)), first);
            let parts = [log.between(0, 1), log.between(1, 2)].map(|part| match part {
                Some(LogText::Whole(text)) => text,
                other => panic!("{other:?}"),
            });
            assert_eq!(parts.concat(), "first\r\nsecond\r\nthird\r\n");
        }
    }

    #[test]
    fn a_surrogate_pair_is_cut_into_its_halves() {
        let mut log = written(&["a \"\u{1F600}\"\r\n"]);
        log.cut(Cut::Pair);
        log.write("b\r\n");
        log.mark(4, None);
        assert_eq!(json(log.between(0, 1)), r#""a \"\ud83d""#);
        assert_eq!(json(log.between(1, 2)), r#""\ude00\"\r\nb\r\n""#);
        assert_eq!(json(log.between(0, 2)), "\"a \\\"\u{1F600}\\\"\\r\\nb\\r\\n\"");
    }

    #[test]
    fn a_surrogate_pair_is_added_to_a_log_without_one() {
        let mut log = written(&["first\r\n", "second\r\n"]);
        log.cut(Cut::Pair);
        log.mark(5, None);
        assert_eq!(json(log.between(1, 2)), r#""sec\ud83d""#);
        assert_eq!(json(log.between(2, 3)), r#""\udce7ond\r\n""#);
        assert_eq!(log.text(), "first\r\nsec\u{1F4E7}ond\r\n");
    }

    #[test]
    fn an_empty_log_cannot_be_cut() {
        let mut log = written(&["line\r\n", "", "\r\n"]);
        assert!(!log.can_cut(Cut::Line) && !log.can_cut(Cut::Pair) && log.can_cut(Cut::LineEnd));
        log.unmark();
        for cut in [Cut::Line, Cut::LineEnd, Cut::Pair] {
            assert!(!log.can_cut(cut));
            log.cut(cut);
        }
        assert_eq!(json(log.between(0, 2)), r#""line\r\n""#);
    }

    proptest::proptest! {
        /// Joining the logs of all statuses results in the whole log, regardless of cuts and skips.
        #[test]
        fn cuts_lose_no_part_of_the_log(
            pieces in proptest::collection::vec(("[aé\u{1F600}\\\\ \r\n]{0,8}", 0..6_usize), 0..12),
        ) {
            let mut log = Written::default();
            for (version, (piece, fault)) in (3..).zip(&pieces) {
                log.write(piece);
                log.mark(version, None);
                match fault {
                    0 => log.cut(Cut::Line),
                    1 => log.cut(Cut::LineEnd),
                    2 => log.cut(Cut::Pair),
                    3 => log.unmark(),
                    _ => {}
                }
            }
            log.mark(99, None);
            let joined: String = (0..log.len())
                .filter_map(|place| log.between(place, place + 1))
                .map(|part| {
                    let quoted = json(Some(part));
                    quoted[1..quoted.len() - 1].to_owned()
                })
                .collect();
            let joined: String = serde_json::from_str(&format!("\"{joined}\"")).expect("whole characters");
            proptest::prop_assert_eq!(joined, log.text());
        }
    }
}
