//! Traces: what a collector gets, and what it must not get.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use http_body_util::{BodyExt as _, Full, StreamBody};
use hyper::body::{Bytes, Frame, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use mailstore_fleet::call::CallEffect;
use mailstore_fleet::engine::TRACES;
use mailstore_fleet::outcome::{Outcome, Phase};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message as _;
use tokio::net::TcpListener;

use crate::support::{Fleet, PASSWORD, eventually, free_port, only, server};

/// An argument that is in no trace.
const ARGUMENT: &str = "canary-argument-5c1d";

/// A collector on 127.0.0.1. It takes OTLP over gRPC and over HTTP at the same port.
struct Collector {
    address: SocketAddr,
    received: Arc<Mutex<Received>>,
}

#[derive(Default)]
struct Received {
    connections: usize,
    bytes: Vec<u8>,
    spans: Vec<(String, Span)>,
}

impl Collector {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let received: Arc<Mutex<Received>> = Arc::default();
        let all = Arc::clone(&received);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                all.lock().unwrap().connections += 1;
                let all = Arc::clone(&all);
                let answer = service_fn(move |request| receive(request, Arc::clone(&all)));
                tokio::spawn(async move {
                    let server = auto::Builder::new(TokioExecutor::new());
                    drop(server.serve_connection(TokioIo::new(stream), answer).await);
                });
            }
        });
        Self { address, received }
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    fn connections(&self) -> usize {
        self.received.lock().unwrap().connections
    }

    fn spans_of(&self, service: &str) -> Vec<Span> {
        let received = self.received.lock().unwrap();
        let spans = received.spans.iter().filter(|(found, _)| found == service);
        spans.map(|(_, span)| span.clone()).collect()
    }

    fn has(&self, text: &str) -> bool {
        let received = self.received.lock().unwrap();
        received
            .bytes
            .windows(text.len())
            .any(|window| window == text.as_bytes())
    }
}

async fn receive(
    request: hyper::Request<Incoming>,
    all: Arc<Mutex<Received>>,
) -> Result<hyper::Response<http_body_util::combinators::BoxBody<Bytes, Infallible>>, Infallible> {
    let grpc = request.headers()["content-type"] == "application/grpc";
    let body = request.into_body().collect().await.unwrap().to_bytes();
    // A gRPC message begins with a flag and its length.
    let message = if grpc { &body[5..] } else { &body[..] };
    let decoded = ExportTraceServiceRequest::decode(message).unwrap();
    {
        let mut all = all.lock().unwrap();
        all.bytes.extend_from_slice(message);
        for resource in decoded.resource_spans {
            let attributes = resource.resource.map(|resource| resource.attributes);
            let service = attributes
                .unwrap_or_default()
                .into_iter()
                .find(|attribute| attribute.key == "service.name")
                .and_then(|attribute| text(attribute.value?.value?))
                .unwrap_or_default();
            let spans = resource.scope_spans.into_iter().flat_map(|scope| scope.spans);
            all.spans.extend(spans.map(|span| (service.clone(), span)));
        }
    }
    let answer = hyper::Response::builder();
    Ok(if grpc {
        let trailers = [("grpc-status".parse().unwrap(), "0".parse().unwrap())];
        let frames = [
            Frame::data(Bytes::from_static(&[0; 5])),
            Frame::trailers(trailers.into_iter().collect()),
        ];
        let frames = futures_util::stream::iter(frames.map(Ok));
        let answer = answer.header("content-type", "application/grpc");
        answer.body(StreamBody::new(frames).boxed()).unwrap()
    } else {
        let answer = answer.header("content-type", "application/x-protobuf");
        answer.body(Full::default().boxed()).unwrap()
    })
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::StringValue(text) => Some(text),
        _ => None,
    }
}

fn attributes(span: &Span) -> BTreeMap<String, String> {
    let of = |attribute: &opentelemetry_proto::tonic::common::v1::KeyValue| {
        let value = attribute.value.clone()?.value?;
        Some((attribute.key.clone(), text(value)?))
    };
    span.attributes.iter().filter_map(of).collect()
}

