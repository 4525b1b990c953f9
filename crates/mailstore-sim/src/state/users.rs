//! The users of an archive and their privileges.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::envelope::Failure;

/// The privileges in the order of the documentation.
const PRIVILEGES: [&str; 9] = [
    "none",
    "admin",
    "login",
    "changePassword",
    "archive",
    "modifyArchiveProfiles",
    "export",
    "modifyExportProfiles",
    "delete",
];

/// The authentication methods in the order of the documentation. A user without an explicit list has all of them.
const LOGIN_PRIVILEGES: [&str; 6] = ["windows", "web", "outlook", "windowsCmd", "imap", "api"];

const FOLDER_PRIVILEGES: [&str; 4] = ["none", "read", "write", "delete"];

const AUTHENTICATIONS: [&str; 2] = ["integrated", "directoryServices"];

/// One user. It stores whether a password is set, but not the password.
#[derive(Debug, Clone, Default)]
pub(crate) struct User {
    pub(crate) name: String,
    pub(crate) full_name: Option<String>,
    pub(crate) distinguished_name: Option<String>,
    pub(crate) authentication: String,
    pub(crate) email_addresses: Vec<String>,
    pub(crate) pop3_user_names: Vec<String>,
    pub(crate) privileges: Vec<String>,
    pub(crate) login_privileges: Vec<String>,
    pub(crate) folders: BTreeMap<String, Vec<String>>,
    pub(crate) mfa: bool,
    pub(crate) password_set: bool,
}

impl User {
    /// Creates a user with all authentication methods and the given privileges.
    pub(crate) fn new(name: &str, privileges: &[&str]) -> User {
        User {
            name: name.to_owned(),
            authentication: AUTHENTICATIONS[0].to_owned(),
            privileges: privileges.iter().map(|&word| word.to_owned()).collect(),
            login_privileges: LOGIN_PRIVILEGES.iter().map(|&word| word.to_owned()).collect(),
            ..User::default()
        }
    }

    /// Returns a row of GetUsers.
    pub(crate) fn summary(&self) -> Value {
        json!({
            "userName": self.name,
            "fullName": self.full_name,
            "distinguishedName": self.distinguished_name,
            "mfaStatus": self.mfa_status(),
        })
    }

    /// Returns the result of GetUserInfo. `privilegesOnFolders` is absent for users with all privileges (observed).
    pub(crate) fn info(&self) -> Value {
        let mut info = self.summary();
        let rest = json!({
            "authentication": self.authentication,
            "emailAddresses": self.email_addresses,
            "pop3UserNames": self.pop3_user_names,
            "privileges": self.privileges,
            "loginPrivileges": self.login_privileges,
        });
        if let (Value::Object(info), Value::Object(rest)) = (&mut info, rest) {
            info.extend(rest);
            if !self.privileges.iter().any(|word| word == "admin") {
                let folders = self.folders.iter();
                let rights = folders
                    .map(|(folder, privileges)| json!({ "folder": folder, "privileges": privileges }))
                    .collect();
                info.insert("privilegesOnFolders".to_owned(), Value::Array(rights));
            }
        }
        info
    }

