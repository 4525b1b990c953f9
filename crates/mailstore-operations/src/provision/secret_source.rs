//! Where a password comes from.

use std::process::{Command, Stdio};

use mailstore_api::SecretString;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::error::ProvisionError;

/// Where a password comes from. A file and a plan contain this, and never the password.
///
/// In a file it is `{ env = "NAME" }` or `{ command = ["PROGRAM", "ARGUMENT"] }`.
// The error for any other value does not contain the value, because it may be a password.
#[derive(Clone, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(
    untagged,
    deny_unknown_fields,
    expecting = "expected `{ env = \"NAME\" }` or `{ command = [\"PROGRAM\", \"ARGUMENT\"] }`"
)]
pub enum SecretSource {
    /// An environment variable.
    Env {
        /// The name of the variable.
        env: String,
    },
    /// A program that prints the password.
    Command {
        /// The program and its arguments. It is started without a shell.
        command: Vec<String>,
    },
}

impl SecretSource {
    /// Reads the password. One line break at its end is removed.
    ///
    /// # Errors
    /// The variable is not set, the command fails, or the password is empty. No error contains the password.
    pub fn read(&self) -> Result<SecretString, ProvisionError> {
        let password = match self {
            Self::Env { env } => std::env::var(env)
                .map_err(|_| self.error("the environment variable is not set, or it is not valid Unicode"))?,
            Self::Command { command } => self.run(command)?,
        };
        let password = password.strip_suffix('\n').unwrap_or(&password);
        let password = password.strip_suffix('\r').unwrap_or(password);
        if password.is_empty() {
            return Err(self.error("the password is empty"));
        }
        Ok(SecretString::from(password))
    }

    fn run(&self, words: &[String]) -> Result<String, ProvisionError> {
        let Some((program, arguments)) = words.split_first() else {
            return Err(self.error("the command is empty"));
        };
        let output = Command::new(program)
            .args(arguments)
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| self.error(&format!("the command cannot be started: {error}")))?;
        if !output.status.success() {
            return Err(self.error(&format!("the command ended with {}", output.status)));
        }
        String::from_utf8(output.stdout).map_err(|_| self.error("the password is not valid UTF-8"))
    }

    fn error(&self, problem: &str) -> ProvisionError {
        ProvisionError::Secret {
            from: self.to_string(),
            problem: problem.to_owned(),
        }
    }
}

/// Shows the source, and not the password.
impl std::fmt::Display for SecretSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Env { env } => write!(f, "the environment variable {env}"),
            // Arguments may be secrets.
            Self::Command { command } => {
                write!(f, "the command `{}`", command.first().map_or("", String::as_str))
            }
        }
    }
}

/// Shows the same as `Display`.
impl std::fmt::Debug for SecretSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use mailstore_api::ExposeSecret as _;

    use super::*;

    #[test]
    fn a_password_of_a_command_loses_one_line_break() {
        let source = SecretSource::Command {
            command: vec!["printf".into(), "hunter2\\n\\n".into()],
        };
        assert_eq!(source.read().unwrap().expose_secret(), "hunter2\n");
    }

    #[test]
    fn a_missing_variable_is_an_error_with_its_name() {
        let source = SecretSource::Env {
            env: "MAILSTORE_TEST_NO_SUCH_VARIABLE".into(),
        };
        let text = source.read().unwrap_err().to_string();
        assert!(text.contains("MAILSTORE_TEST_NO_SUCH_VARIABLE"), "{text}");
    }

    #[test]
    fn a_failed_command_is_an_error_without_its_arguments() {
        let source = SecretSource::Command {
            command: vec!["false".into(), "hunter2".into()],
        };
        let text = source.read().unwrap_err().to_string();
        assert!(text.contains("`false`") && !text.contains("hunter2"), "{text}");
    }
}