#[tokio::test]
async fn the_spans_of_engine_and_worker_share_a_trace_and_contain_no_secrets() {
    let collector = Collector::start().await;
    let url = collector.url();
    let mut fleet = Fleet::of_one(server(5)).await;
    fleet.kill_worker().await;
    fleet.end_engine().await;
    fleet.start_engine_with(&[(TRACES, &url)]).await;
    fleet.start_worker_with(&["--traces", &url]).await;
    let verify = fleet.call(0, "VerifyStore", &[("id", "1"), ("includeIndexes", "false")]);
    let rejected = fleet.call_with(0, "GetUserInfo", &[("userName", ARGUMENT)], CallEffect::Read);
    let sent = fleet.submit(&fleet.batch(vec![verify.clone(), rejected])).await;
    fleet.results(&sent).await;
    fleet.phase(&verify, Phase::Ended).await;
    fleet.end_worker().await;
    // The engine sends its spans every few seconds, and not reliably at its end.
    let attempted = |span: &Span| {
        span.name.starts_with("invocation-attempt MailCall")
            && attributes(span)
                .get("restate.invocation.target")
                .is_some_and(|target| target.contains(&format!("{}/run", verify.key)))
    };
    let arrived = async || collector.spans_of("Restate").iter().any(attempted);
    eventually("the spans of the engine arrive", arrived).await;
    let spans = collector.spans_of("mailstore-fleet-worker");
    let named = |name: &str, function: &str| -> Vec<Span> {
        let matches = |span: &&Span| {
            span.name == name
                && attributes(span)
                    .get("fleet.function")
                    .is_some_and(|found| found == function)
        };
        spans.iter().filter(matches).cloned().collect()
    };
    let starts = named("fleet.start", "VerifyStore");
    assert_eq!(starts.len(), 1, "{spans:#?}");
    let found = attributes(&starts[0]);
    assert_eq!(found["fleet.window"], verify.window);
    assert_eq!(found["fleet.profile"], "s0");
    assert!(verify.key.ends_with(&found["fleet.key_digest"]));
    assert_eq!(found["fleet.outcome"], "running");
    let slices = named("fleet.follow", "VerifyStore");
    assert_eq!(slices.len(), 1, "{spans:#?}");
    assert_eq!(attributes(&slices[0])["fleet.outcome"], "succeeded");
    assert_eq!(named("fleet.start", "GetUserInfo").len(), 1);
    assert!(spans.iter().any(|span| span.name == "mailstore.poll"));
    // The span of the worker continues a span of the engine. Both are the parts of one call.
    let engine = collector.spans_of("Restate");
    let trace = &starts[0].trace_id;
    let parent = engine
        .iter()
        .find(|span| span.span_id == starts[0].parent_span_id)
        .unwrap_or_else(|| panic!("{engine:#?}"));
    assert_eq!(parent.trace_id, *trace);
    assert_eq!(
        attributes(parent)["restate.invocation.id"],
        found["restate.invocation.id"]
    );
    assert_eq!(slices[0].trace_id, *trace);
    // What must be there shows that the search finds what is there.
    assert!(collector.has("VerifyStore"));
    let token = fleet.servers[0].tasks().remove(0).token;
    for secret in [PASSWORD, ARGUMENT, &token] {
        assert!(!collector.has(secret), "{secret}");
    }
}

/// Runs a job and ends the worker, which must not wait for its collector.
async fn a_job_succeeds_and_the_worker_ends(fleet: &mut Fleet) {
    let call = fleet.call(0, "VerifyStore", &[("id", "1"), ("includeIndexes", "false")]);
    let sent = fleet.submit(&fleet.batch(vec![call])).await;
    assert_eq!(only(&fleet.results(&sent).await), Outcome::Succeeded);
    tokio::time::timeout(std::time::Duration::from_secs(60), fleet.end_worker())
        .await
        .expect("the worker ends");
}

#[tokio::test]
async fn a_collector_that_is_down_does_not_disturb_a_job() {
    let mut fleet = Fleet::of_one(server(3)).await;
    let url = format!("http://127.0.0.1:{}", free_port());
    fleet.kill_worker().await;
    fleet.end_engine().await;
    fleet.start_engine_with(&[(TRACES, &url)]).await;
    fleet.start_worker_with(&["--traces", &url]).await;
    a_job_succeeds_and_the_worker_ends(&mut fleet).await;
}

#[tokio::test]
async fn a_collector_that_never_answers_does_not_disturb_a_job() {
    // The system accepts connections to this listener, and the test reads none of them.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let mut fleet = Fleet::of_one(server(3)).await;
    fleet.kill_worker().await;
    fleet.start_worker_with(&["--traces", &url]).await;
    a_job_succeeds_and_the_worker_ends(&mut fleet).await;
}

#[tokio::test]
async fn nothing_is_sent_to_a_collector_unless_it_is_asked_for() {
    let collector = Collector::start().await;
    let mut fleet = Fleet::of_one(server(3)).await;
    let run = async |fleet: &Fleet, id: &str| {
        let mut batch = fleet.batch(vec![fleet.call(
            0,
            "VerifyStore",
            &[("id", id), ("includeIndexes", "false")],
        )]);
        batch.window = format!("2026-11-27/{id}");
        let sent = fleet.submit(&batch).await;
        assert_eq!(only(&fleet.results(&sent).await), Outcome::Succeeded);
    };
    run(&fleet, "1").await;
    fleet.end_worker().await;
    assert_eq!(collector.connections(), 0);
    // The same fleet with the option shows that the collector would have seen it.
    fleet.start_worker_with(&["--traces", &collector.url()]).await;
    run(&fleet, "2").await;
    fleet.end_worker().await;
    eventually("spans arrive", async || collector.connections() > 0).await;
}
