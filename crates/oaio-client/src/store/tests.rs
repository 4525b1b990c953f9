//! Tests of the folder of a client.

use super::*;
use crate::access::AccessRight;
use crate::values::Values;

fn object(name: &str) -> Object {
    Object {
        id: name.parse().unwrap(),
        client_stamp: Stamp::OLDEST,
        server_stamp: None,
        values: r#"{"a": [1, 2.50, null, true, "it's"]}"#.parse().unwrap(),
        server_values: Values::new(),
        storage_host: Some("Digi".to_owned()),
        user_name: "alice".to_owned(),
        device_id: "dev1".to_owned(),
        app_id: "demo".to_owned(),
        access_right: AccessRight::Create,
    }
}

#[test]
fn objects_are_saved_and_loaded() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), false).unwrap();
    for name in ["one", "two"] {
        store.save(&object(name)).unwrap();
    }
    let loaded = store.load().unwrap();
    assert_eq!(
        loaded.objects.into_values().collect::<Vec<_>>(),
        [object("one"), object("two")]
    );
    let id = object("one").id;
    store.remove(&id).unwrap();
    store.remove(&id).unwrap();
    assert!(store.object(&id).unwrap().is_none());
    assert_eq!(store.load().unwrap().objects.len(), 1);
}

#[test]
fn only_one_client_opens_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), false).unwrap();
    let error = Store::open(folder.path(), false).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Locked { .. }), "{error:?}");
    drop(store);
    Store::open(folder.path(), false).unwrap();
}

#[test]
fn the_python_client_finds_only_its_own_files() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), false).unwrap();
    store.save(&object("one")).unwrap();
    let state = LocalState {
        sent: Some(Stamp::OLDEST),
        ..LocalState::default()
    };
    store.save_local_state(&object("one").id, &state).unwrap();
    let names = |path: &Path| {
        let entries = fs::read_dir(path)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = entries.collect();
        names.sort();
        names
    };
    assert_eq!(
        names(folder.path()),
        [".oaio-client", "filez", "last_sync_stamp.txt", "objz"]
    );
    assert_eq!(names(&folder.path().join("objz")), ["one"]);
    let stamp = fs::read_to_string(folder.path().join("last_sync_stamp.txt")).unwrap();
    assert_eq!(stamp, "20221231111111012345");
}

#[test]
fn damaged_records_are_set_aside_and_reported() {
    let folder = tempfile::tempdir().unwrap();
    let objects = folder.path().join("objz");
    let store = Store::open(folder.path(), false).unwrap();
    store.save(&object("good")).unwrap();
    store.save(&object("moved")).unwrap();
    fs::rename(objects.join("moved"), objects.join("renamed")).unwrap();
    let damaged: [(&str, &[u8]); 4] = [
        ("cut", b"{'oaio_id': 'cu"),
        ("empty", b""),
        ("bytes", b"\xff\xfe"),
        ("list", b"[]"),
    ];
    for (name, content) in damaged {
        fs::write(objects.join(name), content).unwrap();
    }
    fs::create_dir(objects.join("folder")).unwrap();
    let loaded = store.load().unwrap();
    assert_eq!(loaded.objects.len(), 1);
    let mut names: Vec<&str> = loaded
        .damaged
        .iter()
        .map(|damaged| damaged.name.as_str())
        .collect();
    names.sort();
    assert_eq!(names, ["bytes", "cut", "empty", "folder", "list"]);
    assert_eq!(loaded.unsupported[0].name, "renamed");
    assert!(objects.join("renamed").exists());
    for (name, content) in damaged {
        let kept = loaded
            .damaged
            .iter()
            .find(|damaged| damaged.name == name)
            .unwrap();
        assert_eq!(fs::read(kept.kept_as.as_ref().unwrap()).unwrap(), content);
    }
    assert!(store.load().unwrap().damaged.is_empty());
    fs::write(objects.join("cut"), "again").unwrap();
    let again = store.load().unwrap().damaged.remove(0).kept_as.unwrap();
    assert!(again.ends_with("cut.2"), "{again:?}");
}

