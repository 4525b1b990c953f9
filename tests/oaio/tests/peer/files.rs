//! Objects with files.

use oaio_interop::{Environment, Peer, PythonClient};
use serde_json::json;

#[test]
fn a_file_reaches_another_client_through_the_storage_host() {
    for environment in Environment::all() {
        let peer = Peer::start(environment);
        let alice = PythonClient::start(environment, &peer, "alice");
        let bob = PythonClient::start(environment, &peer, "bob");
        let id = alice.register_file("sub/note.txt", "hello");
        alice.share(&id, "bob", "r");
        assert!(bob.synchronize());
        let stamp = peer.objects()[&id]["client_stamp"].as_str().unwrap().to_owned();
        let stored = peer.storage().join(&id).join(stamp).join("sub/note.txt");
        assert_eq!(std::fs::read(stored).unwrap(), b"hello");
        let received = bob.root().join("filez").join(&id).join("sub/note.txt");
        assert_eq!(std::fs::read(received).unwrap(), b"hello");
        assert_eq!(
            bob.object(&id).unwrap()["client_values"],
            json!({"_file_paths": ["sub/note.txt"]})
        );
    }
}

#[test]
fn the_files_of_a_folder_are_registered_without_those_in_hidden_folders() {
    for environment in Environment::all() {
        let peer = Peer::start(environment);
        let alice = PythonClient::start(environment, &peer, "alice");
        let folder = tempfile::tempdir().unwrap();
        for name in ["a", "sub/b", "sub/.hidden", ".folder/c"] {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, name).unwrap();
        }
        let object = alice.must("register_folder", &json!({"root_path": folder.path()}));
        let mut files: Vec<_> = object["client_values"]["_file_paths"].as_array().unwrap().clone();
        files.sort_by_key(ToString::to_string);
        assert_eq!(files, ["a", "sub/.hidden", "sub/b"]);
    }
}

#[test]
fn the_python_client_keeps_an_object_without_its_files_if_the_storage_arguments_are_refused() {
    for environment in Environment::all() {
        let peer = Peer::start(environment);
        let alice = PythonClient::start(environment, &peer, "alice");
        let bob = PythonClient::start(environment, &peer, "bob");
        let id = alice.register_file("note.txt", "hello");
        alice.share(&id, "bob", "r");
        peer.fail_once("/api/csh_args/", 404, "");
        assert!(bob.synchronize());
        assert!(bob.synchronize());
        assert!(bob.object(&id).is_some());
        assert!(!bob.root().join("filez").join(&id).exists());
    }
}
