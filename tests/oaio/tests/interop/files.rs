//! Objects with attached files, between a Rust and a Python client.

use std::fs;
use std::sync::{Arc, Mutex};

use oaio_client::{AttachedFile, AttachedFolder, Direction, ErrorKind, Fingerprint, blocking};
use oaio_interop::{Environment, Peer, PythonClient};
use serde_json::json;

use crate::rust_client::{RustClient, id, settings, values};

#[test]
fn python_gets_the_file_that_rust_registers() {
    for environment in Environment::all() {
        let peer = Peer::start(environment);
        let alice = RustClient::start(&peer, "alice");
        let other = PythonClient::start(environment, &peer, "alice");
        let file = AttachedFile::new("sub/note ü.txt", "hello");
        let object = alice.register_file(file).unwrap().synced().unwrap();
        assert!(other.synchronize());
        let place = other
            .root()
            .join("filez")
            .join(object.id.as_str())
            .join("sub/note ü.txt");
        assert_eq!(fs::read_to_string(place).unwrap(), "hello");
        alice
            .update_file(&object.id, AttachedFile::new("sub/note ü.txt", "changed"))
            .unwrap()
            .synced()
            .unwrap();
        assert!(other.synchronize());
        let place = other
            .root()
            .join("filez")
            .join(object.id.as_str())
            .join("sub/note ü.txt");
        assert_eq!(fs::read_to_string(place).unwrap(), "changed");
    }
}

#[test]
fn rust_gets_the_file_that_python_registers() {
    for environment in Environment::all() {
        let peer = Peer::start(environment);
        let alice = PythonClient::start(environment, &peer, "alice");
        let other = RustClient::start(&peer, "alice");
        let name = alice.register_file("note.txt", "hello");
        assert_eq!(other.synchronize().unwrap().downloaded, [id(&name)]);
        let paths = other.file_paths(&id(&name)).unwrap();
        assert_eq!(paths, [other.root().join("filez").join(&name).join("note.txt")]);
        assert_eq!(fs::read_to_string(&paths[0]).unwrap(), "hello");
        alice.must(
            "update_file",
            &json!({"oaio_id": name, "file_name": "note.txt", "file_content": "changed"}),
        );
        assert_eq!(other.synchronize().unwrap().downloaded, [id(&name)]);
        assert_eq!(fs::read_to_string(&paths[0]).unwrap(), "changed");
    }
}

#[test]
fn a_folder_is_registered_with_the_files_that_python_lists() {
    for environment in Environment::all() {
        let peer = Peer::start(environment);
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in [
            ("a.txt", "a"),
            ("sub/b.txt", "b"),
            (".hidden", "h"),
            (".folder/c.txt", "c"),
        ] {
            let place = folder.path().join(path);
            fs::create_dir_all(place.parent().unwrap()).unwrap();
            fs::write(place, text).unwrap();
        }
        let root = folder.path().to_str().unwrap();
        let alice = RustClient::start(&peer, "alice");
        let object = alice
            .register_folder(AttachedFolder::at(root))
            .unwrap()
            .synced()
            .unwrap();
        let mut of_rust = object.values.file_paths().unwrap();
        let python = PythonClient::start(environment, &peer, "bob");
        let record = python.must("register_folder", &json!({"root_path": root}));
        let of_python = record["client_values"]["_file_paths"].as_array().unwrap();
        let mut of_python: Vec<String> = of_python
            .iter()
            .map(|path| path.as_str().unwrap().to_owned())
            .collect();
        of_python.sort();
        of_rust.sort();
        assert_eq!(of_rust, of_python);
        fs::remove_file(folder.path().join("a.txt")).unwrap();
        let updated = alice
            .update_folder(&object.id, AttachedFolder::in_place())
            .unwrap()
            .synced()
            .unwrap();
        assert!(!updated.values.file_paths().unwrap().contains(&"a.txt".to_owned()));
        let versions = fs::read_dir(peer.storage().join(object.id.as_str()))
            .unwrap()
            .count();
        assert_eq!(versions, 2, "each version has a folder on the storage host");
    }
}

