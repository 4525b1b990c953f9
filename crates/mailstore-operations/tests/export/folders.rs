//! How exports are written into folders.

use std::fs;

use mailstore_api::server::Privilege;
use mailstore_api::spe::InstanceFilter;
use mailstore_operations::{Export, ExportError};
use mailstore_sim::{Edition, Fault, Phase, Simulator};

use crate::support::{builder, client, document, export, export_at, files, names, not_read, server};

const LATER: &str = "2026-06-01T00:00:00Z";

fn break_once(simulator: &Simulator, function: &str) {
    let fault = Fault::status(403).on(Phase::Start).of(function).times(1);
    simulator.inject(fault).unwrap();
}

#[tokio::test]
async fn an_export_is_replaced_without_stale_files_and_foreign_files_stay() {
    let simulator = server();
    let folder = tempfile::tempdir().unwrap();
    let first = export(&simulator).await.write(folder.path(), false).unwrap();
    assert_eq!(
        (first.changed, first.kept, first.removed),
        (first.documents, 0, 0)
    );
    for path in [".git/config", "README.md", "server/notes.json"] {
        fs::create_dir_all(folder.path().join(path).parent().unwrap()).unwrap();
        fs::write(folder.path().join(path), "mine").unwrap();
    }
    let client = client(&simulator);
    client.delete_user("john.doe").await.unwrap();
    client.create_user("mia.wolf", [Privilege::Login]).await.unwrap();
    let second = export_at(&simulator, LATER)
        .await
        .write(folder.path(), false)
        .unwrap();
    assert_eq!((second.changed, second.removed), (1, 1));
    let names = names(folder.path());
    assert!(
        names.contains(&"server/users/mia.wolf.json".to_owned()),
        "{names:?}"
    );
    assert!(
        !names.contains(&"server/users/john.doe.json".to_owned()),
        "{names:?}"
    );
    for path in [".git/config", "README.md", "server/notes.json"] {
        assert_eq!(fs::read_to_string(folder.path().join(path)).unwrap(), "mine");
    }
    assert!(!folder.path().join(".mailstore-export").exists());
}

#[tokio::test]
async fn files_of_deleted_instances_and_their_empty_folders_are_removed() {
    let simulator = builder(Edition::Spe).start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    export(&simulator).await.write(folder.path(), false).unwrap();
    assert!(folder.path().join("instances/acme/users").exists());
    crate::support::provider(&simulator)
        .delete_instances(InstanceFilter::One("acme".into()))
        .await
        .unwrap();
    export(&simulator).await.write(folder.path(), false).unwrap();
    assert!(!folder.path().join("instances/acme").exists());
    assert!(folder.path().join("instances/demo/users").exists());
}

#[tokio::test]
async fn what_could_not_be_read_keeps_its_files_with_their_time() {
    let simulator = server();
    let folder = tempfile::tempdir().unwrap();
    export(&simulator).await.write(folder.path(), false).unwrap();
    let before = files(folder.path());
    for time in [LATER, "2026-07-01T00:00:00Z"] {
        break_once(&simulator, "GetJobs");
        break_once(&simulator, "GetUsers");
        let mut export = export_at(&simulator, time).await;
        let written = export.write(folder.path(), false).unwrap();
        assert_eq!((written.changed, written.kept, written.removed), (0, 5, 0));
        for missing in export.manifest().not_read() {
            assert_eq!(missing.kept_from(), Some("2026-05-02T07:41:02Z"), "{missing:?}");
        }
    }
    let after = files(folder.path());
    let documents = |files: &[(String, String)]| files[1..].to_vec();
    assert_eq!(after[0].0, "manifest.json");
    assert_eq!(documents(&before), documents(&after));

    let opened = Export::open(folder.path()).unwrap();
    assert_eq!(not_read(&opened).len(), 2);
    assert!(
        !opened.documents().any(|(path, _)| path.contains("/users/")),
        "old files are not current"
    );

    export_at(&simulator, LATER)
        .await
        .write(folder.path(), false)
        .unwrap();
    assert!(not_read(&Export::open(folder.path()).unwrap()).is_empty());
}

#[tokio::test]
async fn a_folder_that_is_not_an_export_is_refused_and_untouched() {
    let mut export = export(&server()).await;
    for (name, text) in [
        ("notes.txt", "mine"),
        (
            "manifest.json",
            "{\"format\": \"something-else\", \"format_version\": 1}",
        ),
        ("manifest.json", "not JSON"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(name), text).unwrap();
        let error = export.write(folder.path(), true).unwrap_err();
        assert!(matches!(error, ExportError::NotAnExport(_)), "{error:?}");
        assert_eq!(files(folder.path()), [(name.to_owned(), text.to_owned())]);
        assert!(matches!(
            Export::open(folder.path()),
            Err(ExportError::NoManifest(_))
        ));
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "mine").unwrap();
    assert!(matches!(export.write(&file, true), Err(ExportError::File { .. })));
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
}

