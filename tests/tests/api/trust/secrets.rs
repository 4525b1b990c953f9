//! No method that takes a secret shows it, whatever the server does with it.
//!
//! The methods are found by their requests: every generated method is called, and those whose requests contain the
//! canary take a secret. The test then calls each of them on every path to success or failure, with a server that
//! returns the secret in every encoding, and searches everything that a program may print or log.

use std::collections::BTreeSet;
use std::error::Error as StdError;
use std::fmt::{Debug, Write as _};
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
use serde_json::{Value, json};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};

use crate::support::answer::{TOKEN, http, ok};
use crate::support::{Act, Server};
use crate::trust::encodings::{encodings, found};
use crate::trust::table::Table;

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
            .request_timeout(Duration::from_millis(400))
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

/// The responses that return a secret, by the path that the call then takes.
fn paths(echo: &str) -> Vec<(&'static str, Vec<Act>)> {
    let envelope = |value: Value| Act::Send(ok(value.to_string()));
    let ended = |status: &str, member: &str, value: Value| {
        envelope(json!({"statusCode": status, "statusVersion": 5, member: value}))
    };
    let page = format!("<html>{echo}</html>");
    let running =
        || envelope(json!({"statusCode": "running", "statusVersion": 3, "token": TOKEN, "statusText": echo}));
    let reset = ok(json!({"statusCode": "failed", "error": {"message": echo}}).to_string());
    vec![
        ("success", vec![ended("succeeded", "result", Value::Null)]),
        (
            "success with it in the result",
            vec![ended("succeeded", "result", json!(echo))],
        ),
        (
            "success with it as a name",
            vec![ended("succeeded", "result", json!([{echo: [echo]}]))],
        ),
        (
            "a result that is not JSON",
            vec![Act::Send(ok(format!(
                r#"{{"statusCode":"succeeded","result":{echo}}}"#
            )))],
        ),
        (
            "the message of an error",
            vec![ended("failed", "error", json!({"message": echo}))],
        ),
        (
            "the details of an error",
            vec![ended("failed", "error", json!({"message": "m", "details": echo}))],
        ),
        (
            "an error that is a string",
            vec![ended("failed", "error", json!(echo))],
        ),
        ("the status word", vec![ended(echo, "result", Value::Null)]),
        (
            "the status text",
            vec![ended("failed", "statusText", json!(echo))],
        ),
        ("the log", vec![ended("failed", "logOutput", json!(echo))]),
        (
            "the log of a running call",
            vec![running(), ended("failed", "logOutput", json!(echo))],
        ),
        (
            "an error of a running call",
            vec![running(), ended("failed", "error", json!({"message": echo}))],
        ),
        (
            "a status word of a running call",
            vec![running(), ended(echo, "result", Value::Null)],
        ),
        ("a body that is not JSON", vec![Act::Send(ok(echo))]),
        (
            "a member that is not JSON",
            vec![Act::Send(ok(format!(
                r#"{{"statusCode":"failed","{echo}":{echo}}}"#
            )))],
        ),
        (
            "an error page",
            vec![Act::Send(http("500 Broken", "text/html", page.as_bytes()))],
        ),
        (
            "a page that is not found",
            vec![
                Act::Send(http("404 Not Found", "text/html", page.as_bytes())),
                Act::Send(ok("[]")),
            ],
        ),
        (
            "a rejected password",
            vec![Act::Send(http("401 Unauthorized", "text/html", page.as_bytes()))],
        ),
        (
            "a redirect",
            vec![Act::Send(http("302 Found", "text/html", page.as_bytes()))],
        ),
        (
            "the reason phrase",
            vec![Act::SendAndClose(http(
                &format!("500 {}", echo.replace(['\r', '\n'], " ")),
                "text/html",
                b"",
            ))],
        ),
        (
            "the name of a header",
            vec![Act::SendAndClose(
                format!("HTTP/1.1 200 OK\r\n{echo}: 1\r\n\r\n").into_bytes(),
            )],
        ),
        (
            "something that is not HTTP",
            vec![Act::SendAndClose(echo.as_bytes().to_vec())],
        ),
        (
            "a reset in the middle",
            vec![Act::SendAndReset(reset[..reset.len() - 5].to_vec())],
        ),
        ("an end without a response", vec![Act::SendAndClose(Vec::new())]),
        ("a timeout", vec![Act::Stall]),
    ]
}

/// Calls every method that takes a secret on every path, and searches what can be printed.
async fn search<C>(edition: &Edition<C>, log: &Log, table: &mut Table, searched: &mut Searched) {
    let methods = edition.with_secrets().await;
    let names: BTreeSet<String> = methods.iter().map(|(name, _)| (*name).to_owned()).collect();
    let missing: Vec<String> = edition.described().difference(&names).cloned().collect();
    table.equal(
        format!("{}: methods that take a secret and do not send it", edition.name),
        "[]",
        format!("{missing:?}"),
    );
    for (name, form) in &methods {
        searched.methods += 1;
        let echo = encodings(form, &format!("admin:{CANARY}login"));
        let mut shown = Vec::new();
        for (path, script) in paths(&echo) {
            let twice = script.iter().chain(&script).cloned();
            let server = Server::start(twice).await;
            let builder = (edition.builder)(&server.address()).certificate_authority(server.pem.clone());
            let client = edition.client(builder);
            let pick = |calls: Calls| calls.into_iter().find(|(function, ..)| function == name).unwrap();
            let (_, _, whole) = pick((edition.calls)(&client));
            let ended = whole.await.map_or_else(|error| texts(&error), |()| String::new());
            shown.push((path, ended));
            if script.len() == 1 {
                let (_, raw, _) = pick((edition.calls)(&client));
                let reply = raw.await;
                shown.push((
                    path,
                    reply.map_or_else(|error| texts(&error), |reply| texts_of_reply(&reply)),
                ));
            }
            shown.push((path, format!("{client:?}", client = server.builder())));
        }
        for (path, address, trusted) in [
            ("a refused connection", "127.0.0.1:1", true),
            ("a server that is not trusted", "", false),
        ] {
            let server = Server::start([]).await;
            let address = if trusted {
                address.to_owned()
            } else {
                server.address()
            };
            let client = edition.client((edition.builder)(&address));
            let (_, _, whole) = (edition.calls)(&client)
                .into_iter()
                .find(|(function, ..)| function == name)
                .unwrap();
            shown.push((path, texts(&whole.await.unwrap_err())));
        }
        let logged = std::mem::take(&mut *log.0.lock().unwrap());
        searched.bytes += logged.len();
        table.equal(
            format!("{} {name}: logs", edition.name),
            "not shown",
            seen(&logged),
        );
        let mut broken = BTreeSet::new();
        for (path, text) in &shown {
            searched.paths += 1;
            searched.bytes += text.len();
            if found(text) {
                broken.insert(*path);
            }
        }
        table.equal(
            format!("{} {name}: {} outcomes", edition.name, shown.len()),
            "not shown",
            if broken.is_empty() {
                "not shown".to_owned()
            } else {
                format!("shown after {broken:?}")
            },
        );
    }
}

fn seen(text: &str) -> String {
    if !found(text) {
        return "not shown".to_owned();
    }
    let line = text.lines().find(|line| found(line)).unwrap_or_default();
    format!("shown in {line}")
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
