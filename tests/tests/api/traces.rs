//! Tests that spans and events contain what the guide documents, and no secrets.

use std::collections::BTreeMap;
use std::fmt::{Debug, Write};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use mailstore_api::server::Client;
use mailstore_api::server::types::StoreId;
use mailstore_api::{SecretString, WaitOptions};
use mailstore_sim::{Edition, Fault, Phase, Simulator};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Dispatch, Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

use crate::simulated;

const USER: &str = "hunter2-user";
const PASSWORD: &str = "hunter2-password";
const ARGUMENT: &str = "hunter2-argument";

/// The fields of a span or event, as strings.
#[derive(Clone, Default, Debug)]
struct Fields(BTreeMap<&'static str, String>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let text = self.0.entry(field.name()).or_default();
        write!(text, "{value:?}").unwrap();
    }
}

/// A span that was opened, or an event.
#[derive(Clone, Debug)]
struct Seen {
    /// `None` for an event.
    span: Option<&'static str>,
    level: Level,
    target: String,
    fields: Fields,
    /// The names of the spans around it, outermost first.
    inside: Vec<&'static str>,
}

impl Seen {
    fn field(&self, name: &str) -> &str {
        self.fields.0.get(name).map_or("", String::as_str)
    }
}

/// Records the spans and events of all crates.
#[derive(Clone, Default)]
pub(crate) struct Capture(Arc<Mutex<Vec<Seen>>>);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Capture {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        let inside = context.span(id).and_then(|span| span.parent());
        let inside = inside.map(|span| span.scope().from_root().map(|span| span.name()).collect());
        let metadata = attributes.metadata();
        self.0.lock().unwrap().push(Seen {
            span: Some(metadata.name()),
            level: *metadata.level(),
            target: metadata.target().to_owned(),
            fields,
            inside: inside.unwrap_or_default(),
        });
    }

    fn on_record(&self, _: &Id, values: &Record<'_>, _: Context<'_, S>) {
        let mut fields = Fields::default();
        values.record(&mut fields);
        self.0.lock().unwrap().push(Seen {
            span: None,
            level: Level::TRACE,
            target: "a field that was recorded later".to_owned(),
            fields,
            inside: Vec::new(),
        });
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let scope = context.event_scope(event);
        let inside = scope.map(|scope| scope.from_root().map(|span| span.name()).collect());
        self.0.lock().unwrap().push(Seen {
            span: None,
            level: *event.metadata().level(),
            target: event.metadata().target().to_owned(),
            fields,
            inside: inside.unwrap_or_default(),
        });
    }
}

impl Capture {
    /// Returns the number of events of this workspace with this level whose message contains these words.
    pub(crate) fn messages(&self, level: Level, words: &str) -> usize {
        let matches = |seen: &Seen| seen.level == level && seen.field("message").contains(words);
        self.own().into_iter().filter(matches).count()
    }

    /// Returns whether a span or an event of any crate contains this text.
    pub(crate) fn contains(&self, text: &str) -> bool {
        self.all().iter().any(|seen| format!("{seen:?}").contains(text))
    }

    fn all(&self) -> Vec<Seen> {
        self.0.lock().unwrap().clone()
    }

    /// Returns the spans and events of this workspace.
    fn own(&self) -> Vec<Seen> {
        let crates = ["https_connect", "mailstore"];
        let own = |seen: &Seen| crates.iter().any(|name| seen.target.starts_with(name));
        self.all().into_iter().filter(own).collect()
    }

    fn spans(&self, name: &str) -> Vec<Seen> {
        self.own()
            .into_iter()
            .filter(|seen| seen.span == Some(name))
            .collect()
    }

    fn events(&self, message: &str) -> Vec<Seen> {
        let wanted = |seen: &Seen| seen.span.is_none() && seen.field("message").starts_with(message);
        self.own().into_iter().filter(wanted).collect()
    }
}

/// Subscribers that are never removed and that nothing uses. While there is only one subscriber, `tracing` asks the
/// subscriber of the thread that reaches a span first. In a thread without one, it then disables the span everywhere.
static KEPT: LazyLock<[Dispatch; 2]> =
    LazyLock::new(|| [(); 2].map(|()| Dispatch::new(tracing_subscriber::registry())));

/// Captures the spans and events of this thread. The runtime of each test has no other thread.
pub(crate) fn capture() -> (Capture, tracing::subscriber::DefaultGuard) {
    LazyLock::force(&KEPT);
    let capture = Capture::default();
    let subscriber = tracing_subscriber::registry().with(capture.clone());
    (capture, tracing::subscriber::set_default(subscriber))
}

fn start_simulator(step: Duration) -> Simulator {
    let builder = Simulator::builder(Edition::Server).credentials(USER, PASSWORD);
    builder.step(step).steps(4).start().unwrap()
}

fn connect(simulator: &Simulator) -> Client {
    simulated::connect(simulator)
}

