//! The initial state of a simulator. It is small and always the same, except that its dates are relative to the
//! current time.

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

/// The machine of all services of the Service Provider Edition, besides `host1`.
pub(crate) const SERVER_NAME: &str = "spe.example.com";

/// Creates the archive of MailStore Server.
pub(crate) fn archive(machine: &str, administrator: &str, step: Duration, now: Timestamp) -> Archive {
    let mut archive = common(machine, "C:\\MailArchive", &["admin", administrator], step, now);
    for store in archive.stores.all_mut() {
        store.kind = Some("FileSystemInternal".to_owned());
    }
    archive
}

/// Creates the instances `demo` and `acme`, both running on `host1`.
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

/// Creates the archive of an initial instance. Every instance lists `$archiveadmin` among its users (observed).
fn instance_archive(base_directory: &str, step: Duration, now: Timestamp) -> Archive {
    common("HOST1", base_directory, &INSTANCE_ADMINISTRATORS, step, now)
}

/// The initial users of every instance.
const INSTANCE_ADMINISTRATORS: [&str; 2] = ["$archiveadmin", "admin"];

/// Creates the archive of a new instance, which contains only its administrators.
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

/// Creates users with all privileges. A repeated name creates one user.
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

/// Adds the content that both editions have: users, stores, and a week of runs.
fn common(machine: &str, base_directory: &str, admins: &[&str], step: Duration, now: Timestamp) -> Archive {
    let mut archive = Archive {
        machine: machine.to_owned(),
        users: administrators(admins),
        ..empty_archive(base_directory, step)
    };
    content::fill(&mut archive, now);
    archive
}

/// Creates the platform of the Service Provider Edition.
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
