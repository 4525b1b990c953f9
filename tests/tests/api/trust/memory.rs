//! The memory of a call is limited: its peak is at most the response limit and 32 MiB.
//!
//! Each row runs its call in a process of its own, because the peak of a process never falls. The server is in the
//! process of the test, so that its memory does not count.

use std::process::Command;

use mailstore_api::server::types::StoreId;
use mailstore_api::{ErrorKind, Json};
use mailstore_metadata::Dump;

use crate::support::{Act, Server};
use crate::trust::table::Table;
use cases::{CASES, Call, Case, MIB};

mod cases;

/// The variable with the number of the case, the port of the server and the file with its certificate.
const CASE: &str = "MEMORY_CASE";

/// Returns the peak of the resident memory of this process in bytes. Only Linux reports it in this way.
fn peak() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: usize = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kilobytes * 1024)
}

/// Performs the call of a case, and returns its outcome.
async fn outcome(Case { call, limit, .. }: &Case, port: &str, certificate: &str) -> String {
    let client = mailstore_api::server::Client::builder(&format!("127.0.0.1:{port}"))
        .assume_edition()
        .credentials("admin", "secret")
        .max_response_size(limit.response as u64)
        .certificate_authority(std::fs::read(certificate).unwrap())
        .build()
        .unwrap();
    let seen = match call {
        Call::Unit => client
            .delete_user("jane")
            .await
            .map(|()| "the result is ignored".to_owned()),
        Call::Json => {
            let call: Result<Json, _> = client.call("GetUsers").await;
            call.map(|json| format!("JSON of {} bytes", json.text().len()))
        }
        Call::Users => client
            .get_users()
            .await
            .map(|users| format!("{} users", users.len())),
        Call::Log => {
            let mut task = client.verify_store(StoreId(1), true).start().await.unwrap();
            let mut lines = 0;
            while let Some(update) = task.next().await.unwrap() {
                lines += update.lines().len();
            }
            task.await.map(|()| format!("{lines} lines"))
        }
        Call::Functions => {
            let answer = client.connection().metadata().await;
            answer.map(|answer| match Dump::parse("get-metadata", &answer) {
                Ok(dump) => format!("{} functions", dump.functions().len()),
                Err(error) => format!("refused: {error}"),
            })
        }
    };
    seen.unwrap_or_else(|error| {
        let kind = match error.kind() {
            ErrorKind::Failed(_) => "Failed",
            ErrorKind::Decode { .. } => "Decode",
            ErrorKind::Envelope { .. } => "Envelope",
            ErrorKind::Http { .. } => "Http",
            ErrorKind::TooLarge { .. } => "TooLarge",
            ErrorKind::UnknownStatus { .. } => "UnknownStatus",
            other => panic!("{other}"),
        };
        kind.to_owned()
    })
}

/// Runs a case in this process, which the test has started. Prints the outcome and the growth of the peak.
#[expect(clippy::print_stdout, reason = "the test reads the output")]
fn run_case(case: &str) {
    let [number, port, certificate] = case.splitn(3, ' ').collect::<Vec<_>>().try_into().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let before = peak();
    let case = &CASES[number.parse::<usize>().unwrap()];
    let outcome = runtime.block_on(outcome(case, port, certificate));
    let growth = peak().zip(before).map(|(after, before)| after - before);
    println!("outcome={outcome}");
    println!(
        "peak={}",
        growth.map_or("not measured".to_owned(), |growth| growth.to_string())
    );
}

/// Runs a case in another process. Returns its outcome and the growth of its peak.
fn in_a_process(number: usize, server: &Server) -> (String, Option<u64>) {
    const NAME: &str = "trust::memory::the_memory_of_a_call_is_limited";
    let certificate = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(certificate.path(), &server.pem).unwrap();
    let run = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", NAME, "--nocapture"])
        .env(
            CASE,
            format!("{number} {} {}", server.port, certificate.path().display()),
        )
        .output()
        .unwrap();
    let output = String::from_utf8_lossy(&run.stdout);
    assert!(
        run.status.success(),
        "{output}{}",
        String::from_utf8_lossy(&run.stderr)
    );
    assert!(output.contains("1 passed"), "{output}");
    let value = |name: &str| output.lines().find_map(|line| line.strip_prefix(name));
    (
        value("outcome=").unwrap().to_owned(),
        value("peak=").unwrap().parse().ok(),
    )
}

#[test]
fn the_memory_of_a_call_is_limited() {
    if let Ok(case) = std::env::var(CASE) {
        return run_case(&case);
    }
    let mut table = Table::new("memory");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    for (number, case) in CASES.iter().enumerate() {
        let server = runtime.block_on(Server::start([Act::Send((case.response)(case.limit.response))]));
        let (outcome, growth) = in_a_process(number, &server);
        let attack = format!("{} (limit {} MiB)", case.attack, case.limit.response / MIB);
        table.equal(&attack, case.outcome, outcome);
        let limit = ((case.limit.response + case.limit.margin) / MIB) as u64;
        match growth {
            Some(growth) => table.at_most(&attack, limit, growth.div_ceil(MIB as u64), "MiB"),
            // Only Linux reports the peak of a process.
            None => table.equal(
                &attack,
                "not measured on this system",
                "not measured on this system",
            ),
        }
    }
    table.assert_all_held();
}
