//! The settings of a profile, and the options and variables that take precedence over them.

use mailstore_sim::{Edition, Simulator};

use crate::profiles::{Folder, fails, of, profile};
use crate::support::{command, run};

/// The options and variables in the table of precedence exist.
#[test]
fn the_help_contains_every_option_and_variable_of_the_table_of_precedence() {
    let document = include_str!("../../docs/profiles.md");
    let section = document
        .split("## ")
        .find(|section| section.starts_with("Precedence"));
    let rows = section.unwrap().lines().filter(|line| line.starts_with("| "));
    let words = rows.flat_map(|row| row.split('`').skip(1).step_by(2));
    let names: Vec<&str> = words
        .filter(|word| word.starts_with("--") || word.starts_with("MAILSTORE_"))
        .collect();
    assert!(names.len() > 12, "{names:?}");
    let help = command(&["call", "--help"]).output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    for name in names {
        assert!(help.contains(name), "no {name}: {help}");
    }
}

/// One setting: its words on the command line, its variable, its line in a profile, and how `--dry-run` shows each.
struct Setting {
    option: [&'static str; 2],
    variable: [&'static str; 2],
    profile: &'static str,
    shown: [&'static str; 4],
}

/// The rows of the table of precedence that a dry run shows.
const SETTINGS: [Setting; 2] = [
    Setting {
        option: ["--user", "by-option"],
        variable: ["MAILSTORE_USER", "by-variable"],
        profile: "user = 'by-profile'",
        shown: [
            "--user by-option",
            "--user by-variable",
            "--user by-profile",
            "--user admin",
        ],
    },
    Setting {
        option: ["--ca", "by-option.pem"],
        variable: ["MAILSTORE_CA", "by-variable.pem"],
        profile: "ca = 'by-profile.pem'",
        shown: [
            "--cacert by-option.pem",
            "--cacert by-variable.pem",
            "--cacert by-profile.pem",
            "curl --user",
        ],
    },
];

#[test]
fn an_option_takes_precedence_over_the_environment_the_profile_and_the_default() {
    for setting in SETTINGS {
        let base = "current = 'p'\n[profile.p]\naddress = 'host:8463'\nedition = 'server'\n";
        let user = if setting.profile.starts_with("user") {
            ""
        } else {
            "user = 'admin'\n"
        };
        let folder = Folder::with(&format!("{base}{user}{}", setting.profile));
        let shown = |options: &[&str], variables: &[[&str; 2]]| {
            let mut words = vec!["call", "--dry-run"];
            words.extend(options);
            words.push("GetServerInfo");
            let mut command = folder.command(&words);
            command.envs(variables.iter().map(|[name, value]| (*name, *value)));
            let ran = run(&mut command);
            assert_eq!(ran.code, Some(0), "{ran:?}");
            ran.stdout
        };
        let [by_option, by_variable, by_profile, by_default] = setting.shown;
        let rows = [
            (shown(&setting.option, &[setting.variable]), by_option),
            (shown(&[], &[setting.variable]), by_variable),
            (shown(&[], &[[setting.variable[0], ""]]), by_profile),
            (shown(&[], &[]), by_profile),
            (shown(&["--server", "host:8463"], &[]), by_default),
        ];
        for (shown, expected) in rows {
            assert!(shown.contains(expected), "no `{expected}`: {shown}");
        }
    }
}

#[test]
fn the_server_is_that_of_the_option_the_environment_or_the_profile() {
    let text = format!(
        "current = 'current'\n{}{}",
        profile("current", ""),
        profile("named", "")
    );
    let folder = Folder::with(&text);
    let address = ("MAILSTORE_SERVER", "by-variable.example.com:8463");
    let named = ("MAILSTORE_PROFILE", "named");
    let option = &["--server", "by-option.example.com:8463"][..];
    for (words, variables, host) in [
        (option, &[address, named][..], "by-option"),
        (option, &[named], "by-option"),
        (
            &["--profile", "named"],
            &[address, ("MAILSTORE_PROFILE", "current")],
            "named",
        ),
        (&[], &[address], "by-variable"),
        (&[], &[named], "named"),
        (&[], &[], "current"),
        (
            &[],
            &[("MAILSTORE_SERVER", ""), ("MAILSTORE_PROFILE", "")],
            "current",
        ),
    ] {
        let mut all = vec!["call", "--dry-run", "GetServerInfo"];
        all.extend(words);
        let ran = run(folder.command(&all).envs(variables.iter().copied()));
        let expected = format!("POST https://{host}.example.com:8463/");
        assert!(ran.stdout.contains(&expected), "{words:?} {variables:?}: {ran:?}");
        // Nothing of the profile is used for another server.
        let is_profile = !host.starts_with("by-");
        assert_eq!(ran.stdout.contains("--user operator"), is_profile, "{ran:?}");
    }
    let both = [
        "call",
        "--profile",
        "named",
        "--server",
        "other:8463",
        "GetServerInfo",
    ];
    let message = "the profile `named` is for https://named.example.com:8463, but the given address is https://other:8463";
    fails(&folder.run(&both), 2, &[message, "not both"]);
    let ran = run(folder.command(&["call", "GetServerInfo"]).envs([address, named]));
    fails(&ran, 2, &["the profile `named` is for"]);
    let same = [
        "call",
        "--profile",
        "named",
        "--server",
        "NAMED.example.com",
        "--dry-run",
        "GetServerInfo",
    ];
    assert_eq!(folder.run(&same).code, Some(0));
}

#[test]
fn the_edition_is_that_of_the_option_the_environment_the_profile_or_the_port() {
    let simulator = Simulator::builder(Edition::Spe).start().unwrap();
    let folder = Folder::with(&of(&simulator, "spe", ""));
    for (option, variable, function) in [
        (Some("server"), "spe", "GetServerInfo"),
        (None, "server", "GetServerInfo"),
        (None, "", "GetEnvironmentInfo"),
        (Some("spe"), "server", "GetEnvironmentInfo"),
    ] {
        let mut words = vec!["call", "--dry-run", "--profile", "spe", function];
        words.extend(option.iter().flat_map(|edition| ["--edition", edition]));
        let ran = run(folder.command(&words).env("MAILSTORE_EDITION", variable));
        assert_eq!(ran.code, Some(0), "{words:?}: {ran:?}");
    }
    let words = ["call", "--profile", "spe", "GetEnvironmentInfo"];
    let ran = run(folder.command(&words).env("MAILSTORE_EDITION", "both"));
    fails(&ran, 2, &["MAILSTORE_EDITION is invalid"]);
    let by_port = ["call", "--dry-run", "--server", "host:8474", "GetEnvironmentInfo"];
    assert_eq!(folder.run(&by_port).code, Some(0));
}

#[test]
fn the_trusted_certificate_is_that_of_the_option_the_environment_or_the_profile() {
    let simulator = Simulator::start().unwrap();
    let folder = Folder::with(&of(&simulator, "p", ""));
    let (right, wrong) = (simulator.fingerprint(), "00".repeat(32));
    let several = format!("{wrong},{right}");
    for (option, variable, code) in [
        (None, None, 0),
        (None, Some(&*wrong), 5),
        (None, Some(&several), 0),
        (Some(&*wrong), Some(right), 5),
        (Some(right), Some(&wrong), 0),
    ] {
        let mut words = vec!["call", "--profile", "p", "GetServerInfo"];
        words.extend(option.iter().flat_map(|pin| ["--pin", pin]));
        let mut command = folder.command(&words);
        command.envs(variable.map(|pin| ("MAILSTORE_PIN", pin)));
        let ran = run(&mut command);
        assert_eq!(ran.code, Some(code), "{words:?} {variable:?}: {ran:?}");
    }
    let words = ["call", "--profile", "p", "GetServerInfo"];
    let ran = run(folder.command(&words).env("MAILSTORE_PIN", "12"));
    fails(&ran, 2, &["MAILSTORE_PIN is invalid"]);
    let both = [("MAILSTORE_PIN", right), ("MAILSTORE_CA", "ca.pem")];
    fails(&run(folder.command(&words).envs(both)), 2, &["are both set"]);
}

#[test]
fn the_password_is_that_of_the_environment_or_the_profile() {
    let simulator = Simulator::start().unwrap();
    let folder = Folder::with(&of(&simulator, "p", ""));
    let call = ["call", "--profile", "p", "GetServerInfo"];
    assert_eq!(folder.run(&call).code, Some(0));
    let ran = run(folder.command(&call).env("MAILSTORE_PASSWORD", "wrong"));
    fails(&ran, 4, &["rejected the credentials"]);
    // It belongs to the user of the profile.
    let other = ["call", "--profile", "p", "--user", "eve", "GetServerInfo"];
    fails(&folder.run(&other), 4, &["there is no password for eve"]);
}

#[test]
fn the_password_of_a_profile_is_not_sent_to_another_server() {
    let (own, other) = (Simulator::start().unwrap(), Simulator::start().unwrap());
    let folder = Folder::with(&format!("current = 'p'\n{}", of(&own, "p", "")));
    let pin = other.fingerprint();
    let words = [
        "call",
        "--server",
        other.url(),
        "--edition",
        "server",
        "--pin",
        pin,
        "GetServerInfo",
    ];
    fails(&folder.run(&words), 4, &["there is no password for admin"]);
    let words = ["call", "--edition", "server", "--pin", pin, "GetServerInfo"];
    let ran = run(folder.command(&words).env("MAILSTORE_SERVER", other.url()));
    fails(&ran, 4, &["there is no password for admin"]);
    assert!(other.received().is_empty());
}