#[test]
fn a_read_only_client_leaves_damaged_records_in_place() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), true).unwrap();
    fs::write(folder.path().join("objz/cut"), "{").unwrap();
    assert!(store.load().unwrap().damaged[0].kept_as.is_none());
    assert!(folder.path().join("objz/cut").exists());
}

#[test]
fn a_damaged_record_with_the_longest_name_is_set_aside_each_time() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), false).unwrap();
    let name = "⁄".repeat(85);
    let mut kept = Vec::new();
    for content in ["first", "second", "third"] {
        fs::write(folder.path().join("objz").join(&name), content).unwrap();
        let place = store.load().unwrap().damaged.remove(0).kept_as.unwrap();
        kept.push((place, content));
    }
    for (place, content) in kept {
        assert_eq!(fs::read_to_string(place).unwrap(), content);
    }
}

/// Only Linux has file names that are not UTF-8 on every file system.
#[cfg(target_os = "linux")]
#[test]
fn a_damaged_record_whose_name_is_not_text_is_set_aside() {
    use std::os::unix::ffi::OsStringExt;

    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), false).unwrap();
    let name = std::ffi::OsString::from_vec(vec![0xff; 255]);
    fs::write(folder.path().join("objz").join(name), "cut").unwrap();
    let kept = store.load().unwrap().damaged.remove(0).kept_as.unwrap();
    assert_eq!(fs::read_to_string(kept).unwrap(), "cut");
}

#[test]
fn a_damaged_record_that_cannot_be_moved_does_not_stop_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), false).unwrap();
    store.save(&object("good")).unwrap();
    fs::write(folder.path().join(".oaio-client/damaged"), "not a folder").unwrap();
    fs::write(folder.path().join("objz/cut"), "{").unwrap();
    let loaded = store.load().unwrap();
    assert_eq!(loaded.objects.len(), 1);
    let damaged = &loaded.damaged[0];
    assert!(damaged.kept_as.is_none());
    assert!(
        damaged.problem.contains("cannot create the folder"),
        "{damaged:?}"
    );
    assert!(folder.path().join("objz/cut").exists());
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_is_not_a_record() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), false).unwrap();
    store.save(&object("one")).unwrap();
    let elsewhere = folder.path().join("elsewhere");
    fs::rename(folder.path().join("objz/one"), &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, folder.path().join("objz/one")).unwrap();
    assert!(store.object(&object("one").id).is_err());
    assert_eq!(store.load().unwrap().damaged.len(), 1);
    assert!(elsewhere.exists());
}

#[test]
fn the_old_record_stays_if_a_write_fails() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), false).unwrap();
    store.save(&object("one")).unwrap();
    let temporary = folder.path().join(".oaio-client/tmp");
    fs::remove_dir(&temporary).unwrap();
    let mut changed = object("one");
    changed.values = Values::new();
    let error = store.save(&changed).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::File { .. }), "{error:?}");
    assert_eq!(store.object(&changed.id).unwrap(), Some(object("one")));
}

#[test]
fn values_that_python_cannot_hold_are_rejected() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), false).unwrap();
    let deep = format!("{}1{}", "[".repeat(250), "]".repeat(250));
    let long = "7".repeat(5000);
    for value in ["1e400", "[-1e999]", &deep, &long] {
        let mut object = object("one");
        object.values = format!("{{\"a\": {value}}}").parse().unwrap();
        let error = store.save(&object).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::InvalidInput(_)), "{error:?}");
    }
    assert!(store.load().unwrap().objects.is_empty());
}

#[test]
fn an_object_is_removed_with_its_files_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), false).unwrap();
    let id = object("one").id;
    store.save(&object("one")).unwrap();
    let files = folder.path().join("filez");
    fs::remove_dir(&files).unwrap();
    fs::write(&files, "not a folder").unwrap();
    let paths = ["sub/a.txt".to_owned()];
    store.remove_with_files(&id, &paths).unwrap_err();
    assert!(store.object(&id).unwrap().is_some());
    fs::remove_file(&files).unwrap();
    fs::create_dir_all(files.join("one/sub")).unwrap();
    fs::write(files.join("one/sub/a.txt"), "a").unwrap();
    store.incoming(&id, Stamp::OLDEST).unwrap().create(0).unwrap();
    store.remove_with_files(&id, &paths).unwrap();
    assert!(store.object(&id).unwrap().is_none());
    assert!(!files.join("one").exists());
    assert!(!folder.path().join(".oaio-client/incoming/one").exists());
}

