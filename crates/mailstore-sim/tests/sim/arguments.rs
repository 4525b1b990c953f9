//! Tests of missing, invalid and surplus arguments.

use mailstore_sim::{Dump, Edition, Simulator};
use serde_json::Value;

use crate::client::{ADMIN, Client};

#[test]
fn a_missing_argument_is_named() {
    let server = Simulator::start().unwrap();
    let mut client = Client::new(&server);
    let envelope = client.call("GetUserInfo", &[]);
    assert_eq!(envelope["statusCode"], "failed");
    assert_eq!(envelope["error"]["message"], "Missing API argument userName.");
    let details = envelope["error"]["details"].as_str().unwrap();
    assert!(
        details.starts_with("System.Exception: Missing API argument userName.\r\n   at "),
        "{details}"
    );
    assert_eq!(envelope["token"], Value::Null);
    assert_eq!(server.received()[0].problems, ["Missing API argument userName."]);
    assert_eq!(server.starts("GetUserInfo"), 0, "a rejected call is not started");
}

#[test]
fn the_first_missing_argument_in_order_is_named() {
    let server = Simulator::start().unwrap();
    let mut client = Client::new(&server);
    assert_eq!(
        client.failure("CreateUser", &[("privileges", "login")]),
        "Missing API argument userName."
    );
    assert_eq!(
        client.failure("CreateUser", &[("userName", "x")]),
        "Missing API argument privileges."
    );
}

#[test]
fn booleans_are_the_words_true_and_false() {
    let server = Simulator::builder(Edition::Server)
        .immediate(true)
        .start()
        .unwrap();
    let mut client = Client::new(&server);
    for wrong in ["", "TRUE", "FALSE", "tRue", "1", "yes", " true"] {
        let message = client.failure("VerifyStore", &[("id", "3"), ("includeIndexes", wrong)]);
        assert!(message.contains("Boolean"), "{wrong}: {message}");
    }
    for right in ["true", "false", "True", "False"] {
        client.result("VerifyStore", &[("id", "3"), ("includeIndexes", right)]);
    }
}

#[test]
fn numbers_are_decimal_digits() {
    let server = Simulator::start().unwrap();
    let mut client = Client::new(&server);
    for wrong in [
        "",
        "one",
        "1.0",
        "1e3",
        "+1",
        " 1",
        "0x1",
        "-",
        "99999999999999999999",
    ] {
        client.failure("RenameStore", &[("id", wrong), ("name", "new")]);
    }
    client.result("RenameStore", &[("id", "1"), ("name", "new")]);
    assert_eq!(server.starts("RenameStore"), 1);
}

#[test]
fn json_must_parse() {
    let server = Simulator::start().unwrap();
    let mut client = Client::new(&server);
    for wrong in ["", "{", "{'a': 1}"] {
        let message = client.failure("SetComplianceConfiguration", &[("config", wrong)]);
        assert!(message.contains("config"), "{message}");
    }
}

const WINDOW: [(&str, &str); 3] = [
    ("fromIncluding", "2020-01-01T00:00:00"),
    ("toExcluding", "2100-01-01T00:00:00"),
    ("timeZoneID", "$Local"),
];

#[test]
fn dates_have_neither_zone_nor_fraction() {
    let server = Simulator::start().unwrap();
    let mut client = Client::new(&server);
    let wrong = [
        "2026-01-01T00:00:00Z",
        "2026-01-01T00:00:00.000",
        "2026-01-01T00:00:00+01:00",
        "2026-02-30T00:00:00",
        "tomorrow",
        "",
    ];
    for date in wrong {
        let message = client.failure(
            "GetWorkerResults",
            &[("fromIncluding", date), WINDOW[1], WINDOW[2]],
        );
        assert_eq!(
            message, "String was not recognized as a valid DateTime.",
            "{date}"
        );
    }
    client.result("GetWorkerResults", &WINDOW);
    let with_line_end = ("fromIncluding", "2020-01-01T00:00:00\r\n");
    client.result("GetWorkerResults", &[with_line_end, WINDOW[1], WINDOW[2]]);
}

#[test]
fn a_profile_id_of_zero_is_out_of_range() {
    let server = Simulator::start().unwrap();
    let mut client = Client::new(&server);
    let message = client.failure("GetWorkerResults", &[&WINDOW[..], &[("profileID", "0")]].concat());
    assert_eq!(message, "Specified argument was out of the range of valid values");
    // An empty value is not the same as a missing value.
    client.failure("GetWorkerResults", &[&WINDOW[..], &[("profileID", "")]].concat());
    client.failure("GetWorkerResults", &[&WINDOW[..], &[("userName", "")]].concat());
}

