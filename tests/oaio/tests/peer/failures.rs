//! What the Python client does when the server fails.

use oaio_interop::{Environment, Identity, Peer, PythonClient};
use serde_json::{Value, json};

#[test]
fn an_expired_session_is_renewed_once() {
    for environment in Environment::all() {
        let peer = Peer::start(environment);
        let alice = PythonClient::start(environment, &peer, "alice");
        let id = alice.register_object(&json!({"a": 1}));
        peer.expire_sessions();
        peer.take_requests();
        let access = alice.must("userz_access", &json!({"oaio_id": id}));
        assert_eq!(access[0], json!({"username": "alice", "access_right": "C"}));
        let requests = peer.take_requests();
        let lines: Vec<_> = requests
            .iter()
            .map(|request| (request.line(), request.status))
            .collect();
        assert_eq!(lines.len(), 4, "{lines:?}");
        assert_eq!(lines[0], ("GET /api/current_stamp/".to_owned(), 403));
        assert_eq!(lines[1], ("GET /api/login/".to_owned(), 200));
        assert_eq!(lines[2], ("POST /api/login/".to_owned(), 200));
        assert!(lines[3].0.starts_with("GET /api/user_subz/"), "{lines:?}");
    }
}

#[test]
fn a_wrong_password_leaves_the_object_in_the_folder() {
    for environment in Environment::all() {
        let peer = Peer::start(environment);
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("root");
        let wrong = Identity {
            password: "something else".to_owned(),
            ..Identity::of("alice")
        };
        let client = PythonClient::start_at(environment, &peer, &wrong, &root);
        assert!(!client.synchronize());
        assert_eq!(
            client.must("register_object", &json!({"values": {"a": 1}})),
            Value::Null
        );
        assert!(peer.objects().is_empty());
        let right = PythonClient::start_at(environment, &peer, &Identity::of("alice"), &root);
        assert!(right.synchronize());
        assert_eq!(peer.objects().len(), 1);
    }
}

#[test]
fn an_object_that_is_registered_offline_is_uploaded_later() {
    for environment in Environment::all() {
        let peer = Peer::start(environment);
        let alice = PythonClient::start(environment, &peer, "alice");
        peer.go_offline();
        assert_eq!(
            alice.must("register_object", &json!({"values": {"a": 1}})),
            Value::Null
        );
        peer.go_online();
        assert!(peer.objects().is_empty());
        alice.restart();
        assert!(alice.synchronize());
        let objects = peer.objects();
        let records: Vec<_> = objects.values().collect();
        assert_eq!(records.len(), 1);
        assert_eq!(records[0]["client_values"], json!({"a": 1}));
    }
}

#[test]
fn a_clock_that_is_far_off_stops_the_synchronization() {
    for environment in Environment::all() {
        let peer = Peer::start(environment);
        let alice = PythonClient::start(environment, &peer, "alice");
        assert!(alice.synchronize());
        peer.set(&json!({"clock_offset": 100}));
        assert!(!alice.synchronize());
        assert!(alice.error_message().contains("clocks are out of sync"));
    }
}

#[test]
fn an_unexpected_file_among_the_records_stops_the_python_client() {
    for environment in Environment::all() {
        let peer = Peer::start(environment);
        let alice = PythonClient::start(environment, &peer, "alice");
        alice.register_object(&json!({"a": 1}));
        std::fs::write(alice.root().join("extra"), "ignored").unwrap();
        assert!(alice.synchronize());
        std::fs::write(alice.root().join("objz/.temporary"), "").unwrap();
        let raised = alice.call("synchronize", &json!({})).unwrap_err();
        assert_eq!(raised.class, "SyntaxError");
    }
}
