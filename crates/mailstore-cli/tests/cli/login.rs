//! `mailstore login`.

use std::fs;
use std::process::Command;

use mailstore_api::Fingerprint;
use mailstore_sim::{Edition, Simulator};
use tempfile::TempDir;

#[cfg(unix)]
use crate::pty::Terminal;
use crate::support::{Ran, command, run};

/// A simulator and a folder for profiles.
struct Setup {
    simulator: Simulator,
    folder: TempDir,
}

impl Setup {
    fn new() -> Self {
        Self::of(Edition::Server)
    }

    fn of(edition: Edition) -> Self {
        Self {
            simulator: Simulator::builder(edition)
                .credentials("operator", "hunter2")
                .start()
                .unwrap(),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// A simulator with another certificate at the same address.
    fn with_another_certificate(self) -> Self {
        let address = self.simulator.address().to_string();
        let edition = self.simulator.edition();
        self.simulator.stop();
        Self {
            simulator: Simulator::builder(edition)
                .credentials("operator", "hunter2")
                .listen(address)
                .start()
                .unwrap(),
            folder: self.folder,
        }
    }

    fn fingerprint(&self) -> String {
        let fingerprint: Fingerprint = self.simulator.fingerprint().parse().unwrap();
        fingerprint.to_string()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = command(arguments);
        command
            .env("MAILSTORE_CONFIG", self.folder.path().join("config"))
            // The keyring of the person who runs the tests is not used.
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/no/such/socket");
        command
    }

    /// Logs in with a password in the environment, as a script does.
    fn login(&self, arguments: &[&str]) -> Ran {
        let mut words = vec!["login", self.simulator.url(), "--user", "operator"];
        words.extend(arguments);
        run(self.command(&words).env("MAILSTORE_PASSWORD", "hunter2"))
    }

    fn pinned(&self, arguments: &[&str]) -> Ran {
        let edition = self.simulator.edition().as_str();
        let mut words = vec!["--edition", edition, "--pin", self.simulator.fingerprint()];
        words.extend(arguments);
        self.login(&words)
    }

    fn file(&self) -> String {
        fs::read_to_string(self.folder.path().join("config/config.toml")).unwrap_or_default()
    }

    #[track_caller]
    fn has_no_profile(&self) {
        assert_eq!(self.file(), "");
    }

    #[track_caller]
    fn got_no_request(&self) {
        assert!(self.simulator.received().is_empty());
    }
}

#[track_caller]
fn fails(ran: &Ran, code: i32, messages: &[&str]) {
    assert_eq!(ran.code, Some(code), "{ran:?}");
    for message in messages {
        assert!(ran.stderr.contains(message), "no `{message}`: {}", ran.stderr);
    }
    assert!(!format!("{ran:?}").contains("hunter2"), "{ran:?}");
}

#[cfg(unix)]
#[test]
fn the_first_login_asks_shows_the_certificate_and_pins_it() {
    let setup = Setup::new();
    let mut terminal = Terminal::start(setup.command(&["login", "--no-keyring"]));
    terminal.expect("Address of the server: ");
    terminal.type_line(setup.simulator.url());
    terminal.expect("Product (server or spe) [server]: ");
    terminal.type_line("");
    terminal.expect("User [admin]: ");
    terminal.type_line("operator");
    terminal.expect("CN=MailStore simulator");
    terminal.expect(&setup.fingerprint());
    terminal.expect("Type `yes` to continue: ");
    setup.got_no_request();
    terminal.type_line("yes");
    terminal.expect("Password of operator: ");
    terminal.type_line("hunter2");
    terminal.expect("Logged in to MailStore Server 24");
    let (code, shown) = terminal.end();
    assert_eq!(code, Some(0), "{shown}");
    assert!(setup.file().contains(&setup.fingerprint()), "{}", setup.file());
    assert!(!setup.file().contains("hunter2"));

    let call = run(setup
        .command(&["call", "GetServerInfo"])
        .env("MAILSTORE_PASSWORD", "hunter2"));
    assert_eq!(call.code, Some(0), "{call:?}");
}

#[cfg(unix)]
#[test]
fn no_password_is_asked_for_if_the_certificate_is_not_confirmed() {
    let setup = Setup::new();
    let words = ["login", setup.simulator.url(), "--edition", "server"];
    let mut terminal = Terminal::start(setup.command(&words));
    terminal.expect("User [admin]: ");
    terminal.type_line("");
    terminal.expect("Type `yes` to continue: ");
    terminal.type_line("y");
    let (code, shown) = terminal.end();
    assert_eq!(code, Some(3), "{shown}");
    assert!(!shown.contains("Password of"), "{shown}");
    setup.got_no_request();
    setup.has_no_profile();
}

#[test]
fn without_a_terminal_the_error_shows_the_option_to_trust_the_certificate() {
    let setup = Setup::new();
    let ran = setup.login(&["--edition", "server"]);
    fails(
        &ran,
        5,
        &[
            "this machine does not trust the certificate",
            "CN=MailStore simulator",
        ],
    );
    setup.got_no_request();
    setup.has_no_profile();
    let option = ran.stderr.split('`').nth(1).unwrap();
    assert_eq!(option, format!("--pin {}", setup.fingerprint()));
    let mut words = vec!["--edition", "server"];
    words.extend(option.split(' '));
    let ran = setup.login(&words);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let call = run(setup
        .command(&["call", "GetServerInfo"])
        .env("MAILSTORE_PASSWORD", "hunter2"));
    assert_eq!(call.code, Some(0), "{call:?}");
}

#[test]
fn a_wrong_password_is_not_stored() {
    let setup = Setup::new();
    let ran = setup.pinned(&["--password-command", "echo wrong"]);
    fails(&ran, 4, &["rejected the credentials"]);
    setup.has_no_profile();
}

#[test]
fn the_password_is_not_sent_to_a_server_with_another_certificate_than_the_pin() {
    let setup = Setup::new();
    let ran = setup.login(&["--edition", "server", "--pin", &"00".repeat(32)]);
    fails(&ran, 5, &[&setup.fingerprint()]);
    setup.got_no_request();
    setup.has_no_profile();
}

#[test]
fn a_changed_certificate_is_an_error_without_a_terminal() {
    let setup = Setup::new();
    assert_eq!(setup.pinned(&["--profile", "prod"]).code, Some(0));
    let before = setup.file();
    let old = setup.fingerprint();
    let setup = setup.with_another_certificate();
    let new = &*setup.fingerprint();
    assert_ne!(old, new);
    let ran = setup.login(&["--profile", "prod"]);
    fails(&ran, 5, &["HAS CHANGED", "profile `prod`", &old, new]);
    setup.got_no_request();
    assert_eq!(setup.file(), before);
    let call = run(setup
        .command(&["call", "GetServerInfo"])
        .env("MAILSTORE_PASSWORD", "hunter2"));
    fails(&call, 5, &[&old, new]);
    setup.got_no_request();
    let ran = setup.login(&["--profile", "prod", "--pin", new]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(setup.file().contains(new) && !setup.file().contains(&old));
}

#[cfg(unix)]
#[test]
fn a_changed_certificate_must_be_confirmed() {
    let setup = Setup::new();
    assert_eq!(setup.pinned(&["--profile", "prod"]).code, Some(0));
    let setup = setup.with_another_certificate();
    let words = ["login", "--profile", "prod", "--no-keyring"];
    let mut terminal = Terminal::start(setup.command(&words));
    terminal.expect("User [operator]: ");
    terminal.type_line("");
    terminal.expect("HAS CHANGED since the last login to the profile `prod`");
    terminal.expect(&setup.fingerprint());
    terminal.expect("Type `yes` to continue: ");
    setup.got_no_request();
    terminal.type_line("yes");
    terminal.expect("Password of operator: ");
    terminal.type_line("hunter2");
    let (code, shown) = terminal.end();
    assert_eq!(code, Some(0), "{shown}");
    assert!(setup.file().contains(&setup.fingerprint()), "{}", setup.file());
}

#[test]
fn a_server_that_cannot_be_reached_is_an_error() {
    let setup = Setup::new();
    for address in ["127.0.0.1:1", "no-such-host.invalid"] {
        let words = ["login", address, "--edition", "server"];
        let ran = run(setup.command(&words).env("MAILSTORE_PASSWORD", "hunter2"));
        fails(&ran, 5, &[address]);
        setup.has_no_profile();
    }
}

#[test]
fn a_wrong_edition_is_an_error_that_shows_the_right_one() {
    for (edition, wrong) in [(Edition::Server, "spe"), (Edition::Spe, "server")] {
        let setup = Setup::of(edition);
        let words = ["--edition", wrong, "--pin", setup.simulator.fingerprint()];
        let advice = format!("`--edition {}`", edition.as_str());
        fails(&setup.login(&words), 5, &[&advice]);
        setup.has_no_profile();
        let ran = setup.pinned(&["--instance", "demo"]);
        assert_eq!(ran.code, Some(0), "{ran:?}");
    }
}

#[test]
fn missing_settings_are_named_without_a_terminal() {
    let setup = Setup::new();
    let url = setup.simulator.url();
    let pin = setup.simulator.fingerprint();
    for (words, code, message) in [
        (&["login"][..], 2, "there is no address"),
        (&["login", url], 2, "Add `--edition server`"),
        (
            &["login", url, "--edition", "server", "--pin", pin],
            4,
            "`--password-stdin`",
        ),
        (
            &["login", url, "--edition", "server", "--insecure"],
            2,
            "Leave out `--insecure`",
        ),
    ] {
        fails(&run(&mut setup.command(words)), code, &[message]);
    }
    setup.got_no_request();
    setup.has_no_profile();
}

#[test]
fn the_password_is_read_from_standard_input() {
    let setup = Setup::new();
    let password = setup.folder.path().join("password");
    fs::write(&password, "hunter2\n").unwrap();
    let words = [
        "login",
        setup.simulator.url(),
        "--edition",
        "server",
        "--user",
        "operator",
        "--pin",
        setup.simulator.fingerprint(),
        "--password-stdin",
        "--no-keyring",
    ];
    let ran = run(setup.command(&words).stdin(fs::File::open(&password).unwrap()));
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(!setup.file().contains("hunter2"));
}

#[cfg(target_os = "linux")]
#[test]
fn the_profile_can_be_used_if_there_is_no_keyring() {
    let setup = Setup::new();
    let password = setup.folder.path().join("password");
    fs::write(&password, "hunter2\n").unwrap();
    let pin = setup.simulator.fingerprint();
    let words = ["login", "--edition", "server", "--pin", pin, "--password-stdin"];
    let ran = run(setup
        .command(&words)
        .env("MAILSTORE_SERVER", setup.simulator.url())
        .env("MAILSTORE_USER", "operator")
        .stdin(fs::File::open(&password).unwrap()));
    fails(
        &ran,
        0,
        &["keyring", "`--password-command COMMAND`", "MAILSTORE_PASSWORD"],
    );
    let call = run(setup
        .command(&["call", "GetServerInfo"])
        .env("MAILSTORE_PASSWORD", "hunter2"));
    assert_eq!(call.code, Some(0), "{call:?}");
    let call = run(&mut setup.command(&["call", "GetServerInfo"]));
    fails(&call, 4, &["there is no password for operator"]);
}

#[test]
fn a_profile_of_another_server_is_not_replaced_without_a_question() {
    let setup = Setup::new();
    assert_eq!(setup.pinned(&["--profile", "prod"]).code, Some(0));
    let before = setup.file();
    let other = Setup::new();
    let words = [
        "login",
        other.simulator.url(),
        "--edition",
        "server",
        "--pin",
        other.simulator.fingerprint(),
        "--profile",
        "prod",
    ];
    let ran = run(setup.command(&words).env("MAILSTORE_PASSWORD", "hunter2"));
    fails(
        &ran,
        3,
        &["the profile `prod` is for operator at", "--profile NAME"],
    );
    assert_eq!(setup.file(), before);
    other.got_no_request();
}

#[test]
fn a_folder_that_cannot_be_written_is_reported_before_anything_is_asked() {
    let setup = Setup::new();
    let file = setup.folder.path().join("file");
    fs::write(&file, "mine").unwrap();
    let mut folders = vec![file.join("config")];
    if cfg!(target_os = "linux") {
        folders.push("/proc/mailstore".into());
    }
    for folder in folders {
        let words = ["login", setup.simulator.url(), "--edition", "server"];
        let ran = run(setup
            .command(&words)
            .env("MAILSTORE_CONFIG", &folder)
            .env("MAILSTORE_PASSWORD", "hunter2"));
        fails(
            &ran,
            1,
            &[
                &folder.display().to_string(),
                "MAILSTORE_CONFIG chooses another folder",
            ],
        );
    }
    setup.got_no_request();
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
}

#[test]
fn a_password_command_that_fails_is_an_error() {
    let setup = Setup::new();
    let missing = "no-such-program --secret";
    for (line, code, message) in [
        (
            missing,
            4,
            "the password command `no-such-program` cannot be started",
        ),
        ("", 2, "the password command is empty"),
        ("echo 'x", 2, "a quote is not closed"),
    ] {
        fails(&setup.pinned(&["--password-command", line]), code, &[message]);
    }
    #[cfg(unix)]
    for (line, messages) in [
        (
            "false",
            &["the password command `false` failed: exit status: 1"][..],
        ),
        ("true", &["the password command `true` printed no password"]),
        ("sh -c 'echo why >&2; exit 3'", &["why", "exit status: 3"]),
    ] {
        fails(&setup.pinned(&["--password-command", line]), 4, messages);
    }
    setup.got_no_request();
    setup.has_no_profile();
}

#[test]
fn a_second_login_keeps_the_settings_that_are_not_given() {
    let setup = Setup::new();
    let words = [
        "--profile",
        "prod",
        "--read-only",
        "--password-command",
        "echo hunter2",
    ];
    assert_eq!(setup.pinned(&words).code, Some(0));
    let before = setup.file();
    for text in ["read-only = true", "password-command = ", "[profile.prod]"] {
        assert!(before.contains(text), "{before}");
    }
    let ran = run(&mut setup.command(&["login", "--profile", "prod"]));
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert_eq!(setup.file(), before);
}
