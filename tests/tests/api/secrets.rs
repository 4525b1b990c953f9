//! Tests that `Debug`, `Display` and errors show no secrets.

use std::error::Error as _;
use std::fmt::Debug;
use std::time::Duration;

use mailstore_api::server::{Client, NewProfile, SmtpSettings, types::StoreId};
use mailstore_api::{Error, SecretString};
use serde_json::json;

use crate::support::{
    self,
    answer::{TOKEN, empty, failed, ok, status, succeeded},
};
use support::{Act, Server};

const PASSWORD: &str = "hunter2-password";
const ARGUMENT: &str = "hunter2-argument";
const RESULT: &str = "hunter2-result";
const DETAILS: &str = "hunter2-details";
const LOG: &str = "hunter2-log";

#[track_caller]
fn assert_clean(text: &str) {
    for secret in ["hunter2", TOKEN, "aHVudGVy"] {
        assert!(!text.contains(secret), "{secret} is shown in: {text}");
    }
}

#[track_caller]
fn assert_debug_clean(value: &impl Debug) {
    assert_clean(&format!("{value:?} {value:#?}"));
}

#[track_caller]
fn assert_error_clean(error: &Error) {
    assert_clean(&format!(
        "{error} {error:?} {error:#?} {:?} {}",
        error.kind(),
        error.kind()
    ));
    let mut cause = error.source();
    while let Some(error) = cause {
        assert_clean(&format!("{error} {error:?}"));
        cause = error.source();
    }
}

fn secret() -> SecretString {
    ARGUMENT.into()
}

fn connect(server: &Server) -> Client {
    let builder = server.builder().credentials("admin", PASSWORD);
    builder
        .request_timeout(Duration::from_millis(300))
        .max_response_size(100_000)
        .build()
        .unwrap()
}

#[tokio::test]
async fn builders_clients_and_requests_show_no_secrets() {
    let server = Server::start([]).await;
    let builder = server.builder().credentials("admin", PASSWORD);
    assert_debug_clean(&builder);
    let client = builder.build().unwrap();
    assert_debug_clean(&client);
    assert_debug_clean(client.connection());
    let request = client.unlock_store(StoreId(1), &secret());
    assert!(
        format!("{request:?}").contains("passphrase"),
        "names are shown: {request:?}"
    );
    assert_debug_clean(&request);
    let profile = NewProfile {
        password: Some(secret()),
        details: Some(json!({"secret": ARGUMENT}).into()),
        ..NewProfile::default()
    };
    assert_debug_clean(&profile);
    assert_debug_clean(&client.create_profile(&profile));
    let smtp = SmtpSettings {
        password: Some(secret()),
        ..SmtpSettings::default()
    };
    assert_debug_clean(&smtp);
    assert_debug_clean(&client.set_smtp_settings(&smtp));
    assert_debug_clean(
        &client
            .call("AnyFunction")
            .arg("a", ARGUMENT)
            .json_arg("b", [ARGUMENT]),
    );
    assert_debug_clean(&client.call("AnyFunction").list_arg("a", [ARGUMENT, ""]));
    assert_debug_clean(&client.unlock_store(StoreId(1), &secret()).start());
    assert_debug_clean(&client.unlock_store(StoreId(1), &secret()).raw());
    assert_debug_clean(&client.unlock_store(StoreId(1), &secret()).into_future());
    let spe = mailstore_api::spe::Client::builder("127.0.0.1")
        .credentials("admin", PASSWORD)
        .build()
        .unwrap();
    assert_debug_clean(&spe.instance("acme"));
}

#[test]
fn addresses_with_passwords_are_not_shown() {
    for address in [
        "https://admin:hunter2@host",
        "http://admin:hunter2@host",
        "admin:hunter2@host:8463",
        "a@hunter2@b c",
    ] {
        let builder = Client::builder(address).credentials("admin", PASSWORD);
        // The host follows the last `@`.
        assert_clean(&format!("{builder:?}"));
        assert_error_clean(&builder.build().unwrap_err());
    }
    assert_error_clean(
        &Client::builder("host")
            .credentials("ad:min", PASSWORD)
            .build()
            .unwrap_err(),
    );
    let builder = Client::builder("host")
        .credentials("admin", PASSWORD)
        .certificate_authority(ARGUMENT);
    assert_debug_clean(&builder);
    assert_error_clean(&builder.build().unwrap_err());
}

