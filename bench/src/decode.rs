//! Row `decode`: a long list of worker results, decoded by the client and by derived serde code.

use std::io;
use std::sync::Mutex;

use jiff::civil::DateTime;
use mailstore_api::server::{Client, WorkerResult};
use mailstore_transport::Call;
use mailstore_transport::unversioned::{Answer, BoxFuture, Exchange, Post, PostError};
use serde::Deserialize;

use crate::row::Row;
use crate::{alloc, cpu};

const RECORDS: usize = 100_000;
const RUNS: usize = 9;

const CPU: &str = "decode: CPU";
const PEAK: &str = "decode: peak memory";

/// The fields of [`WorkerResult`].
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "the fields are only decoded")]
struct Peer {
    complete_time: DateTime,
    id: i64,
    items_archived: i64,
    machine_name: String,
    profile_id: Option<i64>,
    profile_name: Option<String>,
    result: Outcome,
    start_time: DateTime,
    user_name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "the string is only decoded")]
enum Outcome {
    Cancelled,
    CompletedWithErrors,
    Succeeded,
    Failed,
    #[serde(untagged)]
    Other(String),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "the fields are only decoded")]
struct Envelope {
    status_code: String,
    status_version: Option<u64>,
    result: Vec<Peer>,
}

pub(crate) fn run() -> io::Result<Vec<Row>> {
    if cpu::time(|| ()).is_err() {
        let reason = "the CPU time of a thread needs Linux";
        let row = |(what, unit)| Row::unmeasured(what, unit, reason);
        return Ok([(CPU, "ms"), (PEAK, "MB")].map(row).into());
    }
    let body = body(RECORDS);
    let (mut ours, mut peer) = (Vec::new(), Vec::new());
    let (mut our_peak, mut peer_peak) = (0, 0);
    for _ in 0..RUNS {
        let copy = body.clone().into_bytes();
        let ((found, used), peak) = measure(|| by_us(copy))?;
        assert_eq!(found, RECORDS, "the client decodes every record");
        ours.push(used * 1000.0);
        our_peak = peak;
        let copy = body.clone().into_bytes();
        let ((found, used), peak) = measure(|| by_serde(copy))?;
        assert_eq!(found, RECORDS, "serde decodes every record");
        peer.push(used * 1000.0);
        peer_peak = peak;
    }
    let megabytes = |bytes: usize| bytes as f64 / 1e6;
    Ok(vec![
        Row::new(CPU, "ms", cpu::median(ours), cpu::median(peer)),
        Row::new(PEAK, "MB", megabytes(our_peak), megabytes(peer_peak)),
    ])
}

/// Returns the number of records, the CPU time, and the peak memory. The time does not include dropping the records.
fn measure<T>(decode: impl FnOnce() -> Vec<T>) -> io::Result<((usize, f64), usize)> {
    let (timed, peak) = alloc::peak(|| cpu::time(decode));
    let (records, used) = timed?;
    Ok(((records.len(), used), peak))
}

fn by_us(body: Vec<u8>) -> Vec<WorkerResult> {
    let client = Client::builder("mailstore.example.com")
        .exchange(Script(Mutex::new(Some(Answer::new(200, body)))))
        .assume_edition()
        .build()
        .expect("the address is valid");
    let call = Call::<Vec<WorkerResult>>::new(client.connection(), "GetWorkerResults");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime of one thread needs no resources");
    runtime.block_on(call.into_future()).expect("the body is valid")
}

fn by_serde(body: Vec<u8>) -> Vec<Peer> {
    let text = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&body);
    let envelope: Envelope = serde_json::from_slice(text).expect("the body is valid");
    envelope.result
}

/// Returns one response.
struct Script(Mutex<Option<Answer>>);

impl Exchange for Script {
    fn post(&self, _: Post) -> BoxFuture<Result<Answer, PostError>> {
        let answer = self
            .0
            .lock()
            .expect("no thread panics while it holds the lock")
            .take();
        Box::pin(async { Ok(answer.expect("only one request is sent")) })
    }
}

/// Returns the body of a response as the server writes it. The values of a record depend only on its number.
fn body(records: usize) -> String {
    let mut text = String::from(
        "\u{feff}{\"error\":null,\"token\":null,\"statusVersion\":2,\"statusCode\":\"succeeded\",\
        \"percentProgress\":null,\"statusText\":null,\"result\":[",
    );
    let outcomes = ["succeeded", "completedWithErrors", "failed", "cancelled"];
    for number in 0..records {
        if number > 0 {
            text.push(',');
        }
        let (day, minute) = (1 + number % 28, number % 60);
        let outcome = outcomes[number % 7 % outcomes.len()];
        text.push_str(&format!(
            "{{\"id\":{number},\"startTime\":\"2026-05-{day:02}T10:{minute:02}:04\",\
             \"completeTime\":\"2026-05-{day:02}T11:{minute:02}:30\",\"result\":\"{outcome}\",\
             \"itemsArchived\":{},\"machineName\":\"ARCHIVE-{:02}\",\"profileId\":{},\
             \"profileName\":\"Mailbox of user {:05}\",\"userName\":\"user{:05}\"}}",
            number * 37 % 5000,
            number % 4,
            number % 900,
            number % 900,
            number % 900,
        ));
    }
    text.push_str("],\"logOutput\":null}");
    text
}
