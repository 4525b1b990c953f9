//! The Rust client with a server that fails.

use oaio_client::{ErrorKind, SkipReason, Stamp};
use oaio_interop::{Environment, Peer};
use serde_json::json;

use crate::rust_client::{RustClient, settings, values};

#[test]
fn an_object_that_was_registered_offline_is_uploaded_later() {
    let peer = Peer::start(Environment::oldest());
    let alice = RustClient::start(&peer, "alice");
    peer.go_offline();
    let registered = alice.register_object(values(json!({"a": 1}))).unwrap();
    assert!(!registered.is_synced());
    let object = registered.into_object();
    assert!(object.is_changed());
    let updated = alice.update_object(&object.id, values(json!({"b": 2}))).unwrap();
    assert!(!updated.is_synced());
    assert!(alice.synchronize().is_err());
    peer.go_online();
    let report = alice.synchronize().unwrap();
    assert_eq!(report.uploaded, std::slice::from_ref(&object.id));
    assert_eq!(
        peer.objects()[object.id.as_str()]["client_values"],
        json!({"a": 1, "b": 2})
    );
    assert!(alice.last_sync_stamp().unwrap() > Stamp::OLDEST);
}

#[test]
fn an_expired_session_is_renewed_once() {
    let peer = Peer::start(Environment::oldest());
    let alice = RustClient::start(&peer, "alice");
    alice.connect().unwrap();
    peer.expire_sessions();
    peer.take_requests();
    alice
        .register_object(values(json!({"a": 1})))
        .unwrap()
        .synced()
        .unwrap();
    let requests = peer.take_requests();
    let lines: Vec<_> = requests
        .iter()
        .map(|request| (request.line(), request.status))
        .collect();
    let lines: Vec<_> = lines.iter().map(|(line, status)| (&**line, *status)).collect();
    assert_eq!(
        lines,
        [
            ("GET /api/current_stamp/", 403),
            ("GET /api/login/", 200),
            ("POST /api/login/", 200),
            ("GET /api/current_stamp/", 200),
            ("POST /api/register/", 200),
        ]
    );
}

#[test]
fn a_request_that_is_refused_in_a_working_session_is_not_repeated() {
    let peer = Peer::start(Environment::oldest());
    let alice = RustClient::start(&peer, "alice");
    alice.connect().unwrap();
    peer.take_requests();
    peer.fail_once("/api/register/", 403, "<html>forbidden</html>");
    let registered = alice.register_object(values(json!({"a": 1}))).unwrap();
    let error = registered.synced().unwrap_err();
    assert_eq!(
        (error.status(), error.body()),
        (Some(403), Some("<html>forbidden</html>"))
    );
    assert!(error.is_auth());
    assert_eq!(peer.take_requests().len(), 2);
    assert_eq!(alice.synchronize().unwrap().uploaded.len(), 1);
}

#[test]
fn a_wrong_password_is_an_error_that_does_not_show_it() {
    let peer = Peer::start(Environment::oldest());
    let folder = tempfile::tempdir().unwrap();
    let client = settings(&peer, "alice", folder.path())
        .credentials("alice", "hunter2")
        .build()
        .unwrap();
    let client = oaio_client::blocking::Client::from(client);
    let registered = client.register_object(values(json!({"a": 1}))).unwrap();
    assert!(!registered.is_synced());
    let error = registered.synced().unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::Login { status: 401, .. }),
        "{error:?}"
    );
    assert!(!format!("{error} {error:?}").contains("hunter2"));
    let error = client.synchronize().unwrap_err();
    assert!(error.is_auth(), "{error}");
    let logins = peer
        .take_requests()
        .iter()
        .filter(|request| request.method == "POST")
        .count();
    assert_eq!(logins, 2);
}

/// The server returns the request in its error page, as Django does in debug mode.
#[test]
fn a_password_that_the_server_returns_is_not_shown() {
    let peer = Peer::start(Environment::oldest());
    let folder = tempfile::tempdir().unwrap();
    let client = settings(&peer, "alice", folder.path())
        .credentials("alice", "hunter2 \"ü\"")
        .build()
        .unwrap();
    let client = oaio_client::blocking::Client::from(client);
    peer.control(
        "fault",
        &json!({"path": "/api/login/", "method": "POST", "status": 500,
        "body": "<pre>{\"password\": \"hunter2 \\\"\\u00fc\\\"\"} hunter2 \"ü\"</pre>"}),
    );
    let error = client.synchronize().unwrap_err();
    assert_eq!(error.status(), Some(500));
    assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
}

