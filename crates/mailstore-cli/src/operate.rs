//! What the commands of the operations toolkit share: the archives that they read, and their exit codes.

use std::process::ExitCode;
use std::time::Duration;

use mailstore_api::{Builder, Edition, WaitOptions, server, spe};
use mailstore_operations::{AnyArchive, Installation, ListedArchive};
use miette::{Report, miette};

use crate::exit::{self, Code, Failed};
use crate::instances::matcher;
use crate::server::Server;

/// The exit codes in the help of these commands.
const EXIT_CODES: &str = "\
Exit codes:
  0   succeeded, and there is nothing to report
  1   failed
  2   wrong usage
  10  there are findings or differences
  11  a part could not be read, or the outcome of a call is unknown. This code is used even if there are findings, too";

/// Returns the end of the help of a command: its examples and the exit codes.
pub(crate) fn help(examples: &str) -> String {
    format!("{examples}\n\n{EXIT_CODES}")
}

/// The options to choose archives.
#[derive(clap::Args, Clone)]
pub(crate) struct Archives {
    #[command(flatten)]
    pub(crate) server: Server,
    /// Use only the instances whose ID matches one of these patterns, such as `demo,cust-*`.
    #[arg(
        long,
        value_name = "PATTERNS",
        value_delimiter = ',',
        help_heading = "Service Provider Edition"
    )]
    instances: Vec<String>,
    /// The number of requests that are sent at the same time.
    #[arg(long, value_name = "COUNT", default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=32))]
    parallel: u8,
    /// Give up a call that has not ended after this time. What it would have returned is then not read.
    #[arg(long, value_name = "SECONDS", default_value_t = 600, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    timeout: u64,
}

impl Archives {
    /// Connects to the server with a client that refuses every call that may change the server. Sends nothing.
    pub(crate) fn read_only(&self) -> Result<Installation, Failed> {
        let address = self.server.address()?;
        Ok(match self.server.edition()? {
            Edition::Server => Installation::Server(self.read_only_client(server::Client::builder(address))?),
            Edition::Spe => Installation::Provider(self.read_only_client(spe::Client::builder(address))?),
        })
    }

    /// Returns the address of the server with its protocol and port. Two ways to write an address have the same origin.
    pub(crate) fn origin(&self) -> Result<String, Failed> {
        mailstore_reach::origin(self.server.address()?, self.server.edition()?).map_err(Failed::usage)
    }

    /// Lists the chosen archives.
    ///
    /// # Errors
    /// A pattern is invalid, the instances cannot be listed, or no instance matches.
    pub(crate) async fn of(&self, installation: &Installation) -> Result<Vec<ListedArchive>, Failed> {
        if self.instances.is_empty() {
            return Ok(installation.archives().await?);
        }
        if matches!(installation, Installation::Server(_)) {
            return Err(Failed::usage(miette!(
                help = "Leave out `--instances`, or add `--edition spe`.",
                "MailStore Server has no instances"
            )));
        }
        let patterns = matcher(&self.instances)?;
        let mut archives = installation.archives().await?;
        archives.retain(|archive| patterns.is_match(archive.id()));
        if archives.is_empty() {
            return Err(Failed::usage(miette!(
                help = "`mailstore instances list` lists the instances.",
                "no instance matches `--instances`"
            )));
        }
        Ok(archives)
    }

    /// Returns how many requests are sent at the same time.
    pub(crate) fn parallel(&self) -> usize {
        self.parallel.into()
    }

    fn read_only_client<C>(&self, builder: Builder<C>) -> Result<C, Failed> {
        let limit = WaitOptions::new().total(Duration::from_secs(self.timeout));
        connect(builder.wait_options(limit), &self.server, Access::Read)
    }
}

/// What a command may do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Access {
    /// The client refuses every call that may change the server.
    Read,
    /// The client changes the server, unless the user chose a read-only connection.
    Write,
}

/// Connects to one archive. The Service Provider Edition needs an instance, from the option or from the profile, and
/// MailStore Server has none. Without an instance, the error is `no_instance`. Sends nothing.
pub(crate) fn archive(
    server: &Server,
    instance: Option<&str>,
    access: Access,
    no_instance: impl FnOnce() -> Report,
) -> Result<AnyArchive, Failed> {
    let instance = instance.map_or_else(|| server.instance(), |id| Ok(Some(id)))?;
    let address = server.address()?;
    match (server.edition()?, instance) {
        (Edition::Server, None) => {
            let client = connect(server::Client::builder(address), server, access)?;
            Ok(AnyArchive::Server(client))
        }
        (Edition::Spe, Some(id)) => {
            let client = connect(spe::Client::builder(address), server, access)?;
            Ok(AnyArchive::Instance(client.instance(id)))
        }
        (Edition::Server, Some(_)) => Err(Failed::usage(miette!(
            help = "Leave out `--instance`, or add `--edition spe`.",
            "MailStore Server has no instances"
        ))),
        (Edition::Spe, None) => Err(Failed::usage(no_instance())),
    }
}

/// The error of a command that works with one instance, and for which none is chosen.
pub(crate) fn no_instance() -> Report {
    miette!(
        help = "Add `--instance ID`. `mailstore instances list` lists the ids.",
        "this command works with one instance of the Service Provider Edition"
    )
}

/// Runs an async function of `&impl mailstore_api::Archive` for an [`AnyArchive`].
macro_rules! with {
    ($archive:expr, $function:ident($($argument:expr),*)) => {
        match $archive {
            ::mailstore_operations::AnyArchive::Server(archive) => $function(archive $(, $argument)*).await,
            ::mailstore_operations::AnyArchive::Instance(archive) => $function(archive $(, $argument)*).await,
        }
    };
}
pub(crate) use with;

/// Creates a client. Asks for the password if necessary, and sends nothing.
pub(crate) fn connect<C>(builder: Builder<C>, server: &Server, access: Access) -> Result<C, Failed> {
    let builder = mailstore_reach::configure(builder, server.options()?)
        .map_err(|report| Failed::new(Code::Credentials, report))?;
    let read_only = access == Access::Read || server.is_read_only()?;
    Ok(if read_only { builder.read_only() } else { builder }.build()?)
}

/// How a command ended that did its work.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Outcome {
    /// There is nothing to report.
    Nothing,
    /// There are findings or differences.
    Different,
    /// A part could not be read, or the outcome of a call is unknown.
    Partial,
}

/// Ends a command of the toolkit. Prints its error.
pub(crate) fn end(result: Result<Outcome, Failed>) -> ExitCode {
    match result {
        Ok(Outcome::Nothing) => ExitCode::SUCCESS,
        Ok(Outcome::Different) => ExitCode::from(10),
        Ok(Outcome::Partial) => ExitCode::from(11),
        Err(failed) => {
            let code = match failed.code {
                Code::Usage => Code::Usage,
                Code::OutcomeUnknown => return exit_unknown(failed),
                _ => Code::Failed,
            };
            exit::end(Err(Failed { code, ..failed }))
        }
    }
}

fn exit_unknown(failed: Failed) -> ExitCode {
    let _ = exit::end(Err(failed));
    ExitCode::from(11)
}
