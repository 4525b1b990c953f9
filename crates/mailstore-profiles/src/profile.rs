//! A profile: a server, a user, and what is trusted.

use std::fmt;
use std::path::PathBuf;

use mailstore_transport::{Edition, Fingerprint};
use miette::{Report, miette};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A profile, as the file contains it. It contains no password.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Profile {
    /// The address of the server: `https://host:port`.
    pub address: String,
    /// The product of the server.
    pub edition: Edition,
    /// The user name of the account.
    pub user: String,
    /// A file with the only trusted certificates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca: Option<PathBuf>,
    /// The fingerprints of the only trusted certificates.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pins: Vec<Pin>,
    /// Whether functions that change something are refused.
    #[serde(default, alias = "read_only", skip_serializing_if = "is_false")]
    pub read_only: bool,
    /// A command that prints the password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_command: Option<PasswordCommand>,
    /// Whether the password is in the keyring of the operating system.
    #[serde(default, skip_serializing_if = "is_false")]
    pub keyring: bool,
    /// The instance of the Service Provider Edition that commands use if none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
}

fn is_false(value: &bool) -> bool {
    !value
}

impl Profile {
    /// Returns the address as `https://host:port`.
    pub fn origin(&self) -> miette::Result<String> {
        mailstore_reach::origin(&self.address, self.edition)
    }

    /// Returns whether the profile is for this user of the server at `origin`. A password is only sent to the server
    /// of its profile.
    pub fn is_of(&self, origin: &str, user: &str) -> bool {
        self.user == user && self.origin().is_ok_and(|own| own == origin)
    }

    /// Returns the name of the password in a keyring. It contains the address, so that a password is never sent to
    /// another server. Returns `None` if the address is invalid.
    pub fn account(&self) -> Option<String> {
        Some(format!("{}@{}", self.user, self.origin().ok()?))
    }

    /// Returns the fingerprints of the trusted certificates.
    pub fn fingerprints(&self) -> impl Iterator<Item = Fingerprint> {
        self.pins.iter().map(|pin| pin.0)
    }
}

/// A fingerprint, as text in the file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pin(pub Fingerprint);

impl<'de> Deserialize<'de> for Pin {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(de::Error::custom)
    }
}

impl Serialize for Pin {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// A command that prints a password: its program and its arguments. It is started without a shell.
#[derive(Clone, Deserialize, PartialEq, Serialize)]
#[serde(try_from = "Words", into = "Vec<String>")]
pub struct PasswordCommand {
    program: String,
    arguments: Vec<String>,
}

/// The forms of a command in the file.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a text or a list of words")]
enum Words {
    Line(String),
    List(Vec<String>),
}

impl PasswordCommand {
    /// Creates a command from its words.
    ///
    /// # Errors
    /// There is no word.
    pub fn of_words(mut words: Vec<String>) -> Result<Self, Report> {
        if words.first().is_none_or(|program| program.is_empty()) {
            return Err(miette!("the password command is empty"));
        }
        let program = words.remove(0);
        Ok(Self {
            program,
            arguments: words,
        })
    }

    /// Creates a command from a line. The line is split into words as a POSIX shell does it, but no shell runs.
    ///
    /// # Errors
    /// The line is empty, or a quote is not closed.
    pub fn of_line(line: &str) -> Result<Self, Report> {
        let words = shlex::split(line).ok_or_else(|| {
            miette!("the password command cannot be split into words: a quote is not closed")
        })?;
        Self::of_words(words)
    }

    /// Returns the program. The arguments are not shown, because they may contain something private.
    pub fn program(&self) -> &str {
        &self.program
    }

    /// Returns the arguments.
    pub fn arguments(&self) -> &[String] {
        &self.arguments
    }
}

impl TryFrom<Words> for PasswordCommand {
    type Error = Report;

    fn try_from(words: Words) -> Result<Self, Report> {
        match words {
            Words::Line(line) => Self::of_line(&line),
            Words::List(words) => Self::of_words(words),
        }
    }
}

impl From<PasswordCommand> for Vec<String> {
    fn from(command: PasswordCommand) -> Self {
        let mut words = vec![command.program];
        words.extend(command.arguments);
        words
    }
}

/// Shows only the program.
impl fmt::Debug for PasswordCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordCommand")
            .field("program", &self.program)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn profile(text: &str) -> Result<Profile, String> {
        let text = format!("address = 'https://host:8463'\nedition = 'server'\nuser = 'admin'\n{text}");
        toml::from_str(&text).map_err(|error| error.message().to_owned())
    }

    #[test]
    fn a_password_command_is_a_line_or_a_list_of_words() {
        for text in [
            "password-command = \"pass show 'my server'\"",
            "password-command = ['pass', 'show', 'my server']",
        ] {
            let command = profile(text).unwrap().password_command.unwrap();
            assert_eq!(command.program(), "pass");
            assert_eq!(command.arguments(), ["show", "my server"]);
        }
        for (text, error) in [
            ("''", "is empty"),
            ("[]", "is empty"),
            ("\"pass 'show\"", "a quote is not closed"),
            ("3", "expected a text or a list of words"),
        ] {
            let found = profile(&format!("password-command = {text}")).unwrap_err();
            assert!(found.contains(error), "{found}");
        }
    }

    #[test]
    fn a_profile_is_written_as_it_is_read() {
        let pin = "AB".repeat(32);
        let text = format!(
            "pins = ['{pin}']\nread_only = true\npassword-command = 'pass show'\nkeyring = true\ninstance = 'demo'"
        );
        let read = profile(&text).unwrap();
        assert!(read.read_only);
        let written = toml::to_string(&read).unwrap();
        assert_eq!(toml::from_str::<Profile>(&written).unwrap(), read);
        assert!(written.contains("read-only = true"), "{written}");
    }

    #[test]
    fn an_unknown_member_is_an_error() {
        let error = profile("readonly = true").unwrap_err();
        assert!(error.contains("unknown field `readonly`"), "{error}");
    }

    #[test]
    fn a_profile_is_of_one_user_of_one_server() {
        let profile = profile("").unwrap();
        assert!(profile.is_of("https://host:8463", "admin"));
        assert!(!profile.is_of("https://host:8463", "anna"));
        assert!(!profile.is_of("https://host:8464", "admin"));
    }
}