#[test]
fn unknown_time_zones_fail() {
    let server = Simulator::start().unwrap();
    let mut client = Client::new(&server);
    client.failure(
        "GetWorkerResults",
        &[WINDOW[0], WINDOW[1], ("timeZoneID", "Europe/Berlin")],
    );
    client.result(
        "GetWorkerResults",
        &[WINDOW[0], WINDOW[1], ("timeZoneID", "W. Europe Standard Time")],
    );
}

#[test]
fn surplus_and_repeated_arguments_are_ignored_but_recorded() {
    let server = Simulator::start().unwrap();
    let mut client = Client::new(&server);
    let arguments = [
        ("userName", "john.doe"),
        ("userName", "jane.doe"),
        ("colour", "blue"),
    ];
    assert_eq!(client.result("GetUserInfo", &arguments)["userName"], "john.doe");
    let received = server.received();
    assert!(received[0].accepted);
    assert_eq!(
        received[0].problems,
        [
            "GetUserInfo has no argument colour",
            "argument userName is sent 2 times"
        ]
    );
    assert_eq!(received[0].argument("colour"), Some("blue"));
}

#[test]
fn a_body_that_is_not_a_form_is_recorded() {
    let server = Simulator::start().unwrap();
    let body = r#"{"userName":"john.doe"}"#;
    let answer = Client::new(&server).raw(&format!(
        "POST /api/invoke/GetUserInfo HTTP/1.1\r\nHost: localhost\r\n{ADMIN}\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    ));
    assert_eq!(
        answer.json()["error"]["message"],
        "Missing API argument userName."
    );
    let problems = &server.received()[0].problems;
    assert!(
        problems
            .iter()
            .any(|problem| problem.contains("application/json")),
        "{problems:?}"
    );
}

#[test]
fn arguments_in_the_query_are_recorded() {
    let server = Simulator::start().unwrap();
    let answer = Client::new(&server).post("/api/invoke/GetUserInfo?userName=john.doe", "");
    assert_eq!(
        answer.json()["error"]["message"],
        "Missing API argument userName."
    );
    assert_eq!(server.received()[0].problems.len(), 2);
}

#[test]
fn arguments_are_utf8() {
    let server = Simulator::start().unwrap();
    let mut client = Client::new(&server);
    client.result(
        "SetUserFullName",
        &[("userName", "john.doe"), ("fullName", "Jörg & Söhne = 100 %+")],
    );
    assert_eq!(
        client.result("GetUserInfo", &[("userName", "john.doe")])["fullName"],
        "Jörg & Söhne = 100 %+"
    );
    client.post("/api/invoke/GetUserInfo", "userName=j%F6rg");
    assert!(
        server.received()[2]
            .problems
            .contains(&"argument userName is not UTF-8".to_owned())
    );
}

#[test]
fn an_unknown_function_is_validated_and_succeeds_with_null() {
    let dump = r#"[
        {"name": "GrowRoses", "args": [{"name": "count", "type": "number", "nullable": false}]},
        {"name": "Water", "args": [], "path": "api/garden/"},
        {"name": "GetUserInfo", "args": []}
    ]"#;
    let dump = Dump::parse("garden.json", dump.as_bytes()).unwrap();
    let server = Simulator::builder(Edition::Server)
        .metadata(dump)
        .start()
        .unwrap();
    let mut client = Client::new(&server);
    assert_eq!(client.failure("GrowRoses", &[]), "Missing API argument count.");
    assert_eq!(client.result("GrowRoses", &[("count", "12")]), Value::Null);
    assert_eq!(client.post("/api/garden/Water", "").status, 200);
    assert_eq!(client.post("/api/invoke/Water", "").status, 404);
    assert_eq!(client.post("/api/invoke/GetServerInfo", "").status, 404);
    // A function that requires an argument that the function list lacks fails normally.
    assert_eq!(
        client.failure("GetUserInfo", &[]),
        "Missing API argument userName."
    );
    assert_eq!(
        client
            .post("/api/get-metadata", "")
            .json()
            .as_array()
            .unwrap()
            .len(),
        3
    );
}
