//! OpenAPI documents of small dumps.

use insta::assert_snapshot;
use mailstore_codegen::openapi::{Version, document};
use mailstore_codegen::{Generated, Generator, Overlay, Source};
use serde_json::Value;

use crate::support::{generate, short};

fn text(generated: &Generated, version: Version) -> String {
    document(generated, &generated.apis[0], version)
}

fn parsed(generated: &Generated, version: Version) -> Value {
    serde_json::from_str(&text(generated, version)).unwrap()
}

/// The part of a document that describes the functions of the dump.
fn functions(generated: &Generated, version: Version) -> String {
    let text = text(generated, version);
    let (_, paths) = text.split_once("\"paths\": {\n").unwrap();
    let (functions, _) = paths.split_once("    \"/api/cancel-async\"").unwrap();
    functions.to_owned()
}

/// The components that overlays define.
fn types(generated: &Generated, version: Version) -> String {
    let document = parsed(generated, version);
    let mut schemas = document["components"]["schemas"].as_object().unwrap().clone();
    schemas.retain(|name, _| !["Envelope", "ServerError", "StatusCode"].contains(&name.as_str()));
    serde_json::to_string_pretty(&schemas).unwrap()
}

/// A function with types of every kind as arguments and in its result.
fn one_of_each() -> Generated {
    let dump = short(&[
        "DoIt(instanceID, id: number, state, words, set, password, config: json, store: json, flag?: bool, \
         raw: bool, from, time?, date?, pause?: number, port?, otherPort?: number)",
    ]);
    let overlay = r#"
        [surface]
        name = "server"
        title = "API"
        port = 8463
        handle = { argument = "instanceID", type = "InstanceId", name = "Instance", method = "instance", doc = "One instance." }
        [groups.stores]
        title = "Stores"
        doc = "What `do_it` is about."
        [types.InstanceId]
        kind = "id"
        of = "string"
        doc = "Name of an instance."
        [types.StoreId]
        kind = "id"
        doc = "Number of a store."
        [types.State]
        kind = "enum"
        doc = "A state."
        values = { on = "It runs.", off-line = "It does not." }
        [types.Filter]
        kind = "enum"
        doc = "Which ones."
        otherwise = { name = "One", type = "InstanceId", doc = "This one." }
        values = { "*" = { name = "All", doc = "Every one." } }
        [types.States]
        kind = "set"
        item = "State"
        empty = "none"
        doc = "Several states."
        alone = { none = "Not one." }
        [types.Schedule]
        kind = "parts"
        rust = "mine::Schedule"
        doc = "When."
        [types.Path]
        kind = "id"
        of = "string"
        rust = "mine::Path"
        since = "version 9"
        doc = "Hand-written."
        [types.NewStore]
        kind = "struct"
        doc = "A store to be."
        fields = { path = { type = "Path", doc = "Path." } }
        [types.Store]
        kind = "struct"
        doc = "A store, with [brackets] and `needs_upgrade`."
        evidence = "observed"
        [types.Store.fields]
        id = { type = "StoreId", always = true, doc = "Number." }
        needsUpgrade = { type = "bool", doc = "Whether `State::OffLine` follows." }
        state = { type = "State", doc = "State." }
        others = { type = "[Store]", doc = "Others." }
        anything = { type = "json", doc = "Not known." }
        key = { type = "secret", always = true, doc = "A key." }
        path = { type = "Path", doc = "Path." }
        states = { type = "States", always = true, doc = "`States::None`, or several." }
        from = { type = "datetime", always = true, doc = "Start." }
        at = { type = "time", doc = "Time." }
        runUtc = { type = "utc", doc = "Run." }
        stamp = { type = "epoch_milliseconds", always = true, doc = "Counted." }
        pause = { type = "seconds", doc = "Pause." }
        port = { type = "port", doc = "Port." }
        [functions.DoIt]
        group = "stores"
        effect = "destructive"
        summary = "Does it."
        doc = "See `do_it()`."
        long = true
        result = "[Store]"
        result_doc = "One for each."
        evidence = "inferred"
        since = "version 22"
        [functions.DoIt.combine.schedule]
        type = "Schedule"
        arguments = ["time", "date"]
        doc = "When it is done."
        [functions.DoIt.args]
        set = { type = "States", doc = "All of them.", since = "version 24" }
        store = { type = "[NewStore]", doc = "The stores." }
        raw = { type = "bool", fixed = "true", doc = "Always true." }
        from = { type = "datetime", doc = "Start." }
        time = { type = "time", doc = "Time." }
        date = { type = "datetime", doc = "Date." }
        pause = { type = "seconds", doc = "Pause." }
        port = { type = "port", doc = "Port, as a string." }
        otherPort = { type = "port", doc = "Port." }
        id = { type = "StoreId", doc = "Which store." }
        state = { type = "Filter", doc = "" }
        words = { type = "[State]", doc = "States." }
        config = { type = "json", doc = "All of it." }
    "#;
    generate(dump, &[overlay])
}

