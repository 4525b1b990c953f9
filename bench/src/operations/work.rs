//! One operation in a process of its own.

use std::io::{self, Write as _};
use std::path::Path;
use std::str::FromStr;
use std::time::Instant;

use jiff::Timestamp;
use mailstore_api::spe::Client;
use mailstore_operations::audit::{AuditConfig, audit};
use mailstore_operations::history::{self, HistoryWriter};
use mailstore_operations::provision::{Action, Desired, PlanOptions, make_plan, read_state};
use mailstore_operations::report::{Collected, Report, html};
use mailstore_operations::runs::{JobRule, ProfileRule};
use mailstore_operations::snapshot::{SnapshotRule, take};
use mailstore_operations::{AnyArchive, Export, Installation, ListedArchive, ServiceAccounts};
use serde::{Deserialize, Serialize};

use crate::caller::runtime;
use crate::cpu;
use crate::peer::Failure;
use crate::provider::{PREFIX, user_name};
use crate::target::Target;

/// The name of the history in the folder of a run.
pub(super) const HISTORY: &str = "history.jsonl";
/// The requests that are sent at the same time, as in the command.
const PARALLEL: usize = 4;
/// The months of a report, as in the command.
const MONTHS: usize = 24;

/// What is measured. The snapshot is the first one, because the report needs its history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    Snapshot,
    Report,
    Export,
    Audit,
    Plan,
}

impl Operation {
    pub(crate) const ALL: [Self; 5] = [
        Self::Snapshot,
        Self::Report,
        Self::Export,
        Self::Audit,
        Self::Plan,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Snapshot => "snapshot",
            Self::Report => "report",
            Self::Export => "export",
            Self::Audit => "audit",
            Self::Plan => "plan",
        }
    }
}

impl FromStr for Operation {
    type Err = Failure;

    fn from_str(name: &str) -> Result<Self, Failure> {
        let found = Self::ALL.into_iter().find(|operation| operation.name() == name);
        found.ok_or_else(|| format!("there is no operation `{name}`").into())
    }
}

/// What an operation needed.
#[derive(Serialize, Deserialize)]
pub(crate) struct Used {
    /// The wall time. The simulator uses the same cores.
    pub(crate) seconds: f64,
    /// The CPU time of the process.
    pub(crate) cpu: f64,
    /// The peak of the memory of the process in bytes.
    pub(crate) peak: f64,
}

/// Runs the part `operation`: its name, the number of instances and users, the server, and a folder.
pub(crate) fn run_part(arguments: &[String]) -> Result<(), Failure> {
    let [operation, instances, users, target, folder] = arguments else {
        return Err("an operation needs its name, two numbers, a server and a folder".into());
    };
    let operation: Operation = operation.parse()?;
    let work = Work {
        instances: instances.parse()?,
        users: users.parse()?,
        target: serde_json::from_str(target)?,
        folder: Path::new(folder),
    };
    let began = Instant::now();
    let done = work.run(operation)?;
    let used = Used {
        seconds: began.elapsed().as_secs_f64(),
        cpu: cpu::of_process()?,
        peak: cpu::peak_memory()?,
    };
    let least = work.least(operation);
    if done < least {
        return Err(format!("{}: {done} results in place of {least}", operation.name()).into());
    }
    writeln!(io::stdout(), "{}", serde_json::to_string(&used)?)?;
    Ok(())
}

struct Work<'a> {
    instances: usize,
    users: usize,
    target: Target,
    folder: &'a Path,
}

impl Work<'_> {
    /// The least number of results that [`run`](Self::run) returns if it has done its work.
    fn least(&self, operation: Operation) -> usize {
        match operation {
            Operation::Report => self.instances,
            _ => self.instances * self.users,
        }
    }

    /// Runs an operation. Returns the number of users in its result, or of archives for the report.
    fn run(&self, operation: Operation) -> Result<usize, Failure> {
        if operation == Operation::Report {
            return self.report();
        }
        let client = Client::builder(&self.target.url)
            .credentials("admin", "admin".to_owned())
            .certificate_authority(self.target.certificate.clone())
            .read_only()
            .build()?;
        let installation = Installation::Provider(client);
        runtime()?.block_on(async {
            let mut archives = installation.archives().await?;
            archives.retain(|archive| archive.id().starts_with(PREFIX));
            archives.truncate(self.instances);
            match operation {
                Operation::Snapshot => self.snapshot(&archives).await,
                Operation::Export => self.export(&installation, &archives).await,
                Operation::Audit => {
                    let config = AuditConfig::default();
                    let report = audit(&installation, &archives, &config, PARALLEL, Timestamp::now()).await;
                    Ok(report.results.len())
                }
                Operation::Plan => self.plan(&archives).await,
                Operation::Report => Ok(0),
            }
        })
    }

    async fn snapshot(&self, archives: &[ListedArchive]) -> Result<usize, Failure> {
        let rule = SnapshotRule {
            service_accounts: ServiceAccounts::new([""; 0])?,
            profiles: ProfileRule::default(),
            jobs: JobRule::default(),
        };
        let snapshots = take(archives, &self.target.url, &rule, PARALLEL, Timestamp::now()).await?;
        HistoryWriter::open(&self.folder.join(HISTORY))?.append(&snapshots)?;
        let users = snapshots.iter().filter_map(|snapshot| snapshot.users.value());
        Ok(users.map(|users| users.all).sum::<u64>().try_into()?)
    }

    fn report(&self) -> Result<usize, Failure> {
        let mut collected = Collected::default();
        history::read(&self.folder.join(HISTORY), |snapshot| collected.add(snapshot))?;
        let report = Report::new(&collected, MONTHS, Timestamp::now());
        std::fs::write(self.folder.join("report.html"), html(&report))?;
        Ok(report.customers.len())
    }

    async fn export(
        &self,
        installation: &Installation,
        archives: &[ListedArchive],
    ) -> Result<usize, Failure> {
        let mut export = Export::read(installation, archives, PARALLEL, Timestamp::now(), "bench").await?;
        Ok(export.write(&self.folder.join("export"), false)?.changed)
    }

    /// Plans changes of all users of each instance, one instance after the other.
    async fn plan(&self, archives: &[ListedArchive]) -> Result<usize, Failure> {
        let mut text = "version = 1\n".to_owned();
        for number in 0..self.users {
            let name = user_name(number);
            text += &format!("[[user]]\nname = \"{name}\"\nemails = [\"{name}@example.com\"]\n");
        }
        let desired = Desired::from_toml(&text)?;
        let mut changes = 0;
        for listed in archives {
            let state = match listed.archive() {
                AnyArchive::Server(archive) => read_state(archive, &desired, PARALLEL).await?,
                AnyArchive::Instance(archive) => read_state(archive, &desired, PARALLEL).await?,
            };
            let options = PlanOptions {
                server: self.target.url.clone(),
                archive: listed.id().to_owned(),
                ..PlanOptions::default()
            };
            let plan = make_plan(&desired, &state, &options, Timestamp::now());
            // A user who is created was not compared.
            let changed = plan
                .changes
                .iter()
                .filter(|change| change.action == Action::Change);
            changes += changed.count();
        }
        Ok(changes)
    }
}
