//! Connections to a host program that pumps the bridge.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use python_bridge::{Bridge, Builder, ErrorKind, write_bridge};
use serde_json::json as value;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::scene::{environment, scene};
use crate::support::{SURFACE, json, modules, python};

struct Host {
    child: Child,
    token_file: PathBuf,
    _folder: TempDir,
}

impl Host {
    fn start(options: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        write_bridge(folder.path().join("bridge.py")).unwrap();
        let token_file = folder.path().join("token");
        write_token(&token_file, &"0123456789abcdef".repeat(4));
        let mut child = Command::new(python())
            .arg(modules().join("host.py"))
            .arg(folder.path())
            .arg(&token_file)
            .args(options)
            .envs(environment())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        assert_eq!(line.trim(), "ready");
        Self {
            child,
            token_file,
            _folder: folder,
        }
    }

    fn builder(&self) -> Builder {
        Bridge::connect(&self.token_file)
            .module("sample")
            .surface(&SURFACE)
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

fn write_token(path: &Path, text: &str) {
    std::fs::write(path, text).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
}

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
