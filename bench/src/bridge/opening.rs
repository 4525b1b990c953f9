//! The time from the start of Python until a module can be used.

use std::time::Instant;

use super::python::{Python, start};
use crate::peer::Failure;

/// The module of the benchmarks, through the bridge. Returns the seconds.
pub(super) async fn module(python: &Python) -> Result<f64, Failure> {
    let began = Instant::now();
    let connection = python.builder().spawn().await?;
    let seconds = began.elapsed().as_secs_f64();
    connection.close().await;
    Ok(seconds)
}

/// The package that stands in for that of JetStream, through its client. Returns the seconds.
pub(super) async fn jetstream(python: &Python) -> Result<f64, Failure> {
    let began = Instant::now();
    let client = python.jetstream().connect().await?;
    let seconds = began.elapsed().as_secs_f64();
    client.close().await;
    Ok(seconds)
}

/// A module in a Python without the bridge. Returns the seconds.
pub(super) fn plain(python: &Python, imports: &str) -> Result<f64, Failure> {
    let script = format!("{imports}; print('ready', flush=True)");
    let mut command = python.command(["-c", &script])?;
    let began = Instant::now();
    let running = start(&mut command)?;
    let seconds = began.elapsed().as_secs_f64();
    drop(running);
    Ok(seconds)
}
