//! The comparison of small catalogs with small function lists, in words.

mod asking;

use serde_json::{Value, json};

use super::Compatibility;
use crate::change::{Change, Impact};
use crate::error::{Error, ErrorKind};
use crate::function::{Argument, ArgumentKind, Effect, Function, Surface};

/// A function from a line as `Name id:number text?`: its arguments are texts unless their type follows, and optional
/// with a question mark.
fn parse(line: &str) -> (&str, Vec<(&str, &str, bool)>) {
    let mut words = line.split(' ');
    let name = words.next().unwrap();
    let arguments = words.map(|word| {
        let (word, nullable) = word.strip_suffix('?').map_or((word, false), |word| (word, true));
        let (name, kind) = word.split_once(':').unwrap_or((word, "string"));
        (name, kind, nullable)
    });
    (name, arguments.collect())
}

/// The function list of a server.
fn list(lines: &[&str]) -> Vec<u8> {
    let function = |line: &&str| -> Value {
        let (name, arguments) = parse(line);
        let arguments = arguments.iter();
        let arguments =
            arguments.map(|(name, kind, nullable)| json!({"name": name, "type": kind, "nullable": nullable}));
        json!({"name": name, "args": arguments.collect::<Vec<Value>>()})
    };
    Value::from_iter(lines.iter().map(function))
        .to_string()
        .into_bytes()
}

