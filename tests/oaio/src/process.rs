//! A child process that answers each line of JSON with a line of JSON.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

/// The longest time to an answer. A child that hangs fails its test.
const LIMIT: Duration = Duration::from_secs(60);

/// An exception of Python.
#[derive(Clone, Debug, serde::Deserialize)]
pub struct Raised {
    /// The name of its class, such as `AssertionError`.
    #[serde(rename = "raised")]
    pub class: String,
    /// Its message.
    pub text: String,
}

/// A running child. Dropping it ends the child.
pub(crate) struct Process {
    name: String,
    child: Child,
    /// One command waits for its answer at a time.
    pipes: Mutex<(ChildStdin, Receiver<String>)>,
    errors: PathBuf,
}

impl Process {
    /// Starts the command. Its standard error goes to the file `errors`.
    pub(crate) fn start(name: &str, mut command: Command, errors: PathBuf) -> Process {
        let file = File::create(&errors).expect("the folder of the test is writable");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(file);
        let mut child = command
            .spawn()
            .unwrap_or_else(|error| panic!("{name} does not start: {error}"));
        let input = child.stdin.take().expect("standard input is a pipe");
        let output = child.stdout.take().expect("standard output is a pipe");
        let (sender, receiver) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Process {
            name: name.to_owned(),
            child,
            pipes: Mutex::new((input, receiver)),
            errors,
        }
    }

    /// The next line of standard output, without a command.
    pub(crate) fn line(&self) -> String {
        let pipes = self.pipes.lock().unwrap_or_else(PoisonError::into_inner);
        self.receive(&pipes.1, "the first line")
    }

    /// Sends a command and returns the result, or the exception that it raised.
    ///
    /// # Errors
    ///
    /// Returns the exception of the child.
    pub(crate) fn call(&self, operation: &str, arguments: &Value) -> Result<Value, Raised> {
        let mut pipes = self.pipes.lock().unwrap_or_else(PoisonError::into_inner);
        let command = json!({"op": operation, "args": arguments});
        if let Err(error) = writeln!(pipes.0, "{command}") {
            self.fail(operation, &error.to_string());
        }
        let line = self.receive(&pipes.1, operation);
        let answer = serde_json::from_str::<Value>(&line);
        let answer = answer.unwrap_or_else(|error| self.fail(operation, &format!("{error}: {line}")));
        match answer.get("result") {
            Some(result) => Ok(result.clone()),
            None => {
                let raised = serde_json::from_value(answer);
                Err(raised.unwrap_or_else(|error| self.fail(operation, &error.to_string())))
            }
        }
    }

    fn receive(&self, lines: &Receiver<String>, operation: &str) -> String {
        let received = lines.recv_timeout(LIMIT);
        received.unwrap_or_else(|error| self.fail(operation, &error.to_string()))
    }

    /// Ends the test with what the child wrote to standard error.
    fn fail(&self, operation: &str, reason: &str) -> ! {
        let errors = std::fs::read(&self.errors).unwrap_or_default();
        let errors = String::from_utf8_lossy(&errors);
        panic!("{} does not answer `{operation}`: {reason}\n{errors}", self.name);
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // A child that has ended already needs no more than `wait`.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
