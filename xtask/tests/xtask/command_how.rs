//! The ways in which a command of the documents is tested, and the reasons that several commands share.
#![cfg(unix)]

/// How a command is tested.
pub(crate) enum How {
    /// This test runs the command in a checkout, in the order of the table. The exit code is 0.
    Run,
    /// Like `Run`, after these words are replaced.
    With(&'static [(&'static str, &'static str)]),
    /// Like `Run`, with additional arguments. Without them, the command takes too long for a test.
    Shorter(&'static str),
    /// This test runs the command. It prints a line and serves until it is interrupted.
    Serves,
    /// The command runs a test target of the workspace.
    IsATest,
    /// Another test runs the command: its file in `xtask/tests/xtask` and its function.
    In(&'static str, &'static str),
    /// The command is not run, for this reason.
    NotRun(&'static str),
}
use How::{In, NotRun};

pub(crate) const CLOSED: How = In(
    "closed_output.rs",
    "no_program_or_example_panics_if_the_reader_of_its_output_closes",
);
pub(crate) const QUOTED: How = In("guide.rs", "the_guide_quotes_the_output_of_the_commands");
pub(crate) const LOGIN: How =
    NotRun("it asks on a terminal; `crates/mailstore-cli/tests/cli/login.rs` answers");
pub(crate) const PROFILE: How =
    NotRun("it needs a profile; `crates/mailstore-cli/tests/cli/profiles.rs` creates some");
pub(crate) const PLAN: How =
    NotRun("it needs a file; `crates/mailstore-cli/tests/cli/provisioning.rs` has one");
pub(crate) const MCP: How =
    NotRun("it needs a client; `crates/mailstore-cli/tests/cli/assistants.rs` is one");
pub(crate) const AUDIT: How =
    NotRun("its exit code depends on the server; `crates/mailstore-cli/tests/cli/audits.rs` runs it");
pub(crate) const EXPLORE: How =
    NotRun("it runs until it is interrupted; `crates/mailstore-cli/tests/cli/explore.rs` runs it");
pub(crate) const NAMED: How = NotRun("the text names the command without its arguments");
pub(crate) const BENCH: How = NotRun("it is a part of `cargo xtask bench`");
pub(crate) const COMPLETIONS: How = NotRun("it changes files of the user");
/// A simulator has another port than a server, and its certificate is created when it starts.
pub(crate) const SERVER: (&str, &str) = (
    "mailstore.example.com:8463",
    "ADDRESS --edition server --ca certificate.pem",
);
pub(crate) const SPE_SERVER: (&str, &str) = ("mailstore.example.com:8474", "SPE --edition spe --ca spe.pem");
