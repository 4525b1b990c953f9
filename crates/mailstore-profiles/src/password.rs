//! The password of a profile: from its command or from the keyring.

use std::io::{self, BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use mailstore_reach::PasswordSource;
use mailstore_transport::SecretString;
use miette::{Context as _, IntoDiagnostic as _, miette};

use crate::keyring::Keyring;
use crate::profile::{PasswordCommand, Profile};

/// The longest line that is read as a password.
const MAX_BYTES: u64 = 4096;

/// The pause between two looks at whether a command has ended.
const PAUSE: Duration = Duration::from_millis(10);

/// Returns the source of the password of a profile. Nothing is read until the password is needed.
pub fn source(profile: &Profile, keyring: impl Keyring + 'static) -> Option<PasswordSource> {
    source_within(profile, keyring, None)
}

/// Returns the source of the password of a profile, whose command is killed if it takes longer than `limit`.
pub fn source_within(
    profile: &Profile,
    keyring: impl Keyring + 'static,
    limit: Option<Duration>,
) -> Option<PasswordSource> {
    if let Some(command) = profile.password_command.clone() {
        return Some(PasswordSource::new(move || run_within(&command, limit).map(Some)));
    }
    let account = profile.account().filter(|_| profile.keyring)?;
    Some(PasswordSource::new(move || {
        let found = keyring.load(&account);
        let problem = match found {
            Ok(Some(password)) => return Ok(Some(password)),
            Ok(None) => "it has none".to_owned(),
            Err(reason) => reason,
        };
        // The user can still type it.
        mailstore_reach::warn!("Warning: the keyring does not return the password of {account}: {problem}");
        Ok(None)
    }))
}

/// Starts the command of a profile and returns the first line that it prints.
///
/// # Errors
/// The command cannot be started, fails, or prints nothing.
pub fn run(command: &PasswordCommand) -> miette::Result<SecretString> {
    run_within(command, None)
}

/// Like [`run`], but kills the command if it takes longer than `limit`.
fn run_within(command: &PasswordCommand, limit: Option<Duration>) -> miette::Result<SecretString> {
    let program = mailstore_reach::printable(command.program()).to_string();
    let failed = |what: &str| miette!("the password command `{program}` {what}");
    // It may ask the user, so it has the standard input and the standard error of this program.
    let mut child = Command::new(command.program())
        .args(command.arguments())
        .stdout(Stdio::piped())
        .spawn()
        .into_diagnostic()
        .wrap_err_with(|| failed("cannot be started").to_string())?;
    let Some(output) = child.stdout.take() else {
        return Err(failed("has no output"));
    };
    let until = limit.map(|limit| Instant::now() + limit);
    let (sender, line) = mpsc::channel();
    // A process that the command has started may keep the output open, so the thread may outlive the command.
    thread::spawn(move || {
        let mut output = BufReader::new(output);
        let line = first_line(&mut output);
        // A command that prints more must not fail because of a closed pipe.
        let _ = sender.send(io::copy(&mut output, &mut io::sink()).and(line));
    });
    let line = match until {
        None => line.recv().ok(),
        Some(until) => line
            .recv_timeout(until.saturating_duration_since(Instant::now()))
            .ok(),
    };
    let status = match line {
        Some(_) => wait(&mut child, until).into_diagnostic()?,
        None => None,
    };
    let (Some(line), Some(status)) = (line, status) else {
        // It may have ended by itself meanwhile.
        let _ = child.kill();
        let _ = child.wait();
        let limit = limit.unwrap_or_default();
        return Err(failed(&format!("did not end within {limit:?}, so it was killed")));
    };
    if !status.success() {
        return Err(failed(&format!("failed: {status}")));
    }
    line.map_err(|error| failed(&format!("printed no password: {error}")))
}

/// Waits until a process ends. Returns `None` if it does not end in time.
fn wait(child: &mut Child, until: Option<Instant>) -> io::Result<Option<ExitStatus>> {
    let Some(until) = until else {
        return child.wait().map(Some);
    };
    loop {
        let status = child.try_wait()?;
        if status.is_some() || Instant::now() >= until {
            return Ok(status);
        }
        thread::sleep(PAUSE);
    }
}

/// Reads a password: a line without its end.
///
/// # Errors
/// The input cannot be read, or the line is empty, too long, or no valid UTF-8.
pub fn first_line(input: &mut impl io::BufRead) -> io::Result<SecretString> {
    let invalid = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what);
    let mut line = Vec::new();
    input.take(MAX_BYTES + 1).read_until(b'\n', &mut line)?;
    if line.len() as u64 > MAX_BYTES {
        return Err(invalid("the first line is too long"));
    }
    let line = String::from_utf8(line).map_err(|_| invalid("the first line is not valid UTF-8"))?;
    match line.trim_end_matches(['\r', '\n']) {
        "" => Err(invalid("the first line is empty")),
        password => Ok(password.into()),
    }
}

