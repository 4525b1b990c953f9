//! Profiles: their commands and their file.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use mailstore_sim::{Edition, Simulator};
use tempfile::TempDir;

use crate::support::{Ran, command, run};

/// A folder for profiles.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn with(text: &str) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        fs::write(folder.path(), text).unwrap();
        #[cfg(unix)]
        folder.set_mode(0o600);
        folder
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.0.path().join("config.toml")
    }

    pub(crate) fn text(&self) -> String {
        fs::read_to_string(self.path()).unwrap()
    }

    #[cfg(unix)]
    fn set_mode(&self, mode: u32) {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(self.path(), fs::Permissions::from_mode(mode)).unwrap();
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = command(arguments);
        command.env("MAILSTORE_CONFIG", self.0.path());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        run(&mut self.command(arguments))
    }
}

/// A profile for a server that is never asked.
pub(crate) fn profile(name: &str, more: &str) -> String {
    format!(
        "[profile.{name}]\naddress = 'https://{name}.example.com:8463'\nedition = 'server'\nuser = 'operator'\n{more}\n"
    )
}

/// A profile for a simulator. A command prints the password.
pub(crate) fn of(simulator: &Simulator, name: &str, more: &str) -> String {
    format!(
        "[profile.{name}]\naddress = '{}'\nedition = '{}'\nuser = 'admin'\npins = ['{}']\npassword-command = 'echo {}'\n{more}\n",
        simulator.url(),
        simulator.edition().as_str(),
        simulator.fingerprint(),
        simulator.password()
    )
}

#[track_caller]
pub(crate) fn fails(ran: &Ran, code: i32, messages: &[&str]) {
    assert_eq!(ran.code, Some(code), "{ran:?}");
    for message in messages {
        assert!(ran.stderr.contains(message), "no `{message}`: {}", ran.stderr);
    }
}

#[test]
fn profiles_are_listed_shown_chosen_and_removed() {
    let text = format!(
        "# My servers.\ncurrent = 'prod'\n\n{}{}",
        profile("prod", "read_only = true # never change it"),
        profile("test", "password-command = ['pass', 'show', 'canary-7f3a']")
    );
    let folder = Folder::with(&text);
    let list = folder.run(&["profile", "list"]);
    assert_eq!(list.code, Some(0), "{list:?}");
    let lines: Vec<&str> = list.stdout.lines().map(str::trim).collect();
    assert!(
        lines[1].starts_with("*  prod") && lines[1].ends_with("read-only"),
        "{lines:?}"
    );
    assert!(
        lines[2].starts_with("test") && lines[2].ends_with("full"),
        "{lines:?}"
    );

    let shown = folder.run(&["profile", "show"]);
    assert!(
        shown.stdout.contains("https://prod.example.com:8463"),
        "{shown:?}"
    );
    let shown = folder.run(&["profile", "show", "TEST"]);
    assert!(shown.stdout.contains("from the command `pass`"), "{shown:?}");
    assert!(!shown.stdout.contains("canary"), "{shown:?}");

    assert_eq!(folder.run(&["profile", "use", "test"]).code, Some(0));
    assert_eq!(
        folder.text(),
        text.replace("current = 'prod'", "current = \"test\"")
    );
    assert_eq!(folder.run(&["profile", "remove", "test"]).code, Some(0));
    let kept = folder.text();
    assert!(
        kept.contains("# My servers.") && kept.contains("# never change it"),
        "{kept}"
    );
    assert!(!kept.contains("test"), "{kept}");
    fails(&folder.run(&["profile", "show"]), 2, &["no profile is current"]);
    assert_eq!(folder.run(&["profile", "remove", "prod"]).code, Some(0));
    let list = folder.run(&["profile", "list"]);
    assert!(list.stdout.contains("There are no profiles."), "{list:?}");
}

#[test]
fn a_wrong_name_is_an_error_that_suggests_the_right_one() {
    let folder = Folder::with(&profile("production", ""));
    for words in [
        &["profile", "use", "prodction"][..],
        &["profile", "show", "prodction"],
        &["profile", "remove", "prodction"],
        &["call", "--profile", "prodction", "GetServerInfo"],
    ] {
        let messages = ["no profile is called `prodction`", "Did you mean `production`?"];
        fails(&folder.run(words), 2, &messages);
    }
    let ran = run(folder
        .command(&["call", "GetServerInfo"])
        .env("MAILSTORE_PROFILE", "prodction"));
    fails(&ran, 2, &["Did you mean `production`?"]);
    let empty = Folder::with("");
    fails(&empty.run(&["profile", "use", "prod"]), 2, &["`mailstore login`"]);
    let dangling = Folder::with(&format!("current = 'gone'\n{}", profile("prod", "")));
    let ran = dangling.run(&["call", "GetServerInfo"]);
    fails(
        &ran,
        2,
        &["the current profile is wrong", "no profile is called `gone`"],
    );
}

#[test]
fn a_damaged_file_is_reported_with_its_line_and_kept() {
    let simulator = Simulator::start().unwrap();
    for (text, line, message) in [
        ("current = 'a'\n[profile.a\n", 2, "expected"),
        ("current = 3", 1, "invalid type"),
        (&*profile("a", "readonly = true"), 5, "unknown field `readonly`"),
        (
            &profile("a", "password = 'canary-7f3a'"),
            5,
            "unknown field `password`",
        ),
        (&profile("a", "pins = ['12']"), 5, "fingerprint"),
        ("[profile.a]\nuser = 'x'", 1, "missing field `address`"),
        ("\u{1b}[2J", 1, "line 1"),
    ] {
        let folder = Folder::with(text);
        for words in [
            &["profile", "list"][..],
            &["profile", "use", "a"],
            &["profile", "remove", "a"],
            &["call", "GetServerInfo"],
            &["login", simulator.url(), "--edition", "server"],
        ] {
            let ran = folder.run(words);
            let place = format!("{}, line {line}: ", folder.path().display());
            fails(&ran, 2, &[&place, message, "The file was not changed"]);
            assert!(!ran.stderr.contains("canary"), "{ran:?}");
            assert_eq!(folder.text(), text);
        }
    }
    let binary = Folder::with("");
    fs::write(binary.path(), [0xff, 0xfe]).unwrap();
    fails(&binary.run(&["profile", "list"]), 2, &["cannot read"]);
}

