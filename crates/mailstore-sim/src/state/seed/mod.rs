//! The world a simulator starts with: small, the same every time, dated back from now.

mod configuration;
mod content;

use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;

use super::archive::Archive;
use super::configuration::Configuration;
use super::folders::Folders;
use super::instances::{Instance, Instances};
use super::jobs::Jobs;
use super::platform::{Administrator, Machines, Platform};
use super::profiles::{Profiles, WorkerResults};
use super::stores::Stores;
use super::users::{User, Users};

/// The machine everything of the Service Provider Edition runs on, beside `host1`.
pub(crate) const SERVER_NAME: &str = "spe.example.com";

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
        configuration: configuration::defaults(),
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
    content::fill(&mut archive, now);
    archive
}

/// The platform around the instances.
pub(crate) fn platform(caller: &str) -> Platform {
    let mut hosts = Machines::default();
    let host = json!({ "serverName": "host1", "baseDirectory": "E:\\" });
    let _ = hosts.add(&host, 8472);
    let mut client_access_servers = Machines::default();
    let _ = client_access_servers.add(&json!({ "serverName": SERVER_NAME }), 8473);
    let mut configuration = Configuration::default();
    configuration.set("systemSmtp", configuration::smtp());
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
            administrator("deputy", "Dora Deputy", "dora@example.com"),
        ],
        configuration,
        directories: ["demo", "acme"]
            .map(|name| ("host1".to_owned(), format!("E:\\{name}")))
            .to_vec(),
    }
}
