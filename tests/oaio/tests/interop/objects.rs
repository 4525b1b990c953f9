//! Objects between a Rust and a Python client.

use oaio_client::{AccessRight, ConflictKind, SkipReason};
use oaio_interop::{Environment, Peer, PythonClient};
use serde_json::json;

use crate::rust_client::{RustClient, id, values};

#[test]
fn python_reads_what_rust_registers() {
    for environment in Environment::all() {
        let peer = Peer::start(environment);
        let alice = RustClient::start(&peer, "alice");
        let bob = PythonClient::start(environment, &peer, "bob");
        let given = json!({"_name": "first note", "text": "it's \"ü\" 😀\n\u{0}", "list": [1, 2.5, true, null], "big": 12345678901234567890_u64});
        let registered = alice.register_object(values(given.clone())).unwrap();
        let object = registered.synced().unwrap();
        assert_eq!(object.server_stamp, Some(object.client_stamp));
        alice
            .upsert_subscription(&object.id, "bob", AccessRight::Update)
            .unwrap();
        assert!(bob.synchronize());
        let record = bob.object(object.id.as_str()).unwrap();
        assert_eq!(record["client_values"], given);
        assert_eq!(record["csh_access_right"], "U");
        assert_eq!(record["device_id"], "rust");
    }
}

#[test]
fn rust_reads_what_python_registers() {
    for environment in Environment::all() {
        let peer = Peer::start(environment);
        let alice = PythonClient::start(environment, &peer, "alice");
        let bob = RustClient::start(&peer, "bob");
        let given =
            json!({"_name": "zweite Notiz", "text": "it's \"ü\" 😀\n\u{0}", "list": [1, 2.5, true, null]});
        let name = alice.register_object(&given);
        alice.share(&name, "bob", "r");
        let report = bob.synchronize().unwrap();
        assert_eq!(report.downloaded, [id(&name)]);
        assert!(report.is_complete());
        let object = bob.object(&id(&name)).unwrap();
        assert_eq!(object.values, values(given));
        assert_eq!(object.access_right, AccessRight::Read);
        assert_eq!(object.user_name, "alice");
        assert!(bob.synchronize().unwrap().downloaded.is_empty());
    }
}

#[test]
fn updates_go_in_both_directions() {
    for environment in Environment::all() {
        let peer = Peer::start(environment);
        let alice = RustClient::start(&peer, "alice");
        let bob = PythonClient::start(environment, &peer, "bob");
        let object = alice
            .register_object(values(json!({"a": 1, "b": 1})))
            .unwrap()
            .synced()
            .unwrap();
        alice
            .upsert_subscription(&object.id, "bob", AccessRight::Update)
            .unwrap();
        assert!(bob.synchronize());
        bob.update_object(object.id.as_str(), &json!({"b": 2}));
        assert_eq!(
            alice.synchronize().unwrap().downloaded,
            std::slice::from_ref(&object.id)
        );
        assert_eq!(
            alice.object(&object.id).unwrap().values,
            values(json!({"a": 1, "b": 2}))
        );
        let updated = alice
            .update_object(&object.id, values(json!({"a": 3})))
            .unwrap()
            .synced()
            .unwrap();
        assert!(!updated.is_changed());
        assert!(bob.synchronize());
        assert_eq!(
            bob.object(object.id.as_str()).unwrap()["client_values"],
            json!({"a": 3, "b": 2})
        );
    }
}

#[test]
fn a_newer_rust_edit_replaces_a_python_edit_and_keeps_a_copy() {
    for environment in Environment::all() {
        let peer = Peer::start(environment);
        let (alice, bob, name) = shared(environment, &peer);
        bob.update_object(&name, &json!({"text": "of Python"}));
        alice
            .update_object(&id(&name), values(json!({"text": "of Rust"})))
            .unwrap()
            .synced()
            .unwrap();
        let copies = alice.copies().unwrap();
        assert_eq!(copies.len(), 1);
        assert_eq!(copies[0].object.values, values(json!({"text": "of Python"})));
        assert!(bob.synchronize());
        assert_eq!(
            bob.object(&name).unwrap()["client_values"],
            json!({"text": "of Rust"})
        );
        alice
            .remove_copy(&id(&name), copies[0].object.client_stamp)
            .unwrap();
        assert!(alice.copies().unwrap().is_empty());
    }
}

