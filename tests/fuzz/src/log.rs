//! The log of a running call.

use serde_json::json;

use crate::client::with_responses;
use crate::shown::assert_shown;

/// Receives the pieces of the input, which are separated by NUL, as the log of a running call. The updates together
/// contain every character of the log once and in order. Returns whether the input is valid.
///
/// # Panics
/// If that does not hold.
pub fn log(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let pieces: Vec<&str> = text.split('\0').collect();
    let last = pieces.len();
    let mut responses = vec![reply(0, "running", "")];
    responses.extend(pieces.iter().enumerate().map(|(number, piece)| {
        let status = if number + 1 == last {
            "succeeded"
        } else {
            "running"
        };
        reply(number + 1, status, piece)
    }));
    let mut complete = false;
    with_responses(responses, async |client| {
        let mut task = match client
            .verify_store(mailstore_api::server::types::StoreId(1), false)
            .start()
            .await
        {
            Ok(task) => task,
            Err(error) => return assert_shown(&error),
        };
        let (mut log, mut lines) = (String::new(), String::new());
        loop {
            match task.next().await {
                Ok(Some(update)) => {
                    log.push_str(update.log());
                    lines.extend(update.lines().iter().flat_map(|line| line.chars()));
                }
                Ok(None) => break,
                Err(error) => return assert_shown(&error),
            }
        }
        assert_eq!(log, pieces.concat(), "the log is complete");
        let without_breaks = |text: &str| text.replace(['\r', '\n'], "");
        assert_eq!(
            without_breaks(&lines),
            without_breaks(&log),
            "the lines contain the log"
        );
        complete = true;
    });
    complete
}

fn reply(version: usize, status: &str, log: &str) -> Vec<u8> {
    let token = "b3af0ebae4dd755d1a54b9756817baee";
    json!({
        "error": null, "token": token, "statusVersion": version, "statusCode": status, "percentProgress": null,
        "statusText": null, "result": null, "logOutput": log,
    })
    .to_string()
    .into_bytes()
}
