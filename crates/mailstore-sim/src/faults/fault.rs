//! What can go wrong with one request.

use std::time::Duration;

use super::Phase;

/// One way to misbehave. [`Fault::on`] makes a rule of it.
///
/// Unless its description says otherwise, the request is carried out and only its answer suffers.
///
/// ```
/// use mailstore_sim::{Fault, Phase};
///
/// let rule = Fault::reset_after(100).on(Phase::Poll).of("VerifyStore").nth(2);
/// assert_eq!(rule.to_string(), "poll/VerifyStore #2 reset:100");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault(pub(crate) Kind);

/// The kinds, with what they need to know.
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

/// Where a piece of log is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    Line,
    LineEnd,
    Pair,
}

/// When a fault is decided on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Point {
    /// Before the request is carried out.
    Before,
    /// When a poll would have to wait.
    Waiting,
    /// When the answer is known.
    After,
}

/// No fault lasts longer, and clocks cannot be asked for every date.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 3600);

impl Fault {
    /// The answer comes later by this much, a year at most. On [`Phase::Connect`] the handshake does.
    pub fn delay(time: Duration) -> Fault {
        Fault(Kind::Delay(time.min(LONGEST)))
    }

    /// No answer: the connection stays open until the client leaves it or the simulator stops. On [`Phase::Connect`]
    /// the handshake is never answered.
    pub fn stall() -> Fault {
        Fault(Kind::Stall)
    }

    /// The head of the answer and this many bytes of its body, then silence as in [`Fault::stall`].
    pub fn stall_after(bytes: usize) -> Fault {
        Fault(Kind::StallAfter(bytes))
    }

    /// As [`Fault::stall`], but the request is **not** carried out.
    pub fn stall_before() -> Fault {
        Fault(Kind::StallBefore)
    }

    /// TCP RST instead of the answer. On [`Phase::Connect`] it comes before the handshake.
    pub fn reset() -> Fault {
        Fault(Kind::Reset)
    }

    /// The head of the answer and this many bytes of its body, then TCP RST.
    ///
    /// What of these bytes the client still gets to read is up to its system.
    pub fn reset_after(bytes: usize) -> Fault {
        Fault(Kind::ResetAfter(bytes))
    }

    /// The connection is closed without a byte of an answer. On [`Phase::Connect`] that is during the handshake, after
    /// the client's hello.
    pub fn close() -> Fault {
        Fault(Kind::Close)
    }

    /// As [`Fault::close`], but the request is read and **not** carried out.
    pub fn close_before() -> Fault {
        Fault(Kind::CloseBefore)
    }

    /// The connection is closed as soon as it is accepted. For [`Phase::Connect`] alone.
    pub fn refuse() -> Fault {
        Fault(Kind::Refuse)
    }

    /// The head promises the whole body, this many bytes of it follow, and the connection is closed cleanly.
    pub fn truncate(bytes: usize) -> Fault {
        Fault(Kind::Truncate(bytes))
    }

    /// Every byte of the body is another one, so that it is neither JSON nor text. The length stays.
    pub fn garble() -> Fault {
        Fault(Kind::Garble)
    }

    /// Status 200 with a page of HTML, as from a proxy or a login portal.
    pub fn html() -> Fault {
        Fault(Kind::Html)
    }

    /// This HTTP status, 300 to 599, with a small page. The request is **not** carried out.
    pub fn status(code: u16) -> Fault {
        Fault(Kind::Status(code))
    }

    /// As [`Fault::status`], but the request **is** carried out, and its answer is lost.
    pub fn status_after(code: u16) -> Fault {
        Fault(Kind::StatusAfter(code))
    }

    /// The body starts with this many byte order marks: 0 leaves them out, 2 is one too many.
    pub fn byte_order_marks(count: u8) -> Fault {
        Fault(Kind::Marks(count))
    }

    /// The envelope's `statusCode` is this word, without blanks.
    pub fn status_word(word: impl Into<String>) -> Fault {
        Fault(Kind::Word(word.into()))
    }

    /// The envelope has no log, and what it would have brought is not told again. With [`Rule::last`](super::Rule::last), a long call ends
    /// without the last piece of its log, as in an example of the vendor (documented).
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

    /// The poll learns nothing of the version it would report: it keeps waiting, and the next version brings the log
    /// of both. Never of the last version.
    pub fn skip() -> Fault {
        Fault(Kind::Skip)
    }

    /// The poll that would report news repeats the version its caller knows, without log, as if there were none.
    pub fn repeat() -> Fault {
        Fault(Kind::Repeat)
    }

    /// As [`Fault::repeat`], with the log that came with that version the first time.
    pub fn stale() -> Fault {
        Fault(Kind::Stale)
    }

    /// The poll that would report news gets the version before the one its caller knows, with the log of that time: a
    /// late answer to an older question. Applies once there is such a version.
    pub fn older() -> Fault {
        Fault(Kind::Older)
    }

    /// A poll that would have to wait is answered at once without news.
    pub fn no_hold() -> Fault {
        Fault(Kind::NoHold)
    }

    /// The server no longer knows the token: 404 from now on. On [`Phase::Start`] the token is handed out first.
    ///
    /// The call itself continues.
    pub fn forget() -> Fault {
        Fault(Kind::Forget)
    }

    /// The log that the status brings ends in the middle of a line; the next status brings the rest.
    ///
    /// This and the other cuts apply to statuses that bring log, are told for the first time, and are not the last.
    pub fn cut_line() -> Fault {
        Fault(Kind::Cut(Cut::Line))
    }

    /// The log that the status brings ends between a CR and its LF.
    pub fn cut_line_end() -> Fault {
        Fault(Kind::Cut(Cut::LineEnd))
    }

    /// The log that the status brings ends between the two halves of a character beyond U+FFFF, each written as a
    /// `\u` escape of JSON, as a server does that cuts UTF-16. Adds such a character if the log has none.
    pub fn cut_pair() -> Fault {
        Fault(Kind::Cut(Cut::Pair))
    }

    /// The server restarts instead of answering: every connection is closed, the port refuses connections for this
    /// long, and then the server is back without its tokens and the calls behind them. What was done stays done.
    pub fn restart(away: Duration) -> Fault {
        let away = away.min(LONGEST);
        Fault(Kind::Restart { away, keep: false })
    }

    /// As [`Fault::restart`], but tokens and running calls survive.
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

    /// Whether the fault is one of an answer that is JSON.
    pub(crate) fn changes_json(&self) -> bool {
        matches!(
            self.0,
            Kind::Marks(_) | Kind::Word(_) | Kind::LogMissing | Kind::VersionMissing | Kind::VersionText
        )
    }

    /// The phases this fault makes sense in.
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
