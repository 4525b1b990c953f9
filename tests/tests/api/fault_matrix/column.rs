//! The columns of the matrix: the phases of a call.

/// A phase of a call. Some phases also contain the called function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    /// The first connection, before the start is sent.
    Connect,
    /// The start is sent but not executed.
    Sent(Called),
    /// The start is executed, and the fault affects its response.
    Answered(Called),
    First,
    Middle,
    /// The fault affects each status once.
    Each,
    Last(Called),
    /// The fault lasts until the client gives up.
    Always,
    /// The cancel request. After an error, another process sends it again.
    Cancel,
    /// Every cancel request. After the error, the same task continues.
    CancelLost,
}

/// The called function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Called {
    /// `VerifyStore`, which must not be started twice.
    Action,
    /// `GetFolderStatistics`, which may be retried.
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
