//! Tests every fault of the simulator in every phase of a long call, over TLS.
//!
//! Every call ends in one of three ways:
//!
//! * with the outcome of the server and its whole log,
//! * with an error that names the cause and, if the call may still run, contains the token to resume it, or
//! * with an error at the start that states whether the server may have executed the call.
//!
//! A call that may change the server is never started twice.

mod cell;
mod column;
mod combined;
mod expect;
mod judge;
mod play;
mod rows;
mod stage;
mod table;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use cell::Cell;

/// Maximum number of concurrent cells that keep the processor busy.
const BUSY: usize = 16;
/// Maximum number of concurrent cells that mostly wait for a response that never comes.
const WAITING: usize = 40;
/// The timeout of a cell.
const PATIENCE: Duration = Duration::from_secs(120);

/// Plays every cell and returns its mismatch, if any.
async fn play_all(cells: Vec<Cell>) -> Vec<(Cell, Result<(), String>)> {
    let busy = Arc::new(Semaphore::new(BUSY));
    let waiting = Arc::new(Semaphore::new(WAITING));
    let mut running = JoinSet::new();
    for (place, cell) in cells.into_iter().enumerate() {
        let permits = Arc::clone(if cell.waits_long() { &waiting } else { &busy });
        running.spawn(async move {
            let _permit = permits.acquire_owned().await.unwrap();
            let verdict = match tokio::time::timeout(PATIENCE, play::play(&cell)).await {
                Ok(verdict) => verdict,
                Err(_) => Err(format!("hangs: no end within {PATIENCE:?}")),
            };
            (place, cell, verdict)
        });
    }
    let mut played = running.join_all().await;
    played.sort_by_key(|(place, ..)| *place);
    played
        .into_iter()
        .map(|(_, cell, verdict)| (cell, verdict))
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_fault_in_every_phase_has_the_expected_outcome() {
    let cells: Vec<Cell> = rows::cells().into_iter().chain(combined::cells()).collect();
    let played = play_all(cells).await;
    let passed = played.iter().filter(|(_, verdict)| verdict.is_ok()).count();
    println!("{}", table::draw(&played));
    println!("{} cells, {passed} passed", played.len());
    let wrong: Vec<String> = played
        .iter()
        .filter_map(|(cell, verdict)| Some(format!("{cell}\n    {}", verdict.as_ref().err()?)))
        .collect();
    assert!(
        wrong.is_empty(),
        "{} mismatches:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
