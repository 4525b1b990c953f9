//! The four states of a check, as monitoring systems know them.

/// The state of a check or of one thing that it examined. The order is from good to bad.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub(crate) enum State {
    #[default]
    Ok,
    Warning,
    /// The state could not be determined. It is worse than a warning, because it can hide a failure.
    Unknown,
    Critical,
}

impl State {
    /// Returns the exit code that Nagios, Icinga and checkmk expect.
    pub(crate) fn exit_code(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Warning => 1,
            Self::Critical => 2,
            Self::Unknown => 3,
        }
    }

    /// Returns the word at the beginning of a line.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Warning => "WARNING",
            Self::Critical => "CRITICAL",
            Self::Unknown => "UNKNOWN",
        }
    }
}
