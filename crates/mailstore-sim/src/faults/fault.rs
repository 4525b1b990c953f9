//! The faults that can apply to a request.

use std::time::Duration;

use super::Phase;

/// One fault. [`Fault::on`] creates a rule from it.
///
/// Unless its description says otherwise, the request is processed and only its response is affected.
///
/// ```
/// use mailstore_sim::{Fault, Phase};
///
/// let rule = Fault::reset_after(100).on(Phase::Poll).of("VerifyStore").nth(2);
/// assert_eq!(rule.to_string(), "poll/VerifyStore #2 reset:100");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault(pub(crate) Kind);

/// The kinds of faults, with their parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    Delay(Duration),
    Stall,
    StallAfter(usize),
    StallBefore,
    Reset,
    ResetAfter(usize),
    Close,
    CloseBefore,
    Refuse,
    Truncate(usize),
    Garble,
    Html,
    Status(u16),
    StatusAfter(u16),
    Marks(u8),
    Word(String),
    LogMissing,
    VersionMissing,
    VersionText,
    Skip,
    Repeat,
    Stale,
    Older,
    NoHold,
    Forget,
    Cut(Cut),
    Restart { away: Duration, keep: bool },
}

/// The position at which a piece of log is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    Line,
    LineEnd,
    Pair,
}

/// The moment at which a fault takes effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Point {
    /// Before the request is processed.
    Before,
    /// When a poll would wait.
    Waiting,
    /// After the response is created.
    After,
}

/// Maximum duration of a fault. The limit keeps all dates within the range of the clock.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 3600);

impl Fault {
    /// The response is delayed by this time, at most a year. On [`Phase::Connect`], the handshake is delayed.
    pub fn delay(time: Duration) -> Fault {
        Fault(Kind::Delay(time.min(LONGEST)))
    }

    /// No response is sent: the connection stays open until the client closes it or the simulator stops. On
    /// [`Phase::Connect`], the server does not respond to the handshake.
    pub fn stall() -> Fault {
        Fault(Kind::Stall)
    }

    /// The head of the response and this many bytes of its body are sent. Then nothing follows, as with
    /// [`Fault::stall`].
    pub fn stall_after(bytes: usize) -> Fault {
        Fault(Kind::StallAfter(bytes))
    }

    /// Like [`Fault::stall`], but the request is **not** processed.
    pub fn stall_before() -> Fault {
        Fault(Kind::StallBefore)
    }

    /// The connection is reset (TCP RST) instead of a response. On [`Phase::Connect`], it is reset before the
    /// handshake.
    pub fn reset() -> Fault {
        Fault(Kind::Reset)
    }

    /// The head of the response and this many bytes of its body are sent. Then the connection is reset (TCP RST).
    ///
    /// It depends on the client's operating system how many of these bytes the client can still read.
    pub fn reset_after(bytes: usize) -> Fault {
        Fault(Kind::ResetAfter(bytes))
    }

    /// The connection is closed without a response. On [`Phase::Connect`], it is closed during the handshake, after
    /// the client's hello.
    pub fn close() -> Fault {
        Fault(Kind::Close)
    }

    /// Like [`Fault::close`], but the request is received and **not** processed.
    pub fn close_before() -> Fault {
        Fault(Kind::CloseBefore)
    }

    /// The connection is closed immediately after it is accepted. Only for [`Phase::Connect`].
    pub fn refuse() -> Fault {
        Fault(Kind::Refuse)
    }

    /// The head announces the whole body, but only this many bytes of it are sent, and the connection is closed
    /// cleanly.
    pub fn truncate(bytes: usize) -> Fault {
        Fault(Kind::Truncate(bytes))
    }

    /// Every byte of the body is replaced, so that it is neither JSON nor valid UTF-8. The length stays the same.
    pub fn garble() -> Fault {
        Fault(Kind::Garble)
    }

    /// The response is an HTML page with status 200, as from a proxy or a login portal.
    pub fn html() -> Fault {
        Fault(Kind::Html)
    }

    /// The response has this HTTP status, 300 to 599, and a small page. The request is **not** processed.
    pub fn status(code: u16) -> Fault {
        Fault(Kind::Status(code))
    }

    /// Like [`Fault::status`], but the request **is** processed, and its response is lost.
    pub fn status_after(code: u16) -> Fault {
        Fault(Kind::StatusAfter(code))
    }

    /// The body starts with this many byte order marks; 0 removes them.
    pub fn byte_order_marks(count: u8) -> Fault {
        Fault(Kind::Marks(count))
    }

