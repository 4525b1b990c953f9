//! The command `engine`: what is left of the engine if the command is killed, and a second one in the same folder.

use std::path::Path;
use std::process::Stdio;

use mailstore_fleet::api::Engine;
use mailstore_fleet::engine::Ports;
use tokio::process::{Child, Command};

use crate::support::{end, eventually, free_ports, link_installation};

/// Returns the command with the folder and the ports of an engine.
fn command(folder: &Path, ports: Ports) -> Command {
    let ports = [
        ("--ingress-port", ports.ingress_port),
        ("--admin-port", ports.admin_port),
        ("--node-port", ports.node_port),
    ];
    let mut command = Command::new(env!("CARGO_BIN_EXE_mailstore-fleet"));
    command.args(["engine", "--dir"]).arg(folder);
    for (name, port) in ports {
        command.args([name, &port.to_string()]);
    }
    command.stdin(Stdio::null()).kill_on_drop(true);
    command
}

/// Starts the command, and waits until its engine answers.
async fn started(folder: &Path, ports: Ports, engine: &Engine) -> Child {
    let child = command(folder, ports)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    eventually("the engine answers", async || engine.is_healthy().await).await;
    child
}

#[tokio::test]
async fn an_engine_ends_with_its_killed_command_and_its_folder_is_free() {
    let folder = tempfile::tempdir().unwrap();
    link_installation(folder.path()).await;
    let ports = free_ports();
    let engine = Engine::new(ports.addresses()).unwrap();
    let mut first = started(folder.path(), ports, &engine).await;
    let second = command(folder.path(), ports).output().await.unwrap();
    assert_eq!(second.status.code(), Some(1), "{second:?}");
    let text = String::from_utf8(second.stderr).unwrap();
    assert!(text.contains("an engine already runs in the folder"), "{text}");
    first.kill().await.unwrap();
    eventually("the engine has ended", async || !engine.is_healthy().await).await;
    let mut third = started(folder.path(), ports, &engine).await;
    end(&mut third).await;
    assert!(!engine.is_healthy().await);
}