/// Removes the password of a removed profile from the keyring, unless another profile uses it.
pub fn forget<'a>(
    removed: &Profile,
    others: impl IntoIterator<Item = &'a Profile>,
    keyring: &dyn Keyring,
) -> Result<(), String> {
    let account = removed.account().filter(|_| removed.keyring);
    let Some(account) = account else {
        return Ok(());
    };
    let uses_it = |other: &Profile| other.keyring && other.account().as_ref() == Some(&account);
    if others.into_iter().any(uses_it) {
        return Ok(());
    }
    keyring.remove(&account)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::{Arc, Mutex};

    use mailstore_transport::ExposeSecret as _;

    use super::*;

    /// A keyring in memory, or one that cannot be used.
    #[derive(Clone, Default)]
    struct Memory(Option<Arc<Mutex<BTreeMap<String, SecretString>>>>);

    impl Memory {
        fn new() -> Self {
            Self(Some(Arc::default()))
        }

        fn with<T>(&self, f: impl FnOnce(&mut BTreeMap<String, SecretString>) -> T) -> Result<T, String> {
            let map = self.0.as_ref().ok_or("no keyring")?;
            Ok(f(&mut map.lock().unwrap()))
        }
    }

    impl Keyring for Memory {
        fn load(&self, account: &str) -> Result<Option<SecretString>, String> {
            self.with(|map| map.get(account).cloned())
        }

        fn save(&self, account: &str, password: &SecretString) -> Result<(), String> {
            self.with(|map| map.insert(account.to_owned(), password.clone()))
                .map(drop)
        }

        fn remove(&self, account: &str) -> Result<(), String> {
            self.with(|map| map.remove(account)).map(drop)
        }
    }

    fn profile(user: &str) -> Profile {
        let text = format!("address = 'host:8463'\nedition = 'server'\nuser = '{user}'\nkeyring = true");
        toml::from_str(&text).unwrap()
    }

    #[test]
    fn a_password_belongs_to_one_user_of_one_server() {
        let keyring = Memory::new();
        let anna = profile("anna");
        let account = anna.account().unwrap();
        assert_eq!(account, "anna@https://host:8463");
        keyring.save(&account, &"secret".into()).unwrap();
        let read =
            |profile: &Profile| source(profile, keyring.clone()).map(|source| source.password().unwrap());
        let found = read(&anna).unwrap().unwrap();
        assert_eq!(found.expose_secret(), "secret");
        assert!(read(&profile("ben")).unwrap().is_none());
        let moved = Profile {
            address: "other:8463".to_owned(),
            ..anna.clone()
        };
        assert!(read(&moved).unwrap().is_none());
        let not_stored = Profile {
            keyring: false,
            ..anna
        };
        assert!(read(&not_stored).is_none());
    }

    #[test]
    fn a_keyring_that_cannot_be_used_has_no_password() {
        let source = source(&profile("anna"), Memory::default()).unwrap();
        assert!(source.password().unwrap().is_none());
    }

    #[test]
    fn the_password_is_removed_with_the_last_profile_that_uses_it() {
        let keyring = Memory::new();
        let (anna, ben) = (profile("anna"), profile("ben"));
        let account = anna.account().unwrap();
        keyring.save(&account, &"secret".into()).unwrap();
        forget(&anna, [&ben, &anna], &keyring).unwrap();
        assert!(keyring.load(&account).unwrap().is_some());
        forget(&anna, [&ben], &keyring).unwrap();
        assert!(keyring.load(&account).unwrap().is_none());
        assert_eq!(
            forget(&anna, [], &Memory::default()),
            Err("no keyring".to_owned())
        );
    }

    #[test]
    fn a_password_is_the_first_line() {
        let read = |text: &[u8]| first_line(&mut &*text);
        for text in ["secret", "secret\n", "secret\r\nmore\n"] {
            assert_eq!(read(text.as_bytes()).unwrap().expose_secret(), "secret");
        }
        let long = vec![b'x'; 5000];
        for text in [&b""[..], b"\nsecret", b"\xff\n", &long] {
            assert!(read(text).is_err());
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_command_that_does_not_end_in_time_is_killed() {
        use rustix::process::{Pid, test_kill_process};

        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("process");
        for hang in ["exec sleep 1000", "echo secret; exec >&-; exec sleep 1000"] {
            let script = format!("echo $$ > '{}'; {hang}", file.display());
            let words = ["sh", "-c", &script].map(str::to_owned);
            let command = PasswordCommand::of_words(words.to_vec()).unwrap();
            let problem = run_within(&command, Some(Duration::from_secs(2))).unwrap_err();
            let problem = problem.to_string();
            assert!(problem.contains("`sh` did not end within 2s"), "{problem}");
            let id = std::fs::read_to_string(&file).unwrap();
            let id = Pid::from_raw(id.trim().parse().unwrap()).unwrap();
            assert!(test_kill_process(id).is_err());
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_command_that_ends_in_time_returns_its_password() {
        let command = PasswordCommand::of_words(vec!["echo".to_owned(), "secret".to_owned()]).unwrap();
        for limit in [None, Some(Duration::from_secs(60))] {
            let password = run_within(&command, limit).unwrap();
            assert_eq!(password.expose_secret(), "secret");
        }
    }
}
