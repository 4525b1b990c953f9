//! The process of the client is killed at every step of a synchronization.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use oaio_client::{AttachedFile, Update, blocking};
use oaio_interop::{Environment, Peer};
use serde_json::{Value, json};

use crate::rust_client::{settings, values};

/// Everything that must be equal after a disturbed and an undisturbed synchronization: the objects of the server, and the
/// contents of the records, attached files and copies by their paths.
#[derive(Debug, PartialEq)]
struct Outcome {
    server: Value,
    files: BTreeMap<PathBuf, String>,
}

/// A folder and a server with something of everything that a synchronization does.
struct Scene {
    peer: Peer,
    state: Value,
    folder: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        let peer = Peer::start(Environment::oldest());
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("prepared");
        let client = blocking::Client::from(settings(&peer, "alice", &root).build().unwrap());
        let other = settings(&peer, "alice", &folder.path().join("other")).device_id("other");
        let other = blocking::Client::from(other.build().unwrap());
        let register = |client: &blocking::Client, name: &str| {
            client
                .register_object(values(json!({"_name": name})))
                .unwrap()
                .into_object()
        };
        let file = |text: &str| AttachedFile::new("sub/note.txt", text.repeat(50_000));
        let names = [
            "changed-here",
            "changed-there",
            "newer-here",
            "newer-there",
            "deleted",
            "edited-and-deleted",
        ];
        let objects = names.map(|name| register(&client, name));
        let with_file = client.register_file(file("first ")).unwrap().into_object();
        let file_on_both = client
            .register_file(AttachedFile::new("c.txt", "first"))
            .unwrap()
            .into_object();
        let file_there = client
            .register_file(AttachedFile::new("b.txt", "first"))
            .unwrap()
            .into_object();
        assert!(other.synchronize().unwrap().is_complete());

        let set = |client: &blocking::Client, object: &oaio_client::Object, text: &str| {
            let _ = client
                .update_object(&object.id, Update::merge(values(json!({"text": text}))))
                .unwrap();
        };
        set(&other, &objects[1], "there");
        set(&other, &objects[2], "older, there");
        let there = AttachedFile::new("b.txt", "there");
        other
            .update_file(&file_there.id, there)
            .unwrap()
            .synced()
            .unwrap();
        register(&other, "new-there");
        other.register_file(file("new there ")).unwrap().synced().unwrap();
        peer.go_offline();
        set(&client, &objects[0], "here");
        set(&client, &objects[2], "newer, here");
        set(&client, &objects[3], "older, here");
        set(&client, &objects[5], "edited");
        for name in ["new-here", "second-new-here", "third-new-here"] {
            register(&client, name);
        }
        let _ = client
            .update_file(&file_on_both.id, AttachedFile::new("c.txt", "here"))
            .unwrap();
        let _ = client.update_file(&with_file.id, file("changed ")).unwrap();
        let _ = client
            .register_file(AttachedFile::new("new.txt", "new here"))
            .unwrap();
        peer.go_online();
        let there = AttachedFile::new("c.txt", "there");
        other
            .update_file(&file_on_both.id, there)
            .unwrap()
            .synced()
            .unwrap();
        set(&other, &objects[3], "newer, there");
        other.unregister_object(&objects[4].id, false).unwrap();
        other.unregister_object(&objects[5].id, false).unwrap();
        let state = peer.state();
        Self { peer, state, folder }
    }

    /// Restores the server, and copies the prepared folder. Returns the copy.
    fn reset(&self, name: &str) -> PathBuf {
        self.peer.restore(&self.state);
        let root = self.folder.path().join(name);
        copy_folder(&self.folder.path().join("prepared"), &root);
        root
    }

    fn synchronize(&self, root: &Path, last: Option<usize>) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_synchronize-once"));
        command
            .arg(self.peer.host())
            .arg("alice")
            .arg(root)
            .arg(self.peer.storage());
        command.args(last.map(|step| step.to_string()));
        command.output().unwrap()
    }

    fn outcome(&self, root: &Path) -> Outcome {
        let mut files = BTreeMap::new();
        for folder in [
            "objz",
            "filez",
            ".oaio-client/copies",
            ".oaio-client/damaged",
            ".oaio-client/tmp",
            ".oaio-client/incoming",
        ] {
            contents(&root.join(folder), root, &mut files);
        }
        let mut state = self.peer.state();
        Outcome {
            server: state["objects"].take(),
            files,
        }
    }
}

#[test]
fn a_synchronization_that_was_killed_at_any_step_is_completed_by_the_next_one() {
    let scene = Scene::new();
    let undisturbed = scene.reset("undisturbed");
    let output = scene.synchronize(&undisturbed, None);
    let steps: usize = String::from_utf8_lossy(&output.stdout)
        .trim()
        .parse()
        .unwrap_or_else(|_| panic!("{output:?}"));
    let expected = scene.outcome(&undisturbed);
    assert!(expected.files.len() > 12, "{:?}", expected.files.keys());
    assert!(steps >= 200, "only {steps} steps");
    let mut killed = 0;
    for step in 1..=steps {
        let root = scene.reset("disturbed");
        let output = scene.synchronize(&root, Some(step));
        killed += usize::from(!output.status.success());
        let output = scene.synchronize(&root, None);
        assert!(output.status.success(), "after step {step}: {output:?}");
        assert_eq!(scene.outcome(&root), expected, "after step {step}");
        fs::remove_dir_all(&root).unwrap();
    }
    assert!(killed >= 200, "only {killed} kills");
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy_folder(&entry.path(), &target),
            false => _ = fs::copy(entry.path(), target).unwrap(),
        }
    }
}

fn contents(folder: &Path, root: &Path, files: &mut BTreeMap<PathBuf, String>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let entry = entry.unwrap();
        match entry.file_type().unwrap().is_dir() {
            true => contents(&entry.path(), root, files),
            false => {
                let path = entry.path().strip_prefix(root).unwrap().to_owned();
                let text = String::from_utf8_lossy(&fs::read(entry.path()).unwrap()).into_owned();
                files.insert(path, text);
            }
        }
    }
}