#[test]
fn a_newer_python_edit_replaces_a_rust_edit_and_keeps_a_copy() {
    for environment in Environment::all() {
        let peer = Peer::start(environment);
        let (alice, bob, name) = shared(environment, &peer);
        peer.go_offline();
        let local = alice
            .update_object(&id(&name), values(json!({"text": "of Rust"})))
            .unwrap();
        assert!(!local.is_synced());
        peer.go_online();
        bob.restart();
        assert!(bob.synchronize());
        bob.update_object(&name, &json!({"text": "of Python"}));
        let report = alice.synchronize().unwrap();
        assert_eq!(report.conflicts.len(), 1, "{report:?}");
        assert_eq!(report.conflicts[0].kind, ConflictKind::ServerIsNewer);
        assert_eq!(
            alice.object(&id(&name)).unwrap().values,
            values(json!({"text": "of Python"}))
        );
        assert_eq!(
            alice.copies().unwrap()[0].object.values,
            values(json!({"text": "of Rust"}))
        );
    }
}

/// The Python client uploads an older edit over the newer version of the Rust client.
#[test]
fn a_version_that_python_replaced_unseen_is_uploaded_again() {
    for environment in Environment::all() {
        let peer = Peer::start(environment);
        let (alice, bob, name) = shared(environment, &peer);
        peer.go_offline();
        bob.update_object(&name, &json!({"text": "older, of Python"}));
        peer.go_online();
        alice
            .update_object(&id(&name), values(json!({"text": "newer, of Rust"})))
            .unwrap()
            .synced()
            .unwrap();
        bob.restart();
        bob.synchronize();
        assert_eq!(
            peer.objects()[&name]["client_values"],
            json!({"text": "older, of Python"})
        );
        let report = alice.synchronize().unwrap();
        assert_eq!(report.conflicts[0].kind, ConflictKind::LocalIsNewer);
        assert_eq!(
            peer.objects()[&name]["client_values"],
            json!({"text": "newer, of Rust"})
        );
        assert_eq!(
            alice.copies().unwrap()[0].object.values,
            values(json!({"text": "older, of Python"}))
        );
    }
}

#[test]
fn an_object_without_access_is_told_apart_from_a_deleted_one() {
    for environment in Environment::all() {
        let peer = Peer::start(environment);
        let alice = PythonClient::start(environment, &peer, "alice");
        let bob = RustClient::start(&peer, "bob");
        let [kept, deleted] = ["kept", "deleted"].map(|name| alice.register_object(&json!({"_name": name})));
        alice.share(&kept, "bob", "U");
        alice.share(&deleted, "bob", "U");
        assert_eq!(bob.synchronize().unwrap().downloaded.len(), 2);
        alice.must("unsubscribe", &json!({"oaio_id": kept, "user_name": "bob"}));
        alice.must("unregister_object", &json!({"oaio_id": deleted}));
        let report = bob.synchronize().unwrap();
        assert_eq!(report.deleted, [id(&deleted)]);
        assert_eq!(report.skipped.len(), 1);
        assert_eq!(
            (&*report.skipped[0].id, &report.skipped[0].reason),
            (&*kept, &SkipReason::NotMine)
        );
        assert!(bob.object(&id(&kept)).is_ok());
        assert!(bob.object(&id(&deleted)).is_err());
        assert!(report.conflicts.is_empty());
    }
}

#[test]
fn an_edit_of_a_deleted_object_is_kept_as_a_copy() {
    for environment in Environment::all() {
        let peer = Peer::start(environment);
        let (alice, bob, name) = shared(environment, &peer);
        bob.must("unregister_object", &json!({"oaio_id": name}));
        drop(bob);
        assert!(peer.objects().is_empty());
        let local = alice
            .update_object(&id(&name), values(json!({"text": "edited"})))
            .unwrap_err();
        assert!(local.to_string().contains(&name), "{local}");
        assert_eq!(
            alice.copies().unwrap()[0].object.values,
            values(json!({"text": "edited"}))
        );
    }
}

