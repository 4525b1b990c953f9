//! Tests of writing and reading a history, with damaged files.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::line::encode;
use super::{HistoryError, HistoryWriter, LeftOut, read};
use crate::snapshot::Snapshot;

fn snapshot(instance: &str) -> Snapshot {
    let now = "2026-11-28T06:00:00Z".parse().unwrap();
    Snapshot::not_read("https://a:8474", instance, "Name", now, "stopped")
}

fn line(instance: &str) -> Vec<u8> {
    encode(&snapshot(instance)).unwrap()
}

/// A folder with a history of this content.
fn history(content: &[u8]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.jsonl");
    fs::write(&path, content).unwrap();
    (folder, path)
}

fn instances(path: &Path) -> (Vec<String>, Vec<LeftOut>) {
    let mut found = Vec::new();
    let left_out = read(path, |snapshot| found.push(snapshot.instance)).unwrap();
    (found, left_out)
}

fn append(path: &Path, instance: &str) {
    HistoryWriter::open(path)
        .unwrap()
        .append(&[snapshot(instance)])
        .unwrap();
}

#[test]
fn snapshots_are_added_to_a_new_file_and_to_an_old_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.jsonl");
    for instance in ["a", "b"] {
        append(&path, instance);
    }
    assert_eq!(fs::read(&path).unwrap(), [line("a"), line("b")].concat());
    assert_eq!(instances(&path), (vec!["a".to_owned(), "b".to_owned()], vec![]));
    assert_eq!(folder.path().read_dir().unwrap().count(), 1);
}

#[test]
fn a_second_writer_is_refused_until_the_first_one_is_dropped() {
    let (_folder, path) = history(b"");
    let first = HistoryWriter::open(&path).unwrap();
    let error = HistoryWriter::open(&path).unwrap_err();
    assert!(matches!(error, HistoryError::Locked { .. }), "{error:?}");
    drop(first);
    append(&path, "a");
}

#[test]
fn a_line_that_was_cut_anywhere_is_set_aside_and_no_other_line_is_lost() {
    let last = line("b");
    // Each of them takes milliseconds, because the files are synchronized with the disk.
    for cut in (1..60).step_by(3).chain((60..last.len() - 1).step_by(29)) {
        for before in [line("a"), vec![]] {
            let (_folder, path) = history(&[&before, &last[..cut]].concat());
            let mut writer = HistoryWriter::open(&path).unwrap();
            let set_aside = writer.set_aside().unwrap().clone();
            assert_eq!(set_aside.bytes, cut);
            assert_eq!(
                fs::read(&set_aside.path).unwrap(),
                [&last[..cut], b"\n"].concat(),
                "{cut}"
            );
            writer.append(&[snapshot("c")]).unwrap();
            assert_eq!(fs::read(&path).unwrap(), [before, line("c")].concat(), "{cut}");
        }
    }
}

#[test]
fn a_whole_last_line_without_its_end_is_kept() {
    let mut content = line("a");
    content.pop();
    let (folder, path) = history(&content);
    append(&path, "b");
    assert_eq!(fs::read(&path).unwrap(), [line("a"), line("b")].concat());
    assert_eq!(folder.path().read_dir().unwrap().count(), 1);
}

#[test]
fn a_file_of_another_format_is_refused_and_is_unchanged() {
    let key = b"-----BEGIN OPENSSH PRIVATE KEY-----";
    let contents: [&[u8]; 5] = [
        b"{\"format\":\"other\",\"version\":1}\n",
        b"name,users\nacme,5\n",
        key,
        b"[]\n",
        b"{\"format\":\"mailstore-snapshot\",\"version\":1,\"day\":5}\n",
    ];
    for content in contents {
        let (folder, path) = history(content);
        let error = HistoryWriter::open(&path).unwrap_err();
        assert!(matches!(error, HistoryError::OtherFormat { .. }), "{error:?}");
        let error = read(&path, |_| {}).unwrap_err();
        assert!(matches!(error, HistoryError::OtherFormat { .. }), "{error:?}");
        assert_eq!(fs::read(&path).unwrap(), content);
        assert_eq!(folder.path().read_dir().unwrap().count(), 1);
    }
}

#[test]
fn a_line_of_a_newer_version_is_refused_with_its_place() {
    let newer = String::from_utf8(line("b")).unwrap();
    let newer = newer.replace("\"version\":1", "\"version\":2");
    let (_folder, path) = history(&[&line("a"), newer.as_bytes()].concat());
    let error = read(&path, |_| {}).unwrap_err();
    let text = format!(
        "line 2 of {} has version 2, and this program reads version 1",
        path.display()
    );
    assert_eq!(error.to_string(), text);
    let (_folder, path) = history(newer.as_bytes());
    let error = HistoryWriter::open(&path).unwrap_err();
    assert!(matches!(
        error,
        HistoryError::Newer {
            line: 1,
            version: 2,
            ..
        }
    ));
}

#[test]
fn lines_that_are_no_snapshots_are_left_out_with_their_numbers() {
    let b = line("b");
    let (_folder, path) = history(&[&line("a"), &b"\n{}\n"[..], &b, &b[..30]].concat());
    let (found, left_out) = instances(&path);
    assert_eq!(found, ["a", "b"]);
    let lines: Vec<u64> = left_out.iter().map(|left_out| left_out.line).collect();
    assert_eq!(lines, [3, 5]);
    assert_eq!(left_out[1].reason, "it is incomplete");
}

#[test]
fn zeros_after_a_power_failure_are_set_aside() {
    for before in [line("a"), vec![]] {
        let (_folder, path) = history(&[&before[..], &[0; 200_000]].concat());
        append(&path, "c");
        assert_eq!(fs::read(&path).unwrap(), [before, line("c")].concat());
    }
}

#[test]
fn members_of_a_later_program_with_the_same_version_are_ignored() {
    let text = String::from_utf8(line("a")).unwrap();
    let (_folder, path) = history(text.replace("\"day\"", "\"colour\":\"blue\",\"day\"").as_bytes());
    assert_eq!(instances(&path), (vec!["a".to_owned()], vec![]));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let mut writer = HistoryWriter::open(Path::new("/dev/full")).unwrap();
    let error = writer.append(&[snapshot("a")]).unwrap_err();
    assert!(matches!(error, HistoryError::Write { .. }), "{error:?}");
    assert!(Path::new("/dev/full").exists());
}
