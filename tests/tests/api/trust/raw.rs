//! A server without TLS that sends fixed bytes and records what it received.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

pub(crate) struct Raw {
    pub(crate) address: String,
    received: Arc<Mutex<Vec<u8>>>,
    connections: Arc<Mutex<usize>>,
}

impl Raw {
    /// Starts a server that reads once, sends these bytes, and reads until the client closes the connection.
    pub(crate) async fn start(answer: &'static [u8]) -> Self {
        Self::listen(answer, false).await
    }

    /// Starts a server that reads once and closes the connection.
    pub(crate) async fn closing() -> Self {
        Self::listen(b"", true).await
    }

    async fn listen(answer: &'static [u8], closes: bool) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let raw = Self {
            address: listener.local_addr().unwrap().to_string(),
            received: Arc::default(),
            connections: Arc::default(),
        };
        let (received, connections) = (Arc::clone(&raw.received), Arc::clone(&raw.connections));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                *connections.lock().unwrap() += 1;
                let received = Arc::clone(&received);
                tokio::spawn(async move {
                    let mut is_answered = false;
                    let mut bytes = Vec::new();
                    while stream.read_buf(&mut bytes).await.unwrap_or(0) > 0 {
                        received.lock().unwrap().append(&mut bytes);
                        if closes {
                            return;
                        }
                        if !is_answered {
                            is_answered = true;
                            let _ = stream.write_all(answer).await;
                        }
                    }
                });
            }
        });
        raw
    }

    /// Whether these bytes were received.
    pub(crate) fn received(&self, bytes: &[u8]) -> bool {
        let received = self.received.lock().unwrap();
        received.windows(bytes.len()).any(|window| window == bytes)
    }

    pub(crate) fn connections(&self) -> usize {
        *self.connections.lock().unwrap()
    }
}