#[test]
fn rust_deletes_and_unsubscribes() {
    for environment in Environment::all() {
        let peer = Peer::start(environment);
        let alice = RustClient::start(&peer, "alice");
        let object = alice
            .register_object(values(json!({"a": 1})))
            .unwrap()
            .synced()
            .unwrap();
        alice
            .upsert_subscription(&object.id, "bob", AccessRight::Read)
            .unwrap();
        let rights = |users: Vec<oaio_client::UserAccess>| -> Vec<String> {
            users
                .iter()
                .map(|user| format!("{} {}", user.right, user.user_name))
                .collect()
        };
        let users = alice.userz_access(&object.id).unwrap();
        assert_eq!(rights(users), ["C alice", "r bob", "x carol", "x root", "x zoë"]);
        alice.unsubscribe(&object.id, "bob").unwrap();
        assert_eq!(peer.access(object.id.as_str(), "bob"), None);
        alice.unregister_object(&object.id, false).unwrap();
        assert!(peer.objects().is_empty());
        assert!(alice.objects().unwrap().is_empty());
        assert_eq!(rights(alice.users().unwrap()).len(), 5);
    }
}

#[test]
fn an_administrator_removes_a_user() {
    for environment in Environment::all() {
        let peer = Peer::start(environment);
        let bob = PythonClient::start(environment, &peer, "bob");
        bob.register_object(&json!({"a": 1}));
        let refused = RustClient::start(&peer, "alice").wipe_user("bob").unwrap_err();
        assert!(refused.is_auth(), "{refused}");
        RustClient::start(&peer, "root").wipe_user("bob").unwrap();
        assert!(peer.objects().is_empty());
    }
}

/// An object that Rust has registered and Python has downloaded.
fn shared(environment: &Environment, peer: &Peer) -> (RustClient, PythonClient, String) {
    let alice = RustClient::start(peer, "alice");
    let bob = PythonClient::start(environment, peer, "bob");
    let object = alice
        .register_object(values(json!({"text": "first"})))
        .unwrap()
        .synced()
        .unwrap();
    alice
        .upsert_subscription(&object.id, "bob", AccessRight::Delete)
        .unwrap();
    assert!(bob.synchronize());
    (alice, bob, object.id.as_str().to_owned())
}

#[test]
fn equal_edits_on_both_sides_are_no_conflict() {
    let peer = Peer::start(Environment::oldest());
    let environment = Environment::oldest();
    let (alice, bob, name) = shared(environment, &peer);
    peer.go_offline();
    let _ = alice
        .update_object(&id(&name), values(json!({"text": "same"})))
        .unwrap();
    peer.go_online();
    bob.restart();
    assert!(bob.synchronize());
    bob.update_object(&name, &json!({"text": "same"}));
    let report = alice.synchronize().unwrap();
    assert_eq!(report.downloaded, [id(&name)]);
    assert!(
        report.conflicts.is_empty() && report.skipped.is_empty(),
        "{report:?}"
    );
    assert!(alice.synchronize().unwrap().downloaded.is_empty());
}

#[test]
fn an_update_that_loses_a_conflict_is_an_error_that_names_its_copy() {
    let peer = Peer::start(Environment::oldest());
    let (alice, bob, name) = shared(Environment::oldest(), &peer);
    let now = oaio_client::Stamp::now();
    bob.update_object(&name, &json!({"text": "newer"}));
    let update = oaio_client::Update::merge(values(json!({"text": "older"}))).stamp(now);
    let error = alice.update_object(&id(&name), update).unwrap_err();
    let oaio_client::ErrorKind::NewerVersion { copy, .. } = error.kind() else {
        panic!("{error:?}");
    };
    assert!(copy.join("record").exists());
    assert_eq!(
        alice.object(&id(&name)).unwrap().values,
        values(json!({"text": "newer"}))
    );
}

/// A server that was set up again lists nothing and knows no object.
#[test]
fn a_server_without_objects_does_not_delete_the_only_copy() {
    let peer = Peer::start(Environment::oldest());
    let alice = RustClient::start(&peer, "alice");
    let empty = peer.state();
    let file = oaio_client::AttachedFile::new("a.txt", "hello");
    let object = alice.register_file(file).unwrap().synced().unwrap();
    peer.restore(&empty);
    let report = alice.synchronize().unwrap();
    assert_eq!(report.deleted, [object.id]);
    let copy = &alice.copies().unwrap()[0];
    assert_eq!(
        std::fs::read_to_string(copy.folder.join("files/a.txt")).unwrap(),
        "hello"
    );
}

#[test]
fn an_object_that_the_server_does_not_list_can_be_removed() {
    let peer = Peer::start(Environment::oldest());
    let (alice, bob, name) = shared(Environment::oldest(), &peer);
    bob.must("unregister_object", &json!({"oaio_id": name}));
    alice.unregister_object(&id(&name), false).unwrap();
    assert!(alice.objects().unwrap().is_empty());
}
