//! Tests of changed results.

use std::time::Duration;

use mailstore_sim::{Dump, Edition, Error, Simulator};
use serde_json::{Value, json};

use crate::client::{Client, start_server};

fn with(member: &'static str) -> impl Fn(Value) -> Value {
    move |mut result| {
        result[member] = json!("changed");
        result
    }
}

#[test]
fn several_changes_of_a_result_are_applied_in_order() {
    let server = Simulator::builder(Edition::Server)
        .result("GetServerInfo", with("colour"))
        .start()
        .unwrap();
    server.change_result("GetServerInfo", with("taste")).unwrap();
    let info = Client::new(&server).result("GetServerInfo", &[]);
    assert!(info["version"].is_string(), "the other members are unchanged");
    assert_eq!(
        (&info["colour"], &info["taste"]),
        (&json!("changed"), &json!("changed"))
    );
    let users = Client::new(&server).result("GetUsers", &[]);
    assert!(users.is_array(), "the results of other functions are unchanged");
}

#[test]
fn the_result_of_a_long_call_is_changed_at_its_end() {
    let server = Simulator::builder(Edition::Server)
        .step(Duration::ZERO)
        .long_running("GetUsers")
        .result("GetUsers", |users| json!({ "users": users }))
        .start()
        .unwrap();
    let (_, end) = Client::new(&server).finish("GetUsers", &[]);
    assert!(end["result"]["users"].is_array(), "{end}");
}

#[test]
fn the_change_of_an_unimplemented_function_receives_null() {
    let dump = Dump::parse("new.json", br#"[{"name": "GetTomorrow", "args": []}]"#).unwrap();
    let server = Simulator::builder(Edition::Server)
        .metadata(dump)
        .result("GetTomorrow", |result| json!({ "was": result }))
        .start()
        .unwrap();
    let result = Client::new(&server).result("GetTomorrow", &[]);
    assert_eq!(result, json!({ "was": null }));
}

#[test]
fn a_failure_is_not_changed() {
    let server = start_server();
    server.change_result("GetUserInfo", with("colour")).unwrap();
    Client::new(&server).failure("GetUserInfo", &[("userName", "nobody")]);
}

#[test]
fn the_result_of_a_function_that_is_not_in_the_list_cannot_be_changed() {
    let error = Simulator::builder(Edition::Server)
        .result("GetUser", |result| result)
        .start()
        .unwrap_err();
    assert!(
        matches!(&error, Error::NoSuchFunction { function } if function == "GetUser"),
        "{error}"
    );
    assert!(
        start_server()
            .change_result("GetInstances", |result| result)
            .is_err()
    );
}
