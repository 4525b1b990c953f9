//! Reads the figures of archives.

use mailstore_api::{Archive, Error, Timestamp, server};

use super::content::content;
use super::{Licence, RunFigures, Snapshot, Users};
use crate::archive::with_archive;
use crate::installation::for_each;
use crate::runs::{JobRule, ProfileRule, job_runs, profile_runs};
use crate::{AnyArchive, ListedArchive, Reading, ServiceAccounts};

/// How figures are counted.
#[derive(Clone, Debug)]
pub struct SnapshotRule {
    /// The users that do not count for billing.
    pub service_accounts: ServiceAccounts,
    /// When the last run of a profile is too old.
    pub profiles: ProfileRule,
    /// When the last run of a job is too old.
    pub jobs: JobRule,
}

/// Takes a snapshot of every archive, `parallel` at the same time. Returns them in the order of the archives.
///
/// `server` is the address of the server, which identifies it in a history. What cannot be read of an instance is a
/// [`Reading::NotRead`] and stops nothing. An instance that is not running gets no request.
///
/// Only functions that read are called, so the future can be dropped and the snapshot can be taken again.
///
/// # Errors
/// A MailStore Server does not answer the first request. Its other figures could not be read either.
pub async fn take(
    archives: &[ListedArchive],
    server: &str,
    rule: &SnapshotRule,
    parallel: usize,
    now: Timestamp,
) -> Result<Vec<Snapshot>, Error> {
    let snapshots = for_each(archives, parallel, |archive| of_one(archive, server, rule, now)).await;
    snapshots.into_iter().collect()
}

async fn of_one(
    listed: &ListedArchive,
    server: &str,
    rule: &SnapshotRule,
    now: Timestamp,
) -> Result<Snapshot, Error> {
    let name = match listed.archive() {
        AnyArchive::Server(client) => client.get_server_info().await?.machine_name,
        AnyArchive::Instance(_) => listed.display_name().to_owned(),
    };
    let reason = listed.not_running().unwrap_or_default();
    let mut snapshot = Snapshot::not_read(server, listed.id(), name, now, reason);
    if listed.not_running().is_some() {
        return Ok(snapshot);
    }
    let archive = listed.archive();
    snapshot.users = with_archive!(archive, users(&rule.service_accounts)).into();
    (snapshot.messages, snapshot.size) = content(archive).await;
    snapshot.profiles = with_archive!(archive, profiles(&rule.profiles, now)).into();
    snapshot.jobs = with_archive!(archive, jobs(&rule.jobs, now)).into();
    if let AnyArchive::Server(client) = archive {
        snapshot.licence = Some(licence(client).await);
    }
    Ok(snapshot)
}

async fn users(archive: &impl Archive, accounts: &ServiceAccounts) -> Result<Users, Error> {
    Ok(Users::count(&archive.get_users().await?, accounts))
}

async fn profiles(archive: &impl Archive, rule: &ProfileRule, now: Timestamp) -> Result<RunFigures, Error> {
    let profiles = archive.get_profiles().await?;
    let runs = profile_runs(archive, &profiles, rule, now).await?;
    Ok(RunFigures::of(&runs.subjects, runs.window, now))
}

async fn jobs(archive: &impl Archive, rule: &JobRule, now: Timestamp) -> Result<RunFigures, Error> {
    let jobs = archive.get_jobs().await?;
    let runs = job_runs(archive, &jobs, rule, now).await?;
    Ok(RunFigures::of(&runs.subjects, runs.window, now))
}

async fn licence(client: &server::Client) -> Reading<Licence> {
    match client.get_license_information().await {
        Ok(licence) => match (licence.named_users, licence.max_named_users) {
            (Some(used), Some(allowed)) => Reading::Value(Licence { used, allowed }),
            _ => Reading::not_read("the server does not say how many users are used and allowed"),
        },
        Err(error) => Reading::not_read(error),
    }
}