#[cfg(unix)]
#[test]
fn a_file_that_others_may_change_is_refused() {
    let folder = Folder::with(&profile("prod", ""));
    for mode in [0o620, 0o602, 0o666] {
        folder.set_mode(mode);
        let ran = folder.run(&["profile", "list"]);
        fails(&ran, 2, &["other users may change", "`chmod 600 "]);
        let ran = folder.run(&["call", "--profile", "prod", "GetServerInfo"]);
        fails(&ran, 2, &["other users may change"]);
    }
    folder.set_mode(0o644);
    let ran = folder.run(&["profile", "list"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
    let folder = Folder::with(&profile("prod", "password-command = 'pass show x'"));
    folder.set_mode(0o644);
    let ran = folder.run(&["profile", "list"]);
    fails(&ran, 0, &["Warning: other users may read"]);
}

#[cfg(unix)]
#[test]
fn nothing_is_lost_if_the_file_cannot_be_written() {
    let text = profile("prod", "");
    let folder = Folder::with(&text);
    let unchanged = |ran: &Ran| {
        let path = folder.path().display().to_string();
        fails(
            ran,
            1,
            &["cannot write", &path, "MAILSTORE_CONFIG chooses another folder"],
        );
        assert_eq!(folder.text(), text);
        assert_eq!(folder.0.path().read_dir().unwrap().count(), 1);
    };
    for words in [["profile", "use", "prod"], ["profile", "remove", "prod"]] {
        // No file may be larger than 0 bytes, as on a full disk.
        let inner = folder.command(&words);
        let mut full = Command::new("sh");
        full.args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$0\" \"$@\""])
            .arg(inner.get_program())
            .args(inner.get_args())
            .env("MAILSTORE_CONFIG", folder.0.path());
        unchanged(&run(&mut full));
        // The system lets root write to a read-only folder.
        if !rustix::process::geteuid().is_root() {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = |mode| fs::set_permissions(folder.0.path(), fs::Permissions::from_mode(mode)).unwrap();
            mode(0o500);
            let ran = folder.run(&words);
            mode(0o700);
            unchanged(&ran);
        }
    }
}

#[test]
fn a_read_only_profile_refuses_what_may_change_something() {
    let simulator = Simulator::start().unwrap();
    let folder = Folder::with(&format!(
        "current = 'p'\n{}",
        of(&simulator, "p", "read-only = true")
    ));
    assert_eq!(folder.run(&["call", "GetServerInfo"]).code, Some(0));
    let ran = folder.run(&["call", "--yes", "DeleteUser", "userName=john.doe"]);
    fails(&ran, 3, &["DeleteUser may change something"]);
    assert_eq!(simulator.starts("DeleteUser"), 0);
}

#[test]
fn a_call_that_was_left_running_is_watched_with_the_profile_of_its_server() {
    // The calls take one step with each status request.
    let start = || {
        let builder = Simulator::builder(Edition::Server).step(Duration::ZERO);
        builder.start().unwrap()
    };
    let (server, other) = (start(), start());
    let text = format!(
        "current = 'other'\n{}{}",
        of(&server, "p", ""),
        of(&other, "other", "")
    );
    let folder = Folder::with(&text);
    let tasks = folder.0.path().join("tasks");
    let words = [
        "call",
        "--profile",
        "p",
        "--detach",
        "VerifyStore",
        "id=1",
        "includeIndexes=false",
    ];
    let ran = run(folder.command(&words).env("MAILSTORE_TASKS", &tasks));
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let file = tasks.read_dir().unwrap().next().unwrap().unwrap().path();
    let file = file.display().to_string();
    fails(
        &folder.run(&["tasks", "watch", "--profile", "other", &file]),
        2,
        &["the profile `other` is for"],
    );
    let ran = folder.run(&["tasks", "watch", &file]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.stderr.contains("Finished. No errors"), "{ran:?}");
    assert!(other.received().is_empty());
}

#[cfg(unix)]
#[test]
fn the_simulator_has_a_temporary_profile() {
    use std::io::{BufRead as _, BufReader};
    use std::process::Stdio;

    use rustix::process::{Pid, Signal, kill_process};

    for signal in [Signal::INT, Signal::TERM] {
        let mut child = command(&["sim"]).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines
            .map(|line| line.unwrap())
            .find(|line| line.ends_with("mailstore call GetServerInfo"))
            .unwrap();
        let folder = line
            .split(' ')
            .next()
            .unwrap()
            .strip_prefix("MAILSTORE_CONFIG=")
            .unwrap();
        let folder = shlex::split(folder).unwrap().remove(0);
        let ran = run(command(&["call", "GetServerInfo"]).env("MAILSTORE_CONFIG", &folder));
        assert_eq!(ran.code, Some(0), "{ran:?}");
        kill_process(Pid::from_child(&child), signal).unwrap();
        assert!(child.wait().unwrap().success());
        assert!(!fs::exists(&folder).unwrap());
    }
}
