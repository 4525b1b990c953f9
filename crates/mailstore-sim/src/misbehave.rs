//! Applies a fault to a response.

use bytes::Bytes;
use hyper::StatusCode;

use crate::answer::{Answer, Content};
use crate::core::{Core, Verdict};
use crate::delivery::{Broken, Delivery, Ending};
use crate::envelope::Envelope;
use crate::faults::{Fault, Kind};
use crate::restart::Restart;

/// Applies a fault to a response and returns what is sent.
pub(crate) async fn deliver(core: &Core, (content, fault): Verdict) -> Delivery {
    let bom = usize::from(core.settings.bom);
    let Some(Fault(kind)) = fault else {
        return Delivery::Whole(write(core, content, bom));
    };
    let broken = |answer: Answer, bytes: usize, ending| {
        let bytes = bytes.min(answer.body.len());
        Delivery::Broken(Broken {
            part: Some((answer, bytes)),
            ending,
        })
    };
    let silent = |ending| Delivery::Broken(Broken { part: None, ending });
    match kind {
        Kind::Delay(time) => {
            tokio::time::sleep(time).await;
            Delivery::Whole(write(core, content, bom))
        }
        Kind::Stall | Kind::StallBefore => silent(Ending::Hold),
        Kind::StallAfter(bytes) => broken(write(core, content, bom), bytes, Ending::Hold),
        Kind::Reset => silent(Ending::Reset),
        Kind::ResetAfter(bytes) => broken(write(core, content, bom), bytes, Ending::Reset),
        Kind::Close | Kind::CloseBefore => silent(Ending::Close),
        Kind::Truncate(bytes) => broken(write(core, content, bom), bytes, Ending::Close),
        Kind::Restart { away, keep } => {
            // Sending fails only if the simulator is stopping. The error is then ignored.
            let _ = core.restarts.send(Restart {
                away,
                keep,
                done: None,
            });
            silent(Ending::Hold)
        }
        kind => Delivery::Whole(spoil(core, content, kind, bom)),
    }
}

/// Applies the faults that send a complete but different response.
fn spoil(core: &Core, content: Content, kind: Kind, bom: usize) -> Answer {
    match kind {
        Kind::Status(code) | Kind::StatusAfter(code) => page(code),
        Kind::Html => Answer::page(StatusCode::OK),
        Kind::Garble => {
            let mut answer = write(core, content, bom);
            // Flips the highest bit, so ASCII becomes invalid UTF-8.
            answer.body = answer.body.iter().map(|byte| byte ^ 0x95).collect::<Bytes>();
            answer
        }
        Kind::Marks(count) => write(core, content, usize::from(count)),
        Kind::Word(word) => write(core, change(content, |envelope| envelope.with_word(word)), bom),
        Kind::LogMissing => write(core, change(content, Envelope::without_log), bom),
        Kind::VersionMissing => write(core, change(content, |envelope| envelope.without_version()), bom),
        Kind::VersionText => write(
            core,
            change(content, |envelope| envelope.with_version_text()),
            bom,
        ),
        _ => write(core, content, bom),
    }
}

fn change(content: Content, change: impl FnOnce(Envelope) -> Envelope) -> Content {
    match content {
        Content::Envelope(envelope) => Content::Envelope(change(envelope)),
        other => other,
    }
}

/// Returns an error page with the headers that its status requires.
fn page(code: u16) -> Answer {
    let answer = Answer::page(StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
    if code == 401 {
        answer.with("www-authenticate", crate::route::CHALLENGE)
    } else {
        answer
    }
}

fn write(core: &Core, content: Content, marks: usize) -> Answer {
    match content {
        Content::Envelope(envelope) => Answer::json(&envelope, marks),
        Content::Functions => Answer::json_bytes(core.metadata.as_bytes(), marks),
        Content::Other(answer) => answer,
        Content::Nothing => Answer::empty(StatusCode::INTERNAL_SERVER_ERROR),
    }
}