/// Covers every kind of failure.
#[tokio::test]
async fn errors_of_calls_show_no_secrets() {
    let quoted = |text: &str| Act::Send(ok(text));
    let reset = succeeded(json!(RESULT));
    let answers = [
        Act::Send(empty("401 Unauthorized")),
        Act::Send(empty("403 Forbidden")),
        Act::Send(empty("404 Not Found")),
        Act::Send(support::answer::http("500 Oops", "text/html", RESULT.as_bytes())),
        Act::Send(failed(2, "No such store.", DETAILS)),
        Act::Send(status("failed", 2, LOG)),
        Act::Send(status("melting", 2, LOG)),
        Act::Send(ok(RESULT)),
        quoted(&format!("<html>{RESULT}</html>")),
        quoted(&format!(r#"{{"statusCode":"succeeded","error":"{RESULT}"}}"#)),
        quoted(&format!(
            r#"{{"statusCode":"succeeded","error":{{"message":{{"{RESULT}":1}}}}}}"#
        )),
        quoted(&format!(r#"{{"statusCode":{{"{RESULT}":1}}}}"#)),
        quoted(&format!(r#"{{"statusCode":"failed","logOutput":["{LOG}"]}}"#)),
        quoted(&format!(r#"{{"statusCode":"running","result":"{RESULT}"}}"#)),
        Act::Send(ok(vec![b'7'; 200_000])),
        Act::SendAndReset(reset[..reset.len() - 5].to_vec()),
        Act::SendAndClose(format!("{RESULT}\r\n\r\n").into_bytes()),
        Act::SendAndClose(format!("HTTP/1.1 200 OK\r\n{RESULT}\r\n\r\n").into_bytes()),
        Act::Stall,
    ];
    for act in answers {
        let server = Server::start([act]).await;
        assert_error_clean(
            &connect(&server)
                .unlock_store(StoreId(1), &secret())
                .await
                .unwrap_err(),
        );
    }
    // A result with an unexpected shape, and an invalid name.
    let server = Server::start([Act::Send(succeeded(json!({RESULT: RESULT})))]).await;
    assert_error_clean(&connect(&server).get_users().await.unwrap_err());
    let server = Server::start([Act::Send(succeeded(json!([{"userName": [RESULT]}])))]).await;
    assert_error_clean(&connect(&server).get_users().await.unwrap_err());
    assert_error_clean(&connect(&server).call("a/b").arg("a", ARGUMENT).await.unwrap_err());
    let list = [format!("{ARGUMENT},{ARGUMENT}")];
    assert_error_clean(&connect(&server).call("X").list_arg("a", list).await.unwrap_err());
    // Two failed connections: the server is not trusted, and no server listens.
    let builder = Client::builder(&server.address()).credentials("admin", PASSWORD);
    assert_error_clean(
        &builder
            .build()
            .unwrap()
            .unlock_store(StoreId(1), &secret())
            .await
            .unwrap_err(),
    );
    let builder = Client::builder("127.0.0.1:1").credentials("admin", PASSWORD);
    assert_error_clean(
        &builder
            .build()
            .unwrap()
            .unlock_store(StoreId(1), &secret())
            .await
            .unwrap_err(),
    );
}

#[tokio::test]
async fn tasks_tokens_and_updates_show_no_secrets() {
    let server = Server::start([
        Act::Send(status("running", 3, LOG)),
        Act::Send(empty("401 Unauthorized")),
        Act::Send(empty("401 Unauthorized")),
        Act::Send(empty("404 Not Found")),
    ])
    .await;
    let client = connect(&server);
    let mut task = client.unlock_store(StoreId(1), &secret()).start().await.unwrap();
    assert_debug_clean(&task);
    assert_debug_clean(task.token().unwrap());
    let update = task.next().await.unwrap().unwrap();
    assert_eq!(update.log(), LOG);
    assert_debug_clean(&update);
    let error = task.next().await.unwrap_err();
    assert!(error.task_token().is_some());
    assert_error_clean(&error);
    assert_error_clean(&task.request_cancel().await.unwrap_err());
    let foreign = mailstore_api::spe::Client::builder("127.0.0.1")
        .credentials("admin", PASSWORD)
        .build()
        .unwrap();
    assert_error_clean(&foreign.resume::<()>(task.token().unwrap().clone()).unwrap_err());
    assert_error_clean(&task.await.unwrap_err());
}

#[tokio::test]
async fn replies_and_unknown_results_show_no_secrets() {
    let result = json!({"apiPassword": RESULT, "list": [RESULT]});
    let server = Server::start([
        Act::Send(succeeded(result.clone())),
        Act::Send(succeeded(result.clone())),
        Act::Send(status("running", 3, LOG)),
        Act::Send(succeeded(json!(RESULT))),
        Act::Send(succeeded(
            json!({"version": "25.3", "machineName": "HOST", "new": RESULT}),
        )),
        Act::Send(failed(2, "Failed.", DETAILS)),
    ])
    .await;
    let client = connect(&server);
    let json = client.call("X").await.unwrap();
    assert_eq!(format!("{json:?}"), r#"Json {"apiPassword", "list"}"#);
    assert!(json.to_string().contains(RESULT), "`Display` is the value itself");
    let reply = client.call("X").raw().await.unwrap();
    assert!(reply.result_json().contains(RESULT));
    assert_debug_clean(&reply);
    let reply = client.call("X").raw().await.unwrap();
    assert!(reply.status_token().is_some());
    assert_debug_clean(&reply);
    assert_debug_clean(&client.call("X").await.unwrap());
    let info = client.get_server_info().await.unwrap();
    assert_debug_clean(&info);
    let reply = client.call("X").raw().await.unwrap();
    assert_eq!(reply.error.as_ref().unwrap().details, DETAILS);
    assert_debug_clean(&reply);
}

#[tokio::test]
async fn a_secret_result_is_not_shown() {
    let server = Server::start([Act::Send(succeeded(json!(RESULT)))]).await;
    let password = server
        .spe_client()
        .create_system_administrator_api_password()
        .await
        .unwrap();
    assert_debug_clean(&password);
}
