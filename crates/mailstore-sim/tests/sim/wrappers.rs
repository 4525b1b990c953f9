//! Tests of requests in the form in which the vendor's wrappers send them.

use mailstore_sim::{Edition, Fault, Phase, Simulator};

use crate::client::{ADMIN, Client, FORM, form, start_server};

fn request(path: &str, version: &str, more: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST {path} {version}\r\nHost: 127.0.0.1:8463\r\nAccept-Encoding: identity\r\n{FORM}{more}\
         Content-Length: {length}\r\n\r\n{body}"
    )
}

/// Starts MailStore Server with the function list of the wrapper of 2014.
fn start_server_9() -> Simulator {
    let list = include_bytes!("../../../../metadata/mailstore/server-9.json");
    Simulator::builder(Edition::Server)
        .metadata(mailstore_sim::Dump::parse("server-9.json", list).unwrap())
        .step(std::time::Duration::ZERO)
        .start()
        .unwrap()
}

/// Sends a request as the Python wrappers of 2014 and 2018 do: first without credentials, and after the challenge again
/// on a new connection.
fn after_challenge(server: &Simulator, path: &str, body: &str) -> serde_json::Value {
    let answer = Client::new(server).raw(&request(path, "HTTP/1.1", "Connection: close\r\n", body));
    assert_eq!(answer.status, 401);
    assert!(
        answer
            .header("WWW-Authenticate")
            .unwrap()
            .starts_with("Basic realm=")
    );
    let more = format!("Connection: close\r\n{ADMIN}");
    let answer = Client::new(server).raw(&request(path, "HTTP/1.1", &more, body));
    assert_eq!(answer.status, 200, "{path}");
    assert!(answer.body.starts_with(b"\xEF\xBB\xBF"));
    answer.json()
}

#[test]
fn the_first_python_wrapper_follows_a_call_with_two_slashes_in_the_path() {
    let server = start_server_9();
    let mut status = after_challenge(&server, "/api/invoke/VerifyStore", "id=3");
    let mut log = String::new();
    while status["statusCode"] == "running" {
        log += status["logOutput"].as_str().unwrap_or_default();
        let (token, version) = (
            status["token"].as_str().unwrap(),
            status["statusVersion"].to_string(),
        );
        let body = form(&[
            ("token", token),
            ("lastKnownStatusVersion", &version),
            ("millisecondsTimeout", "1000"),
        ]);
        status = after_challenge(&server, "/api//get-status", &body);
    }
    assert_eq!(
        (&status["statusCode"], &status["percentProgress"]),
        (&"succeeded".into(), &100.into())
    );
    assert!(log.starts_with("Verifying file group #3...\r\n"), "{log}");
}

#[test]
fn the_first_python_wrapper_cancels_with_two_slashes_in_the_path() {
    let server = start_server_9();
    let status = after_challenge(&server, "/api/invoke/VerifyStore", "id=3");
    let body = form(&[("token", status["token"].as_str().unwrap())]);
    after_challenge(&server, "/api//cancel-async", &body);
    assert!(server.tasks()[0].cancelled);
}

#[test]
fn several_slashes_count_as_one() {
    let server = Simulator::start().unwrap();
    let mut client = Client::new(&server);
    for path in [
        "//api/invoke/GetServerInfo",
        "/api///invoke//GetServerInfo",
        "/api/invoke/GetServerInfo//",
    ] {
        assert_eq!(client.post(path, "").status, 200, "{path}");
    }
    assert_eq!(client.post("/api//get-metadata", "").status, 200);
    assert_eq!(client.post("/a/pi/get-status", "").status, 404);
}