#[test]
fn an_error_page_keeps_its_status_and_text() {
    let peer = Peer::start(Environment::oldest());
    let alice = RustClient::start(&peer, "alice");
    peer.fail_once("/api/oaio_stampz/", 500, "<html><h1>Server Error</h1></html>");
    let error = alice.synchronize().unwrap_err();
    assert_eq!(error.status(), Some(500));
    let text = error.to_string();
    assert!(
        text.contains("oaio_stampz/") && text.contains("Server Error"),
        "{text}"
    );
    assert!(alice.synchronize().unwrap().is_complete());
}

#[test]
fn a_clock_that_is_wrong_is_an_error() {
    let peer = Peer::start(Environment::oldest());
    let alice = RustClient::start(&peer, "alice");
    peer.set(&json!({"clock_offset": 100.0}));
    let error = alice.connect().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ClockSkew { .. }), "{error:?}");
    let registered = alice.register_object(values(json!({"a": 1}))).unwrap();
    assert!(!registered.is_synced());
    assert!(peer.objects().is_empty());
    peer.set(&json!({"clock_offset": 60.0}));
    assert_eq!(alice.synchronize().unwrap().uploaded.len(), 1);
}

/// The Python client would register the object again, and the server of the tests would refuse this for ever.
#[test]
fn an_upload_whose_response_was_lost_is_not_sent_again() {
    let peer = Peer::start(Environment::oldest());
    let alice = RustClient::start(&peer, "alice");
    alice.connect().unwrap();
    peer.close_once("/api/register/", true);
    let registered = alice.register_object(values(json!({"a": 1}))).unwrap();
    let object = registered.object().clone();
    let error = registered.synced().unwrap_err();
    assert!(error.is_outcome_unknown(), "{error:?}");
    let report = alice.synchronize().unwrap();
    assert_eq!(report.uploaded, std::slice::from_ref(&object.id));
    assert!(!alice.object(&object.id).unwrap().is_changed());
    let posts = peer
        .take_requests()
        .into_iter()
        .filter(|request| request.path == "/api/register/");
    assert_eq!(posts.count(), 1);
    assert_eq!(peer.versions().len(), 1);
}

#[test]
fn a_lost_request_that_did_not_arrive_is_sent_by_the_next_synchronization() {
    let peer = Peer::start(Environment::oldest());
    let alice = RustClient::start(&peer, "alice");
    alice.connect().unwrap();
    peer.close_once("/api/register/", false);
    let registered = alice.register_object(values(json!({"a": 1}))).unwrap();
    assert!(!registered.is_synced());
    assert_eq!(alice.synchronize().unwrap().uploaded.len(), 1);
    assert_eq!(peer.versions().len(), 1);
}

#[test]
fn one_object_that_fails_does_not_stop_the_others() {
    let peer = Peer::start(Environment::oldest());
    let alice = RustClient::start(&peer, "alice");
    peer.go_offline();
    let [first, second] = [1, 2].map(|number| {
        alice
            .register_object(values(json!({"a": number})))
            .unwrap()
            .into_object()
    });
    peer.go_online();
    peer.fail_once("/api/register/", 500, "no");
    let report = alice.synchronize().unwrap();
    assert_eq!(report.failed.len(), 1);
    assert_eq!(report.failed[0].id, first.id);
    assert_eq!(report.uploaded, [second.id]);
    assert!(!report.is_complete());
    assert_eq!(alice.last_sync_stamp().unwrap(), Stamp::OLDEST);
    assert_eq!(alice.synchronize().unwrap().uploaded, [first.id]);
}

