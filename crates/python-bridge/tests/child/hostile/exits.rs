//! Ends of the process during a call: the exit status is known, and so is what may have changed.

use std::time::Duration;

use python_bridge::{Connection, Error, ErrorKind, ExitReport};

use super::{READING, builder, open};
use crate::process::assert_gone;
use crate::scene::scene;
use crate::support::close;

fn died(error: &Error) -> &ExitReport {
    match error.kind() {
        ErrorKind::Died(exit) => exit,
        other => panic!("{other:?}"),
    }
}

/// Calls a function that ends the process.
async fn end_by(connection: &Connection, name: &str) -> Error {
    let error = connection.call(name).await.unwrap_err();
    assert_gone(connection.process_id().unwrap());
    error
}

#[test]
fn a_death_during_a_call_that_changes_something_leaves_its_outcome_unknown() {
    scene(async || {
        let connection = open().await;
        let error = connection.call("dies").arg("status", 17).await.unwrap_err();
        assert_eq!(died(&error).status().unwrap().code(), Some(17));
        assert!(error.is_outcome_unknown() && !error.is_transient(), "{error}");
        assert!(
            error.to_string().contains("may have changed something"),
            "{error}"
        );
        assert_gone(connection.process_id().unwrap());
        // This call was not sent.
        let error = connection.call("dies").arg("status", 1).await.unwrap_err();
        assert_eq!(died(&error).status().unwrap().code(), Some(17));
        assert!(!error.is_outcome_unknown() && error.is_transient(), "{error}");
    });
}

#[test]
fn a_death_during_a_call_that_reads_has_a_known_outcome() {
    scene(async || {
        let connection = builder().surface(&READING).spawn().await.unwrap();
        let error = connection.call("dies").arg("status", 0).await.unwrap_err();
        assert_eq!(died(&error).status().unwrap().code(), Some(0));
        assert!(!error.is_outcome_unknown() && error.is_transient(), "{error}");
        assert_gone(connection.process_id().unwrap());
    });
}

#[cfg(unix)]
#[test]
fn a_process_that_stopped_itself_is_ended() {
    scene(async || {
        let timeout = Duration::from_millis(50);
        let connection = builder().call_timeout(timeout).spawn().await.unwrap();
        let error = end_by(&connection, "stops_itself").await;
        assert!(
            matches!(error.kind(), ErrorKind::Timeout(after) if *after == timeout),
            "{error}"
        );
        assert!(error.is_outcome_unknown());
        let connection = builder()
            .surface(&READING)
            .call_timeout(timeout)
            .spawn()
            .await
            .unwrap();
        let error = end_by(&connection, "stops_itself").await;
        assert!(!error.is_outcome_unknown(), "{error}");
    });
}

#[cfg(unix)]
#[test]
fn a_process_that_becomes_another_program_is_ended() {
    use std::os::unix::process::ExitStatusExt;

    scene(async || {
        let connection = open().await;
        let error = end_by(&connection, "replaces_itself").await;
        assert_eq!(died(&error).status().unwrap().signal(), Some(9), "{error}");
        assert!(error.is_outcome_unknown());
    });
}

#[test]
fn a_module_that_closes_the_pipes_ends_python() {
    scene(async || {
        let connection = open().await;
        let error = end_by(&connection, "closes_everything").await;
        assert!(died(&error).status().is_some(), "{error}");
        assert!(error.is_outcome_unknown());
    });
}

#[test]
fn a_thread_of_the_module_does_not_keep_python() {
    scene(async || {
        let connection = open().await;
        assert_eq!(connection.call("leaves_thread").await.unwrap(), "started".into());
        close(connection).await;
    });
}

#[cfg(unix)]
#[test]
fn of_two_copies_of_the_process_only_the_parent_answers() {
    scene(async || {
        let connection = open().await;
        assert_eq!(connection.call("forks").await.unwrap(), "parent".into());
        connection.ping().await.unwrap();
        close(connection).await;
    });
}

#[test]
fn children_of_the_module_do_not_get_the_pipes() {
    scene(async || {
        let connection = open().await;
        let first = connection.call("child_descriptors").await.unwrap();
        // The test program may have left open descriptors to Python, so only the pipes of the bridge are counted.
        let inherited = std::process::Command::new(crate::process::python())
            .args([
                "-c",
                "import hostile, sys; sys.stderr.write('\\n%d' % hostile.child_descriptors())",
            ])
            .envs(crate::scene::environment())
            .env("PYTHONPATH", super::modules())
            .stdin(std::process::Stdio::piped())
            .output()
            .unwrap();
        let inherited = String::from_utf8_lossy(&inherited.stderr);
        assert_eq!(first.text(), inherited.lines().last().unwrap());
        close(connection).await;
    });
}
