//! Rows `5,000 running tasks`: sockets and memory.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use mailstore_api::Task;
use mailstore_api::server::{Client, StoreId};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;

use crate::alloc;
use crate::caller::{Caller, runtime};
use crate::peer::{Envelope, Failure, Peer};
use crate::row::Row;
use crate::server::Server;
use crate::target::Target;

const TASKS: usize = 5000;
/// The status responses of every task that a run waits for.
const RESPONSES: usize = 2;
/// Maximum number of concurrent starts.
const STARTS: usize = 16;
/// Maximum time of the run of one side.
const TIMEOUT: Duration = Duration::from_secs(180);
/// The time between two counts of the sockets.
const INTERVAL: Duration = Duration::from_millis(200);
/// The open files that a run needs: a socket for each task of the peer, and a few more.
const FILES: u64 = 5200;

const SOCKETS: (&str, &str) = ("5,000 running tasks: sockets", "count");
const MEMORY: (&str, &str) = ("5,000 running tasks: memory a task", "KiB");

pub(crate) fn run() -> io::Result<Vec<Row>> {
    if let Some(reason) = missing() {
        return Ok([SOCKETS, MEMORY]
            .map(|(what, unit)| Row::unmeasured(what, unit, &reason))
            .into());
    }
    let server = Server::simulator()?;
    let (our_sockets, our_memory) = measure::<Client>(server.target()).map_err(io::Error::other)?;
    let (peer_sockets, peer_memory) = measure::<Peer>(server.target()).map_err(io::Error::other)?;
    Ok(vec![
        Row::new(SOCKETS.0, SOCKETS.1, our_sockets, peer_sockets),
        Row::new(MEMORY.0, MEMORY.1, our_memory, peer_memory),
    ])
}

/// Returns why this machine cannot run the benchmark.
fn missing() -> Option<String> {
    let Ok(limits) = std::fs::read_to_string("/proc/self/limits") else {
        return Some("the number of sockets needs Linux".to_owned());
    };
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))?;
    let limit = line.split_whitespace().next()?.parse::<u64>().ok()?;
    (limit < FILES)
        .then(|| format!("the limit of open files is {limit}; {FILES} are needed: `ulimit -n {FILES}`"))
}

/// Returns the maximum number of sockets and the memory a task in KiB.
fn measure<S: Tasks>(target: &Target) -> Result<(f64, f64), Failure> {
    let client = S::new(target)?;
    let runtime = runtime()?;
    runtime.block_on(client.call())?;
    let run = async { tokio::time::timeout(TIMEOUT, most_sockets(&client)).await };
    let (sockets, bytes) = alloc::peak(|| runtime.block_on(run));
    let sockets = sockets.map_err(|_| format!("the tasks did not run within {TIMEOUT:?}"))??;
    Ok((sockets as f64, bytes as f64 / TASKS as f64 / 1024.0))
}

/// Starts and follows all tasks, until each has received its status responses. Returns the maximum number of sockets.
async fn most_sockets<S: Tasks>(client: &S) -> Result<usize, Failure> {
    let most = Arc::new(AtomicUsize::new(sockets()?));
    let mut running = JoinSet::new();
    let counted = Arc::clone(&most);
    running.spawn(async move {
        loop {
            tokio::time::sleep(INTERVAL).await;
            // An unreadable directory is reported when the sockets are counted first.
            counted.fetch_max(sockets().unwrap_or_default(), Relaxed);
        }
    });
    let started: Vec<S::Started> = stream::iter(0..TASKS)
        .map(|_| client.start())
        .buffer_unordered(STARTS)
        .try_collect()
        .await?;
    let (reached, mut arrivals) = unbounded_channel();
    for task in started {
        running.spawn(client.clone().follow(task, reached.clone()));
    }
    for _ in 0..TASKS {
        arrivals.recv().await.ok_or("a task ended")??;
    }
    running.shutdown().await;
    Ok(most.load(Relaxed))
}

/// Returns the number of open sockets of this process.
fn sockets() -> io::Result<usize> {
    let mut count = 0;
    for entry in std::fs::read_dir("/proc/self/fd")? {
        // An entry may be gone before it is read.
        let target = std::fs::read_link(entry?.path());
        count += usize::from(target.is_ok_and(|target| target.to_string_lossy().starts_with("socket:")));
    }
    Ok(count)
}

/// Reports once that a task has received its status responses, or why it failed.
type Arrivals = UnboundedSender<Result<(), Failure>>;

/// A client that starts and follows calls of `VerifyStore`.
trait Tasks: Caller {
    type Started: Send + 'static;

    fn start(&self) -> impl Future<Output = Result<Self::Started, Failure>> + Send;

    /// Returns the next status of a task, which is still running.
    fn next(&self, task: &mut Self::Started) -> impl Future<Output = Result<(), Failure>> + Send;

    /// Follows a task until the future is dropped.
    fn follow(self, mut task: Self::Started, arrivals: Arrivals) -> impl Future<Output = ()> + Send {
        async move {
            for count in 1.. {
                let outcome = self.next(&mut task).await;
                let failed = outcome.is_err();
                if failed || count == RESPONSES {
                    // Sending fails after the end of the run, which needs no report.
                    let _ = arrivals.send(outcome);
                }
                if failed {
                    return;
                }
            }
        }
    }
}

impl Tasks for Client {
    type Started = Task<()>;

    async fn start(&self) -> Result<Task<()>, Failure> {
        Ok(self.verify_store(StoreId(3), false).start().await?)
    }

    async fn next(&self, task: &mut Task<()>) -> Result<(), Failure> {
        match task.next().await? {
            Some(_) => Ok(()),
            None => Err("the call ended".into()),
        }
    }
}

/// The state of a task of the peer.
struct Polled {
    token: String,
    version: u64,
}

impl Tasks for Peer {
    type Started = Polled;

    async fn start(&self) -> Result<Polled, Failure> {
        let form = [("id", "3"), ("includeIndexes", "false")];
        let answer: Envelope<()> = self.post(&self.verify_store, &form).await?;
        Ok(Polled {
            token: answer.token.ok_or("the status token is missing")?,
            version: answer.status_version.unwrap_or_default(),
        })
    }

    async fn next(&self, task: &mut Polled) -> Result<(), Failure> {
        let version = task.version.to_string();
        let form = [
            ("token", task.token.as_str()),
            ("lastKnownStatusVersion", &version),
            ("millisecondsTimeout", "10000"),
        ];
        let answer: Envelope<()> = self.post(&self.get_status, &form).await?;
        if answer.status_code != "running" {
            return Err(format!("the call ended as {}", answer.status_code).into());
        }
        std::hint::black_box(answer.log_output);
        task.version = answer.status_version.unwrap_or(task.version);
        Ok(())
    }
}
