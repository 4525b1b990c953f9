//! The options that all checks share.

use std::future::Future;
use std::time::Duration;

use clap::Args;
use miette::miette;

use crate::exit::{Code, Failed};
use crate::server::Server;
use crate::wait;

/// The end of the help of a check, with the arguments of examples.
macro_rules! help {
    ($($example:literal),+) => {
        concat!(
            "Examples:\n",
            $("  mailstore check ", $example, "\n",)+
            "\nSTATE is `ok`, `warning`, `critical` or `unknown`.\n\n",
            "A check only reads: its client is read-only and refuses every call that may change the server."
        )
    };
}
pub(crate) use help;

/// The options of every check.
#[derive(Args, Clone)]
pub(crate) struct Common {
    #[command(flatten)]
    pub(crate) server: Server,
    /// The format of the output.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
    /// Add the figures of each profile, job, store or instance to the performance data of Nagios and to the channels of
    /// PRTG. The other formats always contain them.
    #[arg(long)]
    pub(crate) each: bool,
    /// Give up after this time. The state is then UNKNOWN.
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    timeout: u64,
}

/// The format of the output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// A line for Nagios, Icinga or checkmk with performance data, and more lines for people
    #[default]
    Nagios,
    /// JSON for a PRTG sensor of the type "EXE/Script Advanced"
    Prtg,
    /// A JSON object for a master item of Zabbix
    Zabbix,
    /// The text format of Prometheus
    Prometheus,
    /// The whole report as JSON
    Json,
}

impl Common {
    /// Runs the calls of a check, at most as long as `--timeout` allows.
    pub(crate) fn within_timeout<T>(
        &self,
        calls: impl Future<Output = Result<T, Failed>>,
    ) -> Result<T, Failed> {
        let limit = Duration::from_secs(self.timeout);
        wait::runtime()?.block_on(async {
            tokio::time::timeout(limit, calls).await.unwrap_or_else(|_| {
                Err(Failed::new(
                    Code::TimeLimit,
                    miette!("the server did not answer within {} s", self.timeout),
                ))
            })
        })
    }
}
