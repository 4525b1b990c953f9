//! Generated files and those on disk.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use mailstore_codegen::{Difference, Tree};
use tempfile::TempDir;

fn tree() -> Tree {
    [
        ("mod.rs", "mod users;\n"),
        ("types/mod.rs", "one\ntwo\nthree\n"),
        ("users.rs", "fn a() {}\n"),
    ]
    .into_iter()
    .map(|(path, text)| (path.to_owned(), text.to_owned()))
    .collect()
}

/// A folder with the tree in it, its files a day old.
fn written() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    tree().write(folder.path()).unwrap();
    for (path, _) in tree().files() {
        let file = fs::File::options()
            .write(true)
            .open(folder.path().join(path))
            .unwrap();
        file.set_modified(yesterday()).unwrap();
    }
    folder
}

fn yesterday() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000)
}

fn is_untouched(path: &Path) -> bool {
    fs::metadata(path).unwrap().modified().unwrap() == yesterday()
}

/// All differences, with paths below the folder.
fn differences(folder: &Path) -> Vec<String> {
    let below = |path: &Path| {
        path.strip_prefix(folder)
            .unwrap()
            .to_string_lossy()
            .replace('\\', "/")
    };
    let text = |difference: Difference| match difference {
        Difference::Missing { path } => format!("missing {}", below(&path)),
        Difference::Changed { path, .. } => format!("changed {}", below(&path)),
        Difference::Stale { path } => format!("stale {}", below(&path)),
    };
    tree().compare(folder).unwrap().into_iter().map(text).collect()
}

#[test]
fn a_folder_that_does_not_exist_lacks_everything_and_is_not_made_by_comparing() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("new");
    assert_eq!(
        differences(&folder),
        ["missing mod.rs", "missing types/mod.rs", "missing users.rs"]
    );
    assert!(!folder.exists());
    tree().write(&folder).unwrap();
    assert_eq!(differences(&folder), [""; 0]);
}

#[test]
fn every_kind_of_difference_is_found_and_nothing_is_written() {
    let folder = written();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("types/mod.rs"), "one\n2\nthree\n").unwrap();
    fs::remove_file(path("users.rs")).unwrap();
    fs::create_dir(path("old")).unwrap();
    fs::write(path("old/extra.rs"), "old\n").unwrap();
    let expected = ["changed types/mod.rs", "missing users.rs", "stale old/extra.rs"];
    assert_eq!(differences(folder.path()), expected);
    assert_eq!(
        differences(folder.path()),
        expected,
        "comparing changed something"
    );

    let found = tree().compare(folder.path()).unwrap();
    let Difference::Changed { diff, .. } = &found[0] else {
        panic!("{found:?}")
    };
    assert!(diff.starts_with("--- "), "{diff}");
    assert!(
        diff.contains("types/mod.rs (as it is)") || cfg!(windows),
        "{diff}"
    );
    assert!(
        diff.ends_with("@@ -1,3 +1,3 @@\n one\n-2\n+two\n three\n"),
        "{diff}"
    );
}

#[test]
fn writing_makes_the_folder_right_and_leaves_alone_what_is_right() {
    let folder = written();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("types/mod.rs"), "other\n").unwrap();
    fs::remove_file(path("users.rs")).unwrap();
    fs::create_dir_all(path("old/older")).unwrap();
    fs::write(path("old/older/extra.rs"), "old\n").unwrap();
    fs::write(path("types/extra.rs"), "old\n").unwrap();
    let written = tree().write(folder.path()).unwrap();
    assert_eq!(written.len(), 4);
    assert_eq!(differences(folder.path()), [""; 0]);
    assert_eq!(
        fs::read_to_string(path("types/mod.rs")).unwrap(),
        "one\ntwo\nthree\n"
    );
    assert!(is_untouched(&path("mod.rs")));
    assert!(!is_untouched(&path("types/mod.rs")));
    assert!(!path("old").exists(), "an empty folder is left");
    assert_eq!(tree().write(folder.path()).unwrap(), []);
}

#[test]
fn line_ends_of_a_checkout_do_not_count() {
    let folder = written();
    let path = folder.path().join("types/mod.rs");
    fs::write(&path, "one\r\ntwo\r\nthree\r\n").unwrap();
    fs::File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_modified(yesterday())
        .unwrap();
    assert_eq!(differences(folder.path()), [""; 0]);
    tree().write(folder.path()).unwrap();
    assert!(is_untouched(&path));
}

#[test]
fn a_file_that_is_no_text_is_replaced() {
    let folder = written();
    let path = folder.path().join("users.rs");
    fs::write(&path, b"\xff\xfe\x00").unwrap();
    assert_eq!(differences(folder.path()), ["changed users.rs"]);
    tree().write(folder.path()).unwrap();
    assert_eq!(fs::read_to_string(path).unwrap(), "fn a() {}\n");
}

#[test]
fn a_folder_in_the_place_of_a_file_is_an_error_that_names_it() {
    let folder = written();
    let path = folder.path().join("users.rs");
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    for result in [tree().compare(folder.path()), tree().write(folder.path())] {
        let error = result.unwrap_err().to_string();
        assert_eq!(
            error,
            format!(
                "{}: a folder stands where a file belongs; remove it",
                path.display()
            )
        );
    }
}

#[test]
fn a_file_in_the_place_of_a_folder_is_replaced() {
    let folder = written();
    fs::remove_dir_all(folder.path().join("types")).unwrap();
    fs::write(folder.path().join("types"), "old\n").unwrap();
    assert_eq!(
        differences(folder.path()),
        ["missing types/mod.rs", "stale types"]
    );
    tree().write(folder.path()).unwrap();
    assert_eq!(differences(folder.path()), [""; 0]);
}

/// Else "stale" files would be removed wherever the link points to.
#[cfg(unix)]
#[test]
fn links_are_refused_and_what_they_point_to_is_left_alone() {
    let elsewhere = tempfile::tempdir().unwrap();
    let precious = elsewhere.path().join("precious.rs");
    fs::write(&precious, "precious\n").unwrap();
    for (target, name) in [
        (elsewhere.path(), "old"),
        (&precious, "extra.rs"),
        (Path::new("/nowhere"), "dangling"),
    ] {
        let folder = written();
        let link = folder.path().join(name);
        std::os::unix::fs::symlink(target, &link).unwrap();
        for result in [tree().compare(folder.path()), tree().write(folder.path())] {
            let error = result.unwrap_err().to_string();
            assert!(error.starts_with(&link.display().to_string()), "{error}");
            assert!(error.contains("neither a file nor a folder"), "{error}");
        }
    }
    assert_eq!(fs::read_to_string(precious).unwrap(), "precious\n");
}
