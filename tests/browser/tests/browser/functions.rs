//! Each function is called in the explorer, and its requests equal those of the client.

use std::collections::BTreeMap;

use mailstore_api::Json;
use mailstore_reach::danger;
use mailstore_transport::{ArgumentKind, Call, Connection, Function, Surface};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::explored::{SURFACES, explore, runtime, to_recorder};
use crate::recorder::Recorder;
use crate::script::run;

#[test]
fn requests_of_all_functions_of_server_equal_those_of_the_client() {
    compare(SURFACES[0]);
}

#[test]
fn requests_of_all_functions_of_spe_equal_those_of_the_client() {
    compare(SURFACES[1]);
}

/// Calls every function in the page, first with the required arguments only and then with all, and then with the client
/// with the values that were typed.
fn compare(surface: &'static Surface) {
    let runtime = runtime();
    let recorder = Recorder::start(&runtime);
    let url = explore(&runtime, to_recorder(surface, &recorder));
    let names: Vec<&str> = surface.functions.iter().map(|function| function.name).collect();
    let sizes = surface
        .functions
        .iter()
        .map(|function| (function.name, function.arguments.len()));
    let sizes: BTreeMap<&str, usize> = sizes.collect();
    let seen = run("functions.js", &json!({ "url": url, "functions": sizes }));
    let sent = recorder.take();
    assert_eq!(seen["foreign"], json!([]), "requests to other servers");
    assert_eq!(seen["violations"], json!([]));
    assert_eq!(seen["console"], json!([]));

    let calls = seen["calls"].as_array().unwrap();
    assert_eq!(sent.len(), calls.len(), "each call sends one request");
    for name in &names {
        let is_whole = |call: &&Value| call["function"] == *name && call["all"] == true;
        assert_eq!(calls.iter().filter(is_whole).count(), 1, "{name}");
    }
    let client = to_recorder(surface, &recorder);
    for (request, typed) in sent.iter().zip(calls) {
        let name = typed["function"].as_str().unwrap();
        let function = surface.function(name).unwrap();
        let values: BTreeMap<String, Value> = serde_json::from_value(typed["values"].clone()).unwrap();
        check_names(function, typed, &values);
        call(&runtime, &client, function, &values);
        assert_eq!(recorder.take(), [request.as_str()], "{typed}");
        let is_confirmed = typed["confirmed"] == true;
        assert_eq!(is_confirmed, danger(name, function.effect).is_some(), "{name}");
    }
}

/// Checks that the form has a field for each argument, and that the first call leaves the others out.
fn check_names(function: &Function, typed: &Value, values: &BTreeMap<String, Value>) {
    let all = typed["all"] == true;
    for argument in function.arguments {
        let is_typed = values.contains_key(argument.name);
        assert_eq!(
            is_typed,
            all || !argument.nullable,
            "{} of {typed}",
            argument.name
        );
    }
    assert!(values.len() <= function.arguments.len(), "{typed}");
}

/// Sends the call with the client.
fn call(runtime: &Runtime, client: &Connection, function: &Function, values: &BTreeMap<String, Value>) {
    let mut call = Call::<Json>::new(client, function.name);
    for argument in function.arguments {
        let Some(value) = values.get(argument.name) else {
            continue;
        };
        call = match (argument.kind, value) {
            (ArgumentKind::Json, Value::String(text)) => {
                call.json_arg(argument.name, serde_json::from_str::<Value>(text).unwrap())
            }
            (ArgumentKind::Number, Value::String(text)) => {
                call.arg(argument.name, text.parse::<i64>().unwrap())
            }
            (ArgumentKind::Bool, Value::String(text)) => {
                call.arg(argument.name, text.parse::<bool>().unwrap())
            }
            (ArgumentKind::String, Value::String(text)) => call.arg(argument.name, text.as_str()),
            (ArgumentKind::String, Value::Array(items)) => {
                call.list_arg(argument.name, items.iter().map(|item| item.as_str().unwrap()))
            }
            (kind, value) => panic!("{}: {kind} has the value {value}", argument.name),
        };
    }
    runtime.block_on(async { call.await }).unwrap();
}
