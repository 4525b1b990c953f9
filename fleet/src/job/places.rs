//! The places of the fields in a job file.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::{Problem, WrongJob};

/// Where each field is in a file. The names of the fields are those of [`Problem::field`].
#[derive(Clone, Debug, Default)]
pub(super) struct Places(BTreeMap<String, Place>);

#[derive(Clone, Debug)]
struct Place {
    /// The line and the column of the key, or of the value in a list.
    start: (usize, usize),
    /// The bytes from the key to the end of the value.
    range: Range<usize>,
}

impl Places {
    /// Finds the fields of a file. A file that is not TOML has none.
    pub(super) fn of(text: &str) -> Self {
        let mut places = Self::default();
        if let Ok(table) = DeTable::parse(text) {
            places.add_table(text, "", table.get_ref());
        }
        places
    }

    fn add_table(&mut self, text: &str, field: &str, table: &DeTable<'_>) {
        for (key, value) in table {
            let name = key.get_ref();
            let field = if field.is_empty() {
                name.to_string()
            } else {
                format!("{field}.{name}")
            };
            self.add(text, field, key.span(), value);
        }
    }

    fn add(&mut self, text: &str, field: String, start: Range<usize>, value: &Spanned<DeValue<'_>>) {
        match value.get_ref() {
            DeValue::Table(table) => self.add_table(text, &field, table),
            DeValue::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.add(text, format!("{field}[{index}]"), item.span(), item);
                }
            }
            _ => {}
        }
        let range = start.start..value.span().end;
        let start = wire_values::line_and_column(text, start.start);
        self.0.insert(field, Place { start, range });
    }

    /// Returns the smallest field that contains these bytes. The parser gives no bytes for a file as a whole, which is no
    /// field.
    pub(super) fn field_around(&self, bytes: &Range<usize>) -> Option<&str> {
        if bytes.is_empty() {
            return None;
        }
        let contains = |place: &Place| place.range.start <= bytes.start && bytes.end <= place.range.end;
        let around = self.0.iter().filter(|(_, place)| contains(place));
        around
            .min_by_key(|(field, place)| (place.range.len(), usize::MAX - field.len()))
            .map(|(field, _)| field.as_str())
    }

    /// Returns the line and the column of a field, or of the nearest field around it.
    fn find(&self, field: &str) -> Option<(usize, usize)> {
        if let Some(place) = self.0.get(field) {
            return Some(place.start);
        }
        let end = field.rfind(['.', '['])?;
        self.find(&field[..end])
    }

    /// Adds the places to problems, and sorts them by place.
    pub(super) fn error(&self, problems: Vec<Problem>) -> WrongJob {
        let placed = |problem: Problem| Problem {
            place: problem.place.or_else(|| self.find(&problem.field)),
            ..problem
        };
        let mut problems: Vec<Problem> = problems.into_iter().map(placed).collect();
        problems.sort_by_key(|problem| problem.place);
        WrongJob { problems }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "name = 'a'\n[[wave]]\nprofiles = ['x', 'y']\n[window]\nopens = '1'\n";

    #[test]
    fn a_field_is_found_by_its_name() {
        let places = Places::of(TEXT);
        for (field, place) in [
            ("name", (1, 1)),
            ("wave[0].profiles", (3, 1)),
            ("wave[0].profiles[1]", (3, 18)),
            ("window.opens", (5, 1)),
            // A missing field is at the place of its table.
            ("window.closes", (4, 2)),
        ] {
            assert_eq!(places.find(field), Some(place), "{field}");
        }
        assert_eq!(places.find("limits"), None);
    }

    #[test]
    fn bytes_belong_to_the_innermost_field() {
        let places = Places::of(TEXT);
        let around = |what: &str| {
            let start = TEXT.find(what).expect("in the text");
            places.field_around(&(start..start + what.len()))
        };
        assert_eq!(around("'y'"), Some("wave[0].profiles[1]"));
        assert_eq!(around("opens"), Some("window.opens"));
        assert_eq!(around(TEXT), None);
        assert_eq!(places.field_around(&(0..0)), None);
    }

    #[test]
    fn a_file_that_is_not_toml_has_no_places() {
        assert_eq!(Places::of("name = ").find("name"), None);
    }
}
