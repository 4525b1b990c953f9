//! The page of the explorer as a person uses it, and other pages and programs that try to use it.

use std::collections::BTreeSet;
use std::time::Duration;

use mailstore_sim::{Edition, Simulator};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::explored::{SURFACES, explore, runtime, to_simulator};
use crate::script::run;

/// An explorer of a simulator.
struct Scene {
    simulator: Simulator,
    url: String,
    /// The explorer stops with it.
    _runtime: Runtime,
}

impl Scene {
    fn new(simulator: Simulator, is_read_only: bool) -> Self {
        let runtime = runtime();
        let mut builder = to_simulator(SURFACES[0], &simulator);
        if is_read_only {
            builder = builder.read_only();
        }
        let url = explore(&runtime, builder.build().unwrap());
        Self {
            simulator,
            url,
            _runtime: runtime,
        }
    }

    fn with_writes() -> Self {
        Self::new(Simulator::start().unwrap(), false)
    }

    /// Runs a job of the script `explorer.js`.
    fn run(&self, job: &str, mut input: Value) -> Value {
        input["job"] = job.into();
        input["url"] = self.url.as_str().into();
        run("explorer.js", &input)
    }
}

/// Checks that a page loaded nothing from elsewhere and ran without a problem.
fn check_notes(seen: &Value) {
    for what in ["foreign", "violations", "console"] {
        assert_eq!(seen[what], json!([]), "{what}");
    }
}

#[test]
fn the_page_loads_nothing_from_elsewhere_and_shows_its_token_nowhere() {
    let scene = Scene::with_writes();
    for seen in scene.run("loads", json!({})).as_array().unwrap() {
        assert_eq!(seen["refused"], json!([]));
        check_notes(seen);
        for what in ["addresses", "referers", "cookies"] {
            assert_eq!(seen[what], 0, "{what}");
        }
        assert_eq!(seen["leaks"], json!([]), "headers");
        assert_eq!((&seen["address"], &seen["text"]), (&json!(false), &json!(false)));
        assert!(!seen["referrer"].as_str().unwrap().contains('#'), "{seen}");
        assert_eq!(seen["opened"], 200, "the page has the licence");
    }
    assert!(scene.simulator.received().is_empty());
}

/// A function of each effect that the edition has, with its group.
const SHOWN: [(&str, &str); 7] = [
    ("system", "GetActiveSessions"),
    ("stores", "AttachStore"),
    ("stores", "RefreshAllStoreStatistics"),
    ("jobs", "RenameJob"),
    ("jobs", "CancelJobAsync"),
    ("compliance", "SetComplianceConfiguration"),
    ("maintenance", "CompactMasterDatabase"),
];

#[test]
fn a_read_only_explorer_has_no_buttons_for_changes_and_refuses_them() {
    let scene = Scene::new(Simulator::start().unwrap(), true);
    let functions = SURFACES[0].functions;
    let refused: Vec<(&str, String)> = functions
        .iter()
        .filter(|function| !function.effect.only_reads())
        .map(|function| {
            let needed = function.arguments.iter().filter(|argument| !argument.nullable);
            let fields: Vec<String> = needed.map(|argument| format!("{}=1", argument.name)).collect();
            (function.name, fields.join("&"))
        })
        .collect();
    let shown = SHOWN.map(|(_, name)| name);
    let groups: BTreeSet<&str> = SHOWN.iter().map(|(group, _)| *group).collect();
    let seen = scene.run(
        "readOnly",
        json!({ "groups": groups, "shown": shown, "refused": refused }),
    );
    check_notes(&seen);
    for name in shown {
        let reads = SURFACES[0].function(name).unwrap().effect.only_reads();
        assert_eq!(seen["buttons"][name], reads, "{name}");
    }
    let statuses = seen["statuses"].as_array().unwrap();
    assert!(statuses.len() > 50 && statuses.len() == refused.len());
    for status in statuses {
        assert_eq!(status[1], 403, "{status}");
    }
    assert!(scene.simulator.received().is_empty());
}

