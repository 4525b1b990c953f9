//! Connections to a host program that pumps the bridge.

use std::time::Duration;

use python_bridge::{Bridge, Error, ErrorKind};
use serde_json::json as value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::host::{Host, write_token};
use crate::process::until;
use crate::scene::scene;
use crate::support::json;

#[test]
fn a_host_program_is_called_and_called_again() {
    scene(async || {
        let host = Host::start(&["write"]);
        for number in 0..3 {
            let connection = host.builder().open().await.unwrap();
            assert_eq!(connection.process_id(), None);
            let echoed = connection.call("change").arg("value", number).await.unwrap();
            assert_eq!(echoed, json(value!(number)));
            assert!(connection.close().await.status().is_none());
        }
    });
}

#[test]
fn the_host_program_decides_what_may_be_called() {
    scene(async || {
        let host = Host::start(&[]);
        let connection = host.builder().open().await.unwrap();
        for refused in ["change", "describe"] {
            let error = connection.call(refused).arg("value", 1).await.unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::Refused(_)), "{error}");
        }
        assert_eq!(connection.call("calls").await.unwrap(), json(value!([])));
        connection.close().await;
    });
}

#[test]
fn a_timeout_closes_the_connection() {
    scene(async || {
        let host = Host::start(&[]);
        let connection = host.builder().open().await.unwrap();
        let call = connection.call("forever").timeout(Duration::from_millis(20));
        let error = call.await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Timeout(_)), "{error}");
        let error = connection.ping().await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Died(_)), "{error}");
    });
}

#[test]
fn another_token_is_refused() {
    scene(async || {
        let host = Host::start(&[]);
        let other = host.token_file.with_file_name("other");
        write_token(&other, &"ff".repeat(32));
        std::fs::copy(
            host.token_file.with_extension("port"),
            other.with_extension("port"),
        )
        .unwrap();
        let error = Bridge::connect(&other).module("sample").open().await.unwrap_err();
        assert!(error.to_string().contains("does not know the token"), "{error}");
        // The host program still serves those who know it.
        host.builder().open().await.unwrap().close().await;
    });
}

#[test]
fn a_stranger_on_the_port_learns_nothing() {
    scene(async || {
        let folder = tempfile::tempdir().unwrap();
        let token_file = folder.path().join("token");
        write_token(&token_file, &"ab".repeat(32));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        std::fs::write(
            token_file.with_extension("port"),
            listener.local_addr().unwrap().port().to_string(),
        )
        .unwrap();
        let stranger = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let line = format!("{{\"nonce\": \"{0}\", \"proof\": \"{0}\"}}\n", "00".repeat(32));
            stream.write_all(line.as_bytes()).await.unwrap();
            let mut received = String::new();
            stream.read_to_string(&mut received).await.unwrap();
            received
        });
        let error = Bridge::connect(&token_file)
            .module("sample")
            .open()
            .await
            .unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Start { .. }), "{error}");
        let received = stranger.await.unwrap();
        assert_eq!(received.lines().count(), 1, "{received}");
        assert!(
            !received.contains("proof") && !received.contains("abab"),
            "{received}"
        );
    });
}

