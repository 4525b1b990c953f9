//! Overlays that are rejected: the place, the message and the advice of the error.

mod definitions;
mod names;
mod parameters;
mod types;

use mailstore_codegen::{Generator, Overlay, OverlayError, OverlayProblem};
use miette::Diagnostic;

use crate::support::short;

/// The error of overlays for a small dump.
fn error_of(overlays: &[&str]) -> OverlayError {
    let parse =
        |(number, text): (usize, &&str)| Overlay::parse(&format!("{}.toml", ["a", "b"][number]), text);
    let dump = short(&[
        "GetUsers()",
        "SetUser(userName, storeId: number, config: json, on: bool, note?)",
    ]);
    let overlays: Result<Vec<Overlay>, OverlayError> = overlays.iter().enumerate().map(parse).collect();
    let generator = Generator::new("generate");
    match overlays.and_then(|overlays| generator.single(dump, "dump.json", &overlays)) {
        Ok(_) => panic!("no error"),
        Err(error) => error,
    }
}

/// The message, the marked text with its label, and the help of an error.
fn report(overlays: &[&str]) -> [String; 3] {
    let error = error_of(overlays);
    let labels: Vec<String> = error
        .labels()
        .unwrap()
        .map(|label| {
            let contents = error
                .source_code()
                .unwrap()
                .read_span(label.inner(), 0, 0)
                .unwrap();
            let marked = std::str::from_utf8(contents.data()).unwrap();
            format!("{marked} <- {}", label.label().unwrap())
        })
        .collect();
    [
        error.to_string(),
        labels.join(" | "),
        error.help().unwrap().to_string(),
    ]
}

const README: &str = "the README of mailstore-codegen describes the format";

#[test]
fn a_response_limit_of_zero_is_rejected() {
    for value in ["0", "-1", "70000", "\"256 MiB\""] {
        let error = error_of(&[&format!("[functions.GetUsers]\nresponse_limit_mib = {value}\n")]);
        let text = error.to_string();
        assert!(text.starts_with("a.toml:2:22: invalid "), "{value}: {text}");
    }
}

#[test]
fn entries_that_match_nothing_are_rejected() {
    assert_eq!(
        report(&["\n[functions.GetUsrs]\nsummary = \"x\"\n"]),
        [
            "a.toml:2:12: function GetUsrs matches nothing in dump.json",
            "GetUsrs <- matches nothing",
            "did you mean `GetUsers`?"
        ]
    );
    assert_eq!(
        report(&["functions.Reboot.summary = \"x\""]),
        [
            "a.toml:1:11: function Reboot matches nothing in dump.json",
            "Reboot <- matches nothing",
            "remove the entry if the server no longer has it"
        ]
    );
    assert_eq!(
        report(&["[functions.SetUser.args]\nusername = { type = \"string\", doc = \"\" }"]),
        [
            "a.toml:2:1: argument username of function SetUser matches nothing in dump.json",
            "username <- matches nothing",
            "did you mean `userName`?"
        ]
    );
    assert_eq!(
        report(&["functions.GetUsers.group = \"usrs\"\ngroups.users = { title = \"Users\", doc = \"\" }"]),
        [
            "a.toml:1:28: group usrs matches nothing in the groups of the overlays",
            "\"usrs\" <- matches nothing",
            "did you mean `users`?"
        ]
    );
}

#[test]
fn a_handle_for_an_argument_that_no_function_requires_is_rejected() {
    for (argument, nearest) in [("note", None), ("storeId", None), ("usrName", Some("userName"))] {
        let error = error_of(&[&handle(argument, "Instance", "instance")]);
        let OverlayProblem::MatchesNothing {
            what, nearest: found, ..
        } = error.problem()
        else {
            panic!("{error}")
        };
        assert_eq!(*what, format!("the required argument {argument} of the handle"));
        assert_eq!(found.as_deref(), nearest);
    }
}

fn handle(argument: &str, name: &str, method: &str) -> String {
    format!(
        "[surface]\nname = \"spe\"\ntitle = \"\"\nport = 1\n[surface.handle]\nargument = \"{argument}\"\n\
         type = \"InstanceId\"\nname = \"{name}\"\nmethod = \"{method}\"\ndoc = \"\"\n\
         [types.InstanceId]\nkind = \"id\"\nof = \"string\"\ndoc = \"\"\n"
    )
}

#[test]
fn unused_types_and_groups_are_rejected() {
    assert_eq!(
        report(&["[types.StoreId]\nkind = \"id\"\ndoc = \"\""]),
        [
            "a.toml:1:8: type StoreId is never used",
            "StoreId <- never used",
            "use it or remove it"
        ]
    );
    assert_eq!(
        report(&["[groups.users]\ntitle = \"Users\"\ndoc = \"\""]),
        [
            "a.toml:1:9: group users is never used",
            "users <- never used",
            "use it or remove it"
        ]
    );
}

