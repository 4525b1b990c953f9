//! Passwords in the keyring of the operating system: Keychain on macOS, Credential Manager on Windows, and the Secret
//! Service elsewhere.

use ::keyring::{Entry, Error};
use mailstore_transport::{ExposeSecret as _, SecretString};

/// The name under which a keyring shows the passwords of this program.
const SERVICE: &str = "mailstore";

/// Stores passwords. An account is a user of a server.
pub trait Keyring: Send + Sync {
    /// Returns the password of an account, or `None` if there is none. The error is the reason as a text.
    fn load(&self, account: &str) -> Result<Option<SecretString>, String>;
    /// Stores the password of an account, in place of an old one.
    fn save(&self, account: &str, password: &SecretString) -> Result<(), String>;
    /// Removes the password of an account, if there is one.
    fn remove(&self, account: &str) -> Result<(), String>;
}

/// The keyring of the operating system.
pub struct OfSystem;

impl Keyring for OfSystem {
    fn load(&self, account: &str) -> Result<Option<SecretString>, String> {
        match entry(account)?.get_password() {
            Ok(password) => Ok(Some(password.into())),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(reason(&error)),
        }
    }

    fn save(&self, account: &str, password: &SecretString) -> Result<(), String> {
        let saved = entry(account)?.set_password(password.expose_secret());
        saved.map_err(|error| reason(&error))
    }

    fn remove(&self, account: &str) -> Result<(), String> {
        match entry(account)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(reason(&error)),
        }
    }
}

fn entry(account: &str) -> Result<Entry, String> {
    if let Err(error) = Entry::store_status() {
        return Err(reason(error));
    }
    Entry::new(SERVICE, account).map_err(|error| reason(&error))
}

/// Returns the text of an error. `Debug` could show a password.
fn reason(error: &Error) -> String {
    mailstore_reach::printable(&error.to_string()).to_string()
}
