//! Tests of the responses in two documents of the vendor: the help page about the API, and the tutorial of the Python
//! wrapper.
//!
//! Both are for version 9. The help page contains requests and responses. The tutorial contains the dictionaries that
//! the wrapper created from the responses, and the log that it printed.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use mailstore_api::server_9::types::StoreId;
use mailstore_api::{Builder, StatusCode, server_9};
use serde_json::{Value, json};

use crate::support::answer::ok;
use crate::support::{Act, Server};

/// Returns a response of the help page.
macro_rules! help_page {
    ($name:literal) => {
        include_str!(concat!("help_page/", $name, ".json")).trim_end()
    };
}

/// Returns a response of the tutorial.
macro_rules! tutorial {
    ($name:literal) => {
        include_str!(concat!("tutorial/", $name, ".json")).trim_end()
    };
}

/// The log as the tutorial prints it.
const PRINTED: &str = include_str!("tutorial/printed.txt");

/// Returns a body as the server of the help page sent it. According to the lengths on the page, it has a byte order
/// mark, lines that end with `\r\n`, and an indent of two spaces.
fn as_sent(body: &str) -> String {
    format!("\u{feff}{}", body.replace('\n', "\r\n"))
}

/// Returns the possible forms of a response.
fn forms(body: &str) -> [String; 4] {
    let flat: Value = serde_json::from_str(body).unwrap();
    [
        as_sent(body),
        body.to_owned(),
        flat.to_string(),
        format!("\u{feff}{flat}"),
    ]
}

/// Sends a body with the headers of the help page.
fn documented(body: &str) -> Act {
    let length = body.len();
    let caching = "no-cache,private,no-store,must-revalidate,max-stale=0,post-check=0,pre-check=0";
    let head = format!(
        "HTTP/1.1 200 OK\r\nCache-Control: {caching}\r\nPragma: no-cache\r\nContent-Length: {length}\r\n\
         Content-Type: application/json\r\nExpires: Wed, 25 Jun 2014 14:13:43 GMT\r\n\
         Server: Microsoft-HTTPAPI/2.0\r\nDate: Thu, 26 Jun 2014 14:13:43 GMT\r\n\r\n"
    );
    Act::Send((head + body).into_bytes())
}

/// Creates a client for version 9 with the credentials and the long-poll time of the help page.
fn connect(server: &Server) -> server_9::Client {
    let builder: Builder<server_9::Client> = server_9::Client::builder(&server.address());
    builder
        // The page contains no response to get-metadata.
        .assume_edition()
        .credentials("admin", "Passw0rd")
        .certificate_authority(server.pem.clone())
        .poll_wait(Duration::from_secs(5))
        .build()
        .unwrap()
}

/// The lengths of the other responses on the page do not match any form of their bodies.
#[test]
fn two_lengths_on_the_help_page_match_their_bodies() {
    assert_eq!(as_sent(help_page!("server_info")).len(), 251);
    assert_eq!(as_sent(help_page!("started")).len(), 290);
}

#[tokio::test]
async fn the_server_info_of_the_help_page_is_decoded() {
    for body in forms(help_page!("server_info")) {
        let server = Server::start([documented(&body)]).await;
        let info = connect(&server).get_server_info().await.unwrap();
        assert_eq!(
            (info.version.as_str(), info.machine_name.as_str()),
            ("9.0.0.9702", "MAILSTORE")
        );
        let request = server.request();
        assert_eq!(request.line(), "POST /api/invoke/GetServerInfo HTTP/1.1");
        assert_eq!(request.headers("authorization"), ["Basic YWRtaW46UGFzc3cwcmQ="]);
        assert_eq!(
            (request.headers("content-length"), request.body.as_str()),
            (vec!["0"], "")
        );
    }
}

#[tokio::test]
async fn the_verification_of_the_help_page_is_followed() {
    let answers = [help_page!("started"), help_page!("running"), help_page!("ended")];
    for form in 0..4 {
        let bodies = answers.map(|body| forms(body)[form].clone());
        let server = Server::start(bodies.iter().map(|body| documented(body))).await;
        let mut task = connect(&server).verify_store(StoreId(11)).start().await.unwrap();
        let (mut log, mut statuses) = (String::new(), Vec::new());
        while let Some(update) = task.next().await.unwrap() {
            log.push_str(update.log());
            statuses.push((update.version(), update.status().clone(), update.percent()));
        }
        task.await.unwrap();
        assert_eq!(
            log,
            "Verifying file group #11...\r\nCreating a list of messages to be verified...\r\n 400 messages verified...\r\n"
        );
        let expected = [
            (3, StatusCode::Running, Some(0.0)),
            (9, StatusCode::Running, Some(0.0)),
            (269, StatusCode::Succeeded, None),
        ];
        assert_eq!(statuses, expected);

        let requests = server.requests();
        assert_eq!(requests[0].line(), "POST /api/invoke/VerifyStore HTTP/1.1");
        let content = (requests[0].headers("content-length"), requests[0].body.as_str());
        assert_eq!(content, (vec!["5"], "id=11"));
        assert_eq!(requests[1].line(), "POST /api/get-status HTTP/1.1");
        let poll = "token=b3af0ebae4dd755d1a54b9756817baee&lastKnownStatusVersion=3&millisecondsTimeout=5000";
        assert_eq!(requests[1].body, poll);
        assert_eq!(
            requests[2].body,
            poll.replace("Version=3", "Version=9"),
            "the next poll continues from the last version"
        );
    }
}

