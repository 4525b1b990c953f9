//! The columns of the matrix: a phase of a call.

/// A phase of a call, and for a start also what is started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    /// The first connection, before the start is sent.
    Connect,
    /// The start is sent and not carried out.
    Sent(Called),
    /// The start is carried out, and its answer suffers.
    Answered(Called),
    First,
    Middle,
    /// Each status is disturbed once.
    Each,
    Last(Called),
    /// It never gets better.
    Always,
    /// The request to cancel; after an error another process asks again.
    Cancel,
    /// Every cancel request; after the error, the same task continues.
    CancelLost,
}

/// What is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Called {
    /// `VerifyStore`, which is not to be started twice.
    Action,
    /// `GetFolderStatistics`, which may be asked for again.
    Read,
}

use Called::{Action, Read};

impl Column {
    pub(crate) const ALL: [Column; 13] = [
        Column::Connect,
        Column::Sent(Action),
        Column::Sent(Read),
        Column::Answered(Action),
        Column::Answered(Read),
        Column::First,
        Column::Middle,
        Column::Each,
        Column::Last(Action),
        Column::Last(Read),
        Column::Always,
        Column::Cancel,
        Column::CancelLost,
    ];

    pub(crate) fn called(self) -> Called {
        match self {
            Column::Sent(what) | Column::Answered(what) | Column::Last(what) => what,
            _ => Action,
        }
    }

    pub(crate) fn title(self) -> &'static str {
        match self {
            Column::Connect => "connect",
            Column::Sent(Action) => "sent",
            Column::Sent(Read) => "sent/r",
            Column::Answered(Action) => "answered",
            Column::Answered(Read) => "answered/r",
            Column::First => "first",
            Column::Middle => "middle",
            Column::Each => "each",
            Column::Last(Action) => "last",
            Column::Last(Read) => "last/r",
            Column::Always => "always",
            Column::Cancel => "cancel",
            Column::CancelLost => "cancel lost",
        }
    }
}
