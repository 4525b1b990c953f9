//! The server on this machine that opens the API in the browser.

use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use mailstore_transport::Connection;
use thiserror::Error;
use tokio::net::TcpListener;

use crate::clicks::Clicks;
use crate::document::{PageDocument, Session};
use crate::guard::Guard;
use crate::page_token::PageToken;
use crate::proxy::{self, Proxy};
use crate::running::{Running, Unfinished};

/// The settings of an explorer.
#[derive(Clone, Copy, Debug, Default)]
pub struct Settings<'a> {
    /// The TCP port. 0 chooses a free one.
    pub port: u16,
    /// The instance of the Service Provider Edition that the forms contain at first.
    pub instance: Option<&'a str>,
}

/// A server on this machine that opens the API in the browser, until its future is dropped.
///
/// It listens on 127.0.0.1 only. Each request of the page is sent to the MailStore server by the connection, with its
/// credentials and its trust.
#[derive(Debug)]
pub struct Explorer {
    listener: TcpListener,
    address: SocketAddr,
    proxy: Arc<Proxy>,
}

/// The reason why an explorer cannot start.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ExplorerError {
    /// The port is in use, or this program may not use it.
    #[error("cannot listen on 127.0.0.1:{port}")]
    Listen {
        /// The port.
        port: u16,
        /// The cause.
        source: io::Error,
    },
    /// The OpenAPI document is not JSON.
    #[error("the OpenAPI document is not valid")]
    Document(#[source] serde_json::Error),
    /// The system has no random numbers for the token.
    #[error("cannot create a token")]
    Random(#[source] getrandom::Error),
}

impl Explorer {
    /// Starts to listen. [`run`](Self::run) answers.
    ///
    /// `document` is the OpenAPI document of the connection's edition in version 3.1. If the connection is
    /// [read-only](mailstore_transport::Builder::read_only), the explorer is, too: it refuses every function that may
    /// change the server. Nothing is sent to the MailStore server.
    ///
    /// # Errors
    /// The port cannot be used, the document is invalid, or there are no random numbers.
    pub async fn bind(
        connection: Connection,
        document: &str,
        settings: Settings<'_>,
    ) -> Result<Self, ExplorerError> {
        let token = PageToken::random().map_err(ExplorerError::Random)?;
        let session = Session {
            server: connection.origin(),
            title: connection.surface().title,
            read_only: connection.is_read_only(),
            instance: settings.instance,
        };
        let document = PageDocument::new(document, connection.surface(), &session);
        let document = document.map_err(ExplorerError::Document)?;
        let port = settings.port;
        let failed = |source| ExplorerError::Listen { port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .await
            .map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let proxy = Proxy {
            guard: Guard {
                host: host_of(address),
                token,
            },
            connection,
            document,
            running: Running::default(),
            clicks: Clicks::default(),
            has_ended: AtomicBool::new(false),
        };
        Ok(Self {
            listener,
            address,
            proxy: Arc::new(proxy),
        })
    }

    /// Returns the address of the page. Its fragment contains the token, which gives access to the MailStore server, so
    /// the address must not be logged. Browsers do not send the fragment.
    pub fn secret_url(&self) -> String {
        format!(
            "http://{}/#token={}",
            self.proxy.guard.host,
            self.proxy.guard.token.expose()
        )
    }

    /// Returns the address on which the explorer listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers requests until `stop` ends. Returns the calls that have not ended.
    ///
    /// Dropping the future stops the explorer, too. Connections that are still open are refused from then on. Calls that
    /// the MailStore server has received continue there.
    ///
    /// # Errors
    /// The listener failed.
    pub async fn run(self, stop: impl Future<Output = ()>) -> io::Result<Unfinished> {
        let _end = End(Arc::clone(&self.proxy));
        let router = Router::new()
            .fallback(proxy::answer)
            .with_state(Arc::clone(&self.proxy));
        let serve = axum::serve(self.listener, router).into_future();
        tokio::select! {
            ended = serve => ended?,
            () = stop => {}
        }
        Ok(self.proxy.running.unfinished())
    }
}

/// Ends an explorer when it is dropped. The tasks of its connections do not end with the listener.
struct End(Arc<Proxy>);

impl Drop for End {
    fn drop(&mut self) {
        self.0.has_ended.store(true, Ordering::SeqCst);
    }
}

/// Returns the host that browsers send for an address. They leave out port 80.
fn host_of(address: SocketAddr) -> String {
    match address.port() {
        80 => address.ip().to_string(),
        _ => address.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_has_no_port_if_it_is_80() {
        let host = |port| host_of((Ipv4Addr::LOCALHOST, port).into());
        assert_eq!(host(80), "127.0.0.1");
        assert_eq!(host(8080), "127.0.0.1:8080");
    }
}
