//! The world a simulator starts with: small, the same every time, dated back from now.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::archive::Archive;
use super::configuration::Configuration;
use super::folders::{Folder, Folders};
use super::instances::{Instance, Instances};
use super::jobs::{Job, Jobs, Schedule};
use super::platform::{Administrator, Machines, Platform};
use super::profiles::{Profiles, WorkerResult, WorkerResults};
use super::stores::{Store, Stores};
use super::users::{User, Users};
use crate::time;

/// The machine everything of the Service Provider Edition runs on, beside `host1`.
pub(crate) const SERVER_NAME: &str = "spe.example.com";

/// A certificate's thumbprint: 40 upper-case hexadecimal digits.
pub(crate) const THUMBPRINT: &str = "0123456789ABCDEF0123456789ABCDEF01234567";

/// The archive of a Server.
pub(crate) fn archive(machine: &str, administrator: &str, step: Duration, now: Timestamp) -> Archive {
    let mut archive = common(machine, "C:\\MailArchive", &["admin", administrator], step, now);
    for store in archive.stores.all_mut() {
        store.kind = Some("FileSystemInternal".to_owned());
    }
    archive
}

/// Instances `demo` and `acme`, both running on `host1`.
pub(crate) fn instances(step: Duration, now: Timestamp) -> Instances {
    let mut instances = Instances::default();
    for (id, name) in [("demo", "Demo"), ("acme", "Acme Ltd.")] {
        let archive = instance_archive(&format!("E:\\{id}"), step, now);
        let config = json!({ "instanceID": id, "displayName": name });
        if let Ok(instance) = Instance::new(&config, archive, now) {
            let _ = instances.add(instance);
        }
    }
    instances
}

/// The archive of a seeded instance; every instance lists `$archiveadmin` among its users (observed).
fn instance_archive(base_directory: &str, step: Duration, now: Timestamp) -> Archive {
    common("HOST1", base_directory, &INSTANCE_ADMINISTRATORS, step, now)
}

/// Who is in every instance from the start.
const INSTANCE_ADMINISTRATORS: [&str; 2] = ["$archiveadmin", "admin"];

/// The archive of a new instance: nothing but its administrators.
pub(crate) fn empty_archive(base_directory: &str, step: Duration) -> Archive {
    Archive {
        machine: "HOST1".to_owned(),
        users: administrators(&INSTANCE_ADMINISTRATORS),
        folders: Folders::default(),
        stores: Stores::new(base_directory),
        profiles: Profiles::default(),
        worker_results: WorkerResults::default(),
        jobs: Jobs::new(step),
        configuration: configuration(),
    }
}

/// The platform around the instances.
pub(crate) fn platform(caller: &str) -> Platform {
    let mut hosts = Machines::default();
    let host = json!({ "serverName": "host1", "baseDirectory": "E:\\" });
    let _ = hosts.add(&host, 8472);
    let mut client_access_servers = Machines::default();
    let _ = client_access_servers.add(&json!({ "serverName": SERVER_NAME }), 8473);
    let mut configuration = Configuration::default();
    configuration.set("systemSmtp", smtp());
    let administrator = |user: &str, name: &str, email: &str| Administrator {
        user: user.to_owned(),
        full_name: Some(name.to_owned()),
        email: Some(email.to_owned()),
        mfa: false,
    };
    Platform {
        hosts,
        client_access_servers,
        administrators: vec![
            administrator(caller, "Administrator", "admin@example.com"),
            administrator("operator", "Olga Operator", "olga@example.com"),
        ],
        configuration,
        directories: ["demo", "acme"]
            .map(|name| ("host1".to_owned(), format!("E:\\{name}")))
            .to_vec(),
    }
}

/// Users who may everything; a name that comes twice is one user.
fn administrators(names: &[&str]) -> Users {
    let mut users = Users::default();
    for name in names {
        let _ = users.add(User {
            password_set: true,
            ..User::new(name, &["admin"])
        });
    }
    users
}