#[cfg(unix)]
#[test]
fn files_behind_a_symbolic_link_are_not_removed() {
    let folder = tempfile::tempdir().unwrap();
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("mine"), "mine").unwrap();
    let store = Store::open(folder.path(), false).unwrap();
    store.save(&object("one")).unwrap();
    let link = folder.path().join("filez/one");
    std::os::unix::fs::symlink(outside.path(), &link).unwrap();
    store
        .remove_with_files(&object("one").id, &["mine".to_owned()])
        .unwrap();
    assert!(fs::symlink_metadata(&link).is_err());
    assert!(outside.path().join("mine").exists());
}

#[cfg(unix)]
#[test]
fn a_folder_that_json_cannot_hold_is_rejected() {
    use std::os::unix::ffi::OsStringExt;

    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), false).unwrap();
    let state = LocalState {
        folder: Some(std::ffi::OsString::from_vec(b"/\xff".to_vec()).into()),
        ..LocalState::default()
    };
    let error = store
        .save_local_state(&object("one").id, &state)
        .unwrap_err()
        .to_string();
    assert!(error.contains("not UTF-8"), "{error}");
}

#[test]
fn temporary_files_of_an_earlier_process_are_removed() {
    let folder = tempfile::tempdir().unwrap();
    drop(Store::open(folder.path(), false).unwrap());
    let left = folder.path().join(".oaio-client/tmp/left");
    fs::write(&left, "half").unwrap();
    Store::open(folder.path(), false).unwrap();
    assert!(!left.exists());
}

#[test]
fn a_lock_that_cannot_be_made_is_an_error_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join(".oaio-client/lock")).unwrap();
    let error = Store::open(folder.path(), false).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::File { .. }), "{error:?}");
}

#[test]
fn copies_are_kept_listed_and_removed() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), false).unwrap();
    assert!(store.copies().unwrap().is_empty());
    let place = store.keep_copy(&object("one")).unwrap();
    assert_eq!(store.keep_copy(&object("one")).unwrap(), place);
    let copies = store.copies().unwrap();
    assert_eq!(copies.len(), 1);
    assert_eq!((&copies[0].object, &copies[0].folder), (&object("one"), &place));
    store.remove_copy(&object("one").id, Stamp::OLDEST).unwrap();
    assert!(store.copies().unwrap().is_empty());
}

#[test]
fn a_download_of_another_version_has_its_own_folder() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), false).unwrap();
    let id = object("one").id;
    let first = store.incoming(&id, Stamp::OLDEST).unwrap();
    first.create(0).unwrap();
    first.complete(0).unwrap();
    assert!(store.incoming(&id, Stamp::OLDEST).unwrap().is_complete(0));
    let next = store.incoming(&id, Stamp::OLDEST.next()).unwrap();
    assert!(!next.is_complete(0));
    assert!(!first.is_complete(0));
}

#[test]
fn a_damaged_sync_stamp_is_an_error_and_a_missing_one_is_the_oldest() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), false).unwrap();
    assert_eq!(store.last_sync_stamp().unwrap(), Stamp::OLDEST);
    fs::write(folder.path().join(LAST_SYNC), "20261122010447953010\n").unwrap();
    assert_eq!(store.last_sync_stamp().unwrap().as_str(), "20261122010447953010");
    fs::write(folder.path().join(LAST_SYNC), "yesterday").unwrap();
    let error = store.last_sync_stamp().unwrap_err().to_string();
    assert!(error.contains("last_sync_stamp.txt"), "{error}");
    fs::remove_file(folder.path().join(LAST_SYNC)).unwrap();
    assert_eq!(store.last_sync_stamp().unwrap(), Stamp::OLDEST);
}
