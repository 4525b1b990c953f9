//! The figures of a run, one row for each.

use serde::{Deserialize, Serialize};

/// One line of the table.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Row {
    /// The name in the budget file.
    pub(crate) what: String,
    pub(crate) unit: String,
    #[serde(flatten)]
    pub(crate) outcome: Outcome,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Outcome {
    Measured(Figures),
    Unmeasured { reason: String },
}

/// The value of the clients and of the other library.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Figures {
    pub(crate) ours: f64,
    pub(crate) peer: f64,
}

impl Figures {
    pub(crate) fn ratio(self) -> f64 {
        self.ours / self.peer
    }
}

/// The figures of one run.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Report {
    pub(crate) machine: String,
    pub(crate) rows: Vec<Row>,
}

impl Row {
    pub(crate) fn new(what: &str, unit: &str, ours: f64, peer: f64) -> Self {
        Self {
            what: what.to_owned(),
            unit: unit.to_owned(),
            outcome: Outcome::Measured(Figures { ours, peer }),
        }
    }

    /// Returns a row that says why it has no figures on this machine.
    pub(crate) fn unmeasured(what: &str, unit: &str, reason: &str) -> Self {
        Self {
            what: what.to_owned(),
            unit: unit.to_owned(),
            outcome: Outcome::Unmeasured {
                reason: reason.to_owned(),
            },
        }
    }

    pub(crate) fn figures(&self) -> Option<Figures> {
        match self.outcome {
            Outcome::Measured(figures) => Some(figures),
            Outcome::Unmeasured { .. } => None,
        }
    }
}

/// Writes a ratio or a limit. Small numbers get more digits, whole numbers above one get none.
pub(crate) fn number(number: f64) -> String {
    match number {
        small if small.abs() < 0.1 => format!("{small:.3}"),
        whole if whole.fract() == 0.0 && whole > 1.0 => format!("{whole:.0}"),
        other => format!("{other:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_read_from_its_json_is_the_same() {
        let report = Report {
            machine: "a machine".to_owned(),
            rows: vec![
                Row::new("decode: CPU", "ms", 1.5, 1.25),
                Row::unmeasured("build", "s", "cargo is missing"),
            ],
        };
        let text = serde_json::to_string(&report).unwrap();
        let read: Report = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), text);
        assert_eq!(read.rows[0].figures().unwrap().ratio(), 1.2);
        assert!(read.rows[1].figures().is_none());
    }
}
