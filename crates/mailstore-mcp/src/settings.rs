//! What an assistant may do.

use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use mailstore_transport::unversioned::forms_of_secret;
use mailstore_transport::{ExposeSecret as _, SecretString};

/// What an assistant may do, and the limits of a call.
#[derive(Clone)]
pub struct Settings {
    pub(crate) allow_writes: bool,
    pub(crate) functions: Option<GlobSet>,
    pub(crate) instance: Option<String>,
    /// The arguments that are secrets, by function and argument.
    pub(crate) secrets: Vec<(String, SecretString)>,
    /// What is cut out of everything that an assistant sees.
    pub(crate) hidden: Vec<SecretString>,
    pub(crate) max_result: usize,
    pub(crate) limits: Limits,
    pub(crate) confirmation_lifetime: Duration,
}

/// The limits of the wait for one call.
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    /// The server is asked to cancel a call that has not ended after this time.
    pub timeout: Option<Duration>,
    /// The server is asked to cancel a call whose status has not changed for this time.
    pub stalled: Option<Duration>,
}

/// A pattern for the names of functions that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the pattern for functions cannot be used: {0}")]
pub struct WrongSettings(#[from] globset::Error);

impl Settings {
    /// The size of a result in bytes, if none is set.
    pub const MAX_RESULT: usize = 50_000;
    /// How long a confirmation token is valid.
    pub const CONFIRMATION_LIFETIME: Duration = Duration::from_secs(5 * 60);

    /// Only functions that read, of all instances, with results of at most [`Self::MAX_RESULT`] bytes.
    pub fn read_only() -> Self {
        Self {
            allow_writes: false,
            functions: None,
            instance: None,
            secrets: Vec::new(),
            hidden: Vec::new(),
            max_result: Self::MAX_RESULT,
            limits: Limits::default(),
            confirmation_lifetime: Self::CONFIRMATION_LIFETIME,
        }
    }

    /// Also allows functions that change something. The connection must allow them, too.
    pub fn allow_writes(mut self) -> Self {
        self.allow_writes = true;
        self
    }

    /// Allows only functions whose names match one of these patterns, such as `Get*`. Case does not matter.
    ///
    /// # Errors
    /// A pattern is invalid.
    pub fn functions<S: AsRef<str>>(
        mut self,
        patterns: impl IntoIterator<Item = S>,
    ) -> Result<Self, WrongSettings> {
        let mut set = GlobSetBuilder::new();
        for pattern in patterns {
            set.add(
                GlobBuilder::new(pattern.as_ref())
                    .case_insensitive(true)
                    .build()?,
            );
        }
        self.functions = Some(set.build()?);
        Ok(self)
    }

    /// Sets the instance of the Service Provider Edition for calls that name none.
    pub fn instance(mut self, id: impl Into<String>) -> Self {
        self.instance = Some(id.into());
        self
    }

    /// Sets the value of an argument of one function that is a secret, such as `password` of `CreateUser`. It is sent
    /// with every call of this function. An assistant neither sees it nor chooses it.
    pub fn secret(mut self, function: &str, argument: &str, value: impl Into<SecretString>) -> Self {
        let value = value.into();
        self.hidden.extend(forms_of_secret(value.expose_secret()));
        self.secrets.push((format!("{function}.{argument}"), value));
        self
    }

    /// Hides the credentials of the connection from the assistant if the server returns them: the password, also if it is
    /// encoded, and the value of the `Authorization` header. A password that equals the user name is shown, because the
    /// user name is in many results.
    pub fn login(mut self, user: &str, password: &SecretString) -> Self {
        let password = password.expose_secret();
        if password != user {
            self.hidden.extend(forms_of_secret(password));
        }
        let header = BASE64_STANDARD.encode(format!("{user}:{password}"));
        self.hidden.push(header.trim_end_matches('=').into());
        self
    }

    /// Sets the largest size of a result in bytes.
    pub fn max_result(mut self, bytes: usize) -> Self {
        self.max_result = bytes;
        self
    }

    /// Sets the limits of the wait for one call.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets how long a confirmation token is valid.
    pub fn confirmation_lifetime(mut self, lifetime: Duration) -> Self {
        self.confirmation_lifetime = lifetime;
        self
    }
}

/// Shows no secrets.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("allow_writes", &self.allow_writes)
            .field("instance", &self.instance)
            .field("max_result", &self.max_result)
            .finish_non_exhaustive()
    }
}