#[tokio::test]
async fn exports_of_other_servers_and_newer_programs_and_damaged_ones_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    export(&server()).await.write(folder.path(), false).unwrap();
    let manifest = folder.path().join("manifest.json");
    let good = fs::read_to_string(&manifest).unwrap();
    let before = files(folder.path());

    let mut other = export(&server()).await;
    let error = other.write(folder.path(), false).unwrap_err();
    assert!(matches!(error, ExportError::OtherServer { .. }), "{error:?}");
    assert_eq!(files(folder.path()), before);
    other.write(folder.path(), true).unwrap();

    fs::write(
        &manifest,
        good.replace("\"format_version\": 1", "\"format_version\": 2"),
    )
    .unwrap();
    let error = other.write(folder.path(), true).unwrap_err();
    assert!(
        matches!(error, ExportError::Newer { version: 2, .. }),
        "{error:?}"
    );
    assert!(matches!(
        Export::open(folder.path()),
        Err(ExportError::Newer { .. })
    ));

    fs::write(&manifest, good.replace("server/jobs.json", "../../jobs.json")).unwrap();
    for error in [
        other.write(folder.path(), true).unwrap_err(),
        Export::open(folder.path()).unwrap_err(),
    ] {
        assert!(matches!(error, ExportError::Damaged { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn files_that_are_missing_or_damaged_are_named() {
    let folder = tempfile::tempdir().unwrap();
    export(&server()).await.write(folder.path(), false).unwrap();
    let jobs = folder.path().join("server/jobs.json");
    fs::write(&jobs, "[{").unwrap();
    let error = Export::open(folder.path()).unwrap_err();
    assert!(matches!(&error, ExportError::Damaged { .. }), "{error:?}");
    assert!(error.to_string().contains("jobs.json"), "{error}");
    fs::remove_file(&jobs).unwrap();
    let error = Export::open(folder.path()).unwrap_err();
    assert!(
        matches!(&error, ExportError::File { action: "read", .. }),
        "{error:?}"
    );
}

#[tokio::test]
async fn an_interrupted_export_is_refused_and_completed_by_the_next_one() {
    let simulator = server();
    let folder = tempfile::tempdir().unwrap();
    let mut first = export(&simulator).await;
    // A folder in the place of a file stops the export while it replaces files.
    let obstacle = folder.path().join("server/profiles.json/x");
    first.write(folder.path(), false).unwrap();
    fs::remove_file(obstacle.parent().unwrap()).unwrap();
    fs::create_dir_all(&obstacle).unwrap();
    client(&simulator).delete_user("john.doe").await.unwrap();
    let error = export(&simulator).await.write(folder.path(), false).unwrap_err();
    assert!(matches!(error, ExportError::File { .. }), "{error:?}");
    assert!(matches!(
        Export::open(folder.path()),
        Err(ExportError::Incomplete(_))
    ));

    fs::remove_dir_all(obstacle.parent().unwrap()).unwrap();
    // A process that is killed leaves its unfinished files.
    fs::create_dir_all(folder.path().join(".mailstore-export")).unwrap();
    fs::write(folder.path().join(".mailstore-export/0"), "half").unwrap();
    let mut last = export(&simulator).await;
    last.write(folder.path(), false).unwrap();
    let opened = Export::open(folder.path()).unwrap();
    assert_eq!(
        opened.documents().collect::<Vec<_>>(),
        last.documents().collect::<Vec<_>>()
    );
    let names = names(folder.path());
    assert_eq!(names.len(), last.documents().count() + 1, "{names:?}");
}

#[tokio::test]
async fn a_second_export_at_the_same_time_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut export = export(&server()).await;
    export.write(folder.path(), false).unwrap();
    let before = files(folder.path());
    let staging = folder.path().join(".mailstore-export");
    fs::create_dir(&staging).unwrap();
    let lock = fs::File::create(staging.join("lock")).unwrap();
    fs4::FileExt::lock(&lock).unwrap();
    let error = export.write(folder.path(), false).unwrap_err();
    assert!(matches!(error, ExportError::Busy(_)), "{error:?}");
    drop(lock);
    fs::remove_dir_all(&staging).unwrap();
    assert_eq!(files(folder.path()), before);
}

#[tokio::test]
async fn an_export_is_read_as_it_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let mut written = export(&server()).await;
    written.write(folder.path(), false).unwrap();
    // Git may change the ends of lines, and a person the order.
    let jobs = folder.path().join("server/jobs.json");
    let text = fs::read_to_string(&jobs).unwrap().replace('\n', "\r\n");
    fs::write(&jobs, text).unwrap();
    let profile = folder.path().join("server/smtp.json");
    let text = fs::read_to_string(&profile).unwrap();
    fs::write(
        &profile,
        text.replacen("{\n    \"secret\": \"absent\"\n  }", "\"hunter2\"", 1),
    )
    .unwrap();
    let opened = Export::open(folder.path()).unwrap();
    assert_eq!(opened.manifest(), written.manifest());
    assert_eq!(
        document(&opened, "server/jobs.json"),
        document(&written, "server/jobs.json")
    );
    let smtp = document(&opened, "server/smtp.json");
    assert!(
        smtp.contains("\"secret\": \"set\"") && !smtp.contains("hunter2"),
        "{smtp}"
    );
}
