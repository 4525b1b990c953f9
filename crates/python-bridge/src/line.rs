//! Reads lines of a limited length.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

/// The longest line, in bytes.
pub(crate) const LONGEST_LINE: usize = 64 * 1024 * 1024;

/// Reads lines from the other side.
pub(crate) struct Lines<R> {
    reader: R,
    buffer: Vec<u8>,
    /// Bytes at the start of the buffer that contain no line feed.
    searched: usize,
    longest: usize,
}

impl<R: AsyncRead + Unpin> Lines<R> {
    pub(crate) fn new(reader: R, longest: usize) -> Self {
        Self {
            reader,
            buffer: Vec::new(),
            searched: 0,
            longest,
        }
    }

    /// Returns the next line without its line feed. `None` means the end of the stream.
    ///
    /// Nothing is lost if the future is dropped.
    ///
    /// # Errors
    /// The stream cannot be read, or the line is too long.
    pub(crate) async fn next(&mut self) -> io::Result<Option<Vec<u8>>> {
        loop {
            let unsearched = self.buffer.get(self.searched..).unwrap_or_default();
            if let Some(end) = unsearched.iter().position(|byte| *byte == b'\n') {
                let rest = self.buffer.split_off(self.searched + end + 1);
                let mut line = std::mem::replace(&mut self.buffer, rest);
                self.searched = 0;
                line.pop();
                return Ok(Some(line));
            }
            self.searched = self.buffer.len();
            if self.buffer.len() > self.longest {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    format!("a line is longer than {} bytes", self.longest),
                ));
            }
            self.buffer.reserve(8 * 1024);
            if self.reader.read_buf(&mut self.buffer).await? == 0 {
                return Ok(None);
            }
        }
    }

    /// Hides the type of the stream.
    pub(crate) fn boxed(self) -> Lines<Box<dyn AsyncRead + Send + Unpin>>
    where
        R: Send + 'static,
    {
        Lines {
            reader: Box::new(self.reader),
            buffer: self.buffer,
            searched: self.searched,
            longest: self.longest,
        }
    }

    /// Sets the longest line, in bytes.
    pub(crate) fn set_longest(&mut self, longest: usize) {
        self.longest = longest;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn lines_are_cut_at_line_feeds() {
        let mut lines = Lines::new(&b"one\r\n\ntwo\nrest"[..], 10);
        assert_eq!(lines.next().await.unwrap().unwrap(), b"one\r");
        assert_eq!(lines.next().await.unwrap().unwrap(), b"");
        assert_eq!(lines.next().await.unwrap().unwrap(), b"two");
        assert!(lines.next().await.unwrap().is_none());
    }

    #[tokio::test]
    async fn a_line_that_is_too_long_is_an_error() {
        let mut lines = Lines::new(tokio::io::repeat(b'x'), 100_000);
        let error = lines.next().await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
        assert!(lines.buffer.len() < 200_000);
    }
}
