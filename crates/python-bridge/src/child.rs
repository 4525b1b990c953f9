//! The Python process: how it is started, and how it ends.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::error::Error;
use crate::exit::ExitReport;
use crate::script::write_bridge;
use crate::secrets::Secrets;
use crate::stderr_tail::StderrTail;

/// How long the end of the standard error is awaited after Python ended. A program that Python started may keep it open.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// How Python is started.
#[derive(Clone)]
pub(crate) struct Interpreter {
    pub(crate) program: OsString,
    pub(crate) environment: Vec<(OsString, OsString)>,
}

/// A Python process. If it is dropped, Python is killed.
pub(crate) struct Process {
    child: Child,
    stderr: StderrTail,
    drain: JoinHandle<()>,
    /// The folder with `bridge.py`. Python would import modules from the script's folder, so other users may not write to it.
    _script: TempDir,
}

impl Process {
    /// Starts Python.
    ///
    /// # Errors
    /// There is no such program, or it cannot be started.
    pub(crate) fn start(
        interpreter: &Interpreter,
        secrets: Arc<Secrets>,
    ) -> Result<(Self, ChildStdin, ChildStdout), Error> {
        let program = interpreter.program.to_string_lossy();
        let cannot_write =
            |error| Error::start("`bridge.py` cannot be written to a temporary folder").because(error);
        let script = tempfile::Builder::new()
            .prefix("python-bridge-")
            .tempdir()
            .map_err(cannot_write)?;
        let path = script.path().join("bridge.py");
        write_bridge(&path).map_err(cannot_write)?;
        let mut child = Command::new(&interpreter.program)
            .arg(&path)
            .arg("serve")
            .envs(interpreter.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| {
                let problem = match error.kind() {
                    ErrorKind::NotFound => {
                        format!("the program `{program}` was not found. Install Python, or name its program")
                    }
                    _ => format!("the program `{program}` cannot be started: {error}"),
                };
                Error::start(problem).because(error)
            })?;
        let (Some(stdin), Some(stdout), Some(stderr)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(Error::start("Python has no pipes"));
        };
        let tail = StderrTail::new(secrets);
        let drain = tokio::spawn(tail.clone().drain(stderr));
        tracing::debug!(program = %program, pid = child.id(), "started Python");
        let process = Self {
            child,
            stderr: tail,
            drain,
            _script: script,
        };
        Ok((process, stdin, stdout))
    }

    pub(crate) fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Waits until Python ends. Nothing is lost if the future is dropped.
    pub(crate) async fn exited(&mut self) {
        let _ = self.child.wait().await;
    }

    /// Waits until Python ends, and kills it after this time. Its standard input must be closed.
    pub(crate) async fn end(mut self, grace: Duration) -> ExitReport {
        let status = match timeout(grace, self.child.wait()).await {
            Ok(status) => status.ok(),
            Err(_) => {
                let _ = self.child.start_kill();
                self.child.wait().await.ok()
            }
        };
        // If this takes longer, dropping the process ends it.
        let _ = timeout(LAST_WORDS, &mut self.drain).await;
        tracing::debug!(?status, "Python ended");
        ExitReport {
            status,
            stderr: self.stderr.text(),
        }
    }
}

/// Ends reading of the standard error, which a program that Python started may keep open. Dropping the child kills it.
impl Drop for Process {
    fn drop(&mut self) {
        self.drain.abort();
    }
}
