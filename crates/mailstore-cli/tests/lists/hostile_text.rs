//! Hostile text in function lists, in overlays and in the responses of servers does not reach the terminal.

use std::fs;
use std::path::Path;
use std::process::Command;

use mailstore_reach::is_printable;
use mailstore_sim::{Edition, Simulator};
use serde_json::json;

use crate::program::{PASSWORD, committed, mailstore};

/// Text that clears the screen, sets its title, changes the direction of writing, forges a line, and is invisible.
const HOSTILE: [&str; 6] = [
    "\u{1b}[2J",
    "\u{1b}]0;title\u{7}",
    "\u{9b}31m\u{7f}",
    "\u{202e}\u{2067}",
    "\r\nFORGED: no changes\r\n",
    "\u{200b}\u{2028}\u{e0041}",
];

#[track_caller]
fn assert_harmless(place: &str, arguments: &[&str]) -> bool {
    assert_command_is_harmless(place, &mut mailstore(arguments))
}

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

#[test]
fn commands_that_read_a_function_list_show_no_hostile_text() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("client");
    for text in HOSTILE {
        for (place, list) in lists(text) {
            let path = folder.path().join("list.json");
            fs::write(&path, list).expect("written");
            let path = path.to_str().expect("text");
            for format in ["text", "markdown", "json"] {
                assert_harmless(place, &["metadata", "diff", path, "server-9", "--format", format]);
            }
            assert_harmless(place, &["metadata", "diff", "server-9", path]);
            assert_harmless(
                place,
                &["generate", "--dump", path, "--out", out.to_str().expect("text")],
            );
        }
    }
}

#[cfg(unix)]
#[test]
fn names_of_files_show_no_hostile_text() {
    let folder = tempfile::tempdir().expect("a folder");
    for text in HOSTILE {
        for content in ["[]", "[1]"] {
            let path = folder.path().join(format!("a{text}.json"));
            fs::write(&path, content).expect("written");
            let path = path.to_str().expect("text");
            for format in ["text", "markdown"] {
                assert_harmless(
                    "a file name",
                    &["metadata", "diff", path, "server-9", "--format", format],
                );
            }
        }
        assert_harmless("a missing file", &["metadata", "diff", text, "server-9"]);
    }
}

#[test]
fn commands_that_ask_a_server_show_no_hostile_text() {
    for text in HOSTILE {
        let simulator = Simulator::builder(Edition::Server)
            .credentials("admin", PASSWORD)
            .result(
                "GetServerInfo",
                move |_| json!({"version": text, "machineName": text, text: text}),
            )
            .start()
            .expect("it starts");
        let folder = tempfile::tempdir().expect("a folder");
        let ca = folder.path().join("ca.pem");
        fs::write(&ca, simulator.certificate_pem()).expect("written");
        let path = |path: &Path| path.to_str().expect("text").to_owned();
        let (ca, out) = (path(&ca), path(&folder.path().join("dump.json")));
        let url = simulator.url();
        let options = ["--edition", "server", "--ca", &ca];
        assert_harmless(
            "a version",
            &[
                &["metadata", "fetch", "--server", url, "--out", &out][..],
                &options,
            ]
            .concat(),
        );
        assert_harmless(
            "a version",
            &[&["metadata", "diff", url, "server-9"][..], &options].concat(),
        );
    }
}

/// The overlays with a text at each place.
fn overlays(text: &str) -> Vec<(&'static str, String)> {
    let text = toml::Value::from(text);
    vec![
        (
            "a text in the documents",
            format!(
                "[groups.odd]\ntitle = \"Odd\"\ndoc = {text}\n[functions.GetServerInfo]\ngroup = \"odd\"\n"
            ),
        ),
        (
            "a title in the documents",
            format!(
                "[groups.odd]\ntitle = {text}\ndoc = \"Odd.\"\n[functions.GetServerInfo]\ngroup = \"odd\"\n"
            ),
        ),
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
fn commands_that_read_a_folder_of_lists_show_no_hostile_text() {
    let text = HOSTILE.concat();
    assert_harmless("an argument", &["metadata", "history", &text]);
    assert_harmless("an argument", &["metadata", "history", "--folder", &text]);
    assert_harmless("an argument", &["metadata", "show", "server-24", &text]);
    assert_harmless("an argument", &["openapi", "--edition", &text]);
    let out = format!("{text}/a.json");
    assert_harmless("an argument", &["openapi", "--edition", "server", "--out", &out]);

    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().display().to_string();
    let saved = folder.path().join("server-99.json");
    for (place, list) in lists(&text) {
        fs::write(&saved, list).expect("written");
        assert_harmless(place, &["metadata", "history", "--folder", &path]);
        assert_harmless(place, &["metadata", "history", "GetUsers", "--folder", &path]);
    }
    fs::write(&saved, "[]").expect("written");
    #[cfg(unix)]
    {
        let odd = folder.path().join(format!("{}.json", text.replace('/', "")));
        fs::write(odd, "[]").expect("written");
        let arguments = ["metadata", "history", "--folder", &path];
        assert!(!assert_harmless("the name of a saved list", &arguments));
    }
}

#[test]
fn commands_that_read_overlays_show_no_hostile_text() {
    let text = HOSTILE.concat();
    let folder = tempfile::tempdir().expect("a folder");
    let (dump, overlay) = (
        folder.path().join("dump.json"),
        folder.path().join("overlay.toml"),
    );
    let words = [&dump, &overlay].map(|path| path.display().to_string());
    let client = folder.path().join("client").display().to_string();
    let run = |place: &str| {
        let source = ["--dump", &words[0], "--overlay", &words[1], "--known", "server"];
        let mut accepted = false;
        for command in [
            &["coverage", "--plain"][..],
            &["openapi"],
            &["generate", "--out", &client],
        ] {
            accepted |= assert_harmless(place, &[command, &source].concat());
        }
        accepted
    };
    let good = committed("server-24.json");
    for (place, list) in lists(&text) {
        fs::write(&dump, list).expect("written");
        fs::write(&overlay, "").expect("written");
        run(place);
    }
    fs::write(&dump, good).expect("written");
    let mut accepted = Vec::new();
    for (place, content) in overlays(&text) {
        fs::write(&overlay, content).expect("written");
        if run(place) {
            accepted.push(place);
        }
    }
    fs::write(&overlay, &text).expect("written");
    assert!(!run("text that is not TOML"));
    assert!(
        accepted.contains(&"a text in the documents"),
        "the commands print documents only with: {accepted:?}"
    );
}
