//! Row `start`: the CPU time of a process from its start to its first response.

use std::io;

use crate::caller::Side;
use crate::row::Row;
use crate::server::Server;
use crate::target::Target;
use crate::{cpu, part, process};

const WHAT: &str = "process start to first answer: CPU";
const UNIT: &str = "ms";
const RUNS: usize = 101;

pub(crate) fn run() -> io::Result<Vec<Row>> {
    if cpu::of_process().is_err() {
        let reason = "the CPU time of a process needs Linux";
        return Ok(vec![Row::unmeasured(WHAT, UNIT, reason)]);
    }
    let server = Server::fixed()?;
    let (mut ours, mut peer) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        ours.push(first_answer(Side::Ours, server.target())?);
        peer.push(first_answer(Side::Peer, server.target())?);
    }
    Ok(vec![Row::new(WHAT, UNIT, cpu::median(ours), cpu::median(peer))])
}

/// Returns the CPU time of a process that sends one call, in milliseconds.
fn first_answer(side: Side, target: &Target) -> io::Result<f64> {
    let output = process::command("first-answer")?
        .args(part::calls(side, 1, target)?)
        .output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let seconds: f64 = text.trim().parse().map_err(|_| {
        let problem = String::from_utf8_lossy(&output.stderr);
        io::Error::other(format!("the process that sends one call failed: {problem}"))
    })?;
    Ok(seconds * 1000.0)
}
