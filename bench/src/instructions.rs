//! Row `one call`: the instructions of one call, counted by valgrind.

use std::io;
use std::process::{Command, Stdio};

use crate::caller::Side;
use crate::cpu;
use crate::part;
use crate::process;
use crate::row::Row;
use crate::server::Server;
use crate::target::Target;

const WHAT: &str = "one call: instructions";
const UNIT: &str = "thousand";
/// The numbers of calls of the two processes whose difference is counted. It excludes the start of the process.
const FEW: usize = 50;
const MANY: usize = 1050;
const RUNS: usize = 3;

pub(crate) fn run() -> io::Result<Vec<Row>> {
    if !Command::new("valgrind")
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
    {
        return Ok(vec![Row::unmeasured(WHAT, UNIT, "valgrind is missing")]);
    }
    let server = Server::fixed()?;
    let (mut ours, mut peer) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        ours.push(per_call(Side::Ours, server.target())?);
        peer.push(per_call(Side::Peer, server.target())?);
    }
    Ok(vec![Row::new(WHAT, UNIT, cpu::median(ours), cpu::median(peer))])
}

/// Returns the instructions of one call, in thousands.
fn per_call(side: Side, target: &Target) -> io::Result<f64> {
    let few = count(side, FEW, target)?;
    let many = count(side, MANY, target)?;
    Ok((many - few) / (MANY - FEW) as f64 / 1000.0)
}

/// Returns the instructions of a process that sends these calls.
fn count(side: Side, calls: usize, target: &Target) -> io::Result<f64> {
    let program = process::command("calls")?;
    let output = Command::new("valgrind")
        .args([
            "--tool=cachegrind",
            "--cache-sim=no",
            "--cachegrind-out-file=/dev/null",
        ])
        .arg(program.get_program())
        .args(program.get_args())
        .args(part::calls(side, calls, target)?)
        .output()?;
    let text = String::from_utf8_lossy(&output.stderr);
    let counted = text.lines().find_map(|line| {
        let (_, number) = line
            .split_once("I refs:")
            .or_else(|| line.split_once("I   refs:"))?;
        number.trim().replace(',', "").parse().ok()
    });
    match counted {
        Some(counted) if output.status.success() => Ok(counted),
        _ => Err(io::Error::other(format!("valgrind failed: {text}"))),
    }
}
