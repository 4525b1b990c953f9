//! Rows `bridge`: calls of Python functions through `python-bridge`.

mod calls;
mod host;
mod opening;
mod python;

use std::io;

use python_bridge::Connection;

use self::host::Host;
use self::python::Python;
use crate::caller::runtime;
use crate::cpu::{median, percentile};
use crate::peer::Failure;
use crate::row::Row;

/// How often everything is measured.
struct Sizes {
    /// Runs of each side, which alternate.
    runs: usize,
    /// Calls one after the other, in a run.
    calls: usize,
    /// Records in a large result.
    records: usize,
    /// Objects that stay in Python.
    handles: usize,
}

const FULL: Sizes = Sizes {
    runs: 15,
    calls: 1_000,
    records: 7_800,
    handles: 10_000,
};

/// The tasks that call at the same time.
const TASKS: usize = 8;

/// The numbers of children that the tasks share.
const CHILDREN: [usize; 3] = [1, 2, 4];

const MILLI: f64 = 1e3;
const MICRO: f64 = 1e6;

pub(crate) fn run() -> io::Result<Vec<Row>> {
    let Some(python) = Python::find()? else {
        return Ok(vec![Row::unmeasured(
            "bridge: start",
            "ms",
            "Python 3.11 is missing",
        )]);
    };
    measure(&python, &FULL).map_err(io::Error::other)
}

fn measure(python: &Python, sizes: &Sizes) -> Result<Vec<Row>, Failure> {
    runtime()?.block_on(async {
        let connection = python.builder().spawn().await?;
        let mut rows = start(python, sizes).await?;
        rows.extend(one_call(python, &connection, sizes).await?);
        rows.extend(many_tasks(python, sizes).await?);
        rows.extend(large_result(python, &connection, sizes).await?);
        rows.extend(objects(&connection, sizes).await?);
        rows.push(loopback(python, &connection, sizes).await?);
        connection.close().await;
        Ok(rows)
    })
}

/// The figures of both sides, in seconds.
#[derive(Default)]
struct Pair {
    ours: Vec<f64>,
    peer: Vec<f64>,
}

impl Pair {
    /// Returns a row with a figure of each side, such as the median.
    fn row(&self, what: &str, unit: &str, scale: f64, figure: impl Fn(Vec<f64>) -> f64) -> Row {
        let [ours, peer] = [&self.ours, &self.peer].map(|side| figure(side.clone()) * scale);
        Row::new(what, unit, ours, peer)
    }
}

async fn start(python: &Python, sizes: &Sizes) -> Result<Vec<Row>, Failure> {
    let (mut module, mut jetstream) = (Pair::default(), Pair::default());
    for _ in 0..sizes.runs {
        module.ours.push(opening::module(python).await?);
        module.peer.push(opening::plain(python, "import bench_module")?);
        jetstream.ours.push(opening::jetstream(python).await?);
        let connect = "import jetstream; jetstream.Jetstream().api().connect()";
        jetstream.peer.push(opening::plain(python, connect)?);
    }
    Ok(vec![
        module.row("bridge: start, small module", "ms", MILLI, median),
        jetstream.row("bridge: start, JetStream stand-in", "ms", MILLI, median),
    ])
}

async fn one_call(python: &Python, connection: &Connection, sizes: &Sizes) -> Result<Vec<Row>, Failure> {
    let (mut inside, mut process) = (Pair::default(), Pair::default());
    for _ in 0..sizes.runs {
        inside.ours.extend(calls::add(connection, sizes.calls).await?);
        inside
            .peer
            .extend(calls::inside(connection, "add", &[1, 2], sizes.calls).await?);
        process.peer.push(calls::process(python, "add(1, 2)")?);
    }
    process.ours = inside.ours.clone();
    Ok(vec![
        inside.row("bridge: one call, median", "µs", MICRO, median),
        inside.row("bridge: one call, 99th percentile", "µs", MICRO, |seconds| {
            percentile(seconds, 99)
        }),
        process.row("bridge: calls or processes, rate", "calls/s", 1.0, |seconds| {
            1.0 / median(seconds)
        }),
    ])
}