/// What Server and instances have in common: people, stores, a week of runs.
fn common(machine: &str, base_directory: &str, admins: &[&str], step: Duration, now: Timestamp) -> Archive {
    let mut archive = Archive {
        machine: machine.to_owned(),
        users: administrators(admins),
        ..empty_archive(base_directory, step)
    };
    people(&mut archive);
    stores(&mut archive);
    profiles(&mut archive, now);
    jobs(&mut archive, now);
    archive
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

/// Three stores; the third is current and holds as many messages as the one in the vendor's tutorial.
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

fn profiles(archive: &mut Archive, now: Timestamp) {
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
    // A week of nights, oldest first: all went well but two.
    for day in (1..=7_i64).rev() {
        let result = if day == 3 {
            "completedWithErrors"
        } else {
            "succeeded"
        };
        let start = time::days_ago(now, day, 2, 15);
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
            time::days_ago(now, day, 6, 5),
            9,
        );
    }
    add(
        "jane.doe",
        None,
        "cancelled",
        3,
        time::days_ago(now, 2, 14, 30),
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
        let start = time::days_ago(now, day, 10, 30);
        archive.jobs.record(1, start, time::later(start, 4));
    }
}

fn smtp() -> Value {
    json!({
        "hostname": "smtp.example.com", "port": 587, "protocol": "SMTP-TLS", "ignoreSslPolicyErrors": false,
        "authenticationRequired": true, "username": "archive@example.com", "password": null,
        "fromDisplayName": "MailStore", "fromEmailAddress": "archive@example.com",
        "recipientEmailAddress": "admin@example.com",
    })
}

/// What the configuration getters answer before anything is set.
fn configuration() -> Configuration {
    let mut configuration = Configuration::default();
    let activities = [
        "CredentialsAdd",
        "ProfileChangeUserName",
        "RetentionPoliciesMessageDelete",
        "RetentionPoliciesUpdate",
        "SessionLogin",
        "UserAdd",
        "UserDelete",
        "UserSetFolderAccess",
        "UserUpdate",
    ];
    configuration.set(
        "compliance",
        json!({ "legalHoldEnabled": false, "logSuccessfulUserActivities": activities }),
    );
    configuration.set(
        "directoryServices",
        json!({
            "type": "activeDirectory", "deleteUsers": false, "enabledUsersOnly": true, "groups": null,
            "serverName": "dc1.example.com", "protocol": "LDAP", "authenticationType": "standardAuthentication",
            "userName": "archive@example.com", "password": null, "baseDN": "DC=example,DC=com",
            "microsoftExchangeUsersOnly": true, "usersVisibleInAddressListsOnly": false,
            "userNameFormat": "samAccountName", "authenticationProtocol": "networkAuthentication",
            "openIdDiscoveryUrl": null, "openIdClientID": null, "openIdRedirectUrl": null,
            "openIdForceAdfsLogin": false,
        }),
    );
    configuration.set("smtp", smtp());
    configuration.set("serviceCertificate", json!({ "thumbprint": THUMBPRINT }));
    configuration.set(
        "storeAutoCreate",
        json!({ "enabled": true, "mode": "count", "maximumMessageCount": 5_000_000 }),
    );
    configuration.set(
        "retention",
        json!([{
            "name": "Ten years", "enabled": false, "delete": true, "period": 10, "periodInterval": "year",
            "referenceDateType": "ArchiveDate",
            "searchCriteria": { "from": null, "to": null, "query": null, "excludedArchives": ["jane.doe"] },
        }]),
    );
    configuration.set(
        "credentials",
        json!([{
            "ID": 1, "Type": "Office365_Modern", "Description": "Example Ltd.",
            "Settings": {
                "ApplicationId": "11111111-2222-4333-8444-555555555555",
                "TenantId": "66666666-7777-4888-8999-000000000000",
                "CertificateThumbprint": THUMBPRINT,
                "CertificateExpirationDate": "2028-07-15T10:58:01Z",
            },
        }]),
    );
    configuration
}