#[test]
fn a_missing_host_and_a_shared_token_are_told() {
    scene(async || {
        let folder = tempfile::tempdir().unwrap();
        let token_file = folder.path().join("token");
        let open = || Bridge::connect(&token_file).module("sample").open();
        assert!(open().await.unwrap_err().to_string().contains("cannot be read"));
        write_token(&token_file, "short");
        assert!(
            open()
                .await
                .unwrap_err()
                .to_string()
                .contains("64 hexadecimal digits")
        );
        write_token(&token_file, &"ab".repeat(32));
        let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        std::fs::write(token_file.with_extension("port"), port.to_string()).unwrap();
        assert!(open().await.unwrap_err().to_string().contains("nothing listens"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(&token_file, std::fs::Permissions::from_mode(0o644)).unwrap();
            assert!(
                open()
                    .await
                    .unwrap_err()
                    .to_string()
                    .contains("other users can read")
            );
        }
    });
}

#[cfg(unix)]
#[test]
fn a_host_program_stays_off_if_others_can_read_the_token() {
    scene(async || {
        for mode in [0o644, 0o660, 0o604] {
            let problem = Host::try_start(&[], mode).err().unwrap();
            assert!(
                problem.contains("other users may open the token file"),
                "{problem}"
            );
        }
    });
}

#[test]
fn a_second_program_waits_until_the_first_has_gone() {
    scene(async || {
        let host = Host::start(&[]);
        let first = host.builder().open().await.unwrap();
        let second = tokio::spawn(host.builder().open());
        first.call("echo").arg("value", 1).await.unwrap();
        assert!(!second.is_finished());
        first.close().await;
        let second = second.await.unwrap().unwrap();
        second.call("echo").arg("value", 2).await.unwrap();
        second.close().await;
    });
}

fn died(error: &Error) {
    assert!(matches!(error.kind(), ErrorKind::Died(_)), "{error}");
}

#[test]
fn a_host_that_dies_during_a_call_that_changes_something_leaves_its_outcome_unknown() {
    scene(async || {
        let host = Host::start(&["write"]);
        let connection = host.builder().open().await.unwrap();
        let error = connection.call("die").arg("status", 1).await.unwrap_err();
        died(&error);
        assert!(error.is_outcome_unknown() && !error.is_transient(), "{error}");
        // This call was not sent.
        let error = connection.call("change").arg("value", 1).await.unwrap_err();
        died(&error);
        assert!(!error.is_outcome_unknown() && error.is_transient(), "{error}");
    });
}

#[test]
fn a_host_that_dies_during_a_call_that_reads_has_a_known_outcome() {
    scene(async || {
        let host = Host::start(&[]);
        let connection = host.builder().open().await.unwrap();
        let error = connection.call("read_and_die").await.unwrap_err();
        died(&error);
        assert!(!error.is_outcome_unknown() && error.is_transient(), "{error}");
    });
}

#[test]
fn a_timeout_of_a_call_that_changes_something_leaves_its_outcome_unknown() {
    scene(async || {
        let host = Host::start(&["write"]);
        let connection = host.builder().open().await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("go");
        let call = connection.call("wait_for").arg("path", &path);
        let error = call.timeout(Duration::from_millis(20)).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Timeout(_)), "{error}");
        assert!(error.is_outcome_unknown());
        // The host program still runs it.
        std::fs::write(&path, "").unwrap();
        until(|| path.with_extension("started").exists()).await;
        let connection = host.builder().open().await.unwrap();
        assert_eq!(
            connection.call("calls").await.unwrap(),
            json(value!(["wait_for"]))
        );
        connection.close().await;
    });
}

#[test]
fn a_read_only_connection_sends_no_changes_to_a_host_that_allows_them() {
    scene(async || {
        let host = Host::start(&["write"]);
        let connection = host.builder().read_only().open().await.unwrap();
        let error = connection.call("change").arg("value", 1).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::ReadOnly), "{error}");
        assert_eq!(connection.call("calls").await.unwrap(), json(value!([])));
        connection.close().await;
    });
}

#[test]
fn only_this_machine_can_be_named() {
    scene(async || {
        let folder = tempfile::tempdir().unwrap();
        let token_file = folder.path().join("token");
        write_token(&token_file, &"ab".repeat(32));
        for port in ["192.0.2.1:80", "0", "65536", "localhost", ""] {
            std::fs::write(token_file.with_extension("port"), port).unwrap();
            let error = Bridge::connect(&token_file)
                .module("sample")
                .open()
                .await
                .unwrap_err();
            assert!(error.to_string().contains("contains no port"), "{port}: {error}");
        }
    });
}

#[cfg(target_os = "linux")]
#[test]
fn a_host_program_listens_on_the_loopback_address_only() {
    scene(async || {
        let host = Host::start(&[]);
        // All of these addresses belong to this machine.
        let error = TcpStream::connect(("127.0.0.2", host.port())).await.unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::ConnectionRefused);
        let local = format!("{:04X}", host.port());
        for (table, addresses) in [("tcp", vec!["0100007F"]), ("tcp6", vec![])] {
            let table = std::fs::read_to_string(format!("/proc/net/{table}")).unwrap_or_default();
            let listening = table.lines().filter_map(|line| {
                let fields: Vec<&str> = line.split_whitespace().collect();
                let (address, port) = fields.get(1)?.split_once(':')?;
                (port == local && fields[3] == "0A").then_some(address)
            });
            assert_eq!(listening.collect::<Vec<_>>(), addresses);
        }
    });
}

/// The clock of this test runs ahead whenever nothing happens.
#[tokio::test(start_paused = true)]
async fn a_host_that_says_nothing_is_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let token_file = folder.path().join("token");
    write_token(&token_file, &"ab".repeat(32));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    std::fs::write(token_file.with_extension("port"), port.to_string()).unwrap();
    let builder = || Bridge::connect(&token_file).module("sample");
    for (builder, expected) in [
        (builder(), "did not answer the handshake in 5s"),
        (
            builder().handshake_timeout(Duration::from_secs(90)),
            "did not answer the handshake in 90s",
        ),
    ] {
        let error = builder.open().await.unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}
