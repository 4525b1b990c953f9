//! The listening socket: accepts connections, and closes and reopens for restarts.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use crate::core::Core;
use crate::http;
use crate::restart::Restart;

/// Maximum number of concurrent connections. Further connections wait to be accepted.
const CONNECTIONS: usize = 10_000;

/// Maximum number of connections that wait to be accepted. The limit of the system may be lower.
const BACKLOG: u32 = 4096;

/// Binds a socket without listening. The port is then reserved, and connections to it are refused.
pub(crate) fn bind(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    // On most systems, lingering connections would prevent binding the port again. On Windows, they do not, and the
    // option has another meaning.
    #[cfg(not(windows))]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

/// Starts to listen. Must be called within a runtime.
pub(crate) fn listen(socket: TcpSocket) -> io::Result<TcpListener> {
    socket.listen(BACKLOG)
}

/// Accepts connections until the future is dropped.
pub(crate) async fn serve(
    core: Arc<Core>,
    address: SocketAddr,
    mut listener: TcpListener,
    tls: TlsAcceptor,
    mut restarts: UnboundedReceiver<Restart>,
) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            // A requested restart has priority over everything that arrives after it.
            biased;
            Some(restart) = restarts.recv() => {
                drop(listener);
                connections.shutdown().await;
                listener = come_back(&core, address, restart).await;
            }
            Some(_) = connections.join_next() => {}
            accepted = listener.accept(), if connections.len() < CONNECTIONS => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(Arc::clone(&core), stream, tls.clone()));
                }
                // The process has no file descriptors left, or the peer has closed the connection: wait briefly and
                // continue.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            },
        }
    }
}

async fn connection(core: Arc<Core>, stream: TcpStream, tls: TlsAcceptor) {
    let _open = core.connections.accept();
    http::connection(&core, stream, tls).await;
}

/// Reserves the port without listening during the restart, then listens again.
async fn come_back(core: &Core, address: SocketAddr, restart: Restart) -> TcpListener {
    let mut held = bind(address);
    if !restart.keep {
        core.world().tasks.lose_all();
    }
    if let Some(done) = restart.done {
        // Sending fails if the caller no longer waits. The error is then ignored.
        let _ = done.send(());
    }
    tokio::time::sleep(restart.away).await;
    loop {
        match held.and_then(listen) {
            Ok(listener) => return listener,
            // Another process took the port while it was free. Wait until the port is free again.
            Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
        }
        held = bind(address);
    }
}
