//! Workers that the engine must not use.

use std::convert::Infallible;
use std::sync::Arc;

use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use mailstore_fleet::clients::Clients;
use mailstore_fleet::fleet_run::FleetRun;
use mailstore_fleet::mail_call::MailCall;
use restate_sdk::endpoint::{Endpoint, HandleOptions, ProtocolMode};
use tokio::net::TcpListener;

use crate::commands::VERIFY;
use crate::support::{Fleet, server};

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
