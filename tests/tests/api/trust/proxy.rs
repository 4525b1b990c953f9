//! A proxy that answers CONNECT requests and forwards to one server.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

pub(crate) struct Proxy {
    pub(crate) address: String,
    heads: Arc<Mutex<Vec<String>>>,
}

/// The response of a proxy that opened the tunnel.
pub(crate) const OPEN: &[u8] = b"HTTP/1.1 200 Connection established\r\n\r\n";

impl Proxy {
    /// Starts a proxy that sends this response to every request. If there is a target, it then forwards to it, whatever
    /// the client asked for. Otherwise it closes the connection if `closes`, or keeps it open.
    pub(crate) async fn start(answer: &'static [u8], target: Option<String>, closes: bool) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let proxy = Self {
            address: listener.local_addr().unwrap().to_string(),
            heads: Arc::default(),
        };
        let heads = Arc::clone(&proxy.heads);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (heads, target) = (Arc::clone(&heads), target.clone());
                tokio::spawn(async move {
                    let mut head = Vec::new();
                    while !head.ends_with(b"\r\n\r\n") && stream.read_buf(&mut head).await.unwrap_or(0) > 0 {}
                    heads
                        .lock()
                        .unwrap()
                        .push(String::from_utf8_lossy(&head).into_owned());
                    let _ = stream.write_all(answer).await;
                    if let Some(target) = target {
                        let mut server = TcpStream::connect(target).await.unwrap();
                        let _ = copy_bidirectional(&mut stream, &mut server).await;
                    } else if !closes {
                        while let Ok(1..) = stream.read(&mut [0; 1024]).await {}
                    }
                });
            }
        });
        proxy
    }

    /// Starts a proxy in front of this server.
    pub(crate) async fn before(target: String) -> Self {
        Self::start(OPEN, Some(target), false).await
    }

    /// The heads of all requests so far.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}
