//! Tests of the folders of attached files.

use std::fs;

use super::*;
use crate::access::AccessRight;
use crate::stamp::Stamp;
use crate::values::Values;

fn object(root_path: Option<&str>) -> Object {
    let mut values = Values::new();
    if let Some(root) = root_path {
        values.set(Values::ROOT_PATH, root);
    }
    Object {
        id: "demo⫻alice﹫dev1⁄20261122010447953010".parse().unwrap(),
        client_stamp: Stamp::OLDEST,
        server_stamp: None,
        values,
        server_values: Values::new(),
        storage_host: None,
        user_name: String::new(),
        device_id: String::new(),
        app_id: String::new(),
        access_right: AccessRight::Create,
    }
}

#[test]
fn the_folder_of_an_object_is_allowed_or_in_filez() {
    let allowed = vec![
        ("{usr}".to_owned(), PathBuf::from("/mine")),
        ("/home/x/".to_owned(), PathBuf::from("/photos")),
    ];
    let folders = Folders::new(PathBuf::from("/root"), allowed);
    let filez = "/root/filez/demo⫻alice﹫dev1⁄20261122010447953010";
    for (root, expected) in [
        (None, filez),
        (Some(""), filez),
        (Some("{usr}"), "/mine"),
        (Some("{usr}/a/b/"), "/mine/a/b"),
        (Some("{usr}x/a"), filez),
        (Some("/home/x/2026"), "/photos/2026"),
        (Some("/home/xy"), filez),
        (Some("/etc"), filez),
        (Some("../.."), filez),
    ] {
        let found = folders.folder_of(&object(root), &LocalState::default()).unwrap();
        assert_eq!(found, Path::new(expected), "{root:?}");
    }
    for root in ["{usr}/../x", "/home/x/../../etc", "{usr}//etc"] {
        assert!(
            folders
                .folder_of(&object(Some(root)), &LocalState::default())
                .is_err(),
            "{root}"
        );
    }
    let state = LocalState {
        folder: Some(PathBuf::from("/here")),
        ..LocalState::default()
    };
    assert_eq!(
        folders.folder_of(&object(Some("{usr}")), &state).unwrap(),
        Path::new("/here")
    );
    assert_eq!(folders.resolve("/anywhere").unwrap(), Path::new("/anywhere"));
    assert!(folders.resolve("relative").is_err());
}

#[test]
fn paths_that_leave_the_folder_are_rejected() {
    let long = "a".repeat(256);
    for path in [
        "",
        "/",
        "/etc/passwd",
        "..",
        "a/../b",
        "a/.",
        "a//b",
        "a/",
        "a\\b",
        "C:x",
        "a\0",
        "a\nb",
        &long,
    ] {
        assert!(check_relative(path).is_err(), "{path:?}");
    }
    for path in ["a", ".hidden", "a/b c/ü.txt", "a...b"] {
        check_relative(path).unwrap();
    }
    assert_eq!(check_relative("at 12:30.txt").is_ok(), !cfg!(windows));
}

#[test]
fn files_are_written_read_listed_and_removed() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("new");
    write(&root, "a/b.txt", b"one").unwrap();
    write(&root, "a/b.txt", b"three").unwrap();
    write(&root, ".hidden", b"h").unwrap();
    write(&root, ".folder/c", b"c").unwrap();
    assert_eq!(list(&root).unwrap(), [".hidden", "a/b.txt"]);
    let (_, length) = open_for_reading(&root, "a/b.txt").unwrap();
    assert_eq!(length, 5);
    copy(&root, "a/b.txt", &folder.path().join("copy")).unwrap();
    assert_eq!(fs::read(folder.path().join("copy/a/b.txt")).unwrap(), b"three");
    remove(&root, "a/b.txt").unwrap();
    remove(&root, "a/b.txt").unwrap();
    assert!(!exists(&root, "a/b.txt").unwrap());
    let error = open_for_reading(&root, "a/b.txt").unwrap_err().to_string();
    assert!(error.contains("b.txt: cannot read the file"), "{error}");
    assert!(open_for_reading(&root, "a").is_err());
}

#[test]
fn files_of_an_interrupted_write_are_neither_listed_nor_kept() {
    let folder = tempfile::tempdir().unwrap();
    let left = folder.path().join(".oaio-client-part");
    fs::create_dir(&left).unwrap();
    fs::write(left.join("0123456789abcdef"), "half").unwrap();
    assert!(list(folder.path()).unwrap().is_empty());
    write(folder.path(), "a", b"whole").unwrap();
    assert!(!left.exists());
}

