//! Applies a plan once, and prints the number of steps. With a number, the process ends in this step, as if it was
//! killed. A step is an event or the begin of a span in the log of the client or of the operation.

use std::error::Error;
use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use mailstore_api::server::Client;
use mailstore_operations::provision::{Journal, Plan, apply};
use tracing::{Event, Subscriber, span};
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
        if event.metadata().target().starts_with("mailstore") {
            self.step();
        }
    }

    fn on_new_span(&self, attributes: &span::Attributes<'_>, _: &span::Id, _context: Context<'_, S>) {
        if attributes.metadata().target().starts_with("mailstore") {
            self.step();
        }
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (server, pin, plan, journal, last) = match arguments.as_slice() {
        [server, pin, plan, journal] => (server, pin, plan, journal, None),
        [server, pin, plan, journal, last] => match last.parse() {
            Ok(last) => (server, pin, plan, journal, Some(last)),
            Err(_) => return usage(),
        },
        _ => return usage(),
    };
    let steps = Steps {
        count: Arc::default(),
        last,
    };
    let subscriber = tracing_subscriber::registry().with(steps.clone());
    if tracing::subscriber::set_global_default(subscriber).is_err() {
        return ExitCode::FAILURE;
    }
    match run(server, pin, plan, journal) {
        Ok(()) => {
            let count = steps.count.load(Ordering::Relaxed);
            let _ = writeln!(std::io::stdout(), "{count}");
            ExitCode::SUCCESS
        }
        Err(error) => failed(&error.to_string()),
    }
}

fn run(server: &str, pin: &str, plan: &str, journal: &str) -> Result<(), Box<dyn Error>> {
    let plan = Plan::from_json(&std::fs::read_to_string(plan)?)?;
    let client = Client::builder(server)
        .credentials("admin", std::env::var("MAILSTORE_PASSWORD")?)
        .pin(pin.parse()?)
        .build()?;
    let mut journal = Journal::open(journal, &plan)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let report = runtime.block_on(apply(&client, &plan, &mut journal))?;
    if report.is_complete() {
        Ok(())
    } else {
        Err(format!("{report:?}").into())
    }
}

fn usage() -> ExitCode {
    failed("usage: apply-once SERVER PIN PLAN JOURNAL [STEP]");
    ExitCode::from(2)
}

fn failed(problem: &str) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "{problem}");
    ExitCode::FAILURE
}
