//! The TLS handshake at the start of a connection, and the faults that affect it.

use std::time::Duration;

use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tokio_rustls::rustls::server::Acceptor;
use tokio_rustls::server::TlsStream;
use tokio_rustls::{LazyConfigAcceptor, TlsAcceptor};

use crate::core::Core;
use crate::delivery;
use crate::faults::{Fault, Kind, Occasion, Phase, Point};

/// Performs the TLS handshake within the given time, unless a fault ends the connection.
pub(crate) async fn accept(
    core: &Core,
    mut stream: TcpStream,
    tls: TlsAcceptor,
    patience: Duration,
) -> Option<TlsStream<TcpStream>> {
    let occasion = Occasion::new(Phase::Connect, Point::After, None);
    let fault = core.world().faults.meet(occasion);
    match fault.map(|Fault(kind)| kind) {
        None => {}
        Some(Kind::Delay(time)) => tokio::time::sleep(time).await,
        Some(Kind::Stall) => {
            let mut rest = [0; 1024];
            while stream.read(&mut rest).await.is_ok_and(|read| read > 0) {}
            return None;
        }
        Some(Kind::Reset) => {
            let _ = delivery::reset(&stream);
            return None;
        }
        Some(Kind::Close) => {
            let hello = LazyConfigAcceptor::new(Acceptor::default(), stream);
            let _ = tokio::time::timeout(patience, hello).await;
            return None;
        }
        Some(_) => return None,
    }
    tokio::time::timeout(patience, tls.accept(stream))
        .await
        .ok()?
        .ok()
}
