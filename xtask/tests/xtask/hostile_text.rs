//! Hostile text in the files of the clone and in the responses of servers does not reach the terminal.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use mailstore_reach::is_printable;
use mailstore_sim::{Edition, Simulator};
use serde_json::json;

use crate::checkout::Checkout;
use crate::programs::programs;

const PASSWORD: &str = "hunter2";

/// Text that clears the screen, sets its title, changes the direction of writing, forges a line, and is invisible.
const HOSTILE: [&str; 6] = [
    "\u{1b}[2J",
    "\u{1b}]0;title\u{7}",
    "\u{9b}31m\u{7f}",
    "\u{202e}\u{2067}",
    "\r\nFORGED: no changes\r\n",
    "\u{200b}\u{2028}\u{e0041}",
];

/// Runs a command with colours, as on a terminal, and checks both outputs. Returns whether it succeeded.
#[track_caller]
fn assert_command_is_harmless(place: &str, command: &mut Command) -> bool {
    let output = command.env("CLICOLOR_FORCE", "1").output().expect("it ends");
    let arguments: Vec<_> = command.get_args().collect();
    for bytes in [&output.stdout, &output.stderr] {
        let text = String::from_utf8(bytes.clone()).expect("text");
        let shown = without_colours(&text);
        let found = shown
            .chars()
            .find(|c| !matches!(c, '\n' | '\t') && !is_printable(*c));
        assert_eq!(found, None, "{place} {arguments:?}: {text:?}");
        assert!(
            !text.lines().any(|line| line.trim_start().starts_with("FORGED")),
            "{place} {arguments:?}: {text}"
        );
    }
    output.status.success()
}

/// Removes the escape sequences of colours.
fn without_colours(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part
            .find(|c: char| !c.is_ascii_digit() && c != ';')
            .unwrap_or(part.len());
        match part[end..].strip_prefix('m') {
            Some(rest) => plain.push_str(rest),
            None => plain.push_str(&format!("\u{1b}[{part}")),
        }
    }
    plain
}

/// The function lists with a text at each place.
fn lists(text: &str) -> Vec<(&'static str, String)> {
    let argument = |name: &str, word: &str| {
        json!([{"name": "F", "args": [{"name": name, "type": word, "nullable": true}]}]).to_string()
    };
    vec![
        ("the name of a function", json!([{"name": text}]).to_string()),
        ("a path", json!([{"name": "F", "path": text}]).to_string()),
        ("the name of an argument", argument(text, "string")),
        ("a type", argument("a", text)),
        ("a member", json!([{"name": "F", text: text}]).to_string()),
        (
            "an error",
            json!({"statusCode": "failed", "error": {"message": text}}).to_string(),
        ),
        ("text that is not JSON", format!("[{text}\n]")),
        ("text after the list", format!("[]\n{text}")),
        ("a web page", format!("<html>{text}")),
    ]
}

/// The overlays with a text at each place.
fn overlays(text: &str) -> Vec<(&'static str, String)> {
    let text = toml::Value::from(text);
    vec![
        (
            "the title of a group",
            format!("[groups.x]\ntitle = {text}\ndoc = \"A group.\"\n"),
        ),
        (
            "the name of a group",
            format!("[groups.{text}]\ntitle = \"T\"\ndoc = \"A group.\"\n"),
        ),
        (
            "the documentation of a function",
            format!("[functions.GetServerInfo]\ndoc = {text}\n"),
        ),
        (
            "the name of a function",
            format!("[functions.{text}]\ndoc = \"It is.\"\n"),
        ),
        (
            "a member",
            format!("[functions.GetServerInfo]\n{text} = {text}\n"),
        ),
        (
            "an effect",
            format!("[functions.GetServerInfo]\neffect = {text}\n"),
        ),
        (
            "the word of a vocabulary",
            format!(
                "[types.Odd]\nkind = \"enum\"\ndoc = \"D.\"\nwords = [{{ wire = {text}, doc = {text} }}]\n"
            ),
        ),
        (
            "the name of a type",
            format!("[types.{text}]\nkind = \"id\"\nof = \"string\"\n"),
        ),
    ]
}

