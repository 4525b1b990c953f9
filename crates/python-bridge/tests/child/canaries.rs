//! Looks for secrets in everything that is shown, logged, or visible to other programs.

use std::fmt::Debug;
use std::path::Path;

use python_bridge::{Connection, Error, Json, SecretString};
use serde_json::json as value;
use wire_values::{FromJson, Problem, Reader};

use crate::events::recorded;
use crate::host::{Host, TOKEN};
use crate::scene::scene;
use crate::support::{builder, close, json, open};

const PASSWORD: &str = "canary-password-7f3a";
const SESSION: &str = "canary-session-91c2";

/// All that a program shows, with what it was shown for.
#[derive(Default)]
struct Shown(Vec<(&'static str, String)>);

impl Shown {
    fn debug(&mut self, what: &'static str, value: &dyn Debug) {
        self.0.push((what, format!("{value:?} {value:#?}")));
    }

    fn text(&mut self, what: &'static str, text: impl Into<String>) {
        self.0.push((what, text.into()));
    }

    /// Adds an error, its causes and its standard error.
    fn error(&mut self, what: &'static str, error: &Error) {
        self.debug(what, error);
        self.debug(what, error.kind());
        let mut cause: Option<&dyn std::error::Error> = Some(error);
        while let Some(error) = cause {
            self.text(what, format!("{error} {error:?}"));
            cause = error.source();
        }
        self.text(what, error.stderr().unwrap_or_default());
        self.text(what, error.classes().join(" "));
    }

    /// Adds what other programs of this machine see of a process.
    fn process(&mut self, pid: u32) {
        for file in ["cmdline", "environ", "comm"] {
            let path = Path::new("/proc").join(pid.to_string()).join(file);
            if let Ok(bytes) = std::fs::read(&path) {
                assert!(!bytes.is_empty(), "{}", path.display());
                self.text("a list of processes", String::from_utf8_lossy(&bytes));
            }
        }
    }

    fn assert_clean(&mut self) {
        self.text("events", recorded());
        for (what, text) in &self.0 {
            for secret in [PASSWORD, SESSION, TOKEN] {
                // A part is too much, too.
                let part = &secret[..secret.len() - 3];
                assert!(!text.contains(part), "{what} shows {secret}: {text}");
            }
        }
    }
}

/// Calls `login`, which puts the password into its exception.
async fn log_in(connection: &Connection, shown: &mut Shown) {
    let password = SecretString::from(PASSWORD);
    let call = connection
        .call("login")
        .arg("user", "eve")
        .secret_arg("password", &password);
    shown.debug("a call", &call);
    let future = call.into_future();
    shown.debug("a future", &future);
    let error = future.await.unwrap_err();
    assert!(error.to_string().contains("[secret]"), "{error}");
    shown.error("an exception", &error);
}

#[test]
fn no_secret_is_in_errors_events_and_lists_of_processes() {
    recorded();
    scene(async || {
        let mut shown = Shown::default();
        let builder = builder().secret(SESSION).secret(TOKEN);
        shown.debug("the settings", &builder);
        let connection = builder.spawn().await.unwrap();
        shown.debug("a connection", &connection);
        shown.process(connection.process_id().unwrap());
        log_in(&connection, &mut shown).await;
        // The module now knows the password, and so may everything that it says.
        let item = connection.new_object("Item", (PASSWORD,)).await.unwrap();
        assert_eq!(item.get("getName"), Some(PASSWORD.into()));
        shown.debug("a handle", &item);
        drop(item);
        let error = connection.call("fail").arg("message", SESSION).await.unwrap_err();
        shown.error("an exception with another secret", &error);
        let error = connection.call(PASSWORD).await.unwrap_err();
        shown.text("the kind of a refusal", format!("{:?}", error.kind()));
        connection.call("say").arg("text", PASSWORD).await.unwrap();
        connection
            .call("say")
            .arg("text", format!("token={SESSION}"))
            .await
            .unwrap();
        shown.process(connection.process_id().unwrap());
        let report = close(connection).await;
        assert!(report.stderr().contains("[secret]"), "{}", report.stderr());
        shown.debug("an end", &report);
        shown.text("an end", format!("{report} {}", report.stderr()));
        shown.assert_clean();
    });
}

/// A result whose errors quote what they found.
#[derive(Debug)]
struct Quoting;

impl FromJson for Quoting {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Problem> {
        let found = reader.json()?;
        Err(Problem::expected(
            &format!("another value than {}", found.text()),
            &found,
        ))
    }
}

#[test]
fn a_result_that_is_not_what_was_expected_shows_no_secret() {
    scene(async || {
        let mut shown = Shown::default();
        let connection = builder().secret(PASSWORD).spawn().await.unwrap();
        let call = connection.call("echo").arg("value", PASSWORD);
        let error = call.returns::<Quoting>().await.unwrap_err();
        assert!(error.to_string().contains("[secret]"), "{error}");
        shown.error("a result of another type", &error);
        let call = connection.call("echo").arg("value", PASSWORD);
        let error = call.returns::<wire_values::DateTime>().await.unwrap_err();
        shown.error("a text that is no time", &error);
        close(connection).await;
        shown.assert_clean();
    });
}

#[test]
fn an_answer_that_is_not_valid_shows_no_secret() {
    scene(async || {
        let mut shown = Shown::default();
        for line in [
            value!({"id": PASSWORD}).to_string(),
            value!({"id": 1, "ok": {format!("${PASSWORD}"): 1}}).to_string(),
            value!({"id": 1, "error": {"kind": PASSWORD, "message": PASSWORD}}).to_string(),
            PASSWORD.to_owned(),
        ] {
            let connection = builder().secret(PASSWORD).spawn().await.unwrap();
            let call = connection.call("write_private").arg("line", &line);
            shown.error("an invalid answer", &call.await.unwrap_err());
            connection.close().await;
        }
        shown.assert_clean();
    });
}

#[test]
fn a_death_shows_no_secret() {
    scene(async || {
        let mut shown = Shown::default();
        let folder = tempfile::tempdir().unwrap();
        // A part of the last line is missing.
        let text = format!(
            "import os, sys\ndef die(status):\n    sys.stderr.write('password {PASSWORD}\\nand {}')\n    \
             sys.stderr.flush()\n    os._exit(status)\n",
            &PASSWORD[..PASSWORD.len() - 1]
        );
        std::fs::write(folder.path().join("dying.py"), text).unwrap();
        let connection = builder()
            .module("dying")
            .module_path(folder.path())
            .secret(PASSWORD)
            .spawn()
            .await
            .unwrap();
        let error = connection.call("die").arg("status", 3).await.unwrap_err();
        assert_eq!(error.stderr(), Some("password [secret]\nand [secret]"));
        shown.error("a death", &error);
        let text = format!("import sys\nsys.stderr.write({PASSWORD:?})\nraise RuntimeError({PASSWORD:?})\n");
        std::fs::write(folder.path().join("failing.py"), text).unwrap();
        let failed = builder()
            .module("failing")
            .module_path(folder.path())
            .secret(PASSWORD)
            .spawn()
            .await;
        shown.error("a start that failed", &failed.unwrap_err());
        shown.assert_clean();
    });
}

#[test]
fn the_token_of_a_host_program_is_not_shown() {
    recorded();
    scene(async || {
        let mut shown = Shown::default();
        let host = Host::start(&["write"]);
        let builder = host.builder();
        shown.debug("the settings", &builder);
        let connection = builder.open().await.unwrap();
        shown.debug("a connection", &connection);
        let error = connection.call("fail").arg("message", TOKEN).await.unwrap_err();
        assert!(error.to_string().contains("[secret]"), "{error}");
        shown.error("an exception with the token", &error);
        shown.process(host.process_id());
        connection.close().await;
        std::fs::write(&host.token_file, format!("{TOKEN}00")).unwrap();
        let error = host.builder().open().await.unwrap_err();
        assert!(error.to_string().contains("64 hexadecimal digits"), "{error}");
        shown.error("a token of another length", &error);
        shown.assert_clean();
    });
}

#[test]
fn a_secret_stays_in_results() {
    scene(async || {
        let connection = open().await;
        let password = SecretString::from(PASSWORD);
        let echoed: Json = connection
            .call("echo")
            .secret_arg("value", &password)
            .await
            .unwrap();
        assert_eq!(echoed, json(value!(PASSWORD)));
        close(connection).await;
    });
}