#[test]
fn a_file_cannot_have_the_name_of_the_folder_for_temporary_files() {
    let folder = tempfile::tempdir().unwrap();
    let whole = folder.path().join("0");
    fs::write(&whole, "content").unwrap();
    let target = folder.path().join("target");
    for path in [".oaio-client-part", "a/.oaio-client-part", ".OAIO-client-part/a"] {
        let error = move_in(&whole, &target, path).unwrap_err().to_string();
        assert!(error.contains("temporary files"), "{path}: {error}");
        assert!(write(&target, path, b"x").is_err(), "{path}");
    }
    write(&target, "a", b"x").unwrap();
    assert_eq!(list(&target).unwrap(), ["a"]);
}

#[test]
fn files_of_one_folder_can_be_written_at_the_same_time() {
    let folder = tempfile::tempdir().unwrap();
    let contents: Vec<Vec<u8>> = (0..8_u8).map(|byte| vec![byte; 100_000]).collect();
    std::thread::scope(|scope| {
        for (index, content) in contents.iter().enumerate() {
            let folder = folder.path();
            scope.spawn(move || write(folder, &format!("{index}"), content).unwrap());
        }
    });
    for (index, content) in contents.iter().enumerate() {
        let found = fs::read(folder.path().join(index.to_string())).unwrap();
        assert!(found == *content, "file {index}");
    }
}

#[test]
fn the_old_file_stays_if_a_write_fails() {
    struct Broken;
    impl io::Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
    }
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a", b"old").unwrap();
    let error = put(folder.path(), "a", &mut Broken).unwrap_err().to_string();
    assert!(error.contains("a: cannot write the file"), "{error}");
    assert_eq!(fs::read(folder.path().join("a")).unwrap(), b"old");
    assert_eq!(list(folder.path()).unwrap(), ["a"]);
}

#[test]
fn a_file_below_a_file_does_not_exist() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a", b"file").unwrap();
    assert!(!exists(folder.path(), "a/b").unwrap());
    assert!(!exists(&folder.path().join("missing"), "a").unwrap());
    remove(folder.path(), "a/b").unwrap();
    assert!(write(folder.path(), "a/b", b"x").is_err());
}

/// `/dev/shm` is usually another file system than the folder for temporary files.
#[cfg(target_os = "linux")]
#[test]
fn a_complete_file_is_moved_to_another_file_system() {
    let from = tempfile::tempdir().unwrap();
    let whole = from.path().join("0");
    fs::write(&whole, "content").unwrap();
    let folder = tempfile::tempdir_in("/dev/shm").unwrap();
    move_in(&whole, folder.path(), "a/b").unwrap();
    assert_eq!(fs::read(folder.path().join("a/b")).unwrap(), b"content");
    assert!(!whole.exists());
}

#[cfg(unix)]
#[test]
fn a_pipe_is_not_opened() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    let (sender, receiver) = std::sync::mpsc::channel();
    let place = folder.path().to_owned();
    // The thread would wait for ever if it opened the pipe.
    std::thread::spawn(move || sender.send(open_for_reading(&place, "pipe").is_err()));
    assert!(receiver.recv_timeout(std::time::Duration::from_secs(30)).unwrap());
    assert!(list(folder.path()).unwrap().is_empty());
}

#[cfg(unix)]
#[test]
fn symbolic_links_do_not_lead_out_of_the_folder() {
    use std::os::unix::fs::symlink;

    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret"), "secret").unwrap();
    let folder = tempfile::tempdir().unwrap();
    symlink(outside.path(), folder.path().join("link")).unwrap();
    symlink(outside.path().join("secret"), folder.path().join("file")).unwrap();
    assert!(open_for_reading(folder.path(), "link/secret").is_err());
    assert!(open_for_reading(folder.path(), "file").is_err());
    assert!(!exists(folder.path(), "link/secret").unwrap());
    assert!(write(folder.path(), "link/new", b"x").is_err());
    assert!(remove(folder.path(), "link/secret").is_err());
    assert!(list(folder.path()).unwrap().is_empty());
    // A write replaces the link and not the file behind it.
    write(folder.path(), "file", b"mine").unwrap();
    assert_eq!(
        fs::read_to_string(outside.path().join("secret")).unwrap(),
        "secret"
    );
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1);
}

proptest::proptest! {
    #[test]
    fn a_path_is_rejected_or_stays_in_the_folder(path in "[a-c./\\\\:~ -]{0,12}|\\PC{0,8}") {
        if check_relative(&path).is_ok() {
            let joined = Path::new("/root").join(&path);
            proptest::prop_assert!(joined.starts_with("/root"));
            let names = joined.components().all(|part| !matches!(part, std::path::Component::ParentDir));
            proptest::prop_assert!(names);
        }
    }
}
