//! No method that takes a secret shows it, whatever the server does with it.
//!
//! The methods are found by their requests: every generated method is called, and those whose requests contain the
//! canary take a secret. The test then calls each of them on every path to success or failure, with a server that
//! returns the secret in every encoding, and searches everything that a program may print or log.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error as StdError;
use std::fmt::{Debug, Write as _};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use mailstore_api::{Builder, Error, Reply, server, server_9, spe};
use mailstore_codegen::model::Type;
use mailstore_codegen::{Generator, Overlay};
use mailstore_metadata::Dump;
use mailstore_tests::every_call;
use mailstore_tests::values::CANARY;
use mailstore_transport::RawFuture;
use mailstore_transport::unversioned::{Answer, BoxFuture, Exchange, Post, PostError};
use serde_json::Value;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};

use crate::support::{Act, Server};
use crate::trust::encodings::{encodings, found};
use crate::trust::table::Table;
use paths::paths;

mod paths;

type Outcome = Pin<Box<dyn Future<Output = String>>>;
type Calls = Vec<(&'static str, RawFuture, every_call::server::Whole)>;

/// A client whose methods are tested.
struct Edition<C: 'static> {
    name: &'static str,
    dump: &'static [u8],
    overlays: &'static [&'static str],
    builder: fn(&str) -> Builder<C>,
    calls: fn(&C) -> Calls,
}

/// Writes every field of every span and event of all crates.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

impl Visit for Log {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        writeln!(self.0.lock().unwrap(), "{field}={value:?}").unwrap();
    }
}

impl<S: Subscriber> Layer<S> for Log {
    fn on_new_span(&self, attributes: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        attributes.record(&mut self.clone());
    }

    fn on_record(&self, _: &Id, values: &Record<'_>, _: Context<'_, S>) {
        values.record(&mut self.clone());
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        event.record(&mut self.clone());
    }
}

/// Records the requests.
#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<Vec<String>>>);

impl Exchange for Recorder {
    fn post(&self, post: Post) -> BoxFuture<Result<Answer, PostError>> {
        self.0.lock().unwrap().push(post.body.clone());
        Box::pin(async { Ok(Answer::succeeded(Value::Null)) })
    }
}

impl<C> Edition<C> {
    fn client(&self, builder: Builder<C>) -> C {
        builder
            .assume_edition()
            .retries(0)
            .credentials("admin", format!("{CANARY}login"))
            .request_timeout(Duration::from_secs(30))
            .build()
            .unwrap()
    }

    /// Returns the methods that send a secret, with their forms.
    async fn with_secrets(&self) -> Vec<(&'static str, String)> {
        let recorder = Recorder::default();
        let builder = (self.builder)("mailstore.example.com").exchange(recorder.clone());
        let client = self.client(builder);
        let mut found = Vec::new();
        for (name, raw, _) in (self.calls)(&client) {
            raw.await.unwrap();
            let form = recorder.0.lock().unwrap().pop().unwrap();
            if crate::trust::encodings::found(&form) {
                found.push((name, form));
            }
        }
        found
    }

    /// Returns the functions that take a secret according to the overlays.
    fn described(&self) -> BTreeSet<String> {
        if self.overlays.is_empty() {
            return BTreeSet::new();
        }
        let dump = Dump::parse(self.name, self.dump).unwrap();
        let overlays: Vec<Overlay> = self
            .overlays
            .iter()
            .map(|file| {
                let path = format!(
                    "{}/../metadata/mailstore/overlay/{file}",
                    env!("CARGO_MANIFEST_DIR")
                );
                Overlay::parse(file, &std::fs::read_to_string(path).unwrap()).unwrap()
            })
            .collect();
        let generated = Generator::new("test").single(dump, self.name, &overlays).unwrap();
        generated.apis[0]
            .functions()
            .into_iter()
            .filter(|function| {
                function
                    .arguments
                    .iter()
                    .any(|argument| argument.ty == Type::Secret)
            })
            .map(|function| function.wire.clone())
            .collect()
    }
}

/// What was done and searched.
#[derive(Default)]
struct Searched {
    methods: usize,
    paths: usize,
    bytes: usize,
}

/// Returns everything that a program may print of an error.
fn texts(error: &Error) -> String {
    let mut all = format!(
        "{error}\n{error:?}\n{error:#?}\n{}\n{:?}\n",
        error.kind(),
        error.kind()
    );
    if let Some(said) = error.server_error() {
        writeln!(all, "{said:?}\n{}\n{}", said.message, said.details).unwrap();
    }
    if let mailstore_api::ErrorKind::Failed(failure) = error.kind() {
        writeln!(
            all,
            "{failure:?}\n{}\n{}",
            failure.message(),
            failure.log_tail.join("\n")
        )
        .unwrap();
    }
    let mut cause = error.source();
    while let Some(next) = cause {
        writeln!(all, "{next}\n{next:?}").unwrap();
        cause = next.source();
    }
    all
}

fn texts_of_reply(reply: &Reply) -> String {
    format!(
        "{reply:?}\n{reply:#?}\n{:?}\n{:?}\n{:?}",
        reply.status, reply.text, reply.error
    )
}

/// What was searched after the calls of one method.
#[derive(Default)]
struct Shown {
    outcomes: usize,
    /// The paths after which an outcome contained the canary.
    outcomes_with_canary: BTreeSet<&'static str>,
    /// The lines of the log that contained the canary.
    log_with_canary: BTreeSet<String>,
}

