//! The body of a request. It records whether sending has started.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use secrecy::zeroize::Zeroizing;

/// The progress of a request. It is shared by the request's body, which the connection reads, and the waiting call.
///
/// Only one of two things can happen: the connection begins to send the request, or the call withdraws it.
#[derive(Clone, Default)]
pub(crate) struct Progress(Arc<AtomicU8>);

const WAITING: u8 = 0;
const SENDING: u8 = 1;
const GIVEN_UP: u8 = 2;

impl Progress {
    /// Withdraws the request. Returns whether it was in time. If so, no byte of the request is sent.
    pub(crate) fn give_up(&self) -> bool {
        self.move_to(GIVEN_UP)
    }

    fn begin(&self) -> bool {
        self.move_to(SENDING)
    }

    /// Changes the state from `WAITING` to this state. Returns whether this is the state now.
    fn move_to(&self, state: u8) -> bool {
        let moved = self
            .0
            .compare_exchange(WAITING, state, Ordering::AcqRel, Ordering::Acquire);
        moved.is_ok() || moved == Err(state)
    }
}

/// A form as the body of a request.
///
/// The HTTP/1 connection reads the length of a body before it writes the first byte of the request's head. At that
/// moment the request counts as started. A request that was withdrawn before has no length and fails when it is read.
/// The connection then drops the head, which it has not written yet.
pub(crate) struct Form {
    bytes: Option<Bytes>,
    progress: Progress,
}

impl Form {
    pub(crate) fn new(body: String) -> (Self, Progress) {
        let progress = Progress::default();
        let form = Self {
            // The owner overwrites the bytes when the last copy is dropped.
            bytes: Some(Bytes::from_owner(Zeroizing::new(body))),
            progress: progress.clone(),
        };
        (form, progress)
    }
}

impl Body for Form {
    type Data = Bytes;
    type Error = GivenUp;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, GivenUp>>> {
        if !self.progress.begin() {
            return Poll::Ready(Some(Err(GivenUp)));
        }
        Poll::Ready(self.bytes.take().map(|bytes| Ok(Frame::data(bytes))))
    }

    /// Returns false before the form was read, even for an empty form. A request whose body has already ended gets no
    /// `Content-Length`, and the server responds with 411.
    fn is_end_stream(&self) -> bool {
        self.bytes.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        if !self.progress.begin() {
            return SizeHint::default();
        }
        SizeHint::with_exact(self.bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
    }
}

/// The call stopped waiting for the connection.
#[derive(Debug)]
pub(crate) struct GivenUp;

impl fmt::Display for GivenUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the call ended before its request was sent")
    }
}

impl std::error::Error for GivenUp {}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(form: &mut Form) -> Option<Result<Bytes, GivenUp>> {
        let mut context = Context::from_waker(std::task::Waker::noop());
        match Pin::new(form).poll_frame(&mut context) {
            Poll::Ready(frame) => frame.map(|frame| frame.map(|frame| frame.into_data().unwrap())),
            Poll::Pending => unreachable!("a form is always ready"),
        }
    }

    #[test]
    fn a_form_whose_length_was_read_may_have_been_sent() {
        let (form, progress) = Form::new("a=b".to_owned());
        assert_eq!(form.size_hint().exact(), Some(3));
        assert!(!progress.give_up());
    }

    #[test]
    fn a_form_that_was_read_may_have_been_sent() {
        for body in ["a=b", ""] {
            let (mut form, progress) = Form::new(body.to_owned());
            assert!(!form.is_end_stream());
            assert_eq!(read(&mut form).unwrap().unwrap(), body);
            assert!(!progress.give_up() && form.is_end_stream());
            assert!(read(&mut form).is_none());
        }
    }

    #[test]
    fn a_withdrawn_form_cannot_be_sent() {
        for body in ["a=b", ""] {
            let (mut form, progress) = Form::new(body.to_owned());
            assert!(progress.give_up());
            assert_eq!(form.size_hint().exact(), None);
            assert!(read(&mut form).unwrap().is_err());
            assert!(progress.give_up(), "giving up is idempotent");
        }
    }
}
