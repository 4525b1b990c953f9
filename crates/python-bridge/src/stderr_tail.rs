//! The end of the standard error of Python.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncRead, AsyncReadExt};

use crate::secrets::Secrets;

/// How many bytes are kept.
const KEPT: usize = 64 * 1024;

/// Reads the standard error to its end and keeps the last 64 KiB. If nobody reads it, Python stops when the pipe is
/// full.
#[derive(Clone)]
pub(crate) struct StderrTail {
    bytes: Arc<Mutex<Kept>>,
    secrets: Arc<Secrets>,
}

#[derive(Default)]
struct Kept {
    bytes: Vec<u8>,
    is_cut: bool,
}

impl StderrTail {
    pub(crate) fn new(secrets: Arc<Secrets>) -> Self {
        Self {
            bytes: Arc::default(),
            secrets,
        }
    }

    /// Reads until the end of the stream.
    pub(crate) async fn drain(self, mut stream: impl AsyncRead + Unpin) {
        let mut chunk = vec![0; 16 * 1024];
        while let Ok(length @ 1..) = stream.read(&mut chunk).await {
            let mut kept = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
            kept.bytes
                .extend_from_slice(chunk.get(..length).unwrap_or_default());
            if let Some(more @ 1..) = kept.bytes.len().checked_sub(KEPT) {
                kept.bytes.drain(..more);
                kept.is_cut = true;
            }
        }
    }

    /// Returns the text without secrets.
    pub(crate) fn text(&self) -> String {
        let kept = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        // The first character may be cut, too.
        let is_rest = |byte: &&u8| kept.is_cut && **byte & 0xc0 == 0x80;
        let cut = kept.bytes.iter().take_while(is_rest).count();
        let whole = kept.bytes.get(cut..).unwrap_or_default();
        let mut text = String::from_utf8_lossy(whole).into_owned();
        self.secrets.mask(&mut text);
        if kept.is_cut {
            self.secrets.mask_start(&mut text);
        }
        // Python may have ended while it wrote.
        self.secrets.mask_end(&mut text);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn tail_of(bytes: &[u8], secret: &str) -> String {
        let secrets = Arc::new(Secrets::default());
        secrets.add(secret);
        let tail = StderrTail::new(secrets);
        tail.clone().drain(bytes).await;
        tail.text()
    }

    #[tokio::test]
    async fn the_end_is_kept() {
        let text = format!("{}end\n", "x".repeat(100_000));
        let tail = tail_of(text.as_bytes(), "hunter2").await;
        assert_eq!(tail.len(), KEPT);
        assert!(tail.ends_with("xend\n"));
        assert_eq!(tail_of(b"a\xffb", "hunter2").await, "a\u{fffd}b");
    }

    #[tokio::test]
    async fn the_rest_of_a_secret_is_cut_out_wherever_the_text_begins() {
        let secret = "h\u{fc}nter2-and-more";
        for shift in 0..secret.len() {
            let text = format!("{secret}{}", "x".repeat(KEPT - shift));
            let tail = tail_of(text.as_bytes(), secret).await;
            assert!(
                tail.trim_start_matches("[secret]").chars().all(|c| c == 'x'),
                "{shift}: {:?}",
                tail.get(..30)
            );
        }
    }
}
