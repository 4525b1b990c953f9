//! The channel to Python: writes a line, reads a line, notices the end of the process, and closes.

use std::io::ErrorKind;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::time::{Instant, sleep_until, timeout};

use crate::child::Process;
use crate::exit::ExitReport;
use crate::line::Lines;

/// How long the rest of the output is read after Python ended. A program that Python started may keep it open.
pub(crate) const LAST_WORDS: Duration = Duration::from_secs(1);

/// Both directions of the connection, and the process.
pub(crate) struct Channel {
    pub(crate) lines: Lines<Box<dyn AsyncRead + Send + Unpin>>,
    /// `None` after the end.
    pub(crate) writer: Option<Box<dyn AsyncWrite + Send + Unpin>>,
    /// `None` if a host program runs Python, or after the end.
    pub(crate) process: Option<Process>,
}

/// Why an answer does not come.
pub(crate) enum Why {
    Ended,
    TimedOut,
    Protocol(String),
}

/// An answer that does not come.
pub(crate) struct Lost {
    pub(crate) why: Why,
    /// Whether the whole line was written. Python does nothing for a part of a line.
    pub(crate) was_sent: bool,
}

impl Lost {
    /// An answer arrived, but it is not valid.
    pub(crate) fn protocol(problem: String) -> Self {
        Self {
            why: Why::Protocol(problem),
            was_sent: true,
        }
    }
}

impl Channel {
    /// Writes a line, which may be empty, and reads a line. Without a deadline it waits without a limit.
    pub(crate) async fn exchange(&mut self, line: &[u8], deadline: Option<Instant>) -> Result<Vec<u8>, Lost> {
        let was_sent = AtomicBool::new(false);
        let received = self.write_and_read(line, deadline, &was_sent).await;
        received.map_err(|why| Lost {
            why,
            was_sent: was_sent.into_inner(),
        })
    }

    async fn write_and_read(
        &mut self,
        line: &[u8],
        deadline: Option<Instant>,
        was_sent: &AtomicBool,
    ) -> Result<Vec<u8>, Why> {
        let Some(writer) = &mut self.writer else {
            return Err(Why::Ended);
        };
        let lines = &mut self.lines;
        let exchange = async {
            let written = match writer.write_all(line).await {
                Ok(()) => {
                    was_sent.store(true, Ordering::Relaxed);
                    writer.flush().await
                }
                failed => failed,
            };
            // If Python has closed its input, it may still have written why.
            match lines.next().await {
                Ok(Some(line)) => Ok(line),
                Err(error) if error.kind() == ErrorKind::InvalidData && written.is_ok() => {
                    Err(Why::Protocol(error.to_string()))
                }
                Ok(None) | Err(_) => Err(Why::Ended),
            }
        };
        tokio::pin!(exchange);
        tokio::select! {
            // An answer that is there counts, even if the deadline has passed.
            biased;
            received = &mut exchange => received,
            () = exited(&mut self.process) => {
                timeout(LAST_WORDS, exchange).await.unwrap_or(Err(Why::Ended))
            }
            () = passed(deadline) => Err(Why::TimedOut),
        }
    }

    /// Waits until Python ends, while no call runs. Lines without a request are discarded.
    pub(crate) async fn idle(&mut self) {
        let lines = &mut self.lines;
        let closed = async { while let Ok(Some(_)) = lines.next().await {} };
        tokio::select! {
            () = closed => {}
            () = exited(&mut self.process) => {}
        }
    }

    /// Closes the input of Python, and waits for its end. Kills it after the grace period.
    pub(crate) async fn end(&mut self, grace: Duration) -> Option<ExitReport> {
        if let Some(mut writer) = self.writer.take() {
            let _ = timeout(grace.min(LAST_WORDS), writer.shutdown()).await;
        }
        let Some(process) = self.process.take() else {
            // The host program serves the next client after it has closed this connection.
            let lines = &mut self.lines;
            let _ = timeout(grace, async { while let Ok(Some(_)) = lines.next().await {} }).await;
            return None;
        };
        Some(process.end(grace).await)
    }
}

/// Waits until the process ends. Without a process, it waits forever.
async fn exited(process: &mut Option<Process>) {
    match process {
        Some(process) => process.exited().await,
        None => std::future::pending().await,
    }
}

/// Waits until the deadline. Without a deadline, it waits forever.
async fn passed(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}
