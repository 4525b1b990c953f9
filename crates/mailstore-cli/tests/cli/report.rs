//! `mailstore report`, of histories that `mailstore snapshot` wrote, and of damaged ones.

use std::fs;
use std::path::Path;

use mailstore_sim::Edition;
use serde_json::Value;

use crate::snapshot::Scene;
use crate::support::{Ran, command, run};

fn report(history: &Path, arguments: &[&str]) -> Ran {
    let history = history.display().to_string();
    run(&mut command(&[&["report", &history], arguments].concat()))
}

#[test]
fn each_format_has_the_figures_of_the_history() {
    let scene = Scene::of(Edition::Spe);
    scene.snapshot(&[]);
    let page = report(&scene.history, &[]);
    assert_eq!((page.code, page.stderr.as_str()), (Some(0), ""), "{page:?}");
    assert!(page.stdout.starts_with("<!DOCTYPE html>"), "{page:?}");
    let rows = report(&scene.history, &["--format", "csv"]);
    assert_eq!(rows.stdout.lines().count(), 3, "{rows:?}");
    let json = report(&scene.history, &["--format", "json"]);
    let json: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(
        (&json["format"], &json["version"]),
        (&"mailstore-report".into(), &1.into())
    );
    assert_eq!(json["customers"][1]["latest"]["instance"], "demo");
    assert_eq!(json["customers"][1]["months"][0]["users"]["value"], 3);
    assert_eq!(json["totals"][0]["users"]["missing"], 0);
}

#[test]
fn a_stopped_instance_is_missing_in_the_totals() {
    let scene = Scene::of(Edition::Spe);
    scene.stop("acme");
    scene.snapshot(&[]);
    let json = report(&scene.history, &["--format", "json"]);
    assert_eq!(json.code, Some(0), "{json:?}");
    let json: Value = serde_json::from_str(&json.stdout).unwrap();
    for figure in ["users", "messages", "size", "failing_profiles"] {
        assert_eq!(json["totals"][0][figure]["missing"], 1, "{figure}");
    }
    let page = report(&scene.history, &[]);
    assert!(page.stdout.contains("1 of 2 not read"), "{page:?}");
}

#[test]
fn a_report_is_written_to_a_file_and_replaces_an_old_one() {
    let scene = Scene::of(Edition::Server);
    scene.snapshot(&[]);
    let out = scene.server.folder.path().join("report.html");
    fs::write(&out, "old").unwrap();
    let ran = report(&scene.history, &["--out", &out.display().to_string()]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), ""), "{ran:?}");
    assert!(fs::read_to_string(&out).unwrap().ends_with("</html>\n"));
}

#[test]
fn lines_that_are_no_snapshots_are_named_and_the_others_are_reported() {
    let scene = Scene::of(Edition::Server);
    scene.snapshot(&[]);
    let whole = fs::read_to_string(&scene.history).unwrap();
    let damaged = format!("{whole}{{}}\n{}", &whole[..40]);
    fs::write(&scene.history, &damaged).unwrap();
    let ran = report(&scene.history, &["--format", "csv"]);
    assert_eq!(ran.code, Some(11), "{ran:?}");
    assert_eq!(ran.stdout.lines().count(), 2, "{ran:?}");
    assert!(ran.stderr.contains("Line 2 of "), "{ran:?}");
    assert!(ran.stderr.contains("is left out: it is incomplete"), "{ran:?}");
    // A report changes nothing.
    assert_eq!(fs::read_to_string(&scene.history).unwrap(), damaged);
}

#[test]
fn a_history_without_snapshots_is_reported_as_such() {
    let scene = Scene::of(Edition::Server);
    fs::write(&scene.history, "").unwrap();
    let ran = report(&scene.history, &[]);
    assert_eq!(ran.code, Some(11), "{ran:?}");
    assert!(ran.stderr.ends_with("has no snapshot.\n"), "{ran:?}");
}

#[test]
fn a_missing_history_is_an_error_that_says_what_creates_it() {
    let scene = Scene::of(Edition::Server);
    let ran = report(&scene.history, &[]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    let stderr = ran.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        stderr.contains("does not exist; the first snapshot creates it"),
        "{ran:?}"
    );
}

#[test]
fn a_file_that_is_no_history_and_a_full_disk_are_errors() {
    let scene = Scene::of(Edition::Server);
    fs::write(&scene.history, "name,users\nacme,5\n").unwrap();
    let ran = report(&scene.history, &[]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""), "{ran:?}");
    assert!(ran.stderr.contains("is not a history of snapshots"), "{ran:?}");
    let ran = report(&scene.history, &["--format", "pdf"]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    if cfg!(target_os = "linux") {
        fs::remove_file(&scene.history).unwrap();
        scene.snapshot(&[]);
        let ran = report(&scene.history, &["--out", "/dev/full"]);
        assert_eq!(ran.code, Some(1), "{ran:?}");
        assert!(ran.stderr.contains("cannot write /dev/full"), "{ran:?}");
        assert!(!fs::metadata("/dev/full").unwrap().is_file());
    }
}

#[test]
fn a_file_with_contracts_is_in_the_report() {
    let scene = Scene::of(Edition::Spe);
    scene.snapshot(&[]);
    let contract = scene
        .server
        .write("contracts.toml", "version = 1\n[users]\ndemo = 2\n");
    let json = report(&scene.history, &["--format", "json", "--contract", &contract]);
    let json: Value = serde_json::from_str(&json.stdout).unwrap();
    let licence = &json["customers"][1]["months"][0]["licence"]["value"];
    assert_eq!((&licence["used"], &licence["allowed"]), (&3.into(), &2.into()));
}
