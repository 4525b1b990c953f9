//! Tests that hostile responses do not fill the memory.

use std::process::Command;

use mailstore_sim::Edition;
use serde_json::{Value, json};

use crate::place::Place;

/// Without a limit of the values, the command needed 60 MB for each of these responses, and kept all of them.
#[cfg(target_os = "linux")]
#[test]
fn large_responses_of_every_function_need_limited_memory() {
    let place = Place::new(Edition::Server);
    let functions: Vec<String> = mailstore_sim::Dump::parse(
        "dump",
        include_bytes!("../../../../metadata/mailstore/server-24.json"),
    )
    .unwrap()
    .functions()
    .iter()
    .map(|function| function.name.clone())
    .filter(|name| name.starts_with("Get") && name != "GetServerInfo")
    .collect();
    for function in &functions {
        place
            .simulator
            .change_result(function, |_| Value::Array(vec![json!({"a": 0}); 80_000]))
            .unwrap();
    }
    let command = place.command();
    let mut limited = Command::new("sh");
    limited
        .args(["-c", "ulimit -v 700000; exec \"$0\" \"$@\""])
        .arg(command.get_program())
        .args(command.get_args())
        .env("MAILSTORE_PASSWORD", crate::place::PASSWORD)
        .env_remove("MAILSTORE_USER");
    let outcome = place.run(&mut limited).ends_with(1);
    assert!(
        outcome
            .text
            .contains("too large to compare: all responses have more than 1000000 values"),
        "{}",
        outcome.text
    );
}
