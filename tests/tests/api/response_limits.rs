//! Limits of responses: the limit of a function, and the limit that the user sets for all functions.

use mailstore_api::server::Client;
use mailstore_api::{ErrorKind, Json, StatusCode};
use mailstore_sim::{Edition, Simulator};
use serde_json::json;

const MIB: u64 = 1024 * 1024;

/// A server that responds to two functions with 65 MiB.
fn server() -> Simulator {
    let large = || json!("a".repeat(65 * 1024 * 1024));
    Simulator::builder(Edition::Server)
        .immediate(true)
        .result("GetMessages", move |_| large())
        .result("GetUsers", move |_| large())
        .start()
        .expect("it starts")
}

fn client(server: &Simulator, limit: Option<u64>) -> Client {
    let builder = Client::builder(server.url())
        .credentials(server.user(), server.password())
        .certificate_authority(server.certificate_pem());
    let builder = match limit {
        Some(bytes) => builder.max_response_size(bytes),
        None => builder,
    };
    builder.build().expect("a client")
}

/// The size of the result, or the limit that it exceeds.
async fn size(client: &Client, function: &str) -> Result<usize, u64> {
    match client.call(function).await {
        Ok(result) => Ok(Json::text(&result).len()),
        Err(error) => match error.kind() {
            ErrorKind::TooLarge { limit } => Err(*limit),
            kind => panic!("{kind:?}"),
        },
    }
}

#[tokio::test]
async fn a_function_has_its_own_limit_unless_the_user_sets_one() {
    let server = server();
    let by_default = client(&server, None);
    let messages = size(&by_default, "GetMessages").await.expect("within its limit");
    assert_eq!(messages as u64, 65 * MIB + 2);
    assert_eq!(size(&by_default, "GetUsers").await, Err(64 * MIB));

    let small = client(&server, Some(MIB));
    assert_eq!(size(&small, "GetMessages").await, Err(MIB));
    let large = client(&server, Some(100 * MIB));
    assert_eq!(size(&large, "GetUsers").await, Ok(messages));
}

/// The last status of a long call contains its result.
#[tokio::test]
async fn the_limit_of_a_function_applies_to_its_status_requests() {
    let server = Simulator::builder(Edition::Server)
        .step(std::time::Duration::ZERO)
        .long_running("GetMessages")
        .result("GetMessages", |_| json!("a".repeat(65 * 1024 * 1024)))
        .start()
        .expect("it starts");
    let client = client(&server, None);
    let mut task = client.call("GetMessages").start().await.expect("it starts");
    while let Some(update) = task.next().await.expect("a status") {
        assert_ne!(*update.status(), StatusCode::Failed);
    }
    let result: Json = task.await.expect("within its limit");
    assert_eq!(result.text().len() as u64, 65 * MIB + 2);
    assert!(server.polls("GetMessages") > 0);
}
