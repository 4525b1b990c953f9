//! Parameters with richer types than those of the dump: one small snapshot for each kind.

use insta::assert_snapshot;

use crate::support::{file, functions, generate, short};

#[test]
fn dates_times_durations_and_ports() {
    let overlay = r#"
        [functions.Plan]
        result = "[utc]"
        [functions.Plan.args]
        from = { type = "datetime", doc = "Begin." }
        at = { type = "time", doc = "" }
        pause = { type = "seconds", doc = "" }
        port = { type = "port", doc = "A number on the wire." }
        proxyPort = { type = "port", doc = "A string on the wire." }
        to = { type = "datetime", doc = "" }
    "#;
    let dump = short(&["Plan(from, at, pause: number, port: number, proxyPort?, to?)"]);
    assert_snapshot!(file(&generate(dump, &[overlay]), "functions.rs"));
}

#[test]
fn sets_and_objects_as_arguments() {
    let overlay = r#"
        [functions.SetUser.args]
        rights = { type = "Rights", doc = "All of them." }
        more = { type = "Rights", doc = "More of them." }
        config = { type = "Config", doc = "The configuration." }
        rules = { type = "[Config]", doc = "Several." }
        [types.Rights]
        kind = "set"
        doc = "Rights."
        item = "Right"
        alone = { none = "No right." }
        empty = "none"
        [types.Right]
        kind = "enum"
        doc = "A right."
        values = { login = "Log in." }
        [types.Config]
        kind = "struct"
        doc = "A configuration."
    "#;
    let dump = &["SetUser(rights, config: json, more?, rules?: json)"];
    assert_snapshot!(functions(dump, &[overlay]));
}

const PARTS: &str = r#"
    [types.Schedule]
    kind = "parts"
    doc = "When."
    rust = "crate::Schedule"
"#;

/// Combined arguments need not all be required or optional in the dump.
#[test]
fn combined_arguments() {
    let overlay = r#"
        [functions.CreateJob.combine.schedule]
        type = "Schedule"
        arguments = ["date", "time", "dayOfWeek", "notInThisDump"]
        doc = "When it runs."
        [functions.SetJob.combine.schedule]
        type = "Schedule"
        arguments = ["date", "notInThisDump"]
        doc = ""
        [functions.Other.combine.schedule]
        type = "Schedule"
        arguments = ["notInThisDump"]
        doc = ""
    "#;
    let all = "AllOfThem(notInThisDump)";
    let other_dump = [
        "CreateJob(notInThisDump)",
        "SetJob(notInThisDump)",
        "Other(notInThisDump)",
        all,
    ];
    let dump = [
        "CreateJob(name, date?, time?, dayOfWeek?, note?)",
        "SetJob(date, id: number)",
        "Other(date?)",
    ];
    let overlay = mailstore_codegen::Overlay::parse("overlay.toml", &format!("{overlay}{PARTS}")).unwrap();
    let source = |functions: &[&str]| mailstore_codegen::Source {
        dump: short(functions),
        name: "dump.json".to_owned(),
        overlays: vec![overlay.clone()],
    };
    let generator = mailstore_codegen::Generator::new("generate");
    let generated = generator.editions(&[source(&dump), source(&other_dump)]).unwrap();
    assert_snapshot!(file(&generated, "api/functions.rs"));
}

/// Arguments that callers never pass do not reserve a parameter name.
#[test]
fn names_of_combined_parameters() {
    let overlay = r#"
        [functions.A.combine.date]
        type = "Schedule"
        arguments = ["date", "start"]
        doc = ""
        [functions.B.combine.start]
        type = "Schedule"
        arguments = ["date"]
        doc = ""
        [functions.C.combine.type]
        type = "Schedule"
        arguments = ["date"]
        doc = ""
    "#;
    let dump = ["A(date?, start?, Date?)", "B(date, start?)", "C(date, Type)"];
    let generated = generate(short(&dump), &[overlay, PARTS]);
    assert_snapshot!("combined_names", generated.listing());
    assert_snapshot!("combined_names_notes", generated.apis[0].notes.join("\n"));
}

#[test]
fn fixed_arguments() {
    let overlay = r#"
        [functions.CreateProfile.args]
        raw = { type = "bool", fixed = "true", doc = "Only `true` is supported." }
        version = { type = "number", fixed = "-7", doc = "" }
        kind = { type = "Kind", fixed = "a \"b\" {c} \\ \u0000", doc = "" }
        [types.Kind]
        kind = "id"
        of = "string"
        doc = ""
    "#;
    let dump = ["CreateProfile(name, raw: bool, version?: number, Version?: number, kind)"];
    let generated = generate(short(&dump), &[overlay]);
    assert_snapshot!("fixed", file(&generated, "functions.rs"));
    assert_eq!(generated.apis[0].notes, [] as [String; 0]);
}

/// A setter with this name would be called `raw_2`, but a fixed argument has no setter.
#[test]
fn a_fixed_argument_may_have_the_name_of_a_request_method() {
    let overlay = r#"functions.Create.args.raw = { type = "bool", fixed = "true", doc = "" }"#;
    let generated = generate(short(&["Create(raw?: bool)"]), &[overlay]);
    assert_eq!(generated.apis[0].notes, [] as [String; 0]);
    assert!(generated.listing().contains("Client::create(&self) -> Json"));
}

#[test]
fn first_versions() {
    let overlay = r#"
        [surface]
        name = "server"
        title = "Server"
        port = 1
        since = "9.0"
        [functions.B]
        since = "between 2014\nand `2018"
        [functions.B.args]
        a = { type = "string", since = "10 [x]", doc = "Text." }
        b = { type = "string", since = "11", doc = "" }
    "#;
    assert_snapshot!(functions(&["A()", "B(a, b?)"], &[overlay]));
}
