//! A figure of a report: performance data.

use super::state::State;

/// A figure, with the limits beyond which the state is not OK.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Metric {
    /// Lower-case words with underscores.
    pub(crate) name: &'static str,
    pub(crate) value: i64,
    pub(crate) unit: Unit,
    pub(crate) limits: Limits,
}

/// The unit of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Count,
    Bytes,
    Seconds,
    Milliseconds,
    Days,
}

/// The limits of a figure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Limits {
    #[default]
    None,
    /// Larger values are bad.
    Above {
        warning: Option<i64>,
        critical: Option<i64>,
    },
    /// Smaller values are bad.
    Below {
        warning: Option<i64>,
        critical: Option<i64>,
    },
}

impl Metric {
    pub(crate) fn new(name: &'static str, value: i64, unit: Unit) -> Self {
        Self {
            name,
            value,
            unit,
            limits: Limits::None,
        }
    }

    /// Counts things.
    pub(crate) fn count(name: &'static str, count: usize) -> Self {
        Self::new(name, i64::try_from(count).unwrap_or(i64::MAX), Unit::Count)
    }

    /// Counts things of which none should exist. `state` is the state if there is one.
    pub(crate) fn unwanted(name: &'static str, count: usize, state: State) -> Self {
        Self::count(name, count).above(0, state)
    }

    /// Sets the limit beyond which the state is `state`.
    pub(crate) fn above(mut self, limit: i64, state: State) -> Self {
        self.limits = match state {
            State::Ok | State::Unknown => Limits::None,
            State::Warning => Limits::Above {
                warning: Some(limit),
                critical: None,
            },
            State::Critical => Limits::Above {
                warning: None,
                critical: Some(limit),
            },
        };
        self
    }
}