#[test]
fn functions_with_types_of_every_kind_in_3_1() {
    assert_snapshot!(functions(&one_of_each(), Version::V3_1));
}

#[test]
fn functions_with_types_of_every_kind_in_3_0() {
    assert_snapshot!(functions(&one_of_each(), Version::V3_0));
}

#[test]
fn types_of_every_kind_in_3_1() {
    assert_snapshot!(types(&one_of_each(), Version::V3_1));
}

#[test]
fn types_of_every_kind_in_3_0() {
    assert_snapshot!(types(&one_of_each(), Version::V3_0));
}

/// Without overlays, only names and the four types of dumps are known.
#[test]
fn functions_without_overlays() {
    let generated = generate(short(&["Ping()", "Set(name, value?: number)"]), &[]);
    assert_snapshot!(functions(&generated, Version::V3_1));
}

#[test]
fn names_of_the_protocol_give_way_to_names_of_the_server() {
    let overlay = r#"
        [types.Envelope]
        kind = "struct"
        doc = "A letter's."
        fields = { size = { type = "number", doc = "Size." } }
        [functions.get-status]
        result = "Envelope"
    "#;
    let generated = generate(short(&["get-status(post)"]), &[overlay]);
    let document = parsed(&generated, Version::V3_1);
    let id = |path: &str| document["paths"][path]["post"]["operationId"].clone();
    assert_eq!(id("/api/invoke/get-status"), "get-status");
    assert_eq!(id("/api/get-status"), "get-status_");
    let schemas = &document["components"]["schemas"];
    assert_eq!(schemas["Envelope"]["description"], "A letter's.");
    assert!(schemas["Envelope_"]["properties"]["statusCode"].is_object());
}

/// A dump may list an operation of the protocol.
#[test]
fn an_operation_that_the_dump_lists_is_not_added_again() {
    let dump = crate::support::dump(
        r#"[{"name": "get-status", "path": "api/", "args": [{"name": "token", "type": "string", "nullable": false}]}]"#,
    );
    let document = parsed(&generate(dump, &[]), Version::V3_1);
    let operation = &document["paths"]["/api/get-status"]["post"];
    assert_eq!(operation["operationId"], "get-status");
    assert_eq!(operation["tags"][0], "functions");
}

/// Two editions share two types. Each of them uses one of the types.
#[test]
fn types_of_other_editions_are_left_out_but_their_functions_can_be_named() {
    let common = r#"
        [types.StoreId]
        kind = "id"
        doc = "As `list_stores` has it."
        [types.InstanceId]
        kind = "id"
        doc = "Of one."
    "#;
    let common = Overlay::parse("common.toml", common).unwrap();
    let source = |name: &str, function: &str, ty: &str| {
        let overlay = format!(
            "[surface]\nname = \"{name}\"\ntitle = \"{name}\"\nport = 1\n\
             [functions.{function}.args]\nid = {{ type = \"{ty}\", doc = \"\" }}"
        );
        let overlay = Overlay::parse("overlay.toml", &overlay).unwrap();
        Source {
            dump: short(&[&format!("{function}(id: number)")]),
            name: format!("{name}-1.json"),
            overlays: vec![overlay, common.clone()],
        }
    };
    let sources = [
        source("a", "Do", "StoreId"),
        source("b", "ListStores", "InstanceId"),
    ];
    let generated = Generator::new("generate").editions(&sources).unwrap();
    assert_eq!(generated.shared_types.len(), 2);
    let schemas = &parsed(&generated, Version::V3_1)["components"]["schemas"];
    assert_eq!(schemas["StoreId"]["description"], "As `ListStores` has it.");
    assert!(schemas["InstanceId"].is_null());
}
