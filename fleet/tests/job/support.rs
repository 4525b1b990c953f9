//! Jobs, profiles and listed servers for tests.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use mailstore_api::Edition;
use mailstore_fleet::job::{
    Catalogs, Expansion, Job, KnownProfile, Listed, ListedArchive, ListedStore, Night, PlannedServer,
    WrongJob,
};

/// The functions of both products.
pub(crate) static CATALOGS: LazyLock<Catalogs> = LazyLock::new(|| Catalogs::built_in().unwrap());

/// The part of a job that all tests have in common.
const HEAD: &str = "
version = 1
name = 'verify'
logs = 'logs'
limits = { overall = 8, per-server = 2 }
";

/// Returns a job with more lines.
pub(crate) fn job(lines: &str) -> Job {
    Job::from_toml(&format!("{HEAD}{lines}")).unwrap()
}

/// Returns a job that verifies each store of everything, with more lines.
pub(crate) fn verify(lines: &str) -> Job {
    job(&format!(
        "function = 'VerifyStore'
        arguments = {{ includeIndexes = false }}
        for-each-store = {{}}
        [[target]]
        profiles = ['*']
        instances = ['*']
        {lines}"
    ))
}

/// Returns three profiles: two of a MailStore Server and one of the Service Provider Edition.
pub(crate) fn profiles() -> BTreeMap<String, KnownProfile> {
    [
        ("berlin", Edition::Server, 1),
        ("bonn", Edition::Server, 2),
        ("cloud", Edition::Spe, 3),
    ]
    .map(|(name, edition, number)| (name.to_owned(), profile(edition, number)))
    .into()
}

/// Returns a profile of a server with its own address.
pub(crate) fn profile(edition: Edition, number: usize) -> KnownProfile {
    KnownProfile {
        edition,
        server: format!("https://10.0.0.{number}:8463"),
        read_only: false,
        instance: None,
    }
}

/// Checks a job with the three profiles, without the option for destructive functions.
pub(crate) fn check(job: &Job) -> Result<Vec<PlannedServer>, WrongJob> {
    job.check(&profiles(), &CATALOGS, false)
}

/// Returns a running archive with stores.
pub(crate) fn archive(instance: Option<&str>, stores: &[i64]) -> ListedArchive {
    ListedArchive {
        instance: instance.map(str::to_owned),
        not_running: None,
        stores: Ok(stores.iter().copied().map(store).collect()),
    }
}

/// Returns an open store that needs no maintenance.
pub(crate) fn store(id: i64) -> ListedStore {
    ListedStore {
        id,
        name: format!("2024-{id:02}"),
        state: "normal".to_owned(),
        needs_upgrade: Some(false),
        needs_rebuild: Some(false),
    }
}

/// Returns what the servers of the three profiles have.
pub(crate) fn listed() -> Listed {
    Listed(
        [
            ("berlin", vec![archive(None, &[1, 2])]),
            ("bonn", vec![archive(None, &[1])]),
            (
                "cloud",
                vec![archive(Some("acme"), &[3, 1]), archive(Some("demo"), &[1])],
            ),
        ]
        .map(|(name, archives)| (name.to_owned(), Ok(archives)))
        .into(),
    )
}

/// Returns a window without times.
pub(crate) fn night() -> Night {
    Night {
        window: "2026-11-27/verify".to_owned(),
        starts: None,
    }
}

/// Checks and expands a job.
pub(crate) fn expand(job: &Job, listed: &Listed) -> Result<Expansion, WrongJob> {
    job.expand(&check(job).unwrap(), listed, night())
}

/// Returns the calls of an expansion in a short form: `WAVE PROFILE/INSTANCE/STORE`.
pub(crate) fn short(expansion: &Expansion) -> Vec<String> {
    let calls = expansion.calls.iter();
    calls
        .map(|call| {
            let instance = call.instance.as_deref().unwrap_or("-");
            let store = call.arguments.get("id").map_or("-", String::as_str);
            format!("{} {}/{instance}/{store}", call.wave, call.profile)
        })
        .collect()
}