/// The Python client writes to any path that the server names.
#[test]
fn files_are_never_written_outside_of_the_folder() {
    let peer = Peer::start(Environment::oldest());
    let alice = RustClient::start(&peer, "alice");
    let elsewhere = tempfile::tempdir().unwrap();
    let source = tempfile::tempdir().unwrap();
    fs::write(source.path().join("note.txt"), "hello").unwrap();
    let root = source.path().to_str().unwrap();
    let file = AttachedFile::existing(root, "note.txt");
    let object = alice.register_file(file).unwrap().synced().unwrap();
    let other = RustClient::start(&peer, "alice");
    fs::remove_file(source.path().join("note.txt")).unwrap();
    other.synchronize().unwrap();
    let paths = other.file_paths(&object.id).unwrap();
    assert!(paths[0].starts_with(other.root().join("filez")), "{paths:?}");
    assert_eq!(fs::read_to_string(&paths[0]).unwrap(), "hello");
    assert!(!source.path().join("note.txt").exists());

    let allowed = settings(&peer, "alice", &elsewhere.path().join("root"))
        .allow_root(root, elsewhere.path().join("mine"));
    let allowed = blocking::Client::from(allowed.build().unwrap());
    allowed.synchronize().unwrap();
    let paths = allowed.file_paths(&object.id).unwrap();
    assert_eq!(paths, [elsewhere.path().join("mine/note.txt")]);
    assert_eq!(fs::read_to_string(&paths[0]).unwrap(), "hello");
}

#[test]
fn paths_that_leave_the_folder_are_failures() {
    let peer = Peer::start(Environment::oldest());
    let alice = RustClient::start(&peer, "alice");
    for path in [
        "../escape.txt",
        "/etc/escape.txt",
        "a/../../escape.txt",
        "a\\b",
        "",
    ] {
        let error = alice.register_file(AttachedFile::new(path, "x")).unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::InvalidInput(_)),
            "{path}: {error:?}"
        );
    }
    let other = RustClient::start(&peer, "alice");
    let evil = values(json!({"_file_paths": ["../../escape.txt"]}));
    let registered = other.register_object(evil).unwrap();
    assert!(!registered.is_synced(), "{registered:?}");
}

#[test]
fn a_missing_file_is_a_clear_error_and_registers_nothing() {
    let peer = Peer::start(Environment::oldest());
    let alice = RustClient::start(&peer, "alice");
    let folder = tempfile::tempdir().unwrap();
    let missing = AttachedFile::existing(folder.path().to_str().unwrap(), "missing.txt");
    let error = alice.register_file(missing).unwrap_err();
    assert!(error.to_string().contains("missing.txt"), "{error}");
    assert!(alice.objects().unwrap().is_empty());
}

/// The Python client registers the object without its files and reports success.
#[test]
fn an_object_whose_files_cannot_be_uploaded_is_not_registered() {
    let peer = Peer::start(Environment::oldest());
    let alice = RustClient::start(&peer, "alice");
    alice.connect().unwrap();
    peer.fail_once("/api/csh_args/", 500, "no storage");
    let registered = alice
        .register_file(AttachedFile::new("note.txt", "hello"))
        .unwrap();
    let error = registered.synced().unwrap_err();
    assert!(error.to_string().contains("no storage"), "{error}");
    assert!(peer.objects().is_empty());
    let report = alice.synchronize().unwrap();
    assert_eq!(report.uploaded.len(), 1);
    let other = RustClient::start(&peer, "alice");
    peer.take_requests();
    peer.fail_once("/api/csh_args/", 500, "no storage");
    let report = other.synchronize().unwrap();
    assert_eq!(report.failed.len(), 1);
    assert!(other.objects().unwrap().is_empty());
    assert_eq!(other.synchronize().unwrap().downloaded, report_ids(&report));
}

