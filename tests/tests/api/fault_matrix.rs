//! Every fault of the simulator in every phase of a long call, over TLS, against the client as programs use it.
//!
//! Whatever happens, a call ends in one of three ways: with the server's outcome and its whole log; with an error that
//! names what went wrong and, where the call may still live, carries the token from which it is followed to that
//! outcome; or with an error at the start that says whether the server may have carried it out. Nothing that changes
//! the server is ever started twice.

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

/// How many cells that keep the processor busy run at a time.
const BUSY: usize = 16;
/// How many cells run at a time that mostly wait for an answer that never comes.
const WAITING: usize = 40;
/// A cell that takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(120);

/// Plays every cell and gives what is wrong with each.
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
async fn every_fault_in_every_phase() {
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