#[test]
fn a_read_only_client_downloads_and_never_changes_the_server() {
    let peer = Peer::start(Environment::oldest());
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("root");
    let writer = oaio_client::blocking::Client::from(settings(&peer, "alice", &root).build().unwrap());
    peer.go_offline();
    let pending = writer
        .register_object(values(json!({"a": 1})))
        .unwrap()
        .into_object();
    peer.go_online();
    drop(writer);
    let other = RustClient::start(&peer, "alice");
    let theirs = other
        .register_object(values(json!({"b": 1})))
        .unwrap()
        .synced()
        .unwrap();
    peer.take_requests();
    let reader =
        oaio_client::blocking::Client::from(settings(&peer, "alice", &root).read_only().build().unwrap());
    let report = reader.synchronize().unwrap();
    assert_eq!(report.downloaded, std::slice::from_ref(&theirs.id));
    assert_eq!(report.skipped[0].reason, SkipReason::ReadOnly);
    assert_eq!(report.skipped[0].id, pending.id.as_str());
    for error in [
        reader.register_object(values(json!({}))).unwrap_err(),
        reader.update_object(&theirs.id, values(json!({}))).unwrap_err(),
        reader.unregister_object(&theirs.id, false).unwrap_err(),
        reader.unsubscribe(&theirs.id, "bob").unwrap_err(),
        reader.wipe_user("bob").unwrap_err(),
    ] {
        assert!(matches!(error.kind(), ErrorKind::ReadOnly), "{error}");
    }
    let posts: Vec<_> = peer
        .take_requests()
        .into_iter()
        .filter(|request| request.method == "POST")
        .collect();
    assert_eq!(posts.len(), 1, "{posts:?}");
    assert_eq!(posts[0].path, "/api/login/");
}

#[test]
fn invalid_records_of_the_server_are_skipped() {
    let peer = Peer::start(Environment::oldest());
    let alice = RustClient::start(&peer, "alice");
    let good = alice
        .register_object(values(json!({"a": 1})))
        .unwrap()
        .synced()
        .unwrap();
    let record = peer.objects()[good.id.as_str()].clone();
    let mut records = vec![record.clone()];
    for bad in ["../../escape", "/etc/passwd", "", "..", "a/b"] {
        let mut record = record.clone();
        record["oaio_id"] = json!(bad);
        records.push(record);
    }
    let mut no_stamp = record.clone();
    no_stamp["client_stamp"] = json!("yesterday");
    no_stamp["oaio_id"] = json!("other");
    records.push(no_stamp);
    peer.control(
        "fault",
        &json!({"path": "/api/oaio_stampz/", "status": 200,
        "content_type": "application/json", "body": json!(records).to_string()}),
    );
    let report = alice.synchronize().unwrap();
    assert_eq!(report.skipped.len(), 6, "{report:?}");
    for skipped in &report.skipped {
        assert!(
            matches!(skipped.reason, SkipReason::InvalidRecord(_)),
            "{skipped:?}"
        );
    }
    assert!(report.downloaded.is_empty() && report.is_complete());
    assert_eq!(alice.objects().unwrap().len(), 1);
}

#[test]
fn responses_that_are_not_the_protocol_are_errors() {
    let peer = Peer::start(Environment::oldest());
    let alice = RustClient::start(&peer, "alice");
    for body in [
        "",
        "null",
        "{}",
        "[1]",
        "not JSON",
        "<html></html>",
        "[[",
        "\u{feff}[]",
    ] {
        peer.control(
            "fault",
            &json!({"path": "/api/oaio_stampz/", "status": 200, "body": body}),
        );
        match alice.synchronize() {
            Err(error) => assert!(
                matches!(error.kind(), ErrorKind::InvalidResponse(_)),
                "{body}: {error:?}"
            ),
            Ok(report) => assert_eq!(report.skipped.len(), 1, "{body}"),
        }
    }
    peer.control(
        "fault",
        &json!({"path": "/api/current_stamp/", "status": 200, "body": "{\"current_stamp\": 7}"}),
    );
    let error = alice.connect().unwrap_err();
    assert!(error.to_string().contains("current_stamp"), "{error}");
}

#[test]
fn a_gateway_error_of_a_change_is_not_transient() {
    let peer = Peer::start(Environment::oldest());
    let alice = RustClient::start(&peer, "alice");
    let object = alice
        .register_object(values(json!({"a": 1})))
        .unwrap()
        .synced()
        .unwrap();
    for (status, is_unknown) in [(504, true), (500, true), (400, false)] {
        peer.fail_once("/api/delete/", status, "gateway");
        let error = alice.unregister_object(&object.id, false).unwrap_err();
        assert!(!error.is_transient(), "{error:?}");
        assert_eq!(error.is_outcome_unknown(), is_unknown, "{error:?}");
    }
    peer.fail_once("/api/user_subz/", 504, "gateway");
    let error = alice.userz_access(&object.id).unwrap_err();
    assert!(error.is_transient() && !error.is_outcome_unknown(), "{error:?}");
}
