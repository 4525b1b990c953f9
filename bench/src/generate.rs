//! Rows `generate`: the time of the generator, compared with another generator and with itself.

use std::io;

use mailstore_codegen::Generator;
use mailstore_metadata::Dump;

use crate::row::Row;
use crate::{cpu, editions};

const BOTH: &str = "generate: CPU";
const GROWTH: &str = "generate: 10,000 functions";

const RUNS: usize = 7;

/// Pairs of runs of the small and the large function list.
const GROWTH_RUNS: usize = 3;

/// The small function list is generated this many times in a run, because one time is too short to measure.
const REPEATS: usize = 10;

pub(crate) fn run() -> io::Result<Vec<Row>> {
    if cpu::time(|| ()).is_err() {
        let reason = "the CPU time of a thread needs Linux";
        let row = |(what, unit)| Row::unmeasured(what, unit, reason);
        return Ok([(BOTH, "ms"), (GROWTH, "times")].map(row).into());
    }
    Ok(vec![both_editions()?, growth()?])
}

/// Both editions, from the texts of the function lists or documents to the formatted text of the clients.
fn both_editions() -> io::Result<Row> {
    let (mut ours, mut peer) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let (generated, used) = cpu::time(editions::by_us)?;
        let tree = generated?.tree;
        assert!(tree.get("spe/users.rs").is_some(), "every topic has a file");
        ours.push(used * 1000.0);
        let (clients, used) = cpu::time(editions::by_progenitor)?;
        let mut clients = clients?.into_iter();
        assert!(clients.all(|client| client.contains("pub async fn")));
        peer.push(used * 1000.0);
    }
    Ok(Row::new(BOTH, "ms", cpu::median(ours), cpu::median(peer)))
}

/// The time of 10,000 functions, in times of 100 functions. It is 100 if the time grows linearly.
fn growth() -> io::Result<Row> {
    let (small, large) = (functions(100), functions(10_000));
    let mut times = Vec::new();
    for _ in 0..GROWTH_RUNS {
        let (_, few) = cpu::time(|| (0..REPEATS).try_for_each(|_| generate(&small)))?;
        let (made, many) = cpu::time(|| generate(&large))?;
        made?;
        times.push(many / few * REPEATS as f64);
    }
    Ok(Row::new(GROWTH, "times", cpu::median(times), 100.0))
}

fn generate(dump: &str) -> io::Result<()> {
    let dump = Dump::parse("functions.json", dump.as_bytes()).map_err(io::Error::other)?;
    let generated = Generator::new("cargo xtask bench").single(dump, "functions.json", &[]);
    generated.map(drop).map_err(io::Error::other)
}

/// Returns a function list. The names are distinct, and every function has three arguments.
fn functions(count: usize) -> String {
    let function = |number| {
        let argument = |name: &str, kind: &str, nullable: bool| {
            format!("{{\"name\":\"{name}\",\"type\":\"{kind}\",\"nullable\":{nullable}}}")
        };
        let arguments = [
            argument("userName", "string", false),
            argument("storeId", "number", false),
            argument("description", "string", true),
        ];
        format!(
            "{{\"name\":\"GetThing{number}\",\"args\":[{}]}}",
            arguments.join(",")
        )
    };
    let functions: Vec<String> = (0..count).map(function).collect();
    format!("[{}]", functions.join(","))
}
