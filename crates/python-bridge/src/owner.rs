//! The task that owns the connection to Python: sends requests one by one, reads answers, and waits for the process.

use std::io::ErrorKind as ErrorWord;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until, timeout};
use wire_values::Json;

use crate::answer::{Answer, Opened};
use crate::child::Process;
use crate::error::{Error, ErrorKind};
use crate::exit::ExitReport;
use crate::handle_table::{Delivery, HandleTable, Slot};
use crate::hello::Hello;
use crate::line::Lines;
use crate::outgoing::to_ascii;
use crate::secrets::Secrets;

/// How long the rest of the output is read after Python ended. A program that Python started may keep it open.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// What the owner is asked to do.
pub(crate) enum Job {
    Call(Request),
    Close(oneshot::Sender<ExitReport>),
}

/// A request. It is skipped if its future was dropped before its turn.
pub(crate) struct Request {
    pub(crate) name: String,
    /// The members of the request, without its number, in ASCII.
    pub(crate) body: Vec<u8>,
    pub(crate) timeout: Duration,
    /// Whether the call may change something.
    pub(crate) changes: bool,
    /// Handles among the arguments. They live until the answer came.
    pub(crate) held: Vec<Arc<Slot>>,
    pub(crate) answer: oneshot::Sender<Result<Delivery, Error>>,
}

/// Why the connection ended.
pub(crate) enum End {
    Closed,
    Died(ExitReport),
}

/// The parts of a connection that opens.
pub(crate) struct Owner {
    pub(crate) lines: Lines<Box<dyn AsyncRead + Send + Unpin>>,
    /// `None` after the end.
    pub(crate) writer: Option<Box<dyn AsyncWrite + Send + Unpin>>,
    /// `None` if a host program runs Python, or after the end.
    pub(crate) process: Option<Process>,
    pub(crate) secrets: Arc<Secrets>,
    pub(crate) handles: Arc<HandleTable>,
    pub(crate) grace: Duration,
    /// Set when the connection ends.
    pub(crate) ended: Arc<OnceLock<End>>,
}

/// Why an answer does not come.
enum Why {
    Ended,
    TimedOut,
    Protocol(String),
}

/// An answer that does not come.
struct Lost {
    why: Why,
    /// Whether the whole line was written. Python does nothing for a part of a line.
    was_sent: bool,
}

impl Owner {
    /// Opens the connection, and serves it until all its clones are dropped or Python ends.
    pub(crate) async fn run(
        mut self,
        open: String,
        start_timeout: Duration,
        mut opened: oneshot::Sender<Result<Hello, Error>>,
        jobs: mpsc::UnboundedReceiver<Job>,
    ) {
        let hello = tokio::select! {
            hello = self.open(&open, start_timeout) => Some(hello),
            () = opened.closed() => None,
        };
        match hello {
            Some(Ok(hello)) => {
                // If the future of the connection was dropped, no sender of jobs is left, and serving ends at once.
                let _ = opened.send(Ok(hello));
                self.serve(jobs).await;
            }
            Some(Err(error)) => {
                let _ = opened.send(Err(error));
            }
            None => {
                self.end(Duration::ZERO).await;
            }
        }
    }

    async fn open(&mut self, open: &str, start_timeout: Duration) -> Result<Hello, Error> {
        let mut line = to_ascii(open);
        line.push(b'\n');
        let deadline = Instant::now() + start_timeout;
        let problem = match self.exchange(&line, deadline).await {
            Ok(line) => match serde_json::from_slice::<Opened>(&line) {
                Ok(Opened {
                    hello: Some(hello), ..
                }) if hello.bridge == Hello::PROTOCOL => return Ok(hello),
                Ok(Opened {
                    hello: Some(hello), ..
                }) => {
                    format!("the other side speaks version {} of the protocol", hello.bridge)
                }
                Ok(Opened {
                    failed: Some(failure),
                    ..
                }) => {
                    let (classes, problem) = failure.into_parts(&self.secrets);
                    let exit = self.end(self.grace).await;
                    return Err(Error::new(ErrorKind::Start {
                        problem,
                        classes,
                        exit,
                    }));
                }
                _ => "the program is not Python with `bridge.py`".to_owned(),
            },
            Err(lost) => match lost.why {
                Why::Ended => "the process ended or closed the connection".to_owned(),
                Why::TimedOut => format!("nothing was ready after {start_timeout:?}"),
                Why::Protocol(problem) => problem,
            },
        };
        // A process that ended by itself has ended already or is about to.
        let exit = self.end(LAST_WORDS).await;
        Err(Error::new(ErrorKind::Start {
            problem,
            classes: Vec::new(),
            exit,
        }))
    }

    async fn serve(mut self, mut jobs: mpsc::UnboundedReceiver<Job>) {
        let mut number = 0;
        let end = loop {
            let job = tokio::select! {
                // If Python has ended, a call that waits is not sent.
                biased;
                () = self.idle() => break End::Died(self.end(LAST_WORDS).await.unwrap_or_default()),
                job = jobs.recv() => job,
            };
            match job {
                Some(Job::Call(request)) if request.answer.is_closed() => {}
                Some(Job::Call(request)) => {
                    number += 1;
                    if let Some(end) = self.call(number, request).await {
                        break end;
                    }
                }
                Some(Job::Close(done)) => {
                    let report = self.end(self.grace).await.unwrap_or_default();
                    let _ = self.ended.set(End::Closed);
                    let _ = done.send(report);
                    break End::Closed;
                }
                None => {
                    self.end(self.grace).await;
                    break End::Closed;
                }
            }
        };
        // The reason is set before jobs are refused.
        let _ = self.ended.set(end);
        jobs.close();
        while let Some(job) = jobs.recv().await {
            match job {
                Job::Call(request) => {
                    let _ = request
                        .answer
                        .send(Err(self.ended.get().map_or_else(Error::closed, End::error)));
                }
                Job::Close(done) => {
                    let report = match self.ended.get() {
                        Some(End::Died(report)) => report.clone(),
                        _ => ExitReport::default(),
                    };
                    let _ = done.send(report);
                }
            }
        }
    }

