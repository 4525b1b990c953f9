//! The listening socket: accepts connections, goes away for a restart, and comes back.

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

/// How many connections are served at a time; more wait to be accepted.
const CONNECTIONS: usize = 10_000;

/// How many connections may wait to be accepted; the system may allow fewer.
const BACKLOG: u32 = 4096;

/// A socket that is bound and does not listen yet: it holds the port, and connections to it are refused.
pub(crate) fn bind(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    // Elsewhere connections that linger would keep the port from being bound again; on Windows they do not, and the
    // option means something else.
    #[cfg(not(windows))]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

/// Makes the socket listen. Needs a runtime.
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
            // A restart that was asked for comes before everything that arrives after it.
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
                // Out of descriptors, or the peer is gone already: go on, but do not spin.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            },
        }
    }
}

async fn connection(core: Arc<Core>, stream: TcpStream, tls: TlsAcceptor) {
    let _open = core.connections.accept();
    http::connection(&core, stream, tls).await;
}

/// Holds the port without listening while the server is away, then listens again.
async fn come_back(core: &Core, address: SocketAddr, restart: Restart) -> TcpListener {
    let mut held = bind(address);
    if !restart.keep {
        core.world().tasks.lose_all();
    }
    if let Some(done) = restart.done {
        // The caller may have gone.
        let _ = done.send(());
    }
    tokio::time::sleep(restart.away).await;
    loop {
        match held.and_then(listen) {
            Ok(listener) => return listener,
            // Somebody took the port in the moment it was free: wait for it as long as it takes.
            Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
        }
        held = bind(address);
    }
}
