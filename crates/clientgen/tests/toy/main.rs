//! A third product: its generated client is compiled and called over a channel.
//!
//! `tests/toy_is_generated.rs` checks that the client is up to date.

#![allow(unreachable_pub, reason = "generated code is public")]

mod catalog_types;
#[rustfmt::skip]
#[path = "generated/mod.rs"]
mod client;
mod runtime;

use std::future::IntoFuture;
use std::pin::pin;
use std::sync::mpsc;
use std::task::{Context, Poll, Waker};
use std::thread;

use serde_json::{Value, json};

use catalog_types::ArgumentKind;
use client::{Client, DestinationId, Manifest, Mapping, Receipt, SourceId, State, TransferId, catalog};
use runtime::Connection;

/// A client whose server answers every call with `respond`.
fn client(respond: impl Fn(&Value) -> Value + Send + 'static) -> Client {
    let (sender, calls) = mpsc::channel::<runtime::Call>();
    thread::spawn(move || {
        for (call, response) in calls {
            let call = serde_json::from_str(&call).expect("calls are JSON");
            response
                .send(respond(&call).to_string())
                .expect("the caller waits");
        }
    });
    Client::new(Connection(sender))
}

/// Sends a request. Its future is ready at once.
fn send<R: IntoFuture>(request: R) -> R::Output {
    let future = pin!(request.into_future());
    match future.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => panic!("the runtime waits for the response"),
    }
}

/// A client whose server returns the call as a result.
fn mirror() -> Client {
    client(Clone::clone)
}

fn mapping(from: &str, to: &str) -> Mapping {
    Mapping {
        from: from.to_owned(),
        to: to.to_owned(),
        unknown: Default::default(),
    }
}

#[test]
fn a_call_sends_typed_arguments_under_the_dotted_name() {
    let client = client(|call| {
        assert_eq!(
            call,
            &json!({
                "function": "send.createManifest",
                "arguments": { "mappings": [{ "from": "/a", "to": "/b" }], "description": "two" },
            })
        );
        json!({ "manifestId": "2", "status": "pending", "owner": "me" })
    });
    let mappings = [mapping("/a", "/b")];
    let manifest = send(client.send_create_manifest(&mappings).description("two"));
    let Manifest {
        manifest_id,
        status,
        description,
        ..
    } = manifest.expect("a manifest");
    assert_eq!((manifest_id.as_str(), status), ("2", State::Pending));
    assert_eq!(description, None);
}

#[test]
fn an_argument_with_a_default_is_a_setter() {
    let client = client(|call| {
        let port = &call["arguments"]["port"];
        if port.is_null() { json!(7070) } else { port.clone() }
    });
    assert_eq!(
        send(client.send_create_destination("host")),
        Ok(DestinationId(7070))
    );
    assert_eq!(
        send(client.send_create_destination("host").port(9)),
        Ok(DestinationId(9))
    );
    assert_eq!(
        send(client.send_create_destination("host").port(None)),
        Ok(DestinationId(7070))
    );
    let port = &catalog::SEND_CREATE_DESTINATION.arguments[1];
    assert_eq!(
        (port.name, port.default, port.nullable),
        ("port", Some("7070"), false)
    );
}

#[test]
fn an_argument_of_any_type_takes_any_value_unless_an_overlay_gives_a_type() {
    let sent = send(mirror().send_delete_manifest(json!({ "manifestId": "2" }))).expect("a result");
    let sent: Value = sent.decode().expect("JSON");
    assert_eq!(sent["arguments"]["manifest"], json!({ "manifestId": "2" }));
    assert_eq!(catalog::SEND_DELETE_MANIFEST.arguments[0].kind, ArgumentKind::Any);
    let client = client(|call| {
        assert_eq!(call["arguments"], json!({ "transfer": 7, "labels": ["a", "b"] }));
        Value::Null
    });
    assert_eq!(send(client.send_tag(TransferId(7), ["a", "b"])), Ok(()));
}

#[test]
fn functions_of_the_same_name_are_told_apart_by_their_arguments() {
    let client = client(|call| {
        assert_eq!(call["function"], json!("recv.history"));
        json!([{ "source": call["arguments"]["source"], "arrived": 1_714_645_804_000_001_i64 }, {}])
    });
    for source in [SourceId::from("receiver01:99"), SourceId::from(7)] {
        let whole = send(client.recv_history(&source)).expect("arrivals");
        let part = send(client.recv_history_of_part(&source, 3)).expect("arrivals");
        assert_eq!(whole, part);
        assert_eq!(whole[0].source.as_ref(), Some(&source));
        let arrived = whole[0].arrived.expect("a moment");
        assert_eq!(arrived.to_string(), "2024-05-02T10:30:04.000001Z");
        assert_eq!(whole[1].arrived, None);
    }
    let [whole, part] = [&catalog::RECV_HISTORY, &catalog::RECV_HISTORY_OF_PART];
    assert_eq!((whole.name, whole.since), (part.name, "2.1.4"));
    assert_eq!(part.since, "2.1.6");
    assert!(part.arguments[1].by_name && !part.arguments[0].by_name);
}

#[test]
fn a_type_that_is_kept_decodes_a_result_of_a_function_without_a_method() {
    let receipt: Receipt =
        wire_values::from_json(r#"{ "arrival": { "source": 7 }, "paid": true }"#).expect("a receipt");
    let arrival = receipt.arrival.expect("an arrival");
    assert_eq!(arrival.source, Some(SourceId::from(7)));
}

#[test]
fn lists_of_words_are_arrays() {
    let client = client(|call| {
        assert_eq!(call["arguments"], json!({ "states": ["complete", "error"] }));
        json!([])
    });
    let manifests = send(
        client
            .send_get_manifests()
            .states([State::Complete, State::Error]),
    );
    assert_eq!(manifests, Ok(Vec::new()));
}

#[test]
fn fixed_values_are_sent_with_their_type() {
    let client = client(|call| match call["function"].as_str() {
        Some("server.shutdown") if call["arguments"]["now"] == json!(true) => Value::Null,
        Some("send.failTransfer") if call["arguments"]["final"] == json!(1) => Value::Null,
        _ => json!("unexpected"),
    });
    assert_eq!(send(client.server_shutdown()), Ok(()));
    assert_eq!(send(client.send_fail_transfer(TransferId(1), "no")), Ok(()));
}

#[test]
fn the_catalog_lists_every_function() {
    let surface = &catalog::SURFACE;
    assert_eq!((surface.title, surface.version), ("Parcel API", "2.1"));
    assert_eq!(surface.functions.len(), 23);
    assert!(
        surface
            .functions
            .iter()
            .any(|function| function.name == "recv.waitFor")
    );
    assert!(catalog::SERVER_ECHO.effect.only_reads());
    let by_name_only = &catalog::RECV_INSPECT;
    assert!(by_name_only.effect.only_reads() && by_name_only.arguments.is_empty());
    assert!(catalog::SERVER_AUTH.arguments[1].secret);
}