    /// The envelope's `statusCode` is this word. It must not contain white space.
    pub fn status_word(word: impl Into<String>) -> Fault {
        Fault(Kind::Word(word.into()))
    }

    /// The envelope has no log, and later statuses do not repeat the lost log. With
    /// [`Rule::last`](super::Rule::last), a long call ends without the last piece of its log, as in an example of the
    /// vendor (documented).
    pub fn log_missing() -> Fault {
        Fault(Kind::LogMissing)
    }

    /// The envelope has no `statusVersion`.
    pub fn version_missing() -> Fault {
        Fault(Kind::VersionMissing)
    }

    /// The envelope's `statusVersion` is a string.
    pub fn version_text() -> Fault {
        Fault(Kind::VersionText)
    }

    /// The poll skips the version that it would report. It continues to wait, and the next version contains the log of
    /// both. The last version is never skipped.
    pub fn skip() -> Fault {
        Fault(Kind::Skip)
    }

    /// A poll that would report news repeats the version that its caller already has, without log, as if there were
    /// no news.
    pub fn repeat() -> Fault {
        Fault(Kind::Repeat)
    }

    /// Like [`Fault::repeat`], but with the log that belongs to that version.
    pub fn stale() -> Fault {
        Fault(Kind::Stale)
    }

    /// A poll that would report news returns the version before the one that its caller already has, with the log of
    /// that version, like a late response to an earlier request. The fault applies only if there is such a version.
    pub fn older() -> Fault {
        Fault(Kind::Older)
    }

    /// A poll that would wait returns immediately without news.
    pub fn no_hold() -> Fault {
        Fault(Kind::NoHold)
    }

    /// The token becomes invalid: this and later requests with it return 404. On [`Phase::Start`], the response still
    /// contains the token.
    ///
    /// The call itself continues.
    pub fn forget() -> Fault {
        Fault(Kind::Forget)
    }

    /// The log of the status ends in the middle of a line; the next status contains the rest.
    ///
    /// The cuts apply only to statuses that contain log, that are reported for the first time, and that are not the
    /// last.
    pub fn cut_line() -> Fault {
        Fault(Kind::Cut(Cut::Line))
    }

    /// The log of the status ends between a CR and its LF.
    pub fn cut_line_end() -> Fault {
        Fault(Kind::Cut(Cut::LineEnd))
    }

    /// The log of the status ends between the two halves of a character beyond U+FFFF, each written as a `\u` escape
    /// of JSON, like the log of a server that cuts UTF-16. If the log has no such character, one is added.
    pub fn cut_pair() -> Fault {
        Fault(Kind::Cut(Cut::Pair))
    }

    /// The server restarts instead of responding: it closes every connection and refuses connections for this time.
    /// Afterwards, all tokens and running calls are lost. Completed changes persist.
    pub fn restart(away: Duration) -> Fault {
        let away = away.min(LONGEST);
        Fault(Kind::Restart { away, keep: false })
    }

    /// Like [`Fault::restart`], but tokens and running calls persist.
    pub fn restart_keeping_tasks(away: Duration) -> Fault {
        let away = away.min(LONGEST);
        Fault(Kind::Restart { away, keep: true })
    }

    pub(crate) fn point(&self) -> Point {
        match self.0 {
            Kind::StallBefore | Kind::CloseBefore | Kind::Status(_) => Point::Before,
            Kind::NoHold => Point::Waiting,
            _ => Point::After,
        }
    }

    /// Returns whether the fault applies only to JSON responses.
    pub(crate) fn changes_json(&self) -> bool {
        matches!(
            self.0,
            Kind::Marks(_) | Kind::Word(_) | Kind::LogMissing | Kind::VersionMissing | Kind::VersionText
        )
    }

    /// Returns the phases in which this fault can occur.
    pub(crate) fn phases(&self) -> &'static [Phase] {
        match self.0 {
            Kind::Refuse => &[Phase::Connect],
            Kind::Delay(_) | Kind::Stall | Kind::Reset | Kind::Close => &Phase::ALL,
            Kind::Skip | Kind::Repeat | Kind::Stale | Kind::Older | Kind::NoHold => &[Phase::Poll],
            Kind::Cut(_) | Kind::LogMissing => &[Phase::Start, Phase::Poll],
            Kind::Word(_) | Kind::VersionMissing | Kind::VersionText | Kind::Forget => {
                &[Phase::Start, Phase::Poll, Phase::Cancel]
            }
            _ => &[Phase::Start, Phase::Poll, Phase::Cancel, Phase::Metadata],
        }
    }
}