#[tokio::test]
async fn the_server_info_of_the_tutorial_is_decoded() {
    let bodies = forms(tutorial!("server_info"));
    let answers = bodies.iter().flat_map(|body| [ok(body), ok(body)]).map(Act::Send);
    let server = Server::start(answers).await;
    let client = connect(&server);
    for _ in bodies {
        let info = client.get_server_info().await.unwrap();
        assert_eq!(
            (info.version.as_str(), info.machine_name.as_str()),
            ("9.0.3.9857", "WIN-2012-R2-X64")
        );
        // The whole dictionary, as the wrapper returns it.
        let reply = client.get_server_info().raw().await.unwrap();
        assert_eq!(
            (&reply.status, reply.version, reply.percent),
            (&StatusCode::Succeeded, Some(2), None)
        );
        assert!(reply.text.is_none() && reply.error.is_none() && reply.status_token().is_none());
        assert_eq!(reply.log(), "");
        let result: Value = serde_json::from_str(reply.result_json()).unwrap();
        assert_eq!(
            result,
            json!({"machineName": "WIN-2012-R2-X64", "version": "9.0.3.9857"})
        );
    }
}

/// Sends a running response. The tutorial contains only the last responses of calls.
fn running(token: &str, version: u64, log: &str) -> Act {
    let body = json!({"error": null, "token": token, "statusVersion": version, "statusCode": "running",
        "percentProgress": 0, "statusText": null, "result": null, "logOutput": log});
    Act::Send(ok(format!("\u{feff}{body}")))
}

#[tokio::test]
async fn a_call_of_the_tutorial_is_polled_to_its_end() {
    for end in forms(tutorial!("ended_quietly")) {
        let first = running("d242d822a59bd4db308eef8b85af7d2a", 3, "");
        let server = Server::start([first, Act::Send(ok(end))]).await;
        let mut task = connect(&server).verify_store(StoreId(1)).start().await.unwrap();
        let mut last = None;
        while let Some(update) = task.next().await.unwrap() {
            last = Some((update.version(), update.status().clone(), update.percent()));
        }
        assert_eq!(last, Some((71, StatusCode::Succeeded, Some(100.0))));
        task.await.unwrap();
    }
}

/// Returns the responses of a call with the printed log. The last piece is published. Each piece before it has `lines`
/// lines.
fn verifying(lines: usize) -> Vec<Act> {
    let end = tutorial!("ended_with_log");
    let last = serde_json::from_str::<Value>(end).unwrap();
    let before = as_logged(PRINTED);
    let before = before.strip_suffix(last["logOutput"].as_str().unwrap()).unwrap();
    let before: Vec<&str> = before.split_inclusive('\n').collect();
    let pieces = before.chunks(lines).zip(3..);
    let token = "c56f032d9db263133c1a413f79744b84";
    let mut answers: Vec<Act> = pieces
        .map(|(piece, version)| running(token, version, &piece.concat()))
        .collect();
    answers.push(Act::Send(ok(as_sent(end))));
    answers
}

fn as_logged(printed: &str) -> String {
    printed.replace('\n', "\r\n")
}

#[tokio::test]
async fn a_callback_receives_the_log_of_the_tutorial() {
    let server = Server::start(verifying(5)).await;
    let log = Arc::new(Mutex::new(String::new()));
    let sink = Arc::clone(&log);
    let request = connect(&server)
        .verify_store(StoreId(3))
        .on_update(move |update| sink.lock().unwrap().push_str(update.log()));
    request.await.unwrap();
    assert_eq!(*log.lock().unwrap(), as_logged(PRINTED));
    assert_eq!(server.requests().len(), 4);
}

/// The loop in the tutorial would not print the last piece of the log, but its output contains it.
#[tokio::test]
async fn a_loop_receives_the_log_of_the_tutorial() {
    let server = Server::start(verifying(2)).await;
    let mut task = connect(&server).verify_store(StoreId(3)).start().await.unwrap();
    let (mut log, mut lines) = (String::new(), Vec::new());
    while let Some(update) = task.next().await.unwrap() {
        log.push_str(update.log());
        lines.extend_from_slice(update.lines());
    }
    task.await.unwrap();
    assert_eq!(log, as_logged(PRINTED));
    assert_eq!(lines, PRINTED.lines().collect::<Vec<_>>());
}

/// The printed log ends with the 1100th message. The last response of the cancelled call is not published.
#[tokio::test]
async fn a_call_of_the_tutorial_can_be_cancelled() {
    let stopped = json!({"error": {"message": "Cancelled.", "details": ""}, "token": "c56f032d9db263133c1a413f79744b84",
        "statusVersion": 40, "statusCode": "failed", "percentProgress": 88, "statusText": null, "result": null,
        "logOutput": null});
    let printed: Vec<&str> = PRINTED.split_inclusive('\n').take(15).collect();
    let printed = as_logged(&printed.concat());
    let (before, after) = printed.split_at(printed.find("  900").unwrap());
    let token = "c56f032d9db263133c1a413f79744b84";
    let acknowledged = json!({"statusCode": "succeeded", "statusVersion": 2});
    let server = Server::start([
        running(token, 3, before),
        Act::Send(ok(acknowledged.to_string())),
        running(token, 30, after),
        Act::Send(ok(stopped.to_string())),
    ])
    .await;
    let mut task = connect(&server).verify_store(StoreId(3)).start().await.unwrap();
    task.request_cancel().await.unwrap();
    let mut log = String::new();
    while let Some(update) = task.next().await.unwrap() {
        log.push_str(update.log());
    }
    assert_eq!(log, printed);
    assert!(log.ends_with("  1100 messages verified...\r\n"));
    assert!(task.await.unwrap_err().is_cancelled());
    assert_eq!(server.requests()[1].body, format!("token={token}"));
}