    /// Sends a request and delivers its answer. Returns why the connection ended.
    async fn call(&mut self, number: u64, request: Request) -> Option<End> {
        let Request {
            name,
            body,
            timeout,
            changes,
            held,
            answer,
        } = request;
        let began = Instant::now();
        let freed = self.handles.take_freed();
        let mut line = format!("{{\"id\":{number},").into_bytes();
        line.extend_from_slice(&body);
        if !freed.is_empty() {
            line.extend_from_slice(format!(",\"free\":{}", serde_json::Value::from(freed)).as_bytes());
        }
        line.extend_from_slice(b"}\n");
        drop(body);
        let received = self.answer_of(number, &line, began + timeout).await;
        drop(held);
        tracing::debug!(function = %name, elapsed = ?began.elapsed(), answered = received.is_ok(), "called Python");
        let lost = match received {
            Ok(result) => {
                let _ = answer.send(result.map_err(|error| error.of(&name)));
                return None;
            }
            Err(lost) => lost,
        };
        let grace = match lost.why {
            Why::Ended => LAST_WORDS,
            Why::TimedOut | Why::Protocol(_) => Duration::ZERO,
        };
        let report = self.end(grace).await.unwrap_or_default();
        let error = match lost.why {
            Why::Ended => Error::new(ErrorKind::Died(report.clone())),
            Why::TimedOut => Error::new(ErrorKind::Timeout(timeout)),
            Why::Protocol(problem) => Error::protocol(problem),
        };
        // Before others learn that the connection ended.
        let _ = self.ended.set(End::Died(report.clone()));
        let _ = answer.send(Err(error
            .with_unknown_outcome(changes && lost.was_sent)
            .of(&name)));
        Some(End::Died(report))
    }

    /// Sends a line and returns the answer with this number.
    async fn answer_of(
        &mut self,
        number: u64,
        line: &[u8],
        deadline: Instant,
    ) -> Result<Result<Delivery, Error>, Lost> {
        let mut line = line;
        loop {
            let received = self.exchange(line, deadline).await?;
            let answer: Answer = serde_json::from_slice(&received)
                .map_err(|error| Lost::protocol(format!("a line is not an answer: {error}")))?;
            drop(received);
            match (answer.id, answer.ok, answer.error) {
                (id, _, _) if id < number => line = &[],
                (id, Some(result), None) if id == number => return Ok(self.deliver(result)),
                (id, None, Some(failure)) if id == number => {
                    return Ok(Err(failure.into_error(&self.secrets)));
                }
                _ => {
                    return Err(Lost::protocol(
                        "an answer has no result or a wrong number".to_owned(),
                    ));
                }
            }
        }
    }

    fn deliver(&self, result: Json) -> Result<Delivery, Error> {
        let result = crate::returned::resolve(result).map_err(Error::value)?;
        Ok(Delivery::new(result, Arc::clone(&self.handles)))
    }

    /// Writes a line, which may be empty, and reads a line.
    async fn exchange(&mut self, line: &[u8], deadline: Instant) -> Result<Vec<u8>, Lost> {
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
        deadline: Instant,
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
                Err(error) if error.kind() == ErrorWord::InvalidData && written.is_ok() => {
                    Err(Why::Protocol(error.to_string()))
                }
                Ok(None) | Err(_) => Err(Why::Ended),
            }
        };
        tokio::pin!(exchange);
        tokio::select! {
            received = &mut exchange => received,
            () = exited(&mut self.process) => {
                timeout(LAST_WORDS, exchange).await.unwrap_or(Err(Why::Ended))
            }
            () = sleep_until(deadline) => Err(Why::TimedOut),
        }
    }

    /// Waits until Python ends, while no call runs. Lines without a request are discarded.
    async fn idle(&mut self) {
        let lines = &mut self.lines;
        let closed = async { while let Ok(Some(_)) = lines.next().await {} };
        tokio::select! {
            () = closed => {}
            () = exited(&mut self.process) => {}
        }
    }

    /// Closes the input of Python, and waits for its end. Kills it after the grace period.
    async fn end(&mut self, grace: Duration) -> Option<ExitReport> {
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

impl Lost {
    /// An answer arrived, but it is not valid.
    fn protocol(problem: String) -> Self {
        Self {
            why: Why::Protocol(problem),
            was_sent: true,
        }
    }
}

impl End {
    /// The error of a call that was not sent.
    pub(crate) fn error(&self) -> Error {
        match self {
            Self::Closed => Error::closed(),
            Self::Died(report) => Error::new(ErrorKind::Died(report.clone())),
        }
    }
}

/// Waits until the process ends. Without a process, it waits forever.
async fn exited(process: &mut Option<Process>) {
    match process {
        Some(process) => process.exited().await,
        None => std::future::pending().await,
    }
}