#[test]
fn a_destructive_function_is_sent_only_after_its_name_was_typed() {
    let scene = Scene::with_writes();
    let seen = scene.run("confirms", json!({ "user": "john.doe" }));
    check_notes(&seen);
    assert_eq!(
        seen["disabled"],
        json!([true, true]),
        "without and with a wrong name"
    );
    assert_eq!(seen["isOpen"], true, "the key Enter sends nothing");
    assert!(
        seen["declined"].as_str().unwrap().contains("nothing was sent"),
        "{seen}"
    );
    assert_eq!((&seen["status"], &seen["confirmed"]), (&json!(428), &json!(true)));
    assert_eq!(scene.simulator.starts("DeleteUser"), 1);
}

#[test]
fn a_value_that_was_typed_just_before_execute_is_sent() {
    let scene = Scene::with_writes();
    let seen = scene.run("hurries", json!({ "names": ["mouse", "keyboard", "program"] }));
    check_notes(&seen);
    let bodies = ["userName=mouse", "userName=keyboard", "userName=program"];
    assert_eq!(seen["bodies"], json!(bodies));
}

#[test]
fn a_long_call_shows_its_progress_and_its_result() {
    let simulator = Simulator::builder(Edition::Server)
        .step(Duration::ZERO)
        .start()
        .unwrap();
    let scene = Scene::new(simulator, false);
    let seen = scene.run("long", json!({ "cancel": false }));
    check_notes(&seen);
    assert_eq!(seen["state"], "succeeded", "{seen}");
    assert!(!seen["log"].as_str().unwrap().is_empty());
    assert!(seen["shown"].as_str().unwrap().contains("succeeded"), "{seen}");
}

#[test]
fn a_long_call_can_be_cancelled() {
    let simulator = Simulator::builder(Edition::Server)
        .step(Duration::from_millis(100))
        .steps(10_000)
        .start()
        .unwrap();
    let scene = Scene::new(simulator, false);
    let seen = scene.run("long", json!({ "cancel": true }));
    check_notes(&seen);
    assert!(
        seen["progress"].as_f64().is_some_and(|progress| progress < 100.0),
        "{seen}"
    );
    // The server says that a cancelled call has failed.
    assert_eq!(seen["state"], "failed", "{seen}");
    let tasks = scene.simulator.tasks();
    assert!(tasks.len() == 1 && tasks[0].cancelled, "{tasks:?}");
}

/// A form that creates a user.
const FORM: &str = "userName=mallory&privileges=admin";

#[test]
fn a_page_of_another_port_gets_nothing_forwarded() {
    let scene = Scene::with_writes();
    let seen = scene.run("foreign", json!({ "body": FORM }));
    let outcomes = &seen["outcomes"];
    for attempt in [
        "fetch",
        "fetch with the token",
        "fetch with cookies",
        "the document",
    ] {
        assert_eq!(outcomes[attempt], "failed", "{attempt}");
    }
    // The answer of the proxy, a refusal, must not be used by another origin.
    for attempt in ["no-cors", "script"] {
        assert_eq!(outcomes[attempt], "failed", "{attempt}");
    }
    assert_eq!(seen["explorersInFrames"], 0);
    assert!(
        scene.simulator.received().is_empty(),
        "{:?}",
        scene.simulator.received()
    );
}

#[test]
fn requests_with_a_wrong_host_origin_token_or_form_are_refused() {
    let scene = Scene::with_writes();
    let seen = scene.run("requests", json!({ "body": FORM }));
    let expected = json!({
        "another host": 421,
        "another name of this machine": 421,
        "host without port": 421,
        "foreign origin": 403,
        "null origin": 403,
        "same site": 403,
        "no token": 401,
        "wrong token": 403,
        "token in the address": 401,
        "JSON": 415,
        "GET": 405,
        "another path": 404,
    });
    assert_eq!(seen, expected);
    assert!(scene.simulator.received().is_empty());
}
