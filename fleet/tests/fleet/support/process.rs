//! Processes of a test: their ports, and signals to them.

use std::net::TcpListener;
use std::sync::atomic::{AtomicU16, Ordering::SeqCst};

use mailstore_fleet::engine::Ports;
use tokio::process::Child;

/// Returns a free port that the system gives to no connection by itself, so that it is still free when a process is
/// started again. Other processes with these tests begin at other ports.
pub(crate) fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = 10_000 + u16::try_from(std::process::id() % 20_000).unwrap();
    loop {
        let port = first + NEXT.fetch_add(1, SeqCst) % 2_000;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// Returns three free ports for an engine.
pub(crate) fn free_ports() -> Ports {
    Ports {
        ingress_port: free_port(),
        admin_port: free_port(),
        node_port: free_port(),
    }
}

/// Tells a process to stop, as a service manager does.
#[cfg(unix)]
pub(super) fn signal(process: &Child) {
    use rustix::process::{Pid, Signal, kill_process};

    let id = Pid::from_raw(process.id().unwrap().try_into().unwrap()).unwrap();
    kill_process(id, Signal::TERM).unwrap();
}

/// Tells a process to stop, and waits until it has ended.
#[cfg(unix)]
pub(crate) async fn end(process: &mut Child) {
    signal(process);
    process.wait().await.unwrap();
}
