//! The requests of the Rust client, compared with those of the Python client for the same operations.

use std::collections::BTreeMap;

use oaio_client::{AccessRight, AttachedFile, Registration, Stamp, Update, blocking};
use oaio_interop::{Environment, Identity, Peer, PythonClient, Request};
use serde_json::json;

use crate::rust_client::{id, settings, values};

const STAMP: &str = "20261122010447953010";
const LATER: &str = "20261122010447953020";

/// Everything of a request that must be equal: the line, the body, and the headers of the protocol. Tokens and ports
/// differ between servers.
fn traces(requests: &[Request], host: &str) -> BTreeMap<String, Vec<String>> {
    let mut traces: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for request in requests.iter().filter(|request| request.status < 300) {
        let headers = [
            "X-OAIO-user",
            "X-OAIO-dvc",
            "X-OAIO-app",
            "Content-Type",
            "Accept",
        ];
        let mut trace = vec![request.body.clone()];
        for name in headers {
            trace.push(format!("{name}: {:?}", request.header(name)));
        }
        let has = |name: &str| request.header(name).is_some();
        trace.push(format!(
            "token {}, session {}",
            has("X-CSRFToken"),
            request
                .header("Cookie")
                .is_some_and(|cookie| cookie.contains("sessionid="))
        ));
        if request.method == "POST" {
            trace.push(
                request
                    .header("Referer")
                    .unwrap_or_default()
                    .replace(host, "host"),
            );
        }
        traces.entry(request.line()).or_default().push(trace.join("\n"));
    }
    for requests in traces.values_mut() {
        requests.sort();
        requests.dedup();
    }
    traces
}

#[test]
fn every_endpoint_gets_the_request_of_the_python_client() {
    for environment in Environment::all() {
        let of_python = {
            let peer = Peer::start(environment);
            let folder = tempfile::tempdir().unwrap();
            let identity = Identity {
                device: "device".to_owned(),
                ..Identity::of("root")
            };
            let client = PythonClient::start_at(environment, &peer, &identity, &folder.path().join("root"));
            client.synchronize();
            let object = client.must(
                "register_object",
                &json!({"values": {"_name": "né 1", "a": [1, null, true], "t": "\"q\"\n"}, "stamp": STAMP}),
            );
            let name = object["oaio_id"].as_str().unwrap().to_owned();
            client.must(
                "update_object",
                &json!({"oaio_id": name, "values": {"a": 2}, "stamp": LATER}),
            );
            client.must(
                "upsert_subscription",
                &json!({"oaio_id": name, "user_name": "bob", "access_right": "U"}),
            );
            client.must("unsubscribe", &json!({"oaio_id": name, "user_name": "bob"}));
            client.must("userz_access", &json!({"oaio_id": name}));
            client.must("userz_access", &json!({"oaio_id": ""}));
            client.must(
                "register_file",
                &json!({"file_name": "f.txt", "file_content": "x", "stamp": LATER}),
            );
            client.must("unregister_object", &json!({"oaio_id": name}));
            client.must("wipe_user", &json!({"user_name": "carol"}));
            traces(&peer.take_requests(), &peer.host())
        };
        let of_rust = {
            let peer = Peer::start(environment);
            let folder = tempfile::tempdir().unwrap();
            let client = settings(&peer, "root", &folder.path().join("root"))
                .device_id("device")
                .build()
                .unwrap();
            let client = blocking::Client::from(client);
            client.synchronize().unwrap();
            let stamp = |text: &str| text.parse::<Stamp>().unwrap();
            let given = r#"{"_name": "né 1", "a": [1, null, true], "t": "\"q\"\n"}"#
                .parse()
                .unwrap();
            let object = client
                .register_object(Registration::new(given).stamp(stamp(STAMP)))
                .unwrap();
            let name = object.synced().unwrap().id;
            let update = Update::merge(values(json!({"a": 2}))).stamp(stamp(LATER));
            client.update_object(&name, update).unwrap().synced().unwrap();
            client
                .upsert_subscription(&name, "bob", AccessRight::Update)
                .unwrap();
            client.unsubscribe(&name, "bob").unwrap();
            client.userz_access(&name).unwrap();
            client.users().unwrap();
            let file = AttachedFile::new("f.txt", "x").stamp(stamp(LATER));
            client.register_file(file).unwrap().synced().unwrap();
            client.unregister_object(&id(name.as_str()), false).unwrap();
            client.wipe_user("carol").unwrap();
            traces(&peer.take_requests(), &peer.host())
        };
        assert_eq!(
            of_rust.keys().collect::<Vec<_>>(),
            of_python.keys().collect::<Vec<_>>()
        );
        assert_eq!(of_rust.len(), 12, "{:?}", of_rust.keys());
        for (line, expected) in &of_python {
            assert_eq!(&of_rust[line], expected, "{line}");
        }
    }
}

#[test]
fn logging_out_ends_the_session() {
    let peer = Peer::start(Environment::oldest());
    let folder = tempfile::tempdir().unwrap();
    let client = blocking::Client::from(settings(&peer, "alice", folder.path()).build().unwrap());
    client.connect().unwrap();
    client.log_out().unwrap();
    client.log_out().unwrap();
    let requests = peer.take_requests();
    let last = requests.last().unwrap();
    assert_eq!((last.line().as_str(), last.status), ("POST /api/logout/", 200));
    let logouts = requests
        .iter()
        .filter(|request| request.path == "/api/logout/")
        .count();
    assert_eq!(logouts, 1);
    client.connect().unwrap();
}
