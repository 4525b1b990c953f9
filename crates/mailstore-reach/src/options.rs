//! The options to connect to a server.

use std::env;
use std::path::PathBuf;

use mailstore_metadata::Edition;
use mailstore_transport::{Fingerprint, SecretString};
use miette::miette;

use crate::edition::edition_parser;
use crate::environment::variable;
use crate::password::{PasswordSource, password_of_environment, password_of_terminal};

/// The user if no option and no environment variable names one.
const DEFAULT_USER: &str = "admin";

/// The options to connect to a server.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Options {
    /// The product; required unless the port is a default port (8463 server, 8474 spe). [env: MAILSTORE_EDITION]
    #[arg(long, value_parser = edition_parser())]
    pub edition: Option<Edition>,
    /// The name of an administrator, `admin` by default. The password is read from MAILSTORE_PASSWORD or from the
    /// terminal.
    #[arg(long, value_name = "NAME", env = "MAILSTORE_USER")]
    pub user: Option<String>,
    /// Trust only the certificates in this PEM file: the certificate of your own authority or of the server. [env:
    /// MAILSTORE_CA]
    #[arg(long, value_name = "FILE")]
    pub ca: Option<PathBuf>,
    /// Trust only the certificate with this SHA-256 fingerprint, or with this fingerprint of its public key. Errors show
    /// both. May be repeated. [env: MAILSTORE_PIN, with commas between several fingerprints]
    #[arg(long, value_name = "FINGERPRINT", conflicts_with = "ca")]
    pub pin: Vec<Fingerprint>,
    /// Trust any certificate. An attacker on the network can then read the password. Use it only for a server on this
    /// machine or for a first test.
    #[arg(long, conflicts_with_all = ["ca", "pin"])]
    pub insecure: bool,
    /// The password, if it is already known.
    #[arg(skip)]
    pub password: Option<SecretString>,
    /// Returns the password if it is not known and MAILSTORE_PASSWORD is not set.
    #[arg(skip)]
    pub password_source: Option<PasswordSource>,
}

impl Options {
    /// Returns the name of the user.
    pub fn user_name(&self) -> &str {
        let given = self.user.as_deref().filter(|user| !user.is_empty());
        given.unwrap_or(DEFAULT_USER)
    }

    /// Returns whether the options determine which certificates are trusted.
    pub fn has_trust(&self) -> bool {
        self.ca.is_some() || !self.pin.is_empty() || self.insecure
    }

    /// Returns the options with the edition and the trusted certificates of the environment, if the options determine
    /// none: MAILSTORE_EDITION, and MAILSTORE_CA or MAILSTORE_PIN. Empty variables count as not set.
    ///
    /// # Errors
    /// A variable is invalid, or both MAILSTORE_CA and MAILSTORE_PIN are set.
    pub fn with_environment(&self) -> miette::Result<Self> {
        let mut options = self.clone();
        options.user = options.user.filter(|user| !user.is_empty());
        if options.edition.is_none()
            && let Some(word) = variable("MAILSTORE_EDITION")?
        {
            let edition = word.parse::<Edition>();
            options.edition =
                Some(edition.map_err(|error| miette!("MAILSTORE_EDITION is invalid: {error}"))?);
        }
        if self.has_trust() {
            return Ok(options);
        }
        options.ca = env::var_os("MAILSTORE_CA")
            .filter(|path| !path.is_empty())
            .map(PathBuf::from);
        if let Some(pins) = variable("MAILSTORE_PIN")? {
            let pins = pins.split(',').map(|pin| pin.trim().parse::<Fingerprint>());
            options.pin = pins
                .collect::<Result<_, _>>()
                .map_err(|error| miette!("MAILSTORE_PIN is invalid: {error}"))?;
        }
        if options.ca.is_some() && !options.pin.is_empty() {
            return Err(miette!(
                help = "Unset one of them.",
                "MAILSTORE_CA and MAILSTORE_PIN are both set, but only one of them can be used"
            ));
        }
        Ok(options)
    }

    /// Returns the password: the known one, else that of the environment, else that of the source, else that of a prompt
    /// on the terminal.
    ///
    /// # Errors
    /// The source fails, or there is no terminal.
    pub fn find_password(&self) -> miette::Result<SecretString> {
        if let Some(password) = &self.password {
            return Ok(password.clone());
        }
        if let Some(password) = password_of_environment()? {
            return Ok(password);
        }
        if let Some(source) = &self.password_source
            && let Some(password) = source.password()?
        {
            return Ok(password);
        }
        password_of_terminal(self.user_name())
    }

    /// Returns the options for another command line that connects to a server of this edition. They do not contain
    /// the password.
    pub fn arguments(&self, edition: Edition) -> Vec<String> {
        let mut arguments = vec!["--edition".to_owned(), edition.as_str().to_owned()];
        arguments.extend(["--user".to_owned(), self.user_name().to_owned()]);
        if let Some(ca) = &self.ca {
            arguments.extend(["--ca".to_owned(), ca.display().to_string()]);
        }
        for pin in &self.pin {
            arguments.extend(["--pin".to_owned(), pin.to_string()]);
        }
        if self.insecure {
            arguments.push("--insecure".to_owned());
        }
        arguments
    }
}
