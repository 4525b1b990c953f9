//! Follows thousands of running calls with one client, and checks that no call is lost and every log is complete. The
//! calls share a few connections.
//!
//! Run it with `cargo run --release --example many_tasks [TASKS] [UPDATES]`. The defaults are 5000 and 20. The
//! simulator runs in its own process, so the printed memory is that of the client.

mod support;

use std::error::Error;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use mailstore_api::server::{Client, StoreId};
use mailstore_sim::{Edition, Simulator};
use support::say;
use tokio::sync::Semaphore;

/// Maximum number of concurrent starts. Each start is a separate request.
const STARTS_AT_ONCE: usize = 16;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let first = arguments.next();
    if first.as_deref() == Some("--simulator") {
        return simulate(&arguments.next().unwrap_or_default());
    }
    let tasks: usize = first.map_or(Ok(5000), |text| text.parse())?;
    let updates: usize = arguments.next().map_or(Ok(20), |text| text.parse())?;

    let (mut simulator, client) = start_simulator(updates)?;
    round_trip(&client).await?;
    let bare = memory();
    let connections_before = sockets();
    let begun = Instant::now();
    let started = start_all(&client, tasks).await?;
    say!("{tasks} calls started in {:.1} s", begun.elapsed().as_secs_f64());
    let running = memory();

    let followed: Vec<_> = started
        .into_iter()
        .map(|task| tokio::spawn(follow(task)))
        .collect();
    let mut complete = 0;
    let mut most_sockets = 0;
    let mut most_memory = running;
    for task in followed {
        complete += usize::from(task.await??);
        most_sockets = most_sockets.max(sockets());
        most_memory = most_memory.max(memory());
    }
    say!(
        "{complete} of {tasks} ended with a complete log in {:.1} s",
        begun.elapsed().as_secs_f64()
    );
    say!("sockets: {most_sockets} at most, {connections_before} before");
    if let (Some(bare), Some(running), Some(most)) = (bare, running, most_memory) {
        let per_task = |now: u64| now.saturating_sub(bare) as f64 / tasks as f64 / 1024.0;
        say!(
            "memory: {:.1} MiB before, {:.1} MiB at most",
            mib(bare),
            mib(most)
        );
        say!(
            "a running call: {:.2} KiB after its start, {:.2} KiB at most",
            per_task(running),
            per_task(most)
        );
    }
    simulator.kill()?;
    simulator.wait()?;
    if complete == tasks {
        Ok(())
    } else {
        Err("a call was lost".into())
    }
}

async fn start_all(client: &Client, tasks: usize) -> Result<Vec<mailstore_api::Task<()>>, Box<dyn Error>> {
    let starts = Arc::new(Semaphore::new(STARTS_AT_ONCE));
    let starting: Vec<_> = (0..tasks)
        .map(|_| {
            let (client, starts) = (client.clone(), Arc::clone(&starts));
            tokio::spawn(async move {
                let _permit = starts.acquire().await;
                client.verify_store(StoreId(3), false).start().await
            })
        })
        .collect();
    let mut started = Vec::with_capacity(tasks);
    for task in starting {
        started.push(task.await??);
    }
    Ok(started)
}

/// Follows a call to its end. Returns whether its log is complete.
async fn follow(mut task: mailstore_api::Task<()>) -> Result<bool, mailstore_api::Error> {
    let mut first = None;
    let mut last = None;
    while let Some(update) = task.next().await? {
        for line in update.lines() {
            first.get_or_insert_with(|| line.clone());
            last = Some(line.clone());
        }
    }
    task.await?;
    let begins = first.is_some_and(|line| line.starts_with("Verifying file group"));
    Ok(begins && last.is_some_and(|line| line.starts_with("Finished.")))
}

/// Measures a short call, to compare it with the end of a long call.
async fn round_trip(client: &Client) -> Result<(), Box<dyn Error>> {
    let mut times = Vec::new();
    for _ in 0..1000 {
        let begun = Instant::now();
        client.get_server_info().await?;
        times.push(begun.elapsed());
    }
    times.sort();
    say!(
        "a short call: {:?} from request to response (median of 1000)",
        times[times.len() / 2]
    );
    Ok(())
}

/// Runs the simulator until standard input closes, which it does when the parent ends.
fn simulate(updates: &str) -> Result<(), Box<dyn Error>> {
    let simulator = Simulator::builder(Edition::Server)
        .steps(updates.parse()?)
        .step(Duration::from_millis(500))
        .start()?;
    let said = serde_json::json!({
        "url": simulator.url(), "user": simulator.user(), "password": simulator.password(),
        "certificate": simulator.certificate_pem(),
    });
    say!("{said}");
    std::io::copy(&mut std::io::stdin(), &mut std::io::sink())?;
    Ok(())
}

fn start_simulator(updates: usize) -> Result<(Child, Client), Box<dyn Error>> {
    let mut child = Command::new(std::env::current_exe()?)
        .args(["--simulator", &updates.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut line = String::new();
    BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut line)?;
    let said: serde_json::Value = serde_json::from_str(&line)?;
    let text = |name: &str| said[name].as_str().unwrap_or_default().to_owned();
    let client = Client::builder(&text("url"))
        .credentials(&text("user"), text("password"))
        .certificate_authority(text("certificate"))
        .build()?;
    Ok((child, client))
}

/// Returns the resident memory of this process in bytes. `None` without a Linux `/proc`.
fn memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace()
        .nth(1)?
        .parse::<u64>()
        .ok()
        .map(|kib| kib * 1024)
}

fn mib(bytes: u64) -> f64 {
    bytes as f64 / 1024.0 / 1024.0
}

/// Returns the number of open sockets of this process. 0 without a Linux `/proc`.
fn sockets() -> usize {
    let Ok(entries) = std::fs::read_dir("/proc/self/fd") else {
        return 0;
    };
    let is_socket = |entry: &std::fs::DirEntry| {
        std::fs::read_link(entry.path()).is_ok_and(|target| target.to_string_lossy().starts_with("socket:"))
    };
    entries.flatten().filter(is_socket).count()
}
