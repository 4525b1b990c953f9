//! What users see: the commands with their output, as snapshots.

use std::collections::BTreeSet;
use std::time::Duration;

use mailstore_sim::{Edition, Simulator};

use crate::support::{Server, command, run};
use crate::transcript::Transcript;

fn server() -> Transcript {
    let builder = Simulator::builder(Edition::Server).step(Duration::ZERO);
    Transcript::of(Server::of(builder.start().unwrap()))
}

fn calls() -> Transcript {
    let mut shown = server();
    shown.run("call GetServerInfo");
    shown.run("stores list -o table --columns id,name,statisticsSize");
    shown.run("stores verify 3 --include-indexes=false");
    shown.run("users create anna login --full-name Anna --dry-run");
    shown.run("describe VerifyStore");
    shown.run("functions verify");
    shown
}

fn mistakes() -> Transcript {
    let mut shown = server();
    shown.run("call VerfyStore");
    shown.run("call VerifyStore id=three includeIndexes=false");
    shown.run("call VerifyStore id=3");
    shown.run("call VerifyStore id=3 includeIndex=false");
    shown.run("users set-authentication anna integratd");
    shown.run("users delete anna");
    shown.run("stores list --columns nam");
    shown.run("stores list --output xml");
    shown.run("storse list");
    shown.run_with("call GetServerInfo", &[("MAILSTORE_PASSWORD", "wrong")]);
    let other = "sha256:".to_owned() + &["00"; 32].join(":");
    shown.run_with("call GetServerInfo", &[("MAILSTORE_PIN", &other)]);
    shown.run_with("call GetServerInfo", &[("MAILSTORE_SERVER", "127.0.0.1:1")]);
    shown
}

fn long_calls() -> Transcript {
    let mut shown = Transcript::of(Server::start());
    shown.shows_logs = false;
    shown.run("stores verify 3 --include-indexes=false --timeout 0");
    shown.run("tasks list");
    shown.run("stores verify 3 --include-indexes=false --detach");
    shown.run("tasks cancel FILE");
    shown.run("stores verify 3 --include-indexes=false --detach");
    shown.run("tasks forget FILE");
    shown.run("tasks list");
    shown
}

fn resumed() -> Transcript {
    let mut shown = server();
    shown.run("stores verify 3 --include-indexes=false --detach");
    shown.run("tasks watch FILE");
    shown.run("tasks watch nothing.json");
    shown.write("damaged.json", "{\"user\": ");
    shown.run("tasks watch damaged.json");
    shown
}

fn profiles() -> Transcript {
    let mut shown = server();
    shown.run("profile list");
    shown.run("login --profile prod");
    shown.run("login --profile test --read-only");
    shown.run("profile list");
    shown.run("profile use prod");
    shown.run("profile show tset");
    shown.run("profile remove test");
    shown
}

fn lists() -> Transcript {
    let mut shown = server();
    shown.run("metadata fetch --out list.json");
    shown.run("metadata check list.json");
    shown.run("metadata diff server-9 list.json");
    shown.run("metadata show list.json");
    shown.run("metadata history VerifyStore");
    shown.run("compatibility");
    shown.run("coverage");
    shown.run("generate --dump list.json --out client");
    shown.run("openapi --edition server --out server.json");
    shown.run("probe");
    shown
}

fn checks() -> Transcript {
    let mut shown = server();
    // The lines of the others contain the time since the last run.
    shown.run("check stores");
    shown.run("check index");
    shown.run("check licence --warn-users many");
    shown.run("check jobs --only nothing");
    shown.run("check profiles --only nothing");
    shown.run("check service --timeout none");
    shown.run("check instances");
    shown
}

fn histories() -> Transcript {
    let mut shown = server();
    shown.write("list.csv", "name,users\nacme,5\n");
    shown.run("snapshot --to history.jsonl");
    shown.run("report history.jsonl --out report.html");
    shown.run("snapshot --to list.csv");
    shown.run("report list.csv");
    shown.run("report nothing.jsonl");
    shown
}

fn operations() -> Transcript {
    let mut shown = server();
    shown.write(
        "people.toml",
        "version = 1\n[[user]]\nname = \"jane.doe\"\nemail = []\n",
    );
    shown.run("plan people.toml");
    shown.run("plan nothing.toml");
    shown.run("plan --schema");
    shown.run("apply people.toml --yes");
    shown.run("apply nothing.json");
    shown.run("export configuration");
    shown.run("compare configuration nothing");
    shown.run("audit --rules people.toml");
    shown.run("audit --rules nothing.toml");
    shown.run("mcp --functions nothing");
    shown.run("mcp --read-only --allow-writes");
    shown
}

fn other() -> Transcript {
    let mut shown = server();
    shown.run("completions fish");
    shown.run("completions tcsh");
    shown.run("man --out man");
    shown
}

macro_rules! snapshots {
    ($($name:ident),+) => {
        $(
            mod $name {
                #[test]
                fn is_shown() {
                    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
                        insta::assert_snapshot!(stringify!($name), super::$name().text());
                    });
                }
            }
        )+

        /// Runs all transcripts and returns their commands.
        fn all_commands() -> BTreeSet<String> {
            [$($name),+].into_iter().flat_map(|transcript| transcript().commands).collect()
        }
    };
}

snapshots!(
    calls, mistakes, long_calls, resumed, profiles, lists, checks, histories, operations, other
);

/// Returns the commands of a help text that are not made from the catalogs.
fn commands_in(words: &[String]) -> Vec<Vec<String>> {
    let mut arguments: Vec<&str> = words.iter().map(String::as_str).collect();
    arguments.push("--help");
    let help = run(&mut command(&arguments)).stdout;
    let list = help.split_once("Commands:\n").map_or("", |(_, rest)| rest);
    let lines = list.lines().take_while(|line| !line.is_empty());
    let own = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let own = own.filter(|line| !line.contains("Functions: "));
    let mut found = Vec::new();
    for name in own.filter_map(|line| line.split_whitespace().next()) {
        let words = [words, &[name.to_owned()]].concat();
        found.extend(commands_in(&words));
        found.push(words);
    }
    found
}

#[test]
fn every_command_is_in_a_transcript() {
    let shown = all_commands();
    // `explore` and `sim` run until they are interrupted. Their own tests run them.
    let missing: Vec<String> = commands_in(&[])
        .into_iter()
        .map(|words| words.join(" "))
        .filter(|command| !shown.contains(command) && !["explore", "sim"].contains(&command.as_str()))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}
