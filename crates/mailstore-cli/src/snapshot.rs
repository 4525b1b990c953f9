//! `mailstore snapshot`: adds the figures of a day to a history.

use std::path::PathBuf;
use std::process::ExitCode;

use mailstore_api::Timestamp;
use mailstore_api::jiff::SignedDuration;
use mailstore_operations::ServiceAccounts;
use mailstore_operations::history::HistoryWriter;
use mailstore_operations::runs::{JobRule, ProfileRule};
use mailstore_operations::snapshot::{Snapshot, SnapshotRule, take};
use miette::IntoDiagnostic as _;

use crate::duration;
use crate::exit::Failed;
use crate::operate::{Archives, Outcome, end, help};
use crate::output::print;
use crate::wait;

/// Add today's figures of each archive to a history: users, messages, size, profiles, jobs and licence.
///
/// The API of MailStore has no history. Run this command once a day, and `mailstore report` shows the growth by month.
/// It only reads from the server: its client is read-only.
#[derive(clap::Args)]
#[command(after_help = help("Example:\n  mailstore snapshot --server mailstore.example.com:8474 --to history.jsonl"))]
pub(crate) struct Arguments {
    #[command(flatten)]
    archives: Archives,
    /// The history. It is created if it does not exist. One line is added for each archive.
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    /// Users whose names match one of these patterns do not count for billing, such as `svc-*,backup`. The users
    /// `$archiveadmin` and `admin` never count.
    #[arg(long, value_name = "PATTERNS", value_delimiter = ',')]
    service_accounts: Vec<String>,
    /// A profile is overdue if its last run ended longer ago. The pause of the profile between two runs is added.
    #[arg(long, value_name = "DURATION", default_value = "26h", value_parser = duration::parse)]
    max_age: SignedDuration,
    /// Profiles that the server does not run automatically are run by a job or by another program, so they can be
    /// overdue, too.
    #[arg(long)]
    scheduled_elsewhere: bool,
}

pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    end(snapshot(arguments))
}

fn snapshot(arguments: &Arguments) -> Result<Outcome, Failed> {
    let rule = arguments.rule()?;
    let installation = arguments.archives.read_only()?;
    let server = arguments.archives.origin()?;
    // A history that cannot be written is found before the server is asked.
    let mut history = HistoryWriter::open(&arguments.to)
        .into_diagnostic()
        .map_err(Failed::work)?;
    if let Some(set_aside) = history.set_aside() {
        mailstore_reach::warn!(
            "The last line of {} was incomplete. Its {} bytes were moved to {}, and the other lines are unchanged.",
            arguments.to.display(),
            set_aside.bytes,
            set_aside.path.display()
        );
    }
    let snapshots = wait::runtime()?.block_on(async {
        let archives = arguments.archives.of(&installation).await?;
        let parallel = arguments.archives.parallel();
        let snapshots = take(&archives, &server, &rule, parallel, Timestamp::now()).await?;
        Ok::<_, Failed>(snapshots)
    })?;
    history
        .append(&snapshots)
        .into_diagnostic()
        .map_err(Failed::work)?;
    let incomplete = snapshots
        .iter()
        .filter(|snapshot| report_missing(snapshot))
        .count();
    print(&format!(
        "Added {} to {}, {incomplete} of them incomplete.\n",
        match snapshots.len() {
            1 => "1 snapshot".to_owned(),
            count => format!("{count} snapshots"),
        },
        arguments.to.display()
    ))?;
    Ok(if incomplete > 0 {
        Outcome::Partial
    } else {
        Outcome::Nothing
    })
}

impl Arguments {
    fn rule(&self) -> Result<SnapshotRule, Failed> {
        let accounts = ServiceAccounts::new(&self.service_accounts);
        Ok(SnapshotRule {
            service_accounts: accounts.into_diagnostic().map_err(Failed::usage)?,
            profiles: ProfileRule {
                max_age: self.max_age,
                scheduled_elsewhere: self.scheduled_elsewhere,
                ..ProfileRule::default()
            },
            jobs: JobRule::default(),
        })
    }
}

/// Prints what could not be read. Returns whether there is something.
fn report_missing(snapshot: &Snapshot) -> bool {
    let missing = snapshot.missing();
    for (reason, figures) in &missing {
        mailstore_reach::warn!(
            "{}: not read: {}: {}",
            mailstore_reach::printable(&snapshot.instance),
            figures.join(", "),
            mailstore_reach::printable(reason)
        );
    }
    !missing.is_empty()
}
