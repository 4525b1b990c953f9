//! The ready-made files in `docs/schedules`: their commands run against the simulator, and `docs/schedules.md` shows them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Below the root of the workspace.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/schedules");
const NAMES: [&str; 3] = ["snapshot", "audit", "check"];

/// The text of a file, with the line ends of Unix.
fn file(name: &str) -> String {
    let text = fs::read_to_string(Path::new(FOLDER).join(name)).unwrap();
    text.replace("\r\n", "\n")
}

fn service(name: &str) -> String {
    file(&format!("systemd/mailstore-{name}.service"))
}

fn task(name: &str) -> String {
    file(&format!("windows/mailstore-{name}.xml"))
}

/// The text between two marks.
fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = text
        .split_once(start)
        .unwrap_or_else(|| panic!("{start}: {text}"));
    rest.split_once(end).unwrap_or_else(|| panic!("{end}: {rest}")).0
}

fn cron_line(name: &str) -> String {
    let cron = file("cron/mailstore");
    let word = format!("/mailstore {name} ");
    let line = cron.lines().find(|line| line.contains(&word));
    line.unwrap().to_owned()
}

/// The words after the program in the three files for a command. None of them needs quotes.
fn commands(name: &str) -> [String; 3] {
    let unix = "/usr/local/bin/mailstore ";
    let windows = "\"C:\\Program Files\\mailstore\\mailstore.exe\" ";
    [
        between(&service(name), &format!("ExecStart={unix}"), "\n").to_owned(),
        between(&cron_line(name), unix, " 2>&1)").to_owned(),
        between(&task(name), windows, " &gt;&gt; ").to_owned(),
    ]
}

/// The commands run with the profile of the document and with no other variables than a service has.
#[cfg(unix)]
#[test]
fn every_scheduled_command_reads_the_simulator_with_the_profile_of_the_document() {
    use std::os::unix::fs::PermissionsExt as _;

    use crate::support::{Server, command, run};

    let server = Server::start();
    let folder = server.folder.path();
    let config = file("config.toml")
        .replace("https://mailstore.example.com:8463", server.simulator.url())
        .replace("sha256:0A:1B:...", server.simulator.fingerprint());
    for (name, text) in [("config.toml", config.as_str()), ("password", "admin\n")] {
        let path = folder.join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }
    let history = folder.join("history.jsonl");
    let history_paths = [
        "%S/mailstore/history.jsonl",
        "/var/lib/mailstore/history.jsonl",
        "C:\\ProgramData\\mailstore\\history.jsonl",
    ];
    // The simulator has no second factors, so an audit of it always has unknown results or findings.
    for (name, codes) in [("snapshot", [0, 0]), ("audit", [10, 11]), ("check", [0, 0])] {
        for line in commands(name) {
            let path = history.display().to_string();
            let line = history_paths
                .iter()
                .fold(line, |line, known| line.replace(known, &path));
            let words: Vec<&str> = line.split(' ').collect();
            let mut command = command(&words);
            command.env_clear().env("PATH", "/usr/bin:/bin");
            command
                .env("MAILSTORE_CONFIG", folder)
                .env("CREDENTIALS_DIRECTORY", folder);
            let ran = run(&mut command);
            assert!(codes.contains(&ran.code.unwrap()), "{line}: {ran:?}");
            assert!(!ran.stderr.contains("Warning"), "{line}: {ran:?}");
        }
    }
    // Each snapshot added its line to the same history.
    assert_eq!(fs::read_to_string(history).unwrap().lines().count(), 3);
    let received = server.simulator.received();
    assert!(
        received.iter().all(|call| call.function.starts_with("Get")),
        "{received:?}"
    );
}

#[test]
fn the_schedules_of_a_command_have_the_same_time_and_the_same_command() {
    for name in NAMES {
        let timer = file(&format!("systemd/mailstore-{name}.timer"));
        let time = between(&timer, "OnCalendar=*-*-* ", " UTC\n");
        assert!(task(name).contains(&format!("T{time}:00Z<")), "{name}");
        let line = cron_line(name);
        let fields: Vec<u8> = line
            .split(' ')
            .take(2)
            .map(|field| field.parse().unwrap())
            .collect();
        assert_eq!(time, format!("{:02}:{:02}", fields[1], fields[0]), "{name}");
        let first_words = |line: String| line.split(" --to ").next().unwrap().to_owned();
        let [systemd, cron, windows] = commands(name).map(first_words);
        assert!(systemd == cron && cron == windows, "{systemd}, {cron}, {windows}");
    }
}

/// A unit or task without the lines that differ between the commands.
fn common(text: &str, differing: &[&str]) -> Vec<String> {
    let lines = text.lines().map(str::trim);
    let kept = lines.filter(|line| !differing.iter().any(|start| line.starts_with(start)));
    kept.map(str::to_owned).collect()
}

#[test]
fn the_units_and_tasks_of_the_commands_have_the_same_settings() {
    let service_lines = ["Description=", "ExecStart=", "StateDirectory"];
    let timer_lines = ["Description=", "OnCalendar="];
    let task_lines = ["<Description>", "<StartBoundary>", "<Arguments>"];
    let first = NAMES[0];
    let timer = |name| file(&format!("systemd/mailstore-{name}.timer"));
    for name in NAMES {
        assert_eq!(
            common(&service(name), &service_lines),
            common(&service(first), &service_lines)
        );
        assert_eq!(
            common(&timer(name), &timer_lines),
            common(&timer(first), &timer_lines)
        );
        assert_eq!(
            common(&task(name), &task_lines),
            common(&task(first), &task_lines)
        );
    }
}

#[test]
fn the_document_shows_the_files_as_they_are() {
    let document = fs::read_to_string(Path::new(FOLDER).with_extension("md")).unwrap();
    let document = document.replace("\r\n", "\n");
    let names = [
        "config.toml",
        "windows/config.toml",
        "systemd/mailstore-snapshot.service",
        "systemd/mailstore-snapshot.timer",
        "systemd/tell-mailstore@.service",
        "cron/mailstore",
    ];
    let files: BTreeMap<String, &str> = names.into_iter().map(|name| (file(name), name)).collect();
    let mut shown = Vec::new();
    for language in ["toml", "ini", "cron"] {
        let fence = format!("\n```{language}\n");
        let blocks = document.split(&fence).skip(1);
        for block in blocks.map(|rest| rest.split_once("```").unwrap().0) {
            let name = files
                .get(block)
                .unwrap_or_else(|| panic!("no file has this text: {block}"));
            shown.push(*name);
        }
    }
    shown.sort_unstable();
    let mut names = names;
    names.sort_unstable();
    assert_eq!(shown, names);
}