#[test]
fn booleans_of_python_are_accepted_and_recorded() {
    let server = Simulator::start().unwrap();
    let profiles = after_challenge(&server, "/api/invoke/GetProfiles", "raw=True");
    assert_eq!(profiles["result"].as_array().unwrap().len(), 2);
    let recover = form(&[
        ("id", "1"),
        ("encryptionKey", "k"),
        ("recoverDeletedMessages", "False"),
    ]);
    Client::new(&server).post("/api/invoke/RecoverStore", &recover);
    let received = server.received();
    assert_eq!(received[0].problems, ["argument raw is True, not in lower case"]);
    assert_eq!(
        received[1].problems,
        ["argument recoverDeletedMessages is False, not in lower case"]
    );
    assert!(received.iter().all(|call| call.accepted));
}

#[test]
fn powershell_waits_for_the_server_before_it_sends_the_body() {
    let server = Simulator::start().unwrap();
    let body = "userName=john.doe";
    let head = |more: &str| {
        let length = body.len();
        format!(
            "POST /api/invoke/GetUserInfo HTTP/1.1\r\nHost: localhost\r\n{FORM}{more}\
             Content-Length: {length}\r\nExpect: 100-continue\r\n\r\n"
        )
    };
    let mut client = Client::new(&server);
    assert_eq!(client.expect_continue(&head(""), body).status, 401);
    let answer = client.expect_continue(&head(ADMIN), body);
    assert_eq!(answer.json()["result"]["fullName"], "John Doe");
}

#[test]
fn http_1_0_without_alpn_is_supported() {
    for edition in [Edition::Server, Edition::Spe] {
        let server = Simulator::builder(edition).start().unwrap();
        let mut client = Client::new(&server);
        let answer = client.raw(&request("/api/get-metadata", "HTTP/1.0", ADMIN, ""));
        assert_eq!(answer.status, 200);
        assert!(answer.json().as_array().unwrap().len() > 80);
        assert!(client.rest().is_empty(), "the connection ends");
    }
}

#[test]
fn a_long_call_can_end_without_log() {
    let server = start_server();
    server
        .inject(Fault::log_missing().on(Phase::Poll).last())
        .unwrap();
    let (log, last) = Client::new(&server).finish("VerifyStore", &[("id", "3"), ("includeIndexes", "false")]);
    assert_eq!(
        (&last["statusCode"], &last["logOutput"]),
        (&"succeeded".into(), &serde_json::Value::Null)
    );
    assert!(server.tasks()[0].log.starts_with(&log) && server.tasks()[0].log.len() > log.len());
}

#[test]
fn the_version_matches_the_function_list_or_the_setting() {
    let list = include_bytes!("../../../../metadata/mailstore/server-9.json");
    let nine = || mailstore_sim::Dump::parse("server-9.json", list).unwrap();
    let version = |builder: mailstore_sim::Builder| {
        let server = builder.start().unwrap();
        Client::new(&server).result("GetServerInfo", &[])["version"].clone()
    };
    let builder = || Simulator::builder(Edition::Server);
    assert_eq!(version(builder().metadata(nine())), "9.0.3.9857");
    assert_eq!(version(builder()), "24.4.0.22704");
    assert_eq!(version(builder().metadata(nine()).version("9.1")), "9.1");
}

#[test]
fn default_jobs_and_profiles_have_runs_in_the_last_24_hours() {
    // The range ends before the server starts.
    let now = jiff::Timestamp::now();
    let server = Simulator::start().unwrap();
    let mut client = Client::new(&server);
    let day = jiff::SignedDuration::from_hours(24);
    let text = |moment: jiff::Timestamp| moment.strftime("%Y-%m-%dT%H:%M:%S").to_string();
    let (from, to) = (text(now - day), text(now));
    let range = [("fromIncluding", from.as_str()), ("toExcluding", to.as_str())];
    let jobs = client.result("GetJobResults", &[&range[..], &[("timeZoneId", "UTC")]].concat());
    assert_eq!(jobs.as_array().unwrap().len(), 1);
    let runs = client.result(
        "GetWorkerResults",
        &[&range[..], &[("timeZoneID", "utc")]].concat(),
    );
    assert!(runs.as_array().unwrap().len() >= 2);
}
