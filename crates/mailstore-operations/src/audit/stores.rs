//! The rules for stores.

use mailstore_api::Archive;
use mailstore_api::types::Store;

use super::checker::Checker;
use super::result::{Object, ObjectKind, Verdict};
use super::rule::Rule;
use super::verification;

pub(super) async fn check(archive: &impl Archive, checker: &mut Checker<'_>) {
    let rules = checker.used(&[
        Rule::StoreNotVerified,
        Rule::StoreNeedsUpgrade,
        Rule::StoreError,
        Rule::IndexRebuild,
    ]);
    if rules.is_empty() {
        return;
    }
    let stores = match archive.get_stores().include_size(false).await {
        Ok(stores) => stores,
        Err(error) => return checker.add_unknown(&rules, &format!("the stores cannot be listed: {error}")),
    };
    for store in &stores {
        checker.add(Rule::StoreNeedsUpgrade, object(store), needs_upgrade(store));
        checker.add(Rule::StoreError, object(store), error(store));
        checker.add(Rule::IndexRebuild, object(store), index_rebuild(store));
    }
    if rules.contains(&Rule::StoreNotVerified) && !stores.is_empty() {
        let max_days = checker.rules.store_not_verified.max_days;
        match verification::read(archive, max_days, checker.now).await {
            Ok(runs) => {
                for store in &stores {
                    let verdict = verification::judge(store, &runs, max_days);
                    checker.add(Rule::StoreNotVerified, object(store), verdict);
                }
            }
            Err(error) => checker.add_unknown(
                &[Rule::StoreNotVerified],
                &format!("the runs of jobs cannot be listed: {error}"),
            ),
        }
    }
    for rule in rules {
        checker.add_if_none(rule, "there is no store");
    }
}

fn object(store: &Store) -> Object {
    Object {
        kind: ObjectKind::Store,
        name: store.name.clone(),
        id: Some(store.id.0.to_string()),
    }
}

fn needs_upgrade(store: &Store) -> Verdict {
    match store.needs_upgrade {
        Some(false) => Verdict::ok("needs no upgrade"),
        Some(true) => Verdict::finding("needs an upgrade"),
        None => Verdict::unknown("the server does not say whether the store needs an upgrade"),
    }
}

fn error(store: &Store) -> Verdict {
    match &store.error {
        Some(error) => Verdict::finding(format!("error: {error}")),
        // An error that cannot be decoded is an error nevertheless.
        None if store.unknown().unreadable().any(|member| member == "error") => {
            Verdict::unknown("the error of the store cannot be decoded")
        }
        None => Verdict::ok("has no error"),
    }
}

fn index_rebuild(store: &Store) -> Verdict {
    match store.search_indexes_need_rebuild {
        Some(false) => Verdict::ok("no rebuild is needed"),
        Some(true) => Verdict::finding("search indexes must be rebuilt"),
        None => Verdict::unknown("the server does not say whether search indexes must be rebuilt"),
    }
}
