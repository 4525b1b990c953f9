//! What the commands of the operations toolkit share: the archives that they read, and their exit codes.

use std::process::ExitCode;

use globset::{Glob, GlobSet, GlobSetBuilder};
use mailstore_api::{Builder, Edition, server, spe};
use mailstore_operations::{Installation, ListedArchive};
use miette::miette;

use crate::exit::{self, Code, Failed};
use crate::server::Server;

/// The exit codes in the help of these commands.
pub(crate) const EXIT_CODES: &str = "\
Exit codes:
  0   succeeded, and there is nothing to report
  1   failed
  2   wrong usage
  10  there are findings or differences
  11  a part could not be read, or the outcome of a call is unknown. This code is used even if there are findings, too";

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
}

impl Archives {
    /// Connects to the server with a client that refuses every call that may change the server. Sends nothing.
    pub(crate) fn read_only(&self) -> Result<Installation, Failed> {
        let address = self.server.address()?;
        Ok(match self.server.edition()? {
            Edition::Server => {
                Installation::Server(read_only(server::Client::builder(address), &self.server)?)
            }
            Edition::Spe => Installation::Provider(read_only(spe::Client::builder(address), &self.server)?),
        })
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
        let patterns = self.patterns()?;
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

    fn patterns(&self) -> Result<GlobSet, Failed> {
        let mut patterns = GlobSetBuilder::new();
        for pattern in &self.instances {
            patterns.add(Glob::new(pattern).map_err(|error| Failed::usage(miette!("{error}")))?);
        }
        patterns
            .build()
            .map_err(|error| Failed::usage(miette!("{error}")))
    }
}

fn read_only<C>(builder: Builder<C>, server: &Server) -> Result<C, Failed> {
    let builder = mailstore_reach::configure(builder, server.options()?)
        .map_err(|report| Failed::new(Code::Credentials, report))?;
    Ok(builder.read_only().build()?)
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
