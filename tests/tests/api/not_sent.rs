//! Tests of requests that cannot be sent, and of runtimes that cannot send requests.

use std::future::Future;
use std::time::Duration;

use mailstore_api::server::Client;
use mailstore_api::{ConnectCause, Error, ErrorKind};
use serde_json::json;

use crate::support::{
    self,
    answer::{status, succeeded},
};
use support::{Act, Server};
use tokio::runtime::{Builder, Runtime};

const SOON: Duration = Duration::from_millis(200);
const LONG: Duration = Duration::from_secs(20);

fn current_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// Asserts that nothing was sent for this reason.
#[track_caller]
fn assert_not_sent(error: &Error, expected: ConnectCause) {
    assert!(
        matches!(error.kind(), ErrorKind::Connect { cause, .. } if *cause == expected),
        "{error:#?}"
    );
    assert!(!error.is_outcome_unknown(), "{error}");
}

/// Starts a server that accepts connections and never responds.
async fn silent() -> (tokio::net::TcpListener, String) {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    (listener, address)
}

fn builder(address: &str) -> mailstore_api::Builder<Client> {
    let builder = Client::builder(address).credentials("admin", "secret");
    // Without a request for the function list, the errors are those of the call.
    builder
        .danger_accept_invalid_certs(true)
        .retries(0)
        .assume_edition()
}

#[tokio::test]
async fn a_stalled_handshake_has_a_known_outcome() {
    let (_listener, address) = silent().await;
    // The first client has a short timeout for requests, the second for connecting.
    let first = builder(&address).request_timeout(SOON).build().unwrap();
    assert_not_sent(
        &first.delete_user("jane").await.unwrap_err(),
        ConnectCause::Timeout,
    );
    let second = builder(&address).connect_timeout(SOON).build().unwrap();
    let error = second.delete_user("jane").await.unwrap_err();
    assert_not_sent(&error, ConnectCause::Timeout);
    assert!(error.is_transient());
}

#[tokio::test(start_paused = true)]
async fn a_timeout_with_a_paused_clock_has_a_known_outcome() {
    let (_listener, address) = silent().await;
    let client = builder(&address).build().unwrap();
    assert_not_sent(
        &client.delete_user("jane").await.unwrap_err(),
        ConnectCause::Timeout,
    );
}

/// The first runtime is alive and idle, so nothing drives the connections that it opened.
#[test]
fn a_second_runtime_does_not_wait_for_the_connections_of_the_first() {
    let outer = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let answers = (0..5).map(|_| Act::Send(succeeded(json!(null))));
    let server = outer.block_on(Server::start(answers));
    let client = server.builder().request_timeout(LONG).build().unwrap();
    let (first, second) = (current_thread(), current_thread());
    for runtime in [&first, &second, &first, &second, &outer] {
        runtime
            .block_on(async { client.delete_user("jane").await })
            .unwrap();
    }
    assert_eq!(
        server.connections(),
        3,
        "every runtime has one connection and reuses it"
    );
}

/// The runtime that opened the connection has ended.
#[test]
fn connections_of_an_ended_runtime_are_not_reused() {
    let outer = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let server = outer.block_on(Server::start((0..3).map(|_| Act::Send(succeeded(json!(null))))));
    let client = server.builder().request_timeout(LONG).build().unwrap();
    for _ in 0..3 {
        current_thread()
            .block_on(async { client.delete_user("jane").await })
            .unwrap();
    }
    assert_eq!(server.connections(), 3);
}

/// Polls a future on a thread without a runtime.
fn outside<T>(future: impl Future<Output = Result<T, Error>>) -> Error {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    for _ in 0..100 {
        if let std::task::Poll::Ready(outcome) = future.as_mut().poll(&mut context) {
            return outcome.err().unwrap();
        }
    }
    panic!("the future waits for a missing runtime");
}

#[test]
fn every_future_returns_an_error_outside_a_runtime() {
    let runtime = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let server = runtime.block_on(Server::start([Act::Send(status("running", 3, ""))]));
    let client = server.client();
    let mut task = runtime
        .block_on(async {
            client
                .verify_store(mailstore_api::server::types::StoreId(1), true)
                .start()
                .await
        })
        .unwrap();
    runtime.block_on(async { task.next().await }).unwrap();
    let errors = [
        outside(client.get_users().into_future()),
        outside(client.delete_user("jane").into_future()),
        outside(client.delete_user("jane").start()),
        outside(client.delete_user("jane").raw()),
        outside(client.connection().metadata()),
        outside(task.next()),
        outside(task.request_cancel()),
        outside(task.into_future()),
    ];
    for (index, error) in errors.iter().enumerate() {
        assert!(matches!(error.kind(), ErrorKind::NoRuntime), "{index}: {error}");
        let text = error.to_string();
        assert!(
            text.contains("#[tokio::main]") && text.contains("`blocking`"),
            "{text}"
        );
        assert!(!error.is_transient());
    }
    assert_eq!(server.requests().len(), 1);
}

/// Runs one test in another process with a limit of open files.
fn with_open_files(limit: u32, test: &str) {
    let run = std::process::Command::new("sh")
        .arg("-c")
        .arg(format!(
            "ulimit -n {limit}; exec \"$0\" --exact {test} --nocapture"
        ))
        .arg(std::env::current_exe().unwrap())
        .env("OPEN_FILES", "limited")
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let output = String::from_utf8_lossy(&run.stdout);
    assert!(output.contains("1 passed"), "{output}");
}

#[cfg(unix)]
#[test]
fn too_many_open_files_are_a_separate_cause() {
    const NAME: &str = "not_sent::too_many_open_files_are_a_separate_cause";
    if std::env::var_os("OPEN_FILES").is_none() {
        return with_open_files(64, NAME);
    }
    current_thread().block_on(async {
        let (_listener, address) = silent().await;
        let client = builder(&address).build().unwrap();
        let mut files = Vec::new();
        while let Ok(file) = std::fs::File::open("/dev/null") {
            files.push(file);
        }
        let error = client.delete_user("jane").await.unwrap_err();
        assert_not_sent(&error, ConnectCause::TooManyFiles);
        assert!(error.to_string().contains("ulimit -n"), "{error}");
        // Follows the advice of the error: the client connects, and the server does not respond.
        drop(files);
        let error = client.delete_user("jane").timeout(SOON).await.unwrap_err();
        assert_not_sent(&error, ConnectCause::Timeout);
    });
}
