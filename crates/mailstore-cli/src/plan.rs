//! `mailstore plan`: compares a file with the users and profiles of an archive.

use std::path::{Path, PathBuf};

use mailstore_api::Timestamp;
use mailstore_operations::provision::{
    ArchiveState, Desired, Plan, PlanOptions, ProvisionError, make_plan, read_state,
};
use mailstore_operations::{AnyArchive, ListedArchive};
use miette::{IntoDiagnostic as _, Report, WrapErr as _, miette};

use crate::exit::{Code, Failed};
use crate::operate::{self, Access, Outcome, with};
use crate::output::print;
use crate::server::Server;
use crate::wait;

/// Show how users and profiles differ from a file, and save the changes as a plan.
///
/// Only reads. `mailstore apply` makes the changes of a saved plan. Users and profiles that are not in the file are not
/// changed, and nothing is deleted without `state = "absent"` in the file and --allow-delete.
#[derive(clap::Args)]
#[command(after_help = operate::help(EXAMPLES))]
pub(crate) struct Arguments {
    /// The file with the desired state: TOML, or CSV with users if its name ends with `.csv`.
    #[arg(value_name = "FILE", required_unless_present = "schema")]
    file: Option<PathBuf>,
    #[command(flatten)]
    server: Server,
    /// The instance. Only for the Service Provider Edition, which needs it.
    #[arg(long, value_name = "ID")]
    instance: Option<String>,
    /// Save the plan in this file.
    #[arg(long, value_name = "PLAN")]
    out: Option<PathBuf>,
    /// Allow the plan to delete users and profiles.
    #[arg(long)]
    allow_delete: bool,
    /// Block all deletions if the plan would delete a greater part of all users or all profiles. It does not count for
    /// less than 10 of them.
    #[arg(long, value_name = "PERCENT", default_value_t = PlanOptions::MAX_DELETE_PERCENT, value_parser = clap::value_parser!(u8).range(0..=100))]
    max_delete_percent: u8,
    /// Set the password of this existing user. May be given several times.
    #[arg(long, value_name = "USER")]
    set_password: Vec<String>,
    /// Print the plan as JSON.
    #[arg(long)]
    json: bool,
    /// The number of requests that are sent at the same time.
    #[arg(long, value_name = "COUNT", default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=32))]
    parallel: u8,
    /// Print the JSON Schema of the file, and send nothing.
    #[arg(long)]
    schema: bool,
}

const EXAMPLES: &str = "\
Examples:
  mailstore plan users.toml --server mailstore.example.com:8463 --out users.plan.json
  mailstore plan users.toml --server mailstore.example.com:8474 --instance demo";

pub(crate) fn run(arguments: &Arguments) -> std::process::ExitCode {
    operate::end(plan(arguments))
}

fn plan(arguments: &Arguments) -> Result<Outcome, Failed> {
    let Some(file) = arguments.file.as_deref().filter(|_| !arguments.schema) else {
        let schema = serde_json::to_string_pretty(&Desired::schema()).into_diagnostic();
        print(&format!("{}\n", schema.map_err(Failed::work)?))?;
        return Ok(Outcome::Nothing);
    };
    let text = read(file)?;
    let desired = if is_csv(file) {
        Desired::from_csv(&text)
    } else {
        Desired::from_toml(&text)
    };
    let desired = desired
        .into_diagnostic()
        .wrap_err_with(|| shown(file))
        .map_err(Failed::usage)?;
    for name in &arguments.set_password {
        if !desired.has_password_of(name) {
            return Err(Failed::usage(miette!(
                "--set-password: the file has no password of a user `{}`",
                mailstore_reach::printable(name)
            )));
        }
    }
    let server = &arguments.server;
    let archive = operate::archive(
        server,
        arguments.instance.as_deref(),
        Access::Read,
        operate::no_instance,
    )?;
    let parallel = arguments.parallel.into();
    let read_at = Timestamp::now();
    let state: ArchiveState = wait::runtime()?
        .block_on(async { with!(&archive, read_state(&desired, parallel)) })
        .map_err(failed)?;
    let own_account = match &archive {
        AnyArchive::Server(_) => Some(server.options()?.user_name().to_owned()),
        // A system administrator of the Service Provider Edition is no user of the instance.
        AnyArchive::Instance(_) => None,
    };
    let options = PlanOptions {
        allow_delete: arguments.allow_delete,
        max_delete_percent: arguments.max_delete_percent,
        set_passwords: arguments.set_password.clone(),
        own_account,
        server: archive.connection().origin().to_owned(),
        archive: id(&archive).to_owned(),
    };
    let plan = make_plan(&desired, &state, &options, read_at);
    let json = plan.to_json().into_diagnostic().map_err(Failed::work)?;
    if let Some(out) = &arguments.out {
        let saved = mailstore_profiles::replace(out, json.as_bytes());
        saved
            .into_diagnostic()
            .wrap_err_with(|| format!("{}: the plan cannot be saved", shown(out)))
            .map_err(Failed::work)?;
    }
    print(&if arguments.json {
        json
    } else {
        self::text(&plan, arguments.out.as_deref())
    })?;
    Ok(if plan.changes.is_empty() {
        Outcome::Nothing
    } else {
        Outcome::Different
    })
}

fn text(plan: &Plan, out: Option<&Path>) -> String {
    let mut text = plan.to_text();
    if let Some(out) = out {
        text += &format!("Saved as {}. `mailstore apply` makes the changes.\n", shown(out));
    }
    text
}

/// Adds what the user can do about an error.
pub(crate) fn failed(error: ProvisionError) -> Failed {
    let code = match error {
        ProvisionError::Call { what, source } => {
            let failed = Failed::from(source);
            return Failed {
                report: failed.report.wrap_err(what),
                ..failed
            };
        }
        ProvisionError::Plan(_) | ProvisionError::Secret { .. } => Code::Usage,
        ref error if error.is_outcome_unknown() => Code::OutcomeUnknown,
        _ => Code::Failed,
    };
    Failed::new(code, Report::from_err(error))
}

/// Returns the id of the instance, or the id of the only archive of a MailStore Server.
pub(crate) fn id(archive: &AnyArchive) -> &str {
    match archive {
        AnyArchive::Server(_) => ListedArchive::SERVER_ID,
        AnyArchive::Instance(instance) => instance.id().as_str(),
    }
}

/// Reads a text file.
pub(crate) fn read(file: &Path) -> Result<String, Failed> {
    std::fs::read_to_string(file)
        .into_diagnostic()
        .wrap_err_with(|| format!("{} cannot be read", shown(file)))
        .map_err(Failed::usage)
}

/// Shows a path so that it cannot control the terminal.
pub(crate) fn shown(path: &Path) -> String {
    mailstore_reach::printable(&path.display().to_string()).to_string()
}

/// Returns whether the name of a file ends with `.csv`.
pub(crate) fn is_csv(file: &Path) -> bool {
    file.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("csv"))
}
