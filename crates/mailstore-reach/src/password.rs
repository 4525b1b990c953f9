//! The password of the user.

use std::fmt;
use std::io::{self, IsTerminal};
use std::sync::{Arc, OnceLock};

use mailstore_transport::SecretString;
use miette::{Context, IntoDiagnostic, miette};

use crate::environment::variable;

/// The environment variable with the password. There is no option for it, because all users of the machine can see
/// command lines.
const PASSWORD: &str = "MAILSTORE_PASSWORD";

/// A function that returns a password, or `None` if it has none.
type Read = dyn Fn() -> miette::Result<Option<SecretString>> + Send + Sync;

/// Returns a password when it is needed. It is read at most once.
#[derive(Clone)]
pub struct PasswordSource {
    read: Arc<Read>,
    found: Arc<OnceLock<Option<SecretString>>>,
}

impl PasswordSource {
    /// Creates a source from a function. The function returns `None` if it has no password.
    pub fn new(read: impl Fn() -> miette::Result<Option<SecretString>> + Send + Sync + 'static) -> Self {
        Self {
            read: Arc::new(read),
            found: Arc::default(),
        }
    }

    /// Returns the password, or `None` if the source has none.
    ///
    /// # Errors
    /// The source cannot be read.
    pub fn password(&self) -> miette::Result<Option<SecretString>> {
        if let Some(found) = self.found.get() {
            return Ok(found.clone());
        }
        let found = (self.read)()?;
        Ok(self.found.get_or_init(|| found).clone())
    }
}

/// Shows no password.
impl fmt::Debug for PasswordSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordSource").finish_non_exhaustive()
    }
}

/// Asks for the password of a user, if standard input is a terminal.
pub(crate) fn password_of_terminal(user: &str) -> miette::Result<SecretString> {
    if !io::stdin().is_terminal() {
        return Err(miette!(
            help = format!(
                "Set {PASSWORD}, or run the command in a terminal, where it prompts for the password."
            ),
            "there is no password for {user}"
        ));
    }
    prompt_for_password(user)
}

/// Returns the password in MAILSTORE_PASSWORD.
///
/// # Errors
/// It is not valid UTF-8.
pub fn password_of_environment() -> miette::Result<Option<SecretString>> {
    Ok(variable(PASSWORD)?.map(SecretString::from))
}

/// Asks for the password of a user on the terminal.
///
/// # Errors
/// There is no terminal.
pub fn prompt_for_password(user: &str) -> miette::Result<SecretString> {
    let password = rpassword::prompt_password(format!("Password of {user}: "))
        .into_diagnostic()
        .wrap_err("cannot read the password from the terminal")?;
    Ok(password.into())
}
