//! One folder that a Rust and a Python client use in turns.

use std::fs;

use oaio_client::{AttachedFile, ErrorKind, SkipReason, blocking};
use oaio_interop::{Environment, Identity, Peer, PythonClient};
use serde_json::json;

use crate::rust_client::{id, settings, values};

#[test]
fn rust_and_python_use_one_folder_in_turns() {
    for environment in Environment::all() {
        let peer = Peer::start(environment);
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("root");
        let rust = || blocking::Client::from(settings(&peer, "alice", &root).build().unwrap());
        let client = rust();
        let object = client
            .register_object(values(json!({"a": 1, "t": "it's \"q\" ü\n"})))
            .unwrap()
            .synced()
            .unwrap();
        let file = client
            .register_file(AttachedFile::new("note.txt", "hello"))
            .unwrap()
            .synced()
            .unwrap();
        let before = fs::read_to_string(root.join("objz").join(object.id.as_str())).unwrap();
        drop(client);

        let python = PythonClient::start_at(environment, &peer, &Identity::of("alice"), &root);
        assert!(python.synchronize());
        assert_eq!(python.record_file(object.id.as_str()), before);
        python.update_object(object.id.as_str(), &json!({"b": 2}));
        let own = python.register_object(&json!({"c": 3}));
        drop(python);

        let client = rust();
        peer.take_requests();
        let report = client.synchronize().unwrap();
        assert!(
            report.uploaded.is_empty() && report.downloaded.is_empty(),
            "{report:?}"
        );
        assert_eq!(client.objects().unwrap().len(), 3);
        assert_eq!(
            client.object(&object.id).unwrap().values.get("b").unwrap().text(),
            "2"
        );
        client
            .update_object(&id(&own), values(json!({"d": 4})))
            .unwrap()
            .synced()
            .unwrap();
        client.unregister_object(&file.id, true).unwrap();
        drop(client);

        let python = PythonClient::start_at(environment, &peer, &Identity::of("alice"), &root);
        assert!(python.synchronize());
        assert_eq!(
            python.object(&own).unwrap()["client_values"],
            json!({"c": 3, "d": 4})
        );
        assert!(python.object(file.id.as_str()).is_none());
    }
}

#[test]
fn python_uploads_what_rust_registered_offline() {
    for environment in Environment::all() {
        let peer = Peer::start(environment);
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("root");
        let client = blocking::Client::from(settings(&peer, "alice", &root).build().unwrap());
        peer.go_offline();
        let object = client
            .register_object(values(json!({"a": [1, {"b": null}]})))
            .unwrap()
            .into_object();
        drop(client);
        peer.go_online();
        let python = PythonClient::start_at(environment, &peer, &Identity::of("alice"), &root);
        assert!(python.synchronize());
        assert_eq!(
            peer.objects()[object.id.as_str()]["client_values"],
            json!({"a": [1, {"b": null}]})
        );
    }
}

#[test]
fn a_damaged_record_is_set_aside_and_downloaded_again() {
    let peer = Peer::start(Environment::oldest());
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("root");
    let client = blocking::Client::from(settings(&peer, "alice", &root).build().unwrap());
    let object = client
        .register_object(values(json!({"a": 1})))
        .unwrap()
        .synced()
        .unwrap();
    let record = root.join("objz").join(object.id.as_str());
    let text = fs::read_to_string(&record).unwrap();
    let cut = &text[..text.len() / 2];
    fs::write(&record, cut).unwrap();
    let report = client.synchronize().unwrap();
    let SkipReason::Damaged {
        kept_as: Some(kept), ..
    } = &report.skipped[0].reason
    else {
        panic!("{report:?}");
    };
    assert_eq!(fs::read_to_string(kept).unwrap(), cut);
    assert_eq!(report.downloaded, std::slice::from_ref(&object.id));
    assert_eq!(client.object(&object.id).unwrap().values, values(json!({"a": 1})));
}

#[test]
fn two_clients_do_not_use_one_folder() {
    let peer = Peer::start(Environment::oldest());
    let folder = tempfile::tempdir().unwrap();
    let client = settings(&peer, "alice", folder.path()).build().unwrap();
    let error = settings(&peer, "alice", folder.path())
        .build()
        .map(drop)
        .unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Locked { .. }), "{error:?}");
    drop(client);
    settings(&peer, "alice", folder.path()).build().unwrap();
}

#[test]
fn invalid_input_changes_nothing() {
    let peer = Peer::start(Environment::oldest());
    let folder = tempfile::tempdir().unwrap();
    let client = blocking::Client::from(settings(&peer, "alice", folder.path()).build().unwrap());
    let object = client
        .register_object(values(json!({"a": 1})))
        .unwrap()
        .synced()
        .unwrap();
    let old = oaio_client::Update::merge(values(json!({"a": 2}))).stamp(object.client_stamp);
    let error = client.update_object(&object.id, old).unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::StampNotNewer { .. }),
        "{error:?}"
    );
    let again = oaio_client::Registration::new(values(json!({}))).id(object.id.clone());
    let error = client.register_object(again).unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::AlreadyRegistered(_)),
        "{error:?}"
    );
    let error = client.register_object(values(json!({"_name": 7}))).unwrap_err();
    assert!(error.to_string().contains("_name"), "{error}");
    let unknown = id("demo⫻alice﹫rust⁄20261122010447953010");
    for error in [
        client.update_object(&unknown, values(json!({}))).unwrap_err(),
        client.unregister_object(&unknown, true).unwrap_err(),
        client.object(&unknown).unwrap_err(),
    ] {
        assert!(matches!(error.kind(), ErrorKind::UnknownObject(_)), "{error:?}");
    }
    assert_eq!(client.object(&object.id).unwrap(), object);
    for text in ["", "a/b", "..", "a b"] {
        assert!(text.parse::<oaio_client::ObjectId>().is_err(), "{text}");
    }
}
