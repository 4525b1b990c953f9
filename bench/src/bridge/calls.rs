//! Calls through the bridge, and the same calls without it.

use std::process::Command;
use std::time::Instant;

use python_bridge::{Connection, Handle, Json};
use tokio::task::JoinSet;

use super::python::Python;
use crate::peer::Failure;

/// Calls `add` several times, one after the other. Returns the seconds of each call.
pub(super) async fn add(connection: &Connection, calls: usize) -> Result<Vec<f64>, Failure> {
    let mut seconds = Vec::with_capacity(calls);
    for _ in 0..calls {
        let began = Instant::now();
        let sum: i64 = connection
            .call("add")
            .arg("left", 1)
            .arg("right", 2)
            .returns()
            .await?;
        seconds.push(began.elapsed().as_secs_f64());
        std::hint::black_box(sum);
    }
    Ok(seconds)
}

/// Calls `records`. Returns the seconds of the call.
pub(super) async fn records(connection: &Connection, count: usize) -> Result<f64, Failure> {
    let began = Instant::now();
    let records = connection.call("records").arg("count", count).await?;
    let seconds = began.elapsed().as_secs_f64();
    std::hint::black_box(records);
    Ok(seconds)
}

/// Calls `items`. Returns the handles to the new objects.
pub(super) async fn items(connection: &Connection, count: usize) -> Result<Vec<Handle>, Failure> {
    Ok(connection.call("items").arg("count", count).returns().await?)
}

/// Creates objects in Python, and frees them. Returns the seconds.
pub(super) async fn handles(connection: &Connection, count: usize) -> Result<f64, Failure> {
    let began = Instant::now();
    drop(items(connection, count).await?);
    // Python frees the objects with the next request.
    connection.ping().await?;
    Ok(began.elapsed().as_secs_f64())
}

/// Calls a function inside Python, without the bridge. Returns the seconds of each call.
pub(super) async fn inside(
    connection: &Connection,
    function: &str,
    arguments: &[usize],
    calls: usize,
) -> Result<Vec<f64>, Failure> {
    let nanoseconds = connection
        .call("nanoseconds")
        .arg("name", function)
        .arg("arguments", arguments)
        .arg("calls", calls)
        .returns::<Vec<i64>>()
        .await?;
    Ok(nanoseconds.into_iter().map(|time| time as f64 / 1e9).collect())
}

/// Calls `add` in tasks that run at the same time. They share the connections evenly. Returns the calls a second.
pub(super) async fn rate(connections: &[Connection], tasks: usize, calls: usize) -> Result<f64, Failure> {
    let began = Instant::now();
    let mut running = JoinSet::new();
    for connection in connections.iter().cycle().take(tasks) {
        let connection = connection.clone();
        running.spawn(async move { add(&connection, calls / tasks).await });
    }
    while let Some(task) = running.join_next().await {
        task??;
    }
    Ok((calls / tasks * tasks) as f64 / began.elapsed().as_secs_f64())
}

/// Calls a function in a new process, which prints the result as JSON. Returns the seconds until the result is read.
pub(super) fn process(python: &Python, call: &str) -> Result<f64, Failure> {
    let script = format!("import json, bench_module; print(json.dumps(bench_module.{call}))");
    let mut command: Command = python.command(["-c", &script])?;
    let began = Instant::now();
    let output = command.output()?;
    let result: Json = String::from_utf8(output.stdout)?.parse()?;
    let seconds = began.elapsed().as_secs_f64();
    std::hint::black_box(result);
    Ok(seconds)
}
