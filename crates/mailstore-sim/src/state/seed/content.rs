//! The initial content of an archive: users and their folders, stores, profiles, jobs, and a week of runs.

use jiff::Timestamp;
use serde_json::json;

use crate::state::archive::Archive;
use crate::state::folders::Folder;
use crate::state::jobs::{Job, Schedule};
use crate::state::profiles::WorkerResult;
use crate::state::stores::Store;
use crate::state::users::User;
use crate::time;

/// Fills an archive that contains only its administrators.
pub(super) fn fill(archive: &mut Archive, now: Timestamp) {
    people(archive);
    stores(archive);
    profiles(archive);
    worker_results(archive, now);
    jobs(archive, now);
}

fn people(archive: &mut Archive) {
    let people = [
        ("john.doe", "John Doe", &["login", "changePassword"][..], 12),
        ("jane.doe", "Jane Doe", &["login", "archive", "export"][..], 8),
        ("frank.clark", "Frank Clark", &["login"][..], 5),
    ];
    for (place, (name, full_name, privileges, messages)) in (1_i64..).zip(people) {
        let rights = vec!["read".to_owned(), "write".to_owned()];
        let _ = archive.users.add(User {
            full_name: Some(full_name.to_owned()),
            email_addresses: vec![format!("{name}@example.com")],
            pop3_user_names: vec![name.to_owned()],
            folders: [(name.to_owned(), rights)].into(),
            password_set: true,
            ..User::new(name, privileges)
        });
        let ids = |from: i64, count: i64| (from..from + count).map(|number| format!("3:{number}")).collect();
        let first = place * 100;
        let folder = |from, count| Folder {
            messages: ids(from, count),
            size: 51_720 * count,
        };
        archive
            .folders
            .add(&format!("{name}/Exchange/Inbox"), folder(first, messages));
        archive.folders.add(
            &format!("{name}/Exchange/Sent Items"),
            folder(first + 50, messages / 2),
        );
        archive
            .folders
            .add(&format!("{name}/Exchange/Drafts"), Folder::default());
    }
    if let Ok(jane) = archive.users.find_mut("jane.doe") {
        jane.folders
            .insert("john.doe".to_owned(), vec!["read".to_owned()]);
    }
}

/// Adds three stores. The third is current and holds as many messages as the store in the vendor's tutorial.
fn stores(archive: &mut Archive) {
    let stores = [
        ("2024-01", "normal", 49_080, 2_538_415_312),
        ("2025-01", "writeProtected", 18_340, 961_044_480),
        ("2026-01", "current", 1_249, 64_598_211),
    ];
    for (name, state, count, size) in stores {
        let store = Store {
            name: name.to_owned(),
            count,
            size,
            ..Store::default()
        };
        let _ = archive.stores.add(store, Some(state));
    }
}

fn profiles(archive: &mut Archive) {
    let _ = archive.profiles.add(&json!({
        "name": "Microsoft 365 Mailboxes",
        "owner": "admin",
        "type": "I",
        "connector": "Office365",
        "details": { "credentialId": "1", "timeout": "100", "deleteInMailbox": "never" },
        "serverSideExecution": {
            "automatic": true, "automaticPauseBetweenExecutions": 300, "automaticMaintenanceWindows": null,
        },
    }));
    let _ = archive.profiles.add(&json!({
        "name": "John's IMAP mailbox",
        "owner": "john.doe",
        "type": "I",
        "connector": "IMAP",
        "details": {
            "host": "imap.example.com", "protocol": "IMAP-TLS", "userName": "john.doe", "password": null,
            "emailAddress": "john.doe@example.com", "targetUserFolder": "john.doe", "subType": "", "timeout": "80",
            "ignoreSSLPolicyErrors": "0", "excludeUnRead": "0", "disableAutoExcludeSourceFolders": "0",
            "disableAutomaticDetectionOfSentFolders": "0", "deleteInMailbox": "never",
        },
        "serverSideExecution": null,
    }));
}

/// Adds the runs of the last seven nights, oldest first. All succeeded except two, and one run has no stored profile.
fn worker_results(archive: &mut Archive, now: Timestamp) {
    let machine = archive.machine.clone();
    let mut add = |user: &str, profile: Option<(i64, &str)>, result, items, start: Timestamp, seconds| {
        archive.worker_results.add(WorkerResult {
            user: user.to_owned(),
            profile: profile.map(|(id, name)| (id, name.to_owned())),
            result,
            items,
            start,
            complete: time::later(start, seconds),
            machine: machine.clone(),
        });
    };
    for day in (1..=7_i64).rev() {
        let result = if day == 3 {
            "completedWithErrors"
        } else {
            "succeeded"
        };
        let start = time::last_but(now, day, 2, 15);
        add(
            "admin",
            Some((1, "Microsoft 365 Mailboxes")),
            result,
            40 + day * 3,
            start,
            21 + day,
        );
        let (result, items) = if day == 5 {
            ("failed", 0)
        } else {
            ("succeeded", day)
        };
        add(
            "john.doe",
            Some((2, "John's IMAP mailbox")),
            result,
            items,
            time::last_but(now, day, 6, 5),
            9,
        );
    }
    add(
        "jane.doe",
        None,
        "cancelled",
        3,
        time::last_but(now, 2, 14, 30),
        65,
    );
}

fn jobs(archive: &mut Archive, now: Timestamp) {
    let jobs = [
        (
            "Process Retention Policies",
            "ProcessRetentionPolicies",
            "Pacific Standard Time",
            3,
            true,
        ),
        (
            "Verify all stores",
            "VerifyStores --includeIndexes=false",
            "UTC",
            1,
            false,
        ),
    ];
    for (name, action, zone, hour, enabled) in jobs {
        let _ = archive.jobs.add(Job {
            id: 0,
            name: name.to_owned(),
            action: action.to_owned(),
            owner: "admin".to_owned(),
            created: time::days_ago(now, 400, 10, 42),
            enabled,
            schedule: Schedule::daily(zone, hour, 30),
            last: None,
        });
    }
    for day in (1..=7).rev() {
        let start = time::last_but(now, day, 10, 30);
        archive.jobs.record(1, start, time::later(start, 4));
    }
}
