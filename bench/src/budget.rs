//! The limits of the figures, from `bench/budget.toml`.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::row::{Figures, Report, Row, number};

/// The limits of each figure, by the name of its row.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct Budget(BTreeMap<String, Limits>);

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Limits {
    /// The goal.
    target: f64,
    /// The limit that `--check` enforces.
    bound: f64,
    /// What both limit.
    #[serde(default)]
    of: Subject,
    /// The figure must be at least as high as the limits. Otherwise, it must not be higher.
    #[serde(default)]
    at_least: bool,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Subject {
    /// Our figure divided by the figure of the peer.
    #[default]
    Ratio,
    /// Our figure.
    Ours,
}

impl Limits {
    fn figure(self, figures: Figures) -> f64 {
        match self.of {
            Subject::Ratio => figures.ratio(),
            Subject::Ours => figures.ours,
        }
    }

    fn sign(self) -> &'static str {
        if self.at_least { "\u{2265}" } else { "\u{2264}" }
    }

    /// Returns a message if the figure is beyond its bound or not a number.
    fn judge(self, what: &str, figures: Figures) -> Option<String> {
        let figure = self.figure(figures);
        let (kept, beyond) = if self.at_least {
            (figure >= self.bound, "below")
        } else {
            (figure <= self.bound, "above")
        };
        let bound = self.bound;
        (!kept).then(|| {
            format!(
                "`{what}`: {} is {beyond} the bound {}",
                number(figure),
                number(bound)
            )
        })
    }
}

impl Budget {
    /// Returns the goal of a figure for the table.
    pub(crate) fn target(&self, what: &str) -> String {
        let Some(limits) = self.0.get(what) else {
            return "-".to_owned();
        };
        let subject = match limits.of {
            Subject::Ratio => "",
            Subject::Ours => "ours ",
        };
        format!("{subject}{} {}", limits.sign(), number(limits.target))
    }

    /// Returns a message for every figure that is beyond its bound, is not a number, or has no bound.
    pub(crate) fn broken(&self, report: &Report) -> Vec<String> {
        report.rows.iter().filter_map(|row| self.judge(row)).collect()
    }

    fn judge(&self, row: &Row) -> Option<String> {
        let figures = row.figures()?;
        match self.0.get(&row.what) {
            None => Some(format!("`{}` has no bound in the budget file", row.what)),
            Some(limits) => limits.judge(&row.what, figures),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHAT: &str = "calls: CPU";

    fn report(ours: f64) -> Report {
        Report {
            machine: "a machine".to_owned(),
            rows: vec![Row::new(WHAT, "ms", ours, 100.0)],
        }
    }

    fn budget(limits: &str) -> Budget {
        toml::from_str(&format!("\"{WHAT}\" = {{ {limits} }}")).unwrap()
    }

    #[test]
    fn a_ratio_between_target_and_bound_keeps_the_budget() {
        let budget = budget("target = 1.05, bound = 1.1");
        assert_eq!(budget.broken(&report(110.0)), [""; 0]);
        assert_eq!(
            budget.broken(&report(111.0)),
            ["`calls: CPU`: 1.11 is above the bound 1.10"]
        );
        assert_eq!(budget.target(WHAT), "\u{2264} 1.05");
    }

    #[test]
    fn a_ratio_may_have_a_lower_bound() {
        let budget = budget("target = 0.97, bound = 0.9, at_least = true");
        assert_eq!(budget.broken(&report(90.0)), [""; 0]);
        assert_eq!(
            budget.broken(&report(89.0)),
            ["`calls: CPU`: 0.89 is below the bound 0.90"]
        );
        assert_eq!(budget.target(WHAT), "\u{2265} 0.97");
    }

    #[test]
    fn our_figure_may_have_the_bound() {
        let budget = budget("target = 64, bound = 70, of = \"ours\"");
        assert_eq!(budget.broken(&report(70.0)), [""; 0]);
        assert_eq!(
            budget.broken(&report(71.0)),
            ["`calls: CPU`: 71 is above the bound 70"]
        );
        assert_eq!(budget.target(WHAT), "ours \u{2264} 64");
    }

    #[test]
    fn a_figure_that_is_not_a_number_breaks_the_budget() {
        for limits in ["target = 1, bound = 1", "target = 1, bound = 1, at_least = true"] {
            assert_eq!(budget(limits).broken(&report(f64::NAN)).len(), 1, "{limits}");
        }
    }

    #[test]
    fn a_figure_without_a_bound_breaks_the_budget() {
        assert_eq!(Budget::default().broken(&report(1.0)).len(), 1);
    }

    #[test]
    fn a_row_that_was_not_measured_keeps_the_budget() {
        let report = Report {
            machine: "a machine".to_owned(),
            rows: vec![Row::unmeasured(WHAT, "ms", "valgrind is missing")],
        };
        assert_eq!(budget("target = 1, bound = 1").broken(&report), [""; 0]);
    }

    #[test]
    fn no_bound_in_the_budget_file_is_stricter_than_its_target() {
        let budget: Budget = toml::from_str(include_str!("../budget.toml")).unwrap();
        assert!(budget.0.contains_key("decode: CPU"));
        for (what, limits) in &budget.0 {
            let (strict, loose) = match limits.at_least {
                true => (limits.bound, limits.target),
                false => (limits.target, limits.bound),
            };
            assert!(strict <= loose, "{what}");
        }
    }
}