#[test]
fn facts_that_are_stated_twice_are_rejected() {
    let once = "keep one of the two definitions";
    let summary = "[functions.GetUsers]\nsummary = \"Lists.\"";
    assert_eq!(
        report(&[summary, summary]),
        [
            "b.toml:2:11: summary of function GetUsers is defined twice, first in a.toml:2:11",
            "\"Lists.\" <- defined again here",
            once
        ]
    );
    let argument = "[functions.SetUser.args]\nuserName = { type = \"string\", doc = \"\" }";
    assert_eq!(
        report(&[argument, argument])[0],
        "b.toml:2:21: argument userName of function SetUser is defined twice, first in a.toml:2:21"
    );
    let group = "[groups.users]\ntitle = \"\"\ndoc = \"\"";
    assert_eq!(
        report(&[group, group])[0],
        "b.toml:1:9: group users is defined twice, first in a.toml:1:9"
    );
    let ty = "[types.User]\nkind = \"id\"\ndoc = \"\"";
    assert_eq!(
        report(&[ty, ty])[0],
        "b.toml:1:8: type User is defined twice, first in a.toml:1:8"
    );
    let surface = |name: &str| format!("[surface]\nname = \"{name}\"\ntitle = \"\"\nport = 1");
    assert_eq!(
        report(&[&surface("one"), &surface("two")])[0],
        "b.toml:2:8: the surface is defined twice, first in a.toml:2:8"
    );
}

#[test]
fn files_that_are_not_overlays_are_rejected() {
    for (overlay, place, words, marked) in [
        ("a = = 1", "1:5", "", "="),
        ("[functions", "1:11", "", ""),
        ("functoins = {}", "1:1", "unknown field `functoins`", "functoins"),
        (
            "\n[functions.GetUsers]\nsumary = \"\"",
            "3:1",
            "unknown field `sumary`",
            "sumary",
        ),
        (
            "functions.GetUsers.effect = \"reads\"",
            "1:29",
            "unknown variant `reads`",
            "\"reads\"",
        ),
        (
            "functions.GetUsers.effect = \"unknown\"",
            "1:29",
            "unknown variant `unknown`",
            "\"unknown\"",
        ),
        ("types.A.kind = \"enum\"", "1:7", "missing field `doc`", ""),
        (
            "[types.A]\nkind = \"enum\"\ndoc = \"\"\nvalues.a = { nmae = \"B\", doc = \"\" }",
            "4:14",
            "unknown field `nmae`",
            "nmae",
        ),
        (
            "[types.A]\nkind = \"enum\"\ndoc = \"\"\nvalues.a = 1",
            "4:12",
            "expected a description, or a table",
            "1",
        ),
        (
            "functions.GetUsers.args.a = \"string\"",
            "1:29",
            "expected a table with `type` and `doc`",
            "\"string\"",
        ),
        (
            "types.A = \"id\"",
            "1:11",
            "expected a table with `kind` and `doc`",
            "\"id\"",
        ),
        (
            "functions.GetUsers.combine.a.arguments = \"b\"",
            "1:42",
            "expected a sequence",
            "\"b\"",
        ),
        (
            "functions.GetUsers.fixed = \"b\"",
            "1:20",
            "unknown field `fixed`",
            "fixed",
        ),
        (
            "functions.GetUsers.args.a.fixed = true",
            "1:35",
            "expected a string",
            "true",
        ),
    ] {
        let error = error_of(&[overlay]);
        assert!(matches!(error.problem(), OverlayProblem::Toml { .. }), "{error}");
        let [message, label, help] = report(&[overlay]);
        assert!(
            message.starts_with(&format!("a.toml:{place}: ")),
            "{overlay}: {message}"
        );
        assert!(message.contains(words), "{overlay}: {message}");
        assert!(
            marked.is_empty() || label == format!("{marked} <- here"),
            "{overlay}: {label}"
        );
        assert_eq!(help, README);
    }
}

/// Editors count characters, not bytes.
#[test]
fn columns_count_characters() {
    let error = error_of(&["functions.GetUsers = { summary = \"\u{e4}\u{1f980}\", result = \"x\" }"]);
    assert_eq!((error.line(), error.column()), (1, 49));
}

/// Errors refer to the README.
#[test]
fn the_overlay_in_the_readme_is_valid() {
    let readme = crate::support::read("crates/mailstore-codegen/README.md");
    let overlay = readme
        .split_once("```toml\n")
        .unwrap()
        .1
        .split_once("```")
        .unwrap()
        .0;
    let more = "[functions.GetInstances.args]\nfilter = { type = \"InstanceFilter\", doc = \"\" }\n\
                [functions.Verify]\nresult = \"Privileges\"\nargs = { id = { type = \"StoreId\", doc = \"\" } }\n\
                [types.StoreType]\nkind = \"enum\"\ndoc = \"\"\nvalues.a = \"\"\n";
    let dump = short(&[
        "GetUsers(instanceID, type?, all: bool, from)",
        "GetInstances(filter)",
        "Verify(instanceID, id: number)",
        "CreateJob(date?, time?)",
    ]);
    let generated = crate::support::generate(dump, &[overlay, more]);
    insta::assert_snapshot!("readme", generated.listing());
}
