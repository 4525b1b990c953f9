//! Writes the figures of a run as a table.

use comfy_table::Table;

use crate::budget::Budget;
use crate::row::{Outcome, Report, Row, number};

const HEAD: [&str; 5] = ["what", "ours", "peer", "ratio", "target"];

impl Report {
    pub(crate) fn table(&self, budget: &Budget) -> String {
        let mut table = Table::new();
        table.set_header(HEAD);
        for row in &self.rows {
            table.add_row(cells(row, budget));
        }
        format!("{table}\n{}", self.machine)
    }

    pub(crate) fn markdown(&self, budget: &Budget) -> String {
        let line = |cells: [String; 5]| format!("| {} |\n", cells.join(" | "));
        let rows = self.rows.iter().map(|row| line(cells(row, budget)));
        let head = line(HEAD.map(str::to_owned)) + &line(["---"; 5].map(str::to_owned));
        format!("{head}{}\nMachine: {}.\n", rows.collect::<String>(), self.machine)
    }
}

fn cells(row: &Row, budget: &Budget) -> [String; 5] {
    let [ours, peer, ratio] = match &row.outcome {
        Outcome::Measured(figures) => [
            format!("{:.1}", figures.ours),
            format!("{:.1}", figures.peer),
            number(figures.ratio()),
        ],
        Outcome::Unmeasured { reason } => [format!("not measured: {reason}"), "-".to_owned(), "-".to_owned()],
    };
    let what = format!("{} ({})", row.what, row.unit);
    [what, ours, peer, ratio, budget.target(&row.what)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_says_why_a_row_was_not_measured() {
        let report = Report {
            machine: "a machine".to_owned(),
            rows: vec![
                Row::new("sockets", "count", 23.0, 5000.0),
                Row::unmeasured("instructions", "thousand", "valgrind is missing"),
            ],
        };
        assert_eq!(
            report.markdown(&Budget::default()),
            "| what | ours | peer | ratio | target |\n\
             | --- | --- | --- | --- | --- |\n\
             | sockets (count) | 23.0 | 5000.0 | 0.005 | - |\n\
             | instructions (thousand) | not measured: valgrind is missing | - | - | - |\n\
             \nMachine: a machine.\n"
        );
    }
}
