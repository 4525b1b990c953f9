//! The password of a profile: from its command or from the keyring.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};

use mailstore_api::SecretString;
use mailstore_reach::PasswordSource;
use miette::{Context as _, IntoDiagnostic as _, miette};

use crate::profile::{PasswordCommand, Profile};

/// The longest password that a command may print.
const MAX_BYTES: u64 = 4096;

/// Returns the source of the password of a profile. Nothing is read until the password is needed.
pub(crate) fn source(profile: &Profile) -> Option<PasswordSource> {
    let command = profile.password_command.clone()?;
    Some(PasswordSource::new(move || run(&command).map(Some)))
}

/// Starts the command of a profile and returns the first line that it prints.
///
/// # Errors
/// The command cannot be started, fails, or prints nothing.
pub(crate) fn run(command: &PasswordCommand) -> miette::Result<SecretString> {
    let program = mailstore_reach::printable(command.program()).to_string();
    let failed = |what: &str| miette!("the password command `{program}` {what}");
    // It may ask the user, so it has our standard input and standard error.
    let mut child = Command::new(command.program())
        .args(command.arguments())
        .stdout(Stdio::piped())
        .spawn()
        .into_diagnostic()
        .wrap_err_with(|| failed("cannot be started").to_string())?;
    let mut line = Vec::new();
    if let Some(output) = child.stdout.take() {
        // The rest is not read. A program that prints more may then fail, which does not matter.
        let mut output = BufReader::new(output.take(MAX_BYTES));
        output
            .read_until(b'\n', &mut line)
            .into_diagnostic()
            .wrap_err_with(|| failed("cannot be read").to_string())?;
        std::io::copy(&mut output.into_inner().into_inner(), &mut std::io::sink()).into_diagnostic()?;
    }
    let status = child.wait().into_diagnostic()?;
    if !status.success() {
        return Err(failed(&format!("failed: {status}")));
    }
    let line = String::from_utf8(line).map_err(|_| failed("printed no valid UTF-8"))?;
    let password = line.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        return Err(failed("printed no password"));
    }
    Ok(password.into())
}
