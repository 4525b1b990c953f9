//! Workers that the engine must not use, and workers that it has lost.

use std::convert::Infallible;
use std::fs;
use std::sync::Arc;

use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use mailstore_fleet::clients::Clients;
use mailstore_fleet::fleet_run::FleetRun;
use mailstore_fleet::mail_call::MailCall;
use mailstore_fleet::outcome::Outcome;
use restate_sdk::endpoint::{Endpoint, HandleOptions, ProtocolMode};
use tokio::net::TcpListener;

use crate::commands::{VERIFY, second};
use crate::support::{Fleet, eventually, only, server};

/// Serves the workflows as a deployment does that gets one request for each step. Returns its address.
async fn serve_without_streams(fleet: &Fleet) -> String {
    let clients = Arc::new(Clients::read(Some(&fleet.folder.path().join("config"))).unwrap());
    let endpoint = Endpoint::builder()
        .bind(MailCall::new(Arc::clone(&clients)))
        .bind(FleetRun::new(clients))
        .build();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let endpoint = endpoint.clone();
            let answer = service_fn(move |request| {
                let options = HandleOptions {
                    protocol_mode: ProtocolMode::RequestResponse,
                };
                let answer = endpoint.handle_with_options(request, options);
                async move { Ok::<_, Infallible>(answer) }
            });
            let connection = http2::Builder::new(TokioExecutor::new());
            tokio::spawn(connection.serve_connection(TokioIo::new(stream), answer));
        }
    });
    format!("http://{address}")
}

#[tokio::test]
async fn a_worker_without_streams_in_both_directions_is_refused() {
    let fleet = Fleet::of_one(server(5)).await;
    let uri = serve_without_streams(&fleet).await;
    let refused = fleet.engine.register(&uri).await.unwrap_err();
    let refused = format!("{refused:?}");
    assert!(refused.contains("one request for each step"), "{refused}");
    assert!(!fleet.engine.has_worker(&uri).await);
    // The worker that was there before is still used.
    let call = fleet.call(0, VERIFY.0, VERIFY.1);
    let sent = fleet.submit(&fleet.batch(vec![call])).await;
    fleet.results(&sent).await;
    assert_eq!(fleet.servers[0].starts(VERIFY.0), 1);
}

#[tokio::test]
async fn a_worker_that_speaks_no_http_2_is_refused() {
    let fleet = Fleet::of_one(server(5)).await;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let uri = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        use tokio::io::AsyncWriteExt as _;
        while let Ok((mut stream, _)) = listener.accept().await {
            let answer = "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    fleet.engine.register(&uri).await.unwrap_err();
    assert!(!fleet.engine.has_worker(&uri).await);
}

#[tokio::test]
async fn a_worker_of_another_version_is_refused_at_an_address_with_calls_under_way() {
    let mut fleet = Fleet::of_one(server(5)).await;
    let call = fleet.call(0, VERIFY.0, VERIFY.1);
    fleet.hold("Following");
    let sent = fleet.submit(&fleet.batch(vec![call])).await;
    fleet.reached("Following").await;
    fleet.kill_worker().await;
    fleet.resume("Following");
    fleet.set_version("9.9.9");
    fleet.spawn_worker(&[]);
    let shown = fleet.worker_failed().await;
    assert!(shown.contains("and this is the version 9.9.9"), "{shown}");
    assert!(shown.contains("another port with `--port`"), "{shown}");
    // The version that began the calls continues them.
    fleet.set_version(env!("CARGO_PKG_VERSION"));
    fleet.start_worker().await;
    assert_eq!(only(&fleet.results(&sent).await), Outcome::Succeeded);
    assert_eq!(fleet.servers[0].starts(VERIFY.0), 1);
}

#[tokio::test]
async fn a_worker_of_another_version_takes_over_an_address_without_calls() {
    let mut fleet = Fleet::of_one(server(5)).await;
    let first = fleet.batch(vec![fleet.call(0, VERIFY.0, VERIFY.1)]);
    fleet.results(&fleet.submit(&first).await).await;
    // The watcher of the place ends after the call.
    eventually("the address is free", async || fleet.permits(0).await == 0).await;
    let before = fleet.deployments().await;
    fleet.kill_worker().await;
    fleet.set_version("9.9.9");
    fleet.start_worker().await;
    let after = fleet.deployments().await;
    assert!(!before.contains("9.9.9") && after.contains("9.9.9"), "{after}");
    let mut second = fleet.batch(vec![second(&fleet)]);
    second.window = "2026-11-27/other".to_owned();
    assert_eq!(
        only(&fleet.results(&fleet.submit(&second).await).await),
        Outcome::Succeeded
    );
}

#[tokio::test]
async fn a_worker_waits_for_an_engine_that_starts_later() {
    let mut fleet = Fleet::of_one(server(5)).await;
    fleet.kill_worker().await;
    fleet.kill_engine().await;
    fleet.spawn_worker(&[]);
    fleet.worker_says("The worker waits for the engine").await;
    fleet.start_engine().await;
    fleet.worker_says("The worker is ready").await;
}

#[tokio::test]
async fn a_worker_is_used_again_after_the_engine_has_lost_its_data() {
    let mut fleet = Fleet::of_one(server(5)).await;
    fleet.hold("hurry");
    fleet.kill_worker().await;
    fleet.start_worker().await;
    fleet.kill_engine().await;
    fs::remove_dir_all(fleet.folder.path().join("data")).unwrap();
    fleet.start_engine().await;
    fleet.worker_says("uses it again").await;
    let batch = fleet.batch(vec![fleet.call(0, VERIFY.0, VERIFY.1)]);
    let sent = fleet.submit(&batch).await;
    assert_eq!(only(&fleet.results(&sent).await), Outcome::Succeeded);
}

impl Fleet {
    /// Returns what the engine says about the service of the calls.
    async fn deployments(&self) -> String {
        let answer = reqwest::get(self.admin("/services/MailCall")).await.unwrap();
        answer.text().await.unwrap()
    }
}
