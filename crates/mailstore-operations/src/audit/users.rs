//! The rules for users and administrators.

use futures_util::{StreamExt as _, stream};
use mailstore_api::types::{MfaStatus, Privileges, User, UserInfo};
use mailstore_api::{Archive, printable, spe};

use super::checker::Checker;
use super::result::{Object, ObjectKind, Verdict};
use super::rule::Rule;
use super::settings::MfaOff;
use crate::{AnyArchive, ListedArchive, Reading};

pub(super) async fn check(archive: &impl Archive, listed: &ListedArchive, checker: &mut Checker<'_>) {
    let is_provider = matches!(listed.archive(), AnyArchive::Instance(_));
    let mut rules = checker.used(&[Rule::UserWithoutEmail, Rule::Administrators, Rule::MfaOff]);
    if is_provider && checker.uses(Rule::LicenceOver) && !checker.rules.licence_over.contract.is_empty() {
        rules.push(Rule::LicenceOver);
    }
    if rules.is_empty() {
        return;
    }
    let users = match archive.get_users().await {
        Ok(users) => users,
        Err(error) => return checker.add_unknown(&rules, &format!("the users cannot be listed: {error}")),
    };
    mfa(&users, checker);
    if rules.contains(&Rule::LicenceOver) {
        let verdict = contract(&users, checker);
        checker.add_whole(Rule::LicenceOver, verdict);
    }
    if checker.uses(Rule::UserWithoutEmail) || checker.uses(Rule::Administrators) {
        let details = read_details(archive, &users, checker).await;
        emails(&details, checker);
        administrators(&details, checker);
    }
}

/// A user, with the details if they could be read.
type Details<'a> = (&'a str, Reading<UserInfo>);

async fn read_details<'a>(
    archive: &impl Archive,
    users: &'a [User],
    checker: &Checker<'_>,
) -> Vec<Details<'a>> {
    let needs = |user: &&User| {
        // An ignored user can be an administrator.
        checker.uses(Rule::Administrators)
            || !checker.rules.user_without_email.ignore.is_match(&user.user_name)
    };
    stream::iter(users.iter().filter(needs))
        .map(|user| async move {
            let info = archive.get_user_info(&user.user_name).await;
            (user.user_name.as_str(), Reading::from(info))
        })
        .buffered(checker.parallel.max(1))
        .collect()
        .await
}

fn emails(details: &[Details<'_>], checker: &mut Checker<'_>) {
    for (name, info) in details {
        if checker.rules.user_without_email.ignore.is_match(name) {
            continue;
        }
        let verdict = match info {
            Reading::NotRead(reason) => Verdict::unknown(reason),
            Reading::Value(info) if !info.email_addresses.is_empty() => Verdict::ok("has an e-mail address"),
            Reading::Value(_) => Verdict::finding("has no e-mail address"),
        };
        checker.add(Rule::UserWithoutEmail, user(name), verdict);
    }
    checker.add_if_none(Rule::UserWithoutEmail, "there is no user that needs an address");
}

fn administrators(details: &[Details<'_>], checker: &mut Checker<'_>) {
    for (name, info) in details {
        let verdict = match info {
            Reading::NotRead(reason) => Verdict::unknown(format!("may be an administrator: {reason}")),
            Reading::Value(info) if info.privileges != Privileges::Admin => continue,
            Reading::Value(_) if checker.rules.administrators.allow.is_match(name) => {
                Verdict::ok("an expected administrator")
            }
            Reading::Value(_) => Verdict::finding("an administrator that is not on the list"),
        };
        checker.add(Rule::Administrators, user(name), verdict);
    }
    checker.add_if_none(Rule::Administrators, "no user is an administrator");
}

/// Compares the system administrators of the Service Provider Edition with their list.
pub(super) async fn check_system(client: &spe::Client, checker: &mut Checker<'_>) {
    if !checker.uses(Rule::Administrators) {
        return;
    }
    let listed = match client.get_system_administrators().await {
        Ok(listed) => listed,
        Err(error) => {
            let reason = format!("the system administrators cannot be listed: {error}");
            return checker.add_unknown(&[Rule::Administrators], &reason);
        }
    };
    for administrator in listed {
        let verdict = match &administrator.user_name {
            None => Verdict::unknown("the server does not say the name"),
            Some(name) if checker.rules.administrators.allow_system.is_match(name) => {
                Verdict::ok("an expected system administrator")
            }
            Some(_) => Verdict::finding("a system administrator that is not on the list"),
        };
        let object = Object {
            kind: ObjectKind::SystemAdministrator,
            name: administrator.user_name.unwrap_or_default(),
            id: None,
        };
        checker.add(Rule::Administrators, object, verdict);
    }
    checker.add_if_none(Rule::Administrators, "there is no system administrator");
}

fn mfa(users: &[User], checker: &mut Checker<'_>) {
    for listed in users {
        if !checker.rules.mfa_off.ignore.is_match(&listed.user_name) {
            let verdict = second_factor(listed, &checker.rules.mfa_off);
            checker.add(Rule::MfaOff, user(&listed.user_name), verdict);
        }
    }
    checker.add_if_none(Rule::MfaOff, "there is no user that needs a second factor");
}

fn second_factor(user: &User, settings: &MfaOff) -> Verdict {
    match &user.mfa_status {
        None => Verdict::unknown("the server does not say whether a second factor is set up"),
        Some(MfaStatus::Disabled) => Verdict::finding("no second factor is set up"),
        Some(status) => {
            let word = status.as_str();
            if settings.on.iter().any(|on| on.eq_ignore_ascii_case(word)) {
                Verdict::ok("a second factor is set up")
            } else {
                let word = printable(word);
                Verdict::unknown(format!("the status `{word}` of the second factor is not known"))
            }
        }
    }
}

fn contract(users: &[User], checker: &Checker<'_>) -> Verdict {
    let settings = &checker.rules.licence_over;
    let Some(allowed) = settings.contract.get(checker.archive_id()) else {
        return Verdict::unknown("the file has no contract for this instance");
    };
    let counted = users
        .iter()
        .filter(|user| !settings.ignore.is_match(&user.user_name));
    let used = i64::try_from(counted.count()).unwrap_or(i64::MAX);
    usage(used, i64::from(*allowed), settings.max_percent)
}

/// Compares the number of users with the number that is allowed.
pub(super) fn usage(used: i64, allowed: i64, max_percent: u16) -> Verdict {
    let text = format!("{used} of {allowed} users");
    // The multiplication of two numbers of 64 bits cannot overflow 128 bits.
    if i128::from(used) * 100 > i128::from(allowed) * i128::from(max_percent) {
        Verdict::finding(format!("{text}, and at most {max_percent} % are allowed"))
    } else {
        Verdict::ok(text)
    }
}

fn user(name: &str) -> Object {
    Object {
        kind: ObjectKind::User,
        name: name.to_owned(),
        id: None,
    }
}
