//! A table of attacks with what is expected and what was seen.

use std::fmt::Display;

/// One table. Every module of `trust` fills one and ends with [`Table::assert_all_held`].
pub(crate) struct Table {
    name: &'static str,
    rows: Vec<Row>,
}

struct Row {
    attack: String,
    expected: String,
    seen: String,
    held: bool,
}

impl Table {
    /// Creates an empty table. `name` says what the attacks have in common.
    pub(crate) fn new(name: &'static str) -> Self {
        Self {
            name,
            rows: Vec::new(),
        }
    }

    /// Adds a row that holds if both texts are equal.
    pub(crate) fn equal(&mut self, attack: impl Display, expected: impl Display, seen: impl Display) {
        let (expected, seen) = (expected.to_string(), seen.to_string());
        let held = expected == seen;
        self.push(attack, expected, seen, held);
    }

    /// Adds a row that holds if the figure is at most the limit.
    pub(crate) fn at_most(&mut self, attack: impl Display, limit: u64, seen: u64, unit: &str) {
        let expected = format!("at most {limit} {unit}");
        self.push(attack, expected, format!("{seen} {unit}"), seen <= limit);
    }

    fn push(&mut self, attack: impl Display, expected: String, seen: String, held: bool) {
        self.rows.push(Row {
            attack: attack.to_string(),
            expected,
            seen,
            held,
        });
    }

    /// Prints the table. Panics with the rows that did not hold.
    #[expect(clippy::print_stdout, reason = "the table is the output of the test")]
    pub(crate) fn assert_all_held(&self) {
        let lines = |only_broken: bool| {
            self.rows
                .iter()
                .filter(|row| !(only_broken && row.held))
                .map(|row| {
                    let mark = if row.held { "held  " } else { "BROKEN" };
                    let Row {
                        attack,
                        expected,
                        seen,
                        ..
                    } = row;
                    format!("{mark} | {attack} | {expected} | {seen}\n")
                })
                .collect::<String>()
        };
        // One call prints the whole table, so tables of concurrent tests do not mix.
        println!(
            "== {}: {} rows\n       | attack or fault | expected | seen\n{}",
            self.name,
            self.rows.len(),
            lines(false)
        );
        let broken = lines(true);
        assert!(
            broken.is_empty(),
            "these rows of {} did not hold:\n{broken}",
            self.name
        );
    }
}