#[tokio::test]
async fn a_call_is_traced_from_its_start_to_its_end() {
    let (capture, _guard) = capture();
    let simulator = start_simulator(Duration::ZERO);
    let mut task = connect(&simulator)
        .verify_store(StoreId(1), true)
        .start()
        .await
        .unwrap();
    let mut updates = Vec::new();
    while let Some(update) = task.next().await.unwrap() {
        updates.push(update);
    }
    task.await.unwrap();

    let calls = capture.spans("mailstore.call");
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0].field("function"), "\"VerifyStore\"");
    assert!(!calls[0].field("effect").is_empty());

    let tasks = capture.spans("mailstore.task");
    let hash = tasks[0].field("token_hash").to_owned();
    assert_eq!(hash.len(), 16, "{hash}");
    for task in &tasks {
        assert_eq!(
            (task.field("function"), task.field("token_hash")),
            ("\"VerifyStore\"", &*hash)
        );
    }

    let polls = capture.spans("mailstore.poll");
    let versions: Vec<&str> = polls.iter().map(|poll| poll.field("version")).collect();
    let polled: Vec<String> = updates[..4]
        .iter()
        .map(|update| update.version().to_string())
        .collect();
    assert_eq!(versions, polled);
    assert!(polls.iter().all(|poll| poll.inside == ["mailstore.task"]));

    let events = capture.events("update");
    assert_eq!(events.len(), updates.len());
    for (event, update) in events.iter().zip(&updates) {
        assert_eq!(event.field("version"), update.version().to_string());
        assert_eq!(event.field("status"), format!("{:?}", update.status().as_str()));
        assert_eq!(event.field("lines"), update.lines().len().to_string());
        assert_eq!(event.inside, ["mailstore.task"]);
    }
    assert!(capture.events("task dropped").is_empty(), "the task had ended");
    assert!(capture.own().iter().all(|seen| seen.level == Level::DEBUG));
}

#[tokio::test]
async fn dropping_a_running_task_is_logged() {
    let (capture, _guard) = capture();
    let simulator = start_simulator(Duration::from_secs(1_000_000));
    let client = connect(&simulator);
    let mut task = client.verify_store(StoreId(1), true).start().await.unwrap();
    task.next().await.unwrap();
    let hash = capture.spans("mailstore.task")[0].field("token_hash").to_owned();
    assert!(capture.events("task dropped").is_empty());
    let token = task.token().unwrap().clone();
    drop(task);
    let dropped = capture.events("task dropped while running");
    assert_eq!(dropped.len(), 1);
    assert_eq!(dropped[0].field("function"), "\"VerifyStore\"");
    assert_eq!(
        dropped[0].field("token_hash"),
        hash,
        "the event identifies the task"
    );
    // A caller that detaches a task has its token, so there is no event.
    client.resume::<()>(token).unwrap().detach().unwrap();
    assert_eq!(capture.events("task dropped").len(), 1);
}

/// Covers success, failure, faults, limits, cancellation and dropped tasks, in the spans and events of all crates.
#[tokio::test]
async fn no_secret_is_traced() {
    let (capture, _guard) = capture();
    let simulator = start_simulator(Duration::ZERO);
    let client = connect(&simulator);
    client.verify_store(StoreId(1), true).await.unwrap();
    client.get_user_info(ARGUMENT).await.unwrap_err();
    client.verify_store(StoreId(77), true).await.unwrap_err();
    client
        .set_user_password("john.doe", &SecretString::from(ARGUMENT))
        .await
        .unwrap();
    let api = client.call("CreateUser").arg("userName", ARGUMENT);
    let _ = api.arg("privileges", "login").await;
    let users = client.get_users().await.unwrap();
    assert!(users.iter().any(|user| user.user_name == ARGUMENT));

    for fault in [
        Fault::status(503),
        Fault::reset(),
        Fault::reset_after(40),
        Fault::html(),
        Fault::garble(),
        Fault::status(401),
        Fault::status_word("melting"),
        Fault::forget(),
    ] {
        simulator.inject(fault.on(Phase::Poll).times(1)).unwrap();
        let _ = client.verify_store(StoreId(1), true).await;
        simulator.clear_faults();
    }
    for fault in [Fault::status(500), Fault::reset(), Fault::html()] {
        simulator.inject(fault.on(Phase::Start).times(1)).unwrap();
        let _ = client.get_user_info(ARGUMENT).await;
        simulator.clear_faults();
    }
    assert!(!capture.events("status request failed").is_empty());

    let task = client.verify_store(StoreId(1), true).start().await.unwrap();
    assert!(task.cancel().await.unwrap_err().is_cancelled());
    let task = client.verify_store(StoreId(1), true).start().await.unwrap();
    let error = task
        .wait(WaitOptions::new().total(Duration::ZERO))
        .await
        .unwrap_err();
    assert!(error.is_wait_limit());

    let mut secrets: Vec<String> = [USER, PASSWORD, ARGUMENT, "hunter2", "aHVudGVy"]
        .map(str::to_owned)
        .into();
    for call in simulator.tasks() {
        secrets.push(call.token);
        let lines = call.log.lines().map(|line| line.trim().to_owned());
        secrets.extend(lines.filter(|line| line.len() > 3));
        secrets.extend(call.error);
    }
    secrets.extend(
        users
            .into_iter()
            .map(|user| user.user_name)
            .filter(|name| name.len() > 5),
    );
    assert!(secrets.len() > 50, "{secrets:?}");
    let all = capture.all();
    assert!(all.len() > 100);
    for seen in all {
        let text = format!("{seen:?}");
        for secret in &secrets {
            assert!(!text.contains(secret.as_str()), "{secret} is in {text}");
        }
    }
}
