//! An open connection to a server, which knows whether the server has responded on it.

use std::error::Error as StdError;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use http::{Extensions, Response};
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_rustls::MaybeHttpsStream;
use hyper_util::client::legacy::Error as ClientError;
use hyper_util::client::legacy::connect::{Connected, Connection};

use crate::chain::find;
use crate::proxy::Transport;

/// An open connection, for the HTTP library. It remembers whether the server has responded on it.
pub struct Opened {
    stream: MaybeHttpsStream<Transport>,
    responded: Responded,
}

/// Whether the server has responded on a connection. Before that, an alert of TLS may belong to the handshake.
#[derive(Clone, Default)]
struct Responded(Arc<AtomicBool>);

/// Records on the connection of this response that the server has responded. Call it for every response, because
/// [`is_first_request`] depends on it.
pub fn record_response<B>(response: &Response<B>) {
    if let Some(Responded(responded)) = response.extensions().get() {
        responded.store(true, Ordering::Release);
    }
}

/// Returns whether the request that failed with this error was the first one of its connection and received no
/// response. An alert of TLS is then the end of the handshake, so the server has not read the request. Later, the server
/// may have read the request before it sent an alert.
pub fn is_first_request(error: &(dyn StdError + 'static)) -> bool {
    let Some(connection) = find::<ClientError>(error).and_then(ClientError::connect_info) else {
        return false;
    };
    let mut extras = Extensions::new();
    connection.get_extras(&mut extras);
    extras
        .get()
        .is_some_and(|Responded(responded)| !responded.load(Ordering::Acquire))
}

impl Opened {
    pub(crate) fn new(stream: MaybeHttpsStream<Transport>) -> Self {
        Self {
            stream,
            responded: Responded::default(),
        }
    }
}

/// Responses and errors of this connection carry whether the server has responded on it.
impl Connection for Opened {
    fn connected(&self) -> Connected {
        self.stream.connected().extra(self.responded.clone())
    }
}

impl Read for Opened {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl Write for Opened {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }
}