    /// Returns the word of `mfaStatus`. Only `Disabled` was observed. The other word is inferred.
    fn mfa_status(&self) -> &'static str {
        if self.mfa { "Enabled" } else { "Disabled" }
    }

    pub(crate) fn set_privileges(&mut self, list: &str) -> Result<(), Failure> {
        self.privileges = words(list, &PRIVILEGES, &["none", "admin"])?;
        Ok(())
    }

    /// Sets the authentication methods. `None` grants all of them (documented for CreateUser).
    pub(crate) fn set_login_privileges(&mut self, list: Option<&str>) -> Result<(), Failure> {
        self.login_privileges = match list {
            None => LOGIN_PRIVILEGES.iter().map(|&word| word.to_owned()).collect(),
            Some("none") => Vec::new(),
            Some(list) => words(list, &LOGIN_PRIVILEGES, &[])?,
        };
        Ok(())
    }

    pub(crate) fn set_authentication(&mut self, word: &str) -> Result<(), Failure> {
        self.authentication = match AUTHENTICATIONS
            .into_iter()
            .find(|known| known.eq_ignore_ascii_case(word))
        {
            Some(known) => known.to_owned(),
            None => return Err(Failure::new(format!("{word} is not a kind of authentication."))),
        };
        Ok(())
    }

    /// Sets the rights on a folder. `none` removes them. Only top-level folders have rights (documented).
    pub(crate) fn set_privileges_on_folder(&mut self, folder: &str, list: &str) -> Result<(), Failure> {
        if folder.is_empty() || folder.contains('/') {
            let message = format!("Privileges can be set on top-level folders only, not on '{folder}'.");
            return Err(Failure::new(message));
        }
        let privileges = words(list, &FOLDER_PRIVILEGES, &["none"])?;
        if privileges == ["none"] {
            self.folders.remove(folder);
        } else {
            self.folders.insert(folder.to_owned(), privileges);
        }
        Ok(())
    }
}

/// Parses a comma-separated list of known words and ignores surrounding white space. A word of `alone` must be the
/// only one.
fn words(list: &str, known: &[&str], alone: &[&str]) -> Result<Vec<String>, Failure> {
    let mut words = Vec::new();
    for given in list.split(',').map(str::trim) {
        match known.iter().find(|word| word.eq_ignore_ascii_case(given)) {
            Some(&word) if !words.contains(&word) => words.push(word),
            Some(_) => {}
            None => return Err(Failure::new(format!("'{given}' is not a known privilege."))),
        }
    }
    match words.iter().find(|word| words.len() > 1 && alone.contains(word)) {
        Some(word) => Err(Failure::new(format!(
            "The privilege '{word}' must be the only one in the list."
        ))),
        None => Ok(words.into_iter().map(str::to_owned).collect()),
    }
}

/// Parses a comma-separated list of any words. A missing list is the same as an empty list.
pub(crate) fn list(text: Option<&str>) -> Vec<String> {
    let parts = text.unwrap_or_default().split(',').map(str::trim);
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// The users of an archive. Names are case-insensitive (inferred).
#[derive(Debug, Default)]
pub(crate) struct Users(Vec<User>);

impl Users {
    pub(crate) fn all(&self) -> impl Iterator<Item = &User> {
        self.0.iter()
    }

    pub(crate) fn find(&self, name: &str) -> Result<&User, Failure> {
        self.0
            .iter()
            .find(|user| same(&user.name, name))
            .ok_or_else(|| unknown(name))
    }

    pub(crate) fn find_mut(&mut self, name: &str) -> Result<&mut User, Failure> {
        self.0
            .iter_mut()
            .find(|user| same(&user.name, name))
            .ok_or_else(|| unknown(name))
    }

    pub(crate) fn add(&mut self, user: User) -> Result<(), Failure> {
        self.free(&user.name)?;
        self.0.push(user);
        Ok(())
    }

    pub(crate) fn rename(&mut self, old: &str, new: &str) -> Result<(), Failure> {
        self.find(old)?;
        if !same(old, new) {
            self.free(new)?;
        }
        new.clone_into(&mut self.find_mut(old)?.name);
        Ok(())
    }

    pub(crate) fn delete(&mut self, name: &str) -> Result<(), Failure> {
        self.find(name)?;
        self.0.retain(|user| !same(&user.name, name));
        Ok(())
    }

    /// Checks that the name is valid and unused.
    fn free(&self, name: &str) -> Result<(), Failure> {
        if name.trim().is_empty() {
            return Err(Failure::new("A user name must not be empty."));
        }
        match self.find(name) {
            Ok(user) => Err(Failure::new(format!(
                "A user with the name {} exists already.",
                user.name
            ))),
            Err(_) => Ok(()),
        }
    }
}

fn same(left: &str, right: &str) -> bool {
    left.to_lowercase() == right.to_lowercase()
}

fn unknown(name: &str) -> Failure {
    Failure::new(format!("There is no user with the name {name}."))
}