fn report_ids(report: &oaio_client::SyncReport) -> Vec<oaio_client::ObjectId> {
    report.failed.iter().map(|failed| failed.id.clone()).collect()
}

#[test]
fn a_file_stays_as_it_is_if_its_object_is_rejected() {
    let peer = Peer::start(Environment::oldest());
    let alice = RustClient::start(&peer, "alice");
    let object = alice
        .register_file(AttachedFile::new("note.txt", "first"))
        .unwrap()
        .synced()
        .unwrap();
    let again = || AttachedFile::new("note.txt", "second").stamp(object.client_stamp);
    let error = alice.register_file(again()).unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::AlreadyRegistered(_)),
        "{error:?}"
    );
    let error = alice.update_file(&object.id, again()).unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::StampNotNewer { .. }),
        "{error:?}"
    );
    assert_eq!(
        fs::read_to_string(&alice.file_paths(&object.id).unwrap()[0]).unwrap(),
        "first"
    );
}

#[test]
fn an_unknown_storage_host_is_a_clear_error() {
    let peer = Peer::start(Environment::oldest());
    let alice = RustClient::start(&peer, "alice");
    let file = AttachedFile::new("note.txt", "hello").storage_host("Nowhere");
    let error = alice.register_file(file).unwrap().synced().unwrap_err();
    assert!(
        error.to_string().contains("Nowhere") && error.to_string().contains("storage_host"),
        "{error}"
    );
    assert!(peer.objects().is_empty());
}

#[test]
fn unregistering_deletes_only_the_files_of_the_object() {
    let peer = Peer::start(Environment::oldest());
    let alice = RustClient::start(&peer, "alice");
    let folder = tempfile::tempdir().unwrap();
    for name in ["note.txt", "other.txt"] {
        fs::write(folder.path().join(name), name).unwrap();
    }
    let file = AttachedFile::existing(folder.path().to_str().unwrap(), "note.txt");
    let object = alice.register_file(file).unwrap().synced().unwrap();
    alice.unregister_object(&object.id, true).unwrap();
    assert!(!folder.path().join("note.txt").exists());
    assert!(folder.path().join("other.txt").exists());
    let version = peer
        .storage()
        .join(object.id.as_str())
        .join(object.client_stamp.as_str());
    assert!(!version.exists());
}

#[test]
fn the_progress_of_a_large_file_is_reported() {
    let peer = Peer::start(Environment::oldest());
    let folder = tempfile::tempdir().unwrap();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let report = Arc::clone(&seen);
    let client = settings(&peer, "alice", &folder.path().join("root"))
        .on_progress(move |progress| report.lock().unwrap().push(progress.clone()));
    let client = blocking::Client::from(client.build().unwrap());
    let length: u64 = 5_000_000;
    client
        .register_file(AttachedFile::new("large", vec![7; length as usize]))
        .unwrap()
        .synced()
        .unwrap();
    let seen = seen.lock().unwrap();
    assert!(seen.len() > 2);
    assert!(seen.is_sorted_by_key(|progress| progress.transferred));
    let last = seen.last().unwrap();
    assert_eq!(
        (last.transferred, last.total, last.direction),
        (length, Some(length), Direction::Upload)
    );
}

#[test]
fn the_version_that_lost_is_kept_with_its_file() {
    for environment in Environment::all() {
        let peer = Peer::start(environment);
        let alice = RustClient::start(&peer, "alice");
        let other = PythonClient::start(environment, &peer, "alice");
        let object = alice
            .register_file(AttachedFile::new("note.txt", "first"))
            .unwrap()
            .synced()
            .unwrap();
        assert!(other.synchronize());
        peer.go_offline();
        let changed = alice
            .update_file(&object.id, AttachedFile::new("note.txt", "of Rust"))
            .unwrap();
        assert!(!changed.is_synced());
        peer.go_online();
        other.restart();
        assert!(other.synchronize());
        other.must(
            "update_file",
            &json!({"oaio_id": object.id.as_str(), "file_name": "note.txt", "file_content": "of Python"}),
        );
        let report = alice.synchronize().unwrap();
        assert_eq!(report.conflicts.len(), 1, "{report:?}");
        let kept = report.conflicts[0].copy.join("files/note.txt");
        assert_eq!(fs::read_to_string(kept).unwrap(), "of Rust");
        assert_eq!(
            fs::read_to_string(&alice.file_paths(&object.id).unwrap()[0]).unwrap(),
            "of Python"
        );
    }
}

