//! Checks the desired state before a server is read.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::str::FromStr;

use mailstore_api::printable;
use mailstore_api::types::{
    ArchiveName, Authentication, EmailAddress, FolderPrivileges, LoginPrivileges, Privileges,
};

use super::desired::{DefaultUser, Desired, DesiredProfile, DesiredUser, Existence};
use super::error::ProvisionError;
use crate::toml_text::{line_of, nearest};

/// Checks everything that does not depend on a server. `text` is the file.
pub(super) fn check(desired: &Desired, text: &str) -> Result<(), ProvisionError> {
    if desired.version != 1 {
        let found = desired.version;
        return Err(ProvisionError::Desired(format!(
            "`version` is {found}, but this program only reads version 1"
        )));
    }
    default_user(&desired.defaults.user)
        .map_err(|problem| ProvisionError::Desired(format!("`defaults.user`: {problem}")))?;
    let mut checker = Checker {
        text,
        users: BTreeMap::new(),
        addresses: BTreeMap::new(),
        profiles: BTreeMap::new(),
    };
    for entry in &desired.users {
        checker.user(entry.get_ref(), entry.span())?;
    }
    for entry in &desired.profiles {
        checker.profile(entry.get_ref(), entry.span())?;
    }
    Ok(())
}

struct Checker<'a> {
    text: &'a str,
    /// The line of each user, by the name in lower case.
    users: BTreeMap<String, usize>,
    /// The user of each address, in lower case.
    addresses: BTreeMap<String, String>,
    /// The line of each profile, by its name and owner.
    profiles: BTreeMap<(String, Option<String>), usize>,
}

impl Checker<'_> {
    fn user(&mut self, user: &DesiredUser, span: Range<usize>) -> Result<(), ProvisionError> {
        let line = line_of(self.text, span.start);
        let name = printable(&user.name);
        let fail = |problem: String| {
            Err(ProvisionError::Desired(format!(
                "line {line}, user `{name}`: {problem}"
            )))
        };
        if user.name.trim().is_empty() {
            return fail("the name is empty".to_owned());
        }
        if let Some(first) = self.users.insert(user.name.to_lowercase(), line) {
            return fail(format!("the user is also in line {first}"));
        }
        if user.state == Existence::Absent && has_fields(user) {
            return fail("an absent user has no other fields".to_owned());
        }
        if let Err(problem) = words_of(user) {
            return fail(problem);
        }
        for address in user.emails.iter().flatten() {
            if EmailAddress::from_str(address).is_err() {
                return fail(format!("`{}` is not an e-mail address", printable(address)));
            }
            if let Some(other) = self.addresses.insert(address.to_lowercase(), user.name.clone()) {
                return fail(format!(
                    "the address `{}` also belongs to the user `{}`",
                    printable(address),
                    printable(&other)
                ));
            }
        }
        Ok(())
    }

    fn profile(&mut self, profile: &DesiredProfile, span: Range<usize>) -> Result<(), ProvisionError> {
        let line = line_of(self.text, span.start);
        let name = printable(&profile.name);
        let fail = |problem: String| {
            Err(ProvisionError::Desired(format!(
                "line {line}, profile `{name}`: {problem}"
            )))
        };
        if profile.name.trim().is_empty() {
            return fail("the name is empty".to_owned());
        }
        // Without an owner, a profile is found by its name alone, and could be the one of another entry.
        let with_other_owners = self
            .profiles
            .iter()
            .find(|((name, owner), _)| *name == profile.name && owner.is_none() != profile.owner.is_none());
        if let Some((_, first)) = with_other_owners {
            return fail(format!(
                "write the owner here and in line {first}, where the name is the same"
            ));
        }
        let key = (
            profile.name.clone(),
            profile.owner.as_ref().map(|owner| owner.to_lowercase()),
        );
        if let Some(first) = self.profiles.insert(key, line) {
            return fail(format!("the profile is also in line {first}"));
        }
        if has_secret(&profile.details) {
            return fail(
                "`details` has a secret, which would be in the plan. Write a password as `password = { env = \"NAME\" }`, outside of `details`"
                    .to_owned(),
            );
        }
        Ok(())
    }
}

/// Returns whether a setting has the name of a secret, at any depth.
fn has_secret(settings: &toml::Table) -> bool {
    settings.iter().any(|(name, value)| {
        let name = name.to_lowercase();
        name.contains("passw") || name.contains("secret") || in_value(value)
    })
}

fn in_value(value: &toml::Value) -> bool {
    match value {
        toml::Value::Table(settings) => has_secret(settings),
        toml::Value::Array(values) => values.iter().any(in_value),
        _ => false,
    }
}

fn has_fields(user: &DesiredUser) -> bool {
    let named = DesiredUser {
        name: user.name.clone(),
        state: user.state,
        ..DesiredUser::default()
    };
    *user != named
}

fn default_user(defaults: &DefaultUser) -> Result<(), String> {
    words_of(&DesiredUser {
        privileges: defaults.privileges.clone(),
        login_privileges: defaults.login_privileges.clone(),
        authentication: defaults.authentication.clone(),
        own_archive: defaults.own_archive.clone(),
        ..DesiredUser::default()
    })
}

/// Checks the words of a user.
fn words_of(user: &DesiredUser) -> Result<(), String> {
    if let Some(words) = &user.privileges {
        set::<Privileges>("privileges", words)?;
    }
    if let Some(words) = &user.login_privileges {
        set::<LoginPrivileges>("login-privileges", words)?;
    }
    if let Some(words) = &user.own_archive {
        set::<FolderPrivileges>("own-archive", words)?;
    }
    let mut folders = BTreeSet::new();
    for (folder, words) in &user.folders {
        if !folders.insert(folder.to_lowercase()) {
            return Err(format!("the folder `{}` occurs twice", printable(folder)));
        }
        ArchiveName::from_str(folder)
            .map_err(|error| format!("the folder `{}`: {error}", printable(folder)))?;
        set::<FolderPrivileges>(&format!("folders.{}", printable(folder)), words)?;
    }
    if let Some(word) = &user.authentication {
        Authentication::from_str(word)
            .map_err(|error| format!("`authentication` is `{}`, which is {error}", printable(word)))?;
    }
    Ok(())
}

fn set<S: FromStr<Err = mailstore_api::ParseWordError>>(field: &str, words: &[String]) -> Result<(), String> {
    if words.is_empty() {
        return Ok(());
    }
    if let Some(several) = words
        .iter()
        .find(|word| word.contains(',') || word.trim() != *word)
    {
        return Err(format!(
            "`{field}` has `{}`, which is not one word",
            printable(several)
        ));
    }
    match S::from_str(&words.join(",")) {
        Ok(_) => Ok(()),
        Err(error) => {
            let unknown = words
                .iter()
                .find(|word| !error.allowed().any(|known| known.eq_ignore_ascii_case(word)));
            let Some(unknown) = unknown else {
                return Err(format!("`{field}`: {error}"));
            };
            let known: Vec<&str> = error.allowed().collect();
            let hint =
                nearest(unknown, &known).map_or_else(String::new, |near| format!(". Did you mean `{near}`?"));
            Err(format!(
                "`{field}` has `{}`, which is {error}{hint}",
                printable(unknown)
            ))
        }
    }
}
