//! The task that owns the connection to Python: sends requests one by one, and delivers their answers.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;
use wire_values::Json;

use crate::answer::{Answer, Opened};
use crate::channel::{Channel, LAST_WORDS, Lost, Why};
use crate::error::{Error, ErrorKind};
use crate::exit::ExitReport;
use crate::handle_table::{Delivery, HandleTable};
use crate::hello::Hello;
use crate::job::{End, Job, Request};
use crate::outgoing::to_ascii;
use crate::secrets::Secrets;

/// The parts of a connection that opens.
pub(crate) struct Owner {
    pub(crate) channel: Channel,
    pub(crate) secrets: Arc<Secrets>,
    pub(crate) handles: Arc<HandleTable>,
    pub(crate) grace: Duration,
    /// Set when the connection ends.
    pub(crate) ended: Arc<OnceLock<End>>,
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
                self.channel.end(Duration::ZERO).await;
            }
        }
    }

    async fn open(&mut self, open: &str, start_timeout: Duration) -> Result<Hello, Error> {
        let mut line = to_ascii(open);
        line.push(b'\n');
        let deadline = Instant::now().checked_add(start_timeout);
        let problem = match self.channel.exchange(&line, deadline).await {
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
                    let exit = self.channel.end(self.grace).await;
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
                Why::Protocol(problem) => self.masked(problem),
            },
        };
        // A process that ended by itself has ended already or is about to.
        let exit = self.channel.end(LAST_WORDS).await;
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
                () = self.channel.idle() => break End::Died(self.channel.end(LAST_WORDS).await.unwrap_or_default()),
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
                    let report = self.channel.end(self.grace).await.unwrap_or_default();
                    let _ = self.ended.set(End::Closed);
                    let _ = done.send(report);
                    break End::Closed;
                }
                None => {
                    self.channel.end(self.grace).await;
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
        let received = self.answer_of(number, &line, began.checked_add(timeout)).await;
        drop(held);
        tracing::debug!(function = %name, elapsed = ?began.elapsed(), answered = received.is_ok(), "called Python");
        let lost = match received {
            Ok(result) => {
                let result = result.map_err(|error| {
                    let is_unknown = changes && error.is_outcome_unknown();
                    error.with_unknown_outcome(is_unknown).of(&name)
                });
                let _ = answer.send(result);
                return None;
            }
            Err(lost) => lost,
        };
        let grace = match lost.why {
            Why::Ended => LAST_WORDS,
            Why::TimedOut | Why::Protocol(_) => Duration::ZERO,
        };
        let report = self.channel.end(grace).await.unwrap_or_default();
        let error = match lost.why {
            Why::Ended => Error::new(ErrorKind::Died(report.clone())),
            Why::TimedOut => Error::new(ErrorKind::Timeout(timeout)),
            Why::Protocol(problem) => Error::protocol(self.masked(problem)),
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
        deadline: Option<Instant>,
    ) -> Result<Result<Delivery, Error>, Lost> {
        let mut line = line;
        loop {
            let received = self.channel.exchange(line, deadline).await?;
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
        match crate::returned::resolve(&result) {
            Ok(resolved) => Ok(Delivery::new(
                resolved.unwrap_or(result),
                Arc::clone(&self.handles),
            )),
            Err(problem) => {
                self.handles.free_all(&result);
                Err(Error::value(self.masked(problem)).with_unknown_outcome(true))
            }
        }
    }

    /// Returns a problem, which may quote what Python sent, without secrets.
    fn masked(&self, mut problem: String) -> String {
        self.secrets.mask(&mut problem);
        problem
    }
}