/// TLS is tested where it is implemented. This test shows that the settings reach it.
#[test]
fn a_pin_and_an_authority_exclude_each_other() {
    let peer = Peer::start(Environment::oldest());
    let folder = tempfile::tempdir().unwrap();
    let pin: Fingerprint = "AA".repeat(32).parse().unwrap();
    let builder = settings(&peer, "alice", folder.path())
        .pin(pin)
        .danger_accept_invalid_certs();
    assert!(matches!(
        builder.build().map(drop).unwrap_err().kind(),
        ErrorKind::Configuration(_)
    ));
}

/// A subscriber can change the list of files. Only the files that were registered here are written.
#[test]
fn a_version_of_the_server_writes_no_other_file_of_a_registered_folder() {
    let peer = Peer::start(Environment::oldest());
    let alice = RustClient::start(&peer, "alice");
    let home = tempfile::tempdir().unwrap();
    for name in ["note.txt", "private"] {
        fs::write(home.path().join(name), name).unwrap();
    }
    let file = AttachedFile::existing(home.path().to_str().unwrap(), "note.txt");
    let object = alice.register_file(file).unwrap().synced().unwrap();
    alice
        .upsert_subscription(&object.id, "bob", oaio_client::AccessRight::Update)
        .unwrap();
    let bob = RustClient::start(&peer, "bob");
    assert!(bob.synchronize().unwrap().is_complete());
    for path in ["private", "new"] {
        bob.update_file(&object.id, AttachedFile::new(path, "of bob"))
            .unwrap()
            .synced()
            .unwrap();
        let report = alice.synchronize().unwrap();
        assert_eq!(report.failed.len(), 1, "{report:?}");
        assert!(report.failed[0].error.to_string().contains(path), "{report:?}");
    }
    assert_eq!(
        fs::read_to_string(home.path().join("private")).unwrap(),
        "private"
    );
    assert!(!home.path().join("new").exists());
    bob.update_file(&object.id, AttachedFile::new("note.txt", "of bob"))
        .unwrap()
        .synced()
        .unwrap();
    assert!(alice.synchronize().unwrap().is_complete());
    assert_eq!(
        fs::read_to_string(home.path().join("note.txt")).unwrap(),
        "of bob"
    );
}

/// A storage host that returns success without reading the file.
struct Careless;

impl oaio_client::StorageHost for Careless {
    fn content<'a>(&'a self, _path: &'a str) -> oaio_client::HostFuture<'a, oaio_client::Content> {
        Box::pin(async { Err("it has no files".into()) })
    }

    fn deploy<'a>(
        &'a self,
        _path: &'a str,
        _content: oaio_client::Content,
    ) -> oaio_client::HostFuture<'a, ()> {
        Box::pin(async { Ok(()) })
    }

    fn delete<'a>(&'a self, _path: &'a str) -> oaio_client::HostFuture<'a, ()> {
        Box::pin(async { Ok(()) })
    }
}

#[test]
fn a_file_that_the_storage_host_did_not_read_is_not_registered() {
    let peer = Peer::start(Environment::oldest());
    let folder = tempfile::tempdir().unwrap();
    let client = settings(&peer, "alice", folder.path()).storage_host("Digi", Arc::new(Careless));
    let client = blocking::Client::from(client.build().unwrap());
    let registered = client.register_file(AttachedFile::new("a.txt", "hello")).unwrap();
    let error = registered.synced().unwrap_err();
    assert!(error.to_string().contains("0 bytes were read"), "{error}");
    assert!(peer.objects().is_empty());
}
