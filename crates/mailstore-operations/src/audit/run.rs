//! Reads archives and compares them with the rules.

use mailstore_api::{Archive, Timestamp};

use super::checker::Checker;
use super::config::AuditConfig;
use super::report::AuditReport;
use super::result::AuditResult;
use super::rule::Rule;
use super::{compliance, profiles, stores, users};
use crate::archive::with_archive;
use crate::installation::for_each;
use crate::{AnyArchive, Installation, ListedArchive};

/// Compares archives of an installation with the rules. Only reads. About `parallel` requests are sent at the same
/// time: one for each of several archives, or all for one archive.
///
/// What cannot be read is a result with the status [`Unknown`](super::Status::Unknown), and does not end the audit.
/// `now` decides which runs are recent and which exceptions have ended.
///
/// The future can be dropped at any time. The audit can be repeated.
pub async fn audit(
    installation: &Installation,
    archives: &[ListedArchive],
    config: &AuditConfig,
    parallel: usize,
    now: Timestamp,
) -> AuditReport {
    let mut results = Vec::new();
    let mut server = String::new();
    match installation {
        Installation::Server(client) => client.connection().origin().clone_into(&mut server),
        Installation::Provider(client) => {
            client.connection().origin().clone_into(&mut server);
            let mut checker = Checker::of_installation(&config.rules, now);
            users::check_system(client, &mut checker).await;
            results.append(&mut checker.results);
        }
    }
    let of_each = (parallel / archives.len().max(1)).max(1);
    let found = for_each(archives, parallel, |listed| {
        of_archive(listed, config, of_each, now)
    })
    .await;
    results.extend(found.into_iter().flatten());
    AuditReport::new(server, results, config, now)
}

async fn of_archive(
    listed: &ListedArchive,
    config: &AuditConfig,
    parallel: usize,
    now: Timestamp,
) -> Vec<AuditResult> {
    let (id, name) = (listed.id(), listed.display_name());
    let mut checker = Checker::of_archive(&config.rules, now, parallel, id, name);
    if let Some(reason) = listed.not_running() {
        let mut rules = checker.used(Rule::ALL);
        // This rule is only used for instances with a contract.
        rules.retain(|rule| *rule != Rule::LicenceOver || !config.rules.licence_over.contract.is_empty());
        checker.add_unknown(&rules, reason);
        return checker.results;
    }
    with_archive!(listed.archive(), of_running(listed, &mut checker));
    if let AnyArchive::Server(client) = listed.archive() {
        compliance::check_licence(client, &mut checker).await;
    }
    checker.results
}

async fn of_running(archive: &impl Archive, listed: &ListedArchive, checker: &mut Checker<'_>) {
    profiles::check(archive, checker).await;
    users::check(archive, listed, checker).await;
    stores::check(archive, checker).await;
    compliance::check(archive, checker).await;
}
