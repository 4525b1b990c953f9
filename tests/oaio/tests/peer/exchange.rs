//! Objects between two Python clients.

use oaio_interop::{Environment, Peer, PythonClient};
use serde_json::json;

#[test]
fn an_object_that_one_client_registers_and_shares_reaches_another() {
    for environment in Environment::all() {
        let peer = Peer::start(environment);
        let alice = PythonClient::start(environment, &peer, "alice");
        let bob = PythonClient::start(environment, &peer, "bob");
        let values = json!({"_name": "first note", "text": "it's \"ü\"", "list": [1, 2.5, true, null]});
        let id = alice.register_object(&values);
        alice.share(&id, "bob", "U");
        assert!(bob.synchronize());
        let record = bob.object(&id).unwrap();
        assert_eq!(record["client_values"], values);
        assert_eq!(record["csh_access_right"], "U");
        assert_eq!(peer.access(&id, "bob").as_deref(), Some("U"));
    }
}

#[test]
fn an_update_of_a_subscriber_reaches_the_owner() {
    for environment in Environment::all() {
        let peer = Peer::start(environment);
        let alice = PythonClient::start(environment, &peer, "alice");
        let bob = PythonClient::start(environment, &peer, "bob");
        let id = alice.register_object(&json!({"a": 1, "b": 1}));
        alice.share(&id, "bob", "U");
        assert!(bob.synchronize());
        bob.update_object(&id, &json!({"b": 2}));
        assert!(alice.synchronize());
        let record = alice.object(&id).unwrap();
        assert_eq!(record["client_values"], json!({"a": 1, "b": 2}));
        assert_eq!(peer.versions().len(), 2);
    }
}

#[test]
fn an_update_of_a_reader_is_refused() {
    for environment in Environment::all() {
        let peer = Peer::start(environment);
        let alice = PythonClient::start(environment, &peer, "alice");
        let bob = PythonClient::start(environment, &peer, "bob");
        let id = alice.register_object(&json!({"a": 1}));
        alice.share(&id, "bob", "r");
        assert!(bob.synchronize());
        bob.update_object(&id, &json!({"a": 2}));
        assert!(!bob.synchronize());
        assert_eq!(peer.objects()[&id]["client_values"], json!({"a": 1}));
    }
}

/// The Python client fetches the records before it uploads, so it sends the older edit after the newer one.
#[test]
fn the_python_client_uploads_an_older_edit_over_a_newer_one() {
    for environment in Environment::all() {
        let peer = Peer::start(environment);
        let alice = PythonClient::start(environment, &peer, "alice");
        let bob = PythonClient::start(environment, &peer, "bob");
        let id = alice.register_object(&json!({"v": 0}));
        alice.share(&id, "bob", "U");
        assert!(bob.synchronize());
        peer.fail_once("/api/upload/", 500, "");
        bob.update_object(&id, &json!({"v": "older"}));
        alice.update_object(&id, &json!({"v": "newer"}));
        assert!(bob.synchronize());
        assert!(alice.synchronize());
        assert_eq!(peer.objects()[&id]["client_values"]["v"], "older");
        assert_eq!(bob.object(&id).unwrap()["client_values"]["v"], "newer");
        assert_eq!(alice.object(&id).unwrap()["client_values"]["v"], "newer");
    }
}

#[test]
fn an_object_that_is_unregistered_stays_with_the_python_subscriber() {
    for environment in Environment::all() {
        let peer = Peer::start(environment);
        let alice = PythonClient::start(environment, &peer, "alice");
        let bob = PythonClient::start(environment, &peer, "bob");
        let id = alice.register_object(&json!({"a": 1}));
        alice.share(&id, "bob", "r");
        assert!(bob.synchronize());
        assert_eq!(alice.must("unregister_object", &json!({"oaio_id": id})), "");
        assert!(bob.synchronize());
        assert!(peer.objects().is_empty());
        assert!(alice.object(&id).is_none());
        assert!(bob.object(&id).is_some());
    }
}

#[test]
fn a_second_client_goes_on_in_the_folder_of_the_first() {
    for environment in Environment::all() {
        let peer = Peer::start(environment);
        let first = PythonClient::start(environment, &peer, "alice");
        let id = first.register_object(&json!({"a": 1}));
        let identity = oaio_interop::Identity::of("alice");
        let second = PythonClient::start_at(environment, &peer, &identity, first.root());
        assert!(second.synchronize());
        second.update_object(&id, &json!({"b": 2}));
        assert!(first.synchronize());
        assert_eq!(
            first.object(&id).unwrap()["client_values"],
            json!({"a": 1, "b": 2})
        );
    }
}

#[test]
fn a_supervisor_removes_a_user_and_the_objects_of_this_user() {
    for environment in Environment::all() {
        let peer = Peer::start(environment);
        let carol = PythonClient::start(environment, &peer, "carol");
        let root = PythonClient::start(environment, &peer, "root");
        carol.register_object(&json!({"a": 1}));
        assert_ne!(carol.must("wipe_user", &json!({"user_name": "carol"})), "");
        assert_eq!(peer.objects().len(), 1);
        assert_eq!(root.must("wipe_user", &json!({"user_name": "carol"})), "");
        assert!(peer.objects().is_empty());
    }
}