async fn many_tasks(python: &Python, sizes: &Sizes) -> Result<Vec<Row>, Failure> {
    let mut rows = Vec::new();
    for count in CHILDREN {
        let mut children = Vec::new();
        for _ in 0..count {
            children.push(python.builder().spawn().await?);
        }
        let mut rates = Pair::default();
        for _ in 0..sizes.runs {
            rates.ours.push(calls::rate(&children, TASKS, sizes.calls).await?);
            rates.peer.push(calls::rate(&children, 1, sizes.calls).await?);
        }
        rows.push(rates.row(&rate_name(count), "calls/s", 1.0, median));
        for child in children {
            child.close().await;
        }
    }
    Ok(rows)
}

fn rate_name(children: usize) -> String {
    format!("bridge: {TASKS} tasks, children: {children}, rate")
}

async fn large_result(python: &Python, connection: &Connection, sizes: &Sizes) -> Result<Vec<Row>, Failure> {
    let (mut inside, mut process) = (Pair::default(), Pair::default());
    for _ in 0..sizes.runs {
        inside.ours.push(calls::records(connection, sizes.records).await?);
        inside
            .peer
            .extend(calls::inside(connection, "records", &[sizes.records], 1).await?);
        process
            .peer
            .push(calls::process(python, &format!("records({})", sizes.records))?);
    }
    process.ours = inside.ours.clone();
    Ok(vec![
        inside.row("bridge: 1 MB of JSON", "ms", MILLI, median),
        process.row("bridge: 1 MB of JSON or a process", "ms", MILLI, median),
    ])
}

async fn objects(connection: &Connection, sizes: &Sizes) -> Result<Vec<Row>, Failure> {
    let (mut cycle, mut beside) = (Pair::default(), Pair::default());
    for _ in 0..sizes.runs {
        cycle.ours.push(calls::handles(connection, sizes.handles).await?);
        cycle
            .peer
            .extend(calls::inside(connection, "items", &[sizes.handles], 1).await?);
        beside
            .peer
            .extend(calls::add(connection, sizes.calls / 10).await?);
        let held = calls::items(connection, sizes.handles).await?;
        beside
            .ours
            .extend(calls::add(connection, sizes.calls / 10).await?);
        drop(held);
        connection.ping().await?;
    }
    Ok(vec![
        cycle.row("bridge: 10,000 handles, create and free", "ms", MILLI, median),
        beside.row("bridge: one call beside 10,000 handles", "µs", MICRO, median),
    ])
}

async fn loopback(python: &Python, connection: &Connection, sizes: &Sizes) -> Result<Row, Failure> {
    let host = Host::start(python)?;
    let pumped = host.builder().open().await?;
    let mut pair = Pair::default();
    for _ in 0..sizes.runs {
        pair.ours.extend(calls::add(&pumped, sizes.calls).await?);
        pair.peer.extend(calls::add(connection, sizes.calls).await?);
    }
    pumped.close().await;
    Ok(pair.row("bridge: one call to a host program", "µs", MICRO, median))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Budget;

    const TINY: Sizes = Sizes {
        runs: 1,
        calls: 20,
        records: 10,
        handles: 10,
    };

    #[test]
    fn every_row_of_the_bridge_is_measured_and_has_limits() {
        let python = Python::find().unwrap().expect("Python 3.11 is needed");
        let rows = measure(&python, &TINY).unwrap();
        let budget: Budget = toml::from_str(include_str!("../budget.toml")).unwrap();
        assert_eq!(rows.len(), 13);
        for row in &rows {
            let figures = row.figures().unwrap();
            assert!(figures.ours > 0.0 && figures.peer > 0.0, "{row:?}");
            assert_ne!(budget.target(&row.what), "-", "{}", row.what);
        }
    }
}