impl Shown {
    /// Searches an outcome, and what was logged since the last outcome.
    fn search(&mut self, path: &'static str, outcome: &str, log: &Log, searched: &mut Searched) {
        let logged = std::mem::take(&mut *log.0.lock().unwrap());
        self.outcomes += 1;
        searched.paths += 1;
        searched.bytes += outcome.len() + logged.len();
        if found(outcome) {
            self.outcomes_with_canary.insert(path);
        }
        if found(&logged) {
            let lines = logged.lines().filter(|line| found(line));
            self.log_with_canary
                .extend(lines.map(|line| format!("{path}: {line}")));
        }
    }
}

/// Awaits a call to which the server does not respond. The clock jumps to the timeout, so no test waits for it.
async fn until_the_timeout<T>(call: impl Future<Output = T>, server: &Server) -> T {
    let jump = async {
        while server.requests().is_empty() {
            server.arrived().await;
        }
        tokio::time::pause();
        std::future::pending::<()>().await;
    };
    let ended = tokio::select! {
        ended = call => ended,
        () = jump => unreachable!("it is pending"),
    };
    tokio::time::resume();
    ended
}

/// Calls every method that takes a secret on every path, and searches what can be printed.
async fn search<C: Debug>(edition: &Edition<C>, log: &Log, table: &mut Table, searched: &mut Searched) {
    let methods: BTreeMap<&str, String> = edition.with_secrets().await.into_iter().collect();
    log.0.lock().unwrap().clear();
    let described = edition.described();
    let missing: Vec<&String> = described
        .iter()
        .filter(|name| !methods.contains_key(name.as_str()))
        .collect();
    table.equal(
        format!("{}: methods that take a secret and do not send it", edition.name),
        "[]",
        format!("{missing:?}"),
    );
    searched.methods += methods.len();
    let mut shown: BTreeMap<&str, Shown> = methods.keys().map(|name| (*name, Shown::default())).collect();
    let scripts: BTreeMap<&str, Vec<(&str, Vec<Act>)>> = methods
        .iter()
        .map(|(name, form)| (*name, paths(&encodings(form, &format!("admin:{CANARY}login")))))
        .collect();
    let server = Server::start([]).await;
    let trusting = || (edition.builder)(&server.address()).certificate_authority(server.pem.clone());
    let number_of_paths = scripts.values().next().map_or(0, Vec::len);
    for number in 0..number_of_paths {
        let client = edition.client(trusting());
        for (name, raw, whole) in (edition.calls)(&client) {
            let (Some(shown), Some(scripts)) = (shown.get_mut(name), scripts.get(name)) else {
                continue;
            };
            let (path, script) = &scripts[number];
            let stalls = matches!(script[..], [Act::Stall]);
            let whole = async { whole.await.map_or_else(|error| texts(&error), |()| String::new()) };
            let raw = async {
                let reply = raw.await;
                reply.map_or_else(|error| texts(&error), |reply| texts_of_reply(&reply))
            };
            let calls: [(bool, Outcome); 2] = [(true, Box::pin(whole)), (script.len() == 1, Box::pin(raw))];
            for (_, call) in calls.into_iter().filter(|(is_sent, _)| *is_sent) {
                server.play(script.iter().cloned());
                let outcome = if stalls {
                    until_the_timeout(call, &server).await
                } else {
                    call.await
                };
                assert!(!server.requests().is_empty(), "{name} {path}: {outcome}");
                shown.search(path, &outcome, log, searched);
            }
        }
        for shown in shown.values_mut() {
            shown.search("the client", &format!("{client:?} {client:#?}"), log, searched);
        }
    }
    for (path, address) in [
        ("a refused connection", "127.0.0.1:1"),
        ("a server that is not trusted", server.address().as_str()),
    ] {
        let client = edition.client((edition.builder)(address));
        for (name, _, whole) in (edition.calls)(&client) {
            if let Some(shown) = shown.get_mut(name) {
                shown.search(path, &texts(&whole.await.unwrap_err()), log, searched);
            }
        }
    }
    for (name, shown) in shown {
        table.equal(
            format!("{} {name}: logs", edition.name),
            "not shown",
            not_shown_or(&shown.log_with_canary),
        );
        table.equal(
            format!("{} {name}: {} outcomes", edition.name, shown.outcomes),
            "not shown",
            not_shown_or(&shown.outcomes_with_canary),
        );
    }
}

fn not_shown_or(places: &BTreeSet<impl Debug>) -> String {
    if places.is_empty() {
        return "not shown".to_owned();
    }
    format!("shown after {places:?}")
}

#[tokio::test]
async fn no_method_shows_its_secrets() {
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(log.clone()));
    let mut table = Table::new("secrets");
    let mut searched = Searched::default();
    let server = Edition {
        name: "server-24",
        dump: include_bytes!("../../../../metadata/mailstore/server-24.json"),
        overlays: &["common.toml", "server.toml", "server-24.toml"],
        builder: server::Client::builder,
        calls: |client| every_call::server::calls(client),
    };
    search(&server, &log, &mut table, &mut searched).await;
    let old = Edition {
        name: "server-9",
        dump: include_bytes!("../../../../metadata/mailstore/server-9.json"),
        // The overlays describe functions that this version lacks. Those of version 24 are compared.
        overlays: &[],
        builder: server_9::Client::builder,
        calls: |client| every_call::server_9::calls(client),
    };
    search(&old, &log, &mut table, &mut searched).await;
    let spe = Edition {
        name: "spe-24",
        dump: include_bytes!("../../../../metadata/mailstore/spe-24.json"),
        overlays: &["common.toml", "spe.toml"],
        builder: spe::Client::builder,
        calls: |client| every_call::spe::calls(client),
    };
    search(&spe, &log, &mut table, &mut searched).await;
    let Searched {
        methods,
        paths,
        bytes,
    } = searched;
    println!("secrets: {methods} methods, {paths} outcomes and {bytes} bytes searched");
    assert!(methods > 20 && paths > 500 && bytes > 1_000_000);
    table.assert_all_held();
}
