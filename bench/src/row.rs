//! The rows of the table, and their comparison with the budget.

use std::collections::BTreeMap;

use comfy_table::Table;
use serde::{Deserialize, Serialize};

/// One figure: the value of the clients and of the other library.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Row {
    /// The name in the budget file.
    pub(crate) what: String,
    pub(crate) unit: String,
    pub(crate) ours: f64,
    pub(crate) peer: f64,
}

/// The maximum ratio of each figure.
pub(crate) type Budget = BTreeMap<String, f64>;

/// The figures of one run.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Report {
    pub(crate) machine: String,
    pub(crate) rows: Vec<Row>,
}

impl Row {
    pub(crate) fn ratio(&self) -> f64 {
        self.ours / self.peer
    }

    fn cells(&self, budget: &Budget) -> [String; 5] {
        let target = budget
            .get(&self.what)
            .map_or("-".to_owned(), |bound| format!("{bound:.2}"));
        [
            format!("{} ({})", self.what, self.unit),
            format!("{:.1}", self.ours),
            format!("{:.1}", self.peer),
            format!("{:.2}", self.ratio()),
            target,
        ]
    }
}

const HEAD: [&str; 5] = ["what", "ours", "peer", "ratio", "target"];

impl Report {
    pub(crate) fn table(&self, budget: &Budget) -> String {
        let mut table = Table::new();
        table.set_header(HEAD);
        for row in &self.rows {
            table.add_row(row.cells(budget));
        }
        format!("{table}\n{}", self.machine)
    }

    pub(crate) fn markdown(&self, budget: &Budget) -> String {
        let line = |cells: [String; 5]| format!("| {} |\n", cells.join(" | "));
        let rows = self.rows.iter().map(|row| line(row.cells(budget)));
        let head = line(HEAD.map(str::to_owned)) + &line(["---"; 5].map(str::to_owned));
        format!("{head}{}\nMachine: {}.\n", rows.collect::<String>(), self.machine)
    }

    /// Returns a message for every figure whose ratio is above its bound, is not a number, or has no bound.
    pub(crate) fn broken(&self, budget: &Budget) -> Vec<String> {
        let judge = |row: &Row| match budget.get(&row.what) {
            None => Some(format!("`{}` has no bound in the budget file", row.what)),
            Some(bound) if row.ratio() <= *bound => None,
            Some(bound) => Some(format!("`{}`: {:.2} is above {bound:.2}", row.what, row.ratio())),
        };
        self.rows.iter().filter_map(judge).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(ours: f64) -> Report {
        let row = Row {
            what: "decode: CPU".to_owned(),
            unit: "ms".to_owned(),
            ours,
            peer: 100.0,
        };
        Report {
            machine: "a machine".to_owned(),
            rows: vec![row],
        }
    }

    fn budget() -> Budget {
        Budget::from([("decode: CPU".to_owned(), 1.1)])
    }

    #[test]
    fn a_ratio_above_its_bound_breaks_the_budget() {
        assert_eq!(report(110.0).broken(&budget()), [""; 0]);
        assert_eq!(
            report(111.0).broken(&budget()),
            ["`decode: CPU`: 1.11 is above 1.10"]
        );
        assert_eq!(report(f64::NAN).broken(&budget()).len(), 1);
    }

    #[test]
    fn a_figure_without_a_bound_breaks_the_budget() {
        assert_eq!(report(1.0).broken(&Budget::new()).len(), 1);
    }

    #[test]
    fn the_budget_file_bounds_both_figures_of_decoding() {
        let budget: Budget = toml::from_str(include_str!("../budget.toml")).unwrap();
        assert_eq!(budget.len(), 2);
    }
}
