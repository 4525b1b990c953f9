//! Synchronizes a folder once, and prints the number of steps. With a number, the process ends in this step, as if it was
//! killed. A step is an event of the client's log, or a part of a file.

use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use oaio_client::{Client, DirectoryHost, blocking};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

/// Counts steps.
#[derive(Clone)]
struct Steps {
    count: Arc<AtomicUsize>,
    last: Option<usize>,
}

impl Steps {
    fn step(&self) {
        let step = self.count.fetch_add(1, Ordering::Relaxed) + 1;
        if Some(step) == self.last {
            std::process::abort();
        }
    }
}

impl<S: Subscriber> Layer<S> for Steps {
    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        if event.metadata().target().starts_with("oaio_client") {
            self.step();
        }
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (host, user, root, storage, last) = match arguments.as_slice() {
        [host, user, root, storage] => (host, user, root, storage, None),
        [host, user, root, storage, last] => match last.parse() {
            Ok(last) => (host, user, root, storage, Some(last)),
            Err(_) => return usage(),
        },
        _ => return usage(),
    };
    let steps = Steps {
        count: Arc::default(),
        last,
    };
    let subscriber = tracing_subscriber::registry().with(steps.clone());
    let progress = steps.clone();
    let synchronize = || {
        let client = Client::builder(host)
            .credentials(user, oaio_interop::password(user))
            .app_id("demo")
            .device_id("rust")
            .root(root)
            .storage_host("Digi", Arc::new(DirectoryHost::new(storage)))
            .on_progress(move |_| progress.step())
            .build()?;
        blocking::Client::from(client).synchronize()
    };
    // Work on other threads is logged too.
    if tracing::subscriber::set_global_default(subscriber).is_err() {
        return ExitCode::FAILURE;
    }
    match synchronize() {
        Ok(report) if report.is_complete() => {
            let count = steps.count.load(Ordering::Relaxed);
            let _ = writeln!(std::io::stdout(), "{count}");
            ExitCode::SUCCESS
        }
        Ok(report) => failed(&format!("{report:?}")),
        Err(error) => failed(&error.to_string()),
    }
}

fn usage() -> ExitCode {
    failed("usage: synchronize-once HOST USER ROOT STORAGE [STEP]");
    ExitCode::from(2)
}

fn failed(problem: &str) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "{problem}");
    ExitCode::FAILURE
}