fn function(line: &'static str) -> &'static Function {
    let (name, arguments) = parse(line);
    let arguments = arguments.into_iter();
    let arguments: Vec<Argument> = arguments
        .map(|(name, kind, nullable)| {
            let argument = Argument::new(name, ArgumentKind::from_word(kind).unwrap());
            if nullable { argument.nullable() } else { argument }
        })
        .collect();
    Box::leak(Box::new(
        Function::new(name)
            .path("api/invoke/")
            .effect(Effect::Read)
            .arguments(arguments.leak()),
    ))
}

/// The catalog of a program; the lines are sorted.
fn surface(lines: &[&'static str]) -> &'static Surface {
    let functions: Vec<&'static Function> = lines.iter().map(|line| function(line)).collect();
    Box::leak(Box::new(
        Surface::new("server", "MailStore Server")
            .version("24")
            .port(8463)
            .functions(functions.leak()),
    ))
}

fn compare(program: &[&'static str], server: &[&str]) -> Compatibility {
    Compatibility::with_metadata(surface(program), &list(server)).unwrap()
}

/// What differs from one line to another, and its impact.
fn changes(program: &'static str, server: &str) -> Vec<String> {
    let report = compare(&[program], &[server]);
    let line = |change: &Change| format!("{:?}: {change}. {}", change.impact, change.advice());
    report.changes().iter().map(line).collect()
}

#[test]
fn arguments_that_the_server_does_not_know() {
    assert_eq!(
        changes("F a b:number? c", "F c"),
        [
            "EveryCall: the server does not know `a`, which every call gives: it may refuse them or go on without. \
             Call the function by its name, with `call`, and leave it out.",
            "SomeCalls: the server does not know `b`, which calls may give: it may refuse them or go on without. \
             Leave it out.",
        ]
    );
    assert_eq!(
        changes("F domainName?", "F domainNames?"),
        [
            "SomeCalls: the server does not know `domainName`, which calls may give: it may refuse them or go on \
             without; `domainNames` may be the same under another name. Call the function by its name, with `call`, \
             and give `domainNames` instead if it means the same.",
            "None: the server also takes `domainNames` (string), which may be left out. Nothing to do.",
        ]
    );
}

#[test]
fn arguments_that_the_program_does_not_know() {
    assert_eq!(
        changes("F", "F a:bool b:json?"),
        [
            "EveryCall: the server requires `a` (bool), which this program does not send: every call fails. Call the \
             function by its name, with `call`, and give it as well.",
            "None: the server also takes `b` (json), which may be left out. Nothing to do.",
        ]
    );
    // Likely renamed, and required now: the rest of what the guess implies is not said again.
    assert_eq!(
        changes("F userName?", "F userNames"),
        [
            "EveryCall: the server requires `userNames` (string), which this program does not send: every call fails. \
             Call the function by its name, with `call`, and give it as well.",
            "SomeCalls: the server does not know `userName`, which calls may give: it may refuse them or go on \
             without; `userNames` may be the same under another name. Call the function by its name, with `call`, and \
             give `userNames` instead if it means the same.",
        ]
    );
}

#[test]
fn arguments_that_are_needed_otherwise() {
    assert_eq!(
        changes("F a? b", "F a b?"),
        [
            "SomeCalls: the server requires `a`: calls without it fail. Give it in every call.",
            "None: the server does not require `b`, which every call gives. Nothing to do.",
        ]
    );
}

#[test]
fn types_that_differ() {
    assert_eq!(
        changes("F a b? c:number d:bool?", "F a:number b:json? c:string d:json?"),
        [
            "EveryCall: `a` is sent as string, and the server takes number: every call may fail. Call the function by \
             its name, with `call`, and give the value as the server wants it.",
            "SomeCalls: `b` is sent as string, and the server takes json: calls that give it may fail. Call the \
             function by its name, with `call`, and give the value as the server wants it.",
            "None: `c` is sent as number, and the server takes string: what is sent is both. Nothing to do.",
            "None: `d` is sent as bool, and the server takes json: what is sent is both. Nothing to do.",
        ]
    );
}

#[test]
fn order_does_not_matter() {
    let report = compare(&["F a b? c:number d", "G"], &["G", "F d c:number b? a"]);
    assert!(report.is_compatible() && report.changes().is_empty(), "{report}");
    assert_ne!(report.server_digest(), compare(&["F"], &["F"]).server_digest());
    assert_eq!(
        report.to_string(),
        "compiled for version 24: the server has the very same 2 functions"
    );
}

#[test]
fn functions_that_one_side_lacks() {
    let report = compare(
        &["CompactStore id:number", "GetUserInfo userName", "GetUsers"],
        &["GetUserInfos userName deep:bool", "GetUsers", "SetUser userName"],
    );
    assert_eq!(report.missing(), ["CompactStore", "GetUserInfo"]);
    assert_eq!(report.added(), ["GetUserInfos", "SetUser"]);
    assert!(!report.is_compatible());
    let said = |function: &Function| {
        let changes = report.of(function).unwrap().iter();
        changes
            .map(|change| format!("{change}. {}", change.advice()))
            .collect::<Vec<String>>()
    };
    let [compact, info, users] = [0, 1, 2].map(|index| report.surface().functions[index]);
    assert_eq!(
        said(compact),
        [
            "the server lacks it: every call fails. Do without it, or bring server and program to the same version."
        ]
    );
    assert_eq!(
        said(info),
        [
            "the server lacks it: every call fails; `GetUserInfos` may be the same under another name. If \
             `GetUserInfos` does the same, call that by its name, with `call`."
        ]
    );
    assert_eq!(said(users), Vec::<String>::new());
    assert!(
        report.of(function("SetUser userName")).is_err(),
        "it is not in the catalog"
    );
}

#[test]
fn another_path_matters_and_the_usual_one_spelt_out_does_not() {
    let with_path = |path: &str| {
        let list = json!([{"name": "F", "args": [], "path": path}]).to_string();
        Compatibility::with_metadata(surface(&["F"]), list.as_bytes()).unwrap()
    };
    assert!(with_path("api/invoke/").changes().is_empty());
    let report = with_path("api/v2/");
    let change = &report.changes()[0];
    assert_eq!(change.impact, Impact::EveryCall);
    assert_eq!(
        format!("{change}. {}", change.advice()),
        "calls go to `api/invoke/`, and the server has it at `api/v2/`: every call fails. Regenerate the client \
         from the server's function list."
    );
}

#[test]
fn an_unknown_type_is_reported_and_the_rest_is_compared() {
    let report = compare(
        &["F at a", "G a"],
        &["F at:\u{1b}[2J a? b", "G", "New at:date to:date", "Other"],
    );
    assert_eq!(report.added(), ["New", "Other"]);
    assert_eq!(report.missing(), Vec::<&str>::new());
    let lines: Vec<String> = report
        .changes()
        .iter()
        .map(|change| format!("{}: {change}", change.function))
        .collect();
    assert_eq!(
        lines,
        [
            "F: not compared, because the server's `at` has the type \"\\u{1b}[2J\", which this version does not know: \
             calls may fail or not",
            "G: the server does not know `a`, which every call gives: it may refuse them or go on without",
        ]
    );
    assert_eq!(
        report.of(report.surface().functions[0]).unwrap()[0].impact,
        Impact::SomeCalls
    );
}

#[test]
fn equal_digests_are_enough() {
    let digest: &str = compare(&["F"], &["F"]).server_digest().to_owned().leak();
    let with_digest = |functions: &[&'static str]| -> &'static Surface {
        let functions = surface(functions).functions;
        Box::leak(Box::new(
            Surface::new("server", "MailStore Server")
                .version("24")
                .port(8463)
                .digest(digest)
                .functions(functions),
        ))
    };
    // A digest that is not that of the catalog shows that nothing was compared.
    let report = Compatibility::with_metadata(with_digest(&["Other"]), &list(&["F"])).unwrap();
    assert_eq!(
        report.to_string(),
        "compiled for version 24: the server has the very same 1 functions"
    );
    let report = Compatibility::with_metadata(with_digest(&["F"]), &list(&["F", "G a:date"])).unwrap();
    assert_eq!(
        report.added(),
        ["G"],
        "a function was left out, so it is no equal list"
    );
    let report = Compatibility::with_metadata(with_digest(&[]), &list(&["F"])).unwrap();
    assert_eq!(
        report.added(),
        ["F"],
        "a client of a part of the functions has the digest of all"
    );
    assert_eq!(
        report.to_string(),
        "compiled for version 24: the server takes every call of the 0 functions\nonly on the server, reached with \
         `call` (1):\n  F"
    );
}

#[test]
fn the_report_is_grouped_by_what_it_means() {
    let program = [
        "AttachStore name databaseName?",
        "CompactStore id:number",
        "CreateStore name",
        "GetJobs",
        "GetStores",
        "MergeStore id:number sourceId:number",
        "VerifyStore id:number",
    ];
    let server = [
        "AttachStore name databasePath?",
        "CompactStore id:number instanceID",
        "CreateStore name instanceID",
        "GetJobs since?",
        "GetStores includeSize:bool",
        "MergeStore id sourceId:number",
        "RunJob id:number",
        "ScanStore id:number",
    ];
    assert_eq!(
        compare(&program, &server).to_string(),
        "\
compiled for version 24: the server does not take every call of the 7 functions
missing on the server (1):
  VerifyStore
different, so that every call fails or may fail (3):
  CompactStore, CreateStore
    the server requires `instanceID` (string), which this program does not send: every call fails
  GetStores
    the server requires `includeSize` (bool), which this program does not send: every call fails
different, so that some calls fail or may fail (1):
  AttachStore
    the server does not know `databaseName`, which calls may give: it may refuse them or go on without; `databasePath` may be the same under another name
    the server also takes `databasePath` (string), which may be left out
different, but not for calls (2):
  GetJobs, MergeStore
only on the server, reached with `call` (2):
  RunJob, ScanStore"
    );
}

#[test]
fn what_the_server_makes_long_is_cut_and_what_matters_stays() {
    let names: Vec<String> = (0..1000).map(|number| format!("New{number:03}")).collect();
    let optional: String = names.iter().map(|name| format!(" {name}?")).collect();
    let needed = format!("A{optional} zzz");
    let mut server: Vec<&str> = names.iter().map(String::as_str).collect();
    server.push(&needed);
    let report = compare(&["A"], &server);
    assert_eq!((report.added().len(), report.changes().len()), (1000, 1001));
    let text = report.to_string();
    assert_eq!(text.lines().count(), 27, "{text}");
    assert!(text.lines().all(|line| line.len() < 120), "{text}");
    assert!(
        text.contains("the server requires `zzz`") && text.contains("and 981 more\n"),
        "{text}"
    );
    assert!(text.ends_with("New019, and 980 more"), "{text}");
    let refusal = report
        .require(&[report.surface().functions[0]])
        .unwrap_err()
        .to_string();
    assert_eq!(refusal.lines().count(), 2, "{refusal}");
}

#[test]
fn what_is_no_function_list_is_an_error_that_says_where() {
    let error = |text: &str| Compatibility::with_metadata(surface(&["F"]), text.as_bytes()).unwrap_err();
    let web_page = error("\u{feff}<html>hunter2");
    assert!(matches!(web_page.kind(), ErrorKind::Envelope { .. }));
    let text = format!("{web_page} {web_page:?} {web_page:#?}");
    assert!(
        text.contains("get-metadata: ") && text.contains("web site") && !text.contains("hunter2"),
        "{text}"
    );
    let twice = error(r#"[{"name": "F"}, {"name": "F"}]"#).to_string();
    assert!(
        twice.contains("function \"F\" is listed twice (line 1, column 26); "),
        "{twice}"
    );
    let envelope = error(r#"{"error": {"message": "No."}, "statusCode": "failed"}"#).to_string();
    assert!(
        envelope.contains("the server says \"No.\"") && envelope.contains("credentials"),
        "{envelope}"
    );
}

#[test]
fn an_invalid_catalog_is_an_error() {
    let surface = surface(&["F", "F"]);
    let error = Compatibility::with_metadata(surface, b"[]").unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Configuration(_)), "{error}");
    assert!(
        error.to_string().contains("function \"F\" is listed twice"),
        "{error}"
    );
}

#[test]
fn only_the_functions_that_are_needed_matter() {
    let report = compare(&["A a?", "B", "C", "D a:bool"], &["A", "C b?", "D a:string"]);
    let [a, b, c, d] = [0, 1, 2, 3].map(|index| report.surface().functions[index]);
    for fine in [&[][..], &[c], &[d], &[c, d, c]] {
        report.require(fine).unwrap();
    }
    let error: Error = report.require(&[d, b, b, a, c]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the server does not accept every call of the functions that this program needs. The program was compiled for \
         version 24:\n  A: the server does not know `a`, which calls may give: it may refuse them or go on without. Leave it \
         out.\n  B: the server lacks it: every call fails. Do without it, or bring server and program to the same \
         version."
    );
    let ErrorKind::Incompatible { changes, .. } = error.kind() else {
        panic!("{error:?}")
    };
    assert_eq!(changes, &[report.of(a).unwrap(), report.of(b).unwrap()].concat());
    assert!(
        !error.is_auth()
            && !error.is_transient()
            && !error.is_outcome_unknown()
            && error.function().is_none()
    );
}

#[test]
fn without_a_version_the_digest_tells_what_a_program_was_compiled_for() {
    let named = |version, digest| {
        Surface::new("server", "MailStore Server")
            .version(version)
            .port(8463)
            .digest(digest)
    };
    assert_eq!(named("24", "0123456789abcdef").compiled_for(), "version 24");
    assert_eq!(
        named("", "0123456789abcdef").compiled_for(),
        "the function list 0123456789ab"
    );
    assert_eq!(named("", "").compiled_for(), "the MailStore Server");
}
