//! Passwords that the worker cannot read, or not in time.

use std::fs;
use std::path::Path;

use mailstore_fleet::call::{Call, CallEffect};
use mailstore_fleet::outcome::{Outcome, Phase};

use crate::commands::VERIFY;
use crate::support::{Fleet, PASSWORD, eventually, only, server};

/// Writes a script that prints the password, or does something else before.
fn write_script(path: &Path, before: &str) {
    fs::write(path, format!("{before}\necho {PASSWORD}\n")).unwrap();
}

/// Runs a call whose password command does something else at first, until it waits. Returns the reason. Then repairs the
/// command, and checks that the call succeeds.
async fn reason(before: &str, call: impl Fn(&Fleet) -> Call) -> String {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("password.sh");
    write_script(&script, before);
    let words = ["sh", script.to_str().unwrap()];
    let fleet = Fleet::with_password_command(server(5), &words).await;
    let call = call(&fleet);
    fleet.hold("hurry");
    let sent = fleet.submit(&fleet.batch(vec![call.clone()])).await;
    let waits = async || {
        let status = fleet.status(&call).await;
        status.is_some_and(|status| status.phase == Phase::Waiting && status.reason.is_some())
    };
    eventually("the call waits for its password", waits).await;
    let status = fleet.status(&call).await.unwrap();
    assert_eq!(status.sent, None);
    write_script(&script, "");
    assert_eq!(only(&fleet.results(&sent).await), Outcome::Succeeded);
    assert_eq!(fleet.servers[0].starts(&call.function), 1);
    status.reason.unwrap()
}

fn change(fleet: &Fleet) -> Call {
    fleet.call(0, VERIFY.0, VERIFY.1)
}

fn read(fleet: &Fleet) -> Call {
    fleet.call_with(0, "GetServerInfo", &[], CallEffect::Read)
}

#[tokio::test]
async fn a_call_waits_while_its_password_command_hangs_and_needs_no_decision() {
    let reason = reason("exec sleep 1000", change).await;
    assert!(
        reason.contains("nothing was sent with the profile `s0`"),
        "{reason}"
    );
    assert!(reason.contains("did not end within 1s"), "{reason}");
}

#[tokio::test]
async fn a_call_waits_while_its_password_command_fails_and_needs_no_decision() {
    let reason = reason("echo wrong; exit 3", change).await;
    assert!(
        reason.contains("nothing was sent with the profile `s0`"),
        "{reason}"
    );
    assert!(reason.contains("exit status: 3"), "{reason}");
}

#[tokio::test]
async fn a_read_waits_while_its_password_command_hangs() {
    let reason = reason("exec sleep 1000", read).await;
    assert!(reason.contains("profile `s0`"), "{reason}");
}

#[tokio::test]
async fn a_running_call_is_followed_again_after_its_password_command_hung() {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("password.sh");
    write_script(&script, "");
    let words = ["sh", script.to_str().unwrap()];
    let mut fleet = Fleet::with_password_command(server(40), &words).await;
    let call = change(&fleet);
    fleet.hold("hurry");
    let sent = fleet.submit(&fleet.batch(vec![call.clone()])).await;
    fleet.phase(&call, Phase::Running).await;
    write_script(&script, "exec sleep 1000");
    fleet.kill_worker().await;
    fleet.start_worker().await;
    let says_so = async || {
        let status = fleet.status(&call).await.unwrap();
        status
            .reason
            .is_some_and(|reason| reason.contains("profile `s0`"))
    };
    eventually("the call says why it is not followed", says_so).await;
    write_script(&script, "");
    assert_eq!(only(&fleet.results(&sent).await), Outcome::Succeeded);
    assert_eq!(fleet.servers[0].starts(VERIFY.0), 1);
}