#[test]
fn the_generator_of_the_clone_shows_no_hostile_text() {
    let text = HOSTILE.concat();
    let checkout = Checkout::new();
    let xtask = Path::new(env!("CARGO_BIN_EXE_xtask"));
    let run = |place: &str, arguments: &[&str]| {
        let mut command = checkout.command(xtask, "metadata/mailstore");
        assert_command_is_harmless(place, command.args(arguments))
    };
    assert!(run("nothing hostile", &["codegen"]));

    let accepted = RefCell::new(BTreeSet::new());
    let replaced = |file: &str, place: &str, content: &dyn Fn(&str) -> String| {
        let path = checkout.path(&format!("metadata/mailstore/{file}"));
        let before = fs::read_to_string(&path).expect("it is there");
        fs::write(&path, content(&before)).expect("written");
        if run(place, &["codegen"]) {
            accepted.borrow_mut().insert(place.to_owned());
        }
        fs::write(&path, before).expect("written");
    };
    for (place, list) in lists(&text) {
        replaced("server-24.json", place, &|_| list.clone());
    }
    for (place, overlay) in overlays(&text) {
        replaced("overlay/server-24.toml", place, &|before| {
            format!("{before}\n{overlay}")
        });
    }
    let quoted = toml::Value::from(text.as_str());
    for (place, member) in [
        ("a title in the documents", "title = \"Server\""),
        (
            "a text in the documents",
            "doc = \"The server itself: version, licence, service configuration, sessions and time zones.\"",
        ),
    ] {
        let name = member.split(' ').next().unwrap_or_default();
        replaced("overlay/server.toml", place, &|before| {
            assert!(before.contains(member));
            before.replacen(member, &format!("{name} = {quoted}"), 1)
        });
    }
    replaced("overlay/server-24.toml", "text that is not TOML", &|before| {
        format!("{before}\n{text}")
    });
    let name = toml::Value::from(text.as_str());
    for (place, entry) in [
        ("the name of a list", format!("dump = {name}\noverlays = []")),
        (
            "the name of an overlay",
            format!("dump = \"server-24.json\"\noverlays = [{name}]"),
        ),
        (
            "a simulator",
            format!("dump = \"server-24.json\"\noverlays = []\nsimulator = {name}"),
        ),
        (
            "an unknown member",
            format!("dump = \"server-24.json\"\n{name} = 1"),
        ),
    ] {
        replaced("editions.toml", place, &|before| {
            format!("{before}\n[[edition]]\n{entry}\n")
        });
    }
    let accepted = accepted.into_inner();
    assert!(
        accepted.contains("a text in the documents"),
        "the command writes documents only with: {accepted:?}"
    );
}

#[test]
fn examples_show_no_hostile_text() {
    for text in HOSTILE {
        let user = move || {
            json!({"userName": text, "fullName": text, "distinguishedName": text, "authentication": text,
                "emailAddresses": [text], "pop3UserNames": [text], "privileges": [text],
                "privilegesOnFolders": [{"folder": text, "privileges": [text]}]})
        };
        let simulator = Simulator::builder(Edition::Server)
            .credentials("admin", PASSWORD)
            .result(
                "GetServerInfo",
                move |_| json!({"version": text, "machineName": text}),
            )
            .result("GetUserInfo", move |_| user())
            .result("GetUsers", move |_| json!([user()]))
            .start()
            .expect("it starts");
        let folder = tempfile::tempdir().expect("a folder");
        let ca = folder.path().join("ca.pem");
        fs::write(&ca, simulator.certificate_pem()).expect("written");
        for (example, arguments) in [
            ("quickstart", &[][..]),
            ("all_email_addresses", &[]),
            ("tour", &["--change-this-server"]),
        ] {
            let mut command = Command::new(&programs()[example]);
            command
                .args(arguments)
                .env("MAILSTORE_HOST", simulator.url())
                .env("MAILSTORE_USER", "admin")
                .env("MAILSTORE_PASSWORD", PASSWORD)
                .env("MAILSTORE_CA", &ca);
            assert_command_is_harmless(example, &mut command);
        }
        let asked = simulator.starts("GetServerInfo");
        assert!(asked >= 2, "the examples asked the server {asked} times");
    }
}
