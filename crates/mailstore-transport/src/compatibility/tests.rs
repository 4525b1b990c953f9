//! Tests of the comparison of small catalogs with small function lists.

mod asking;

use serde_json::{Value, json};

use super::Compatibility;
use crate::change::{Change, Impact};
use crate::error::{Error, ErrorKind};
use crate::function::{Argument, ArgumentKind, Effect, Function, Surface};

/// Parses a function from a line such as `Name id:number text?`. An argument is a string unless a type follows. A
/// question mark makes it optional.
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

/// The catalog of a program. The lines are sorted.
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

/// The changes from one line to the other, with their impacts.
fn changes(program: &'static str, server: &str) -> Vec<String> {
    let report = compare(&[program], &[server]);
    let line = |change: &Change| format!("{:?}: {change}. {}", change.impact, change.advice());
    report.changes().iter().map(line).collect()
}

#[test]
fn arguments_that_are_missing_on_the_server() {
    assert_eq!(
        changes("F a b:number? c", "F c"),
        [
            "EveryCall: the server does not have the argument `a`, which every call sends: it may reject these calls or ignore the argument. \
             Call the function by name with `call`, and leave the argument out.",
            "SomeCalls: the server does not have the argument `b`, which calls may send: it may reject these calls or ignore the argument. \
             Leave the argument out.",
        ]
    );
    assert_eq!(
        changes("F domainName?", "F domainNames?"),
        [
            "SomeCalls: the server does not have the argument `domainName`, which calls may send: it may reject these calls or ignore the argument; `domainNames` may be the same under another name. Call the function by name with `call`, and pass `domainNames` instead if it has the same meaning.",
            "None: the server also accepts `domainNames` (string), which is optional. Nothing to do.",
        ]
    );
}

#[test]
fn arguments_that_are_only_on_the_server() {
    assert_eq!(
        changes("F", "F a:bool b:json?"),
        [
            "EveryCall: the server requires `a` (bool), which this program does not send: every call fails. Call the function by name with `call`, and add this argument.",
            "None: the server also accepts `b` (json), which is optional. Nothing to do.",
        ]
    );
    // Probably renamed, and now required. The change is not reported again as one that became required.
    assert_eq!(
        changes("F userName?", "F userNames"),
        [
            "EveryCall: the server requires `userNames` (string), which this program does not send: every call fails. \
             Call the function by name with `call`, and add this argument.",
            "SomeCalls: the server does not have the argument `userName`, which calls may send: it may reject these calls or ignore the argument; `userNames` may be the same under another name. Call the function by name with `call`, and pass `userNames` instead if it has the same meaning.",
        ]
    );
}

#[test]
fn arguments_that_became_required_or_optional() {
    assert_eq!(
        changes("F a? b", "F a b?"),
        [
            "SomeCalls: the server requires `a`: calls without it fail. Pass it in every call.",
            "None: the server does not require `b`, which every call sends. Nothing to do.",
        ]
    );
}

#[test]
fn types_that_differ() {
    assert_eq!(
        changes("F a b? c:number d:bool?", "F a:number b:json? c:string d:json?"),
        [
            "EveryCall: `a` is sent as string, but the server requires number: every call may fail. Call the function by name with `call`, and pass a value of the server's type.",
            "SomeCalls: `b` is sent as string, but the server requires json: calls that send it may fail. Call the function by name with `call`, and pass a value of the server's type.",
            "None: `c` is sent as number, but the server requires string: every sent value has both types. Nothing to do.",
            "None: `d` is sent as bool, but the server requires json: every sent value has both types. Nothing to do.",
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
        "compiled for version 24: the server has exactly the same 2 functions"
    );
}

#[test]
fn functions_that_only_one_side_has() {
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
            "the function is missing on the server: every call fails. Do not call it, or bring server and program to the same version."
        ]
    );
    assert_eq!(
        said(info),
        [
            "the function is missing on the server: every call fails; `GetUserInfos` may be the same under another name. If \
             `GetUserInfos` does the same, call it by name with `call`."
        ]
    );
    assert_eq!(said(users), Vec::<String>::new());
    assert!(
        report.of(function("SetUser userName")).is_err(),
        "it is not in the catalog"
    );
}

#[test]
fn another_path_is_a_change_but_the_explicit_default_path_is_not() {
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
        "calls are sent to `api/invoke/`, but the function is at `api/v2/` on the server: every call fails. Regenerate the client \
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
            "F: not compared, because the server's argument `at` has the unknown type \"\\u{1b}[2J\": calls may fail",
            "G: the server does not have the argument `a`, which every call sends: it may reject these calls or ignore the argument",
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
    // The digest does not match the catalog, which shows that nothing was compared.
    let report = Compatibility::with_metadata(with_digest(&["Other"]), &list(&["F"])).unwrap();
    assert_eq!(
        report.to_string(),
        "compiled for version 24: the server has exactly the same 1 functions"
    );
    let report = Compatibility::with_metadata(with_digest(&["F"]), &list(&["F", "G a:date"])).unwrap();
    assert_eq!(
        report.added(),
        ["G"],
        "a function was left out, so the lists are not equal"
    );
    let report = Compatibility::with_metadata(with_digest(&[]), &list(&["F"])).unwrap();
    assert_eq!(
        report.added(),
        ["F"],
        "a client with some of the functions has the digest of the whole list"
    );
    assert_eq!(
        report.to_string(),
        "compiled for version 24: the server accepts every call of the 0 functions\nonly on the server, reached with \
         `call` (1):\n  F"
    );
}

#[test]
fn the_report_is_grouped_by_impact() {
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
compiled for version 24: the server does not accept every call of the 7 functions
missing on the server (1):
  VerifyStore
different, so that every call fails or may fail (3):
  CompactStore, CreateStore
    the server requires `instanceID` (string), which this program does not send: every call fails
  GetStores
    the server requires `includeSize` (bool), which this program does not send: every call fails
different, so that some calls fail or may fail (1):
  AttachStore
    the server does not have the argument `databaseName`, which calls may send: it may reject these calls or ignore the argument; `databasePath` may be the same under another name
    the server also accepts `databasePath` (string), which is optional
different, but not for calls (2):
  GetJobs, MergeStore
only on the server, reached with `call` (2):
  RunJob, ScanStore"
    );
}

#[test]
fn long_lists_from_the_server_are_cut_but_severe_changes_are_kept() {
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
fn an_invalid_function_list_is_an_error_that_names_the_place() {
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
fn only_the_required_functions_are_compared() {
    let report = compare(&["A a?", "B", "C", "D a:bool"], &["A", "C b?", "D a:string"]);
    let [a, b, c, d] = [0, 1, 2, 3].map(|index| report.surface().functions[index]);
    for fine in [&[][..], &[c], &[d], &[c, d, c]] {
        report.require(fine).unwrap();
    }
    let error: Error = report.require(&[d, b, b, a, c]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the server does not accept every call of the functions that this program needs. The program was compiled for \
         version 24:\n  A: the server does not have the argument `a`, which calls may send: it may reject these calls or ignore the argument. Leave the argument out.\n  B: the function is missing on the server: every call fails. Do not call it, or bring server and program to the same \
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
fn a_surface_without_a_version_is_named_by_its_digest() {
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
