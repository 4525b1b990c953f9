//! Calls a function on several instances of the Service Provider Edition.

use std::cell::Cell;

use futures_util::{StreamExt as _, stream};
use globset::{Glob, GlobSet, GlobSetBuilder};
use indicatif::{MultiProgress, ProgressDrawTarget};
use mailstore_api::spe::types::{InstanceInfo, InstanceStatus};
use mailstore_api::{Call, Connection, Json};
use mailstore_codegen::model::Function;
use miette::{IntoDiagnostic as _, miette};

use crate::arguments::Given;
use crate::call::Job;
use crate::catalog::is_instance;
use crate::exit::{Code, Failed};
use crate::format::Format;
use crate::presses::Presses;
use crate::progress::Progress;
use crate::server::Server;
use crate::{token_file, wait};

/// The name of the member that tells the results of several instances apart.
const MEMBER: &str = "instance";

/// The options to choose instances of the Service Provider Edition.
#[derive(clap::Args, Clone, Default)]
pub(crate) struct Instances {
    /// The instance to use. [env: MAILSTORE_INSTANCE]
    #[arg(
        long,
        value_name = "ID",
        conflicts_with = "instances",
        help_heading = "Service Provider Edition"
    )]
    instance: Option<String>,
    /// Call the function on all instances whose ID matches one of these patterns, such as `*` or `demo,cust-*`.
    /// Instances that do not run are skipped.
    #[arg(
        long,
        value_name = "PATTERNS",
        value_delimiter = ',',
        conflicts_with = "detach",
        help_heading = "Service Provider Edition"
    )]
    instances: Vec<String>,
    /// The number of instances on which the function is called at the same time.
    #[arg(
        long,
        value_name = "COUNT",
        default_value_t = 4,
        value_parser = clap::value_parser!(u8).range(1..=32),
        help_heading = "Service Provider Edition"
    )]
    parallel: u8,
}

/// The instances of a call.
pub(crate) enum Chosen {
    One(String),
    Many(Vec<String>),
}

impl Instances {
    /// Returns the instances of a call: from the options, from the environment or from the profile. Returns `None` if the
    /// function has no argument for an instance, or if the user gave it.
    ///
    /// # Errors
    /// The function needs an instance and there is none, or an option has no effect.
    pub(crate) fn choose(
        &self,
        function: &Function,
        given: &[Given<'_>],
        server: &Server,
    ) -> Result<Option<Chosen>, Failed> {
        let chosen = if self.instances.is_empty() {
            self.instance.clone().map(Chosen::One)
        } else {
            Some(Chosen::Many(self.instances.clone()))
        };
        let useless = |reason: &str| Failed::usage(miette!("{}: {reason}", function.wire));
        let Some(argument) = function.arguments.iter().find(|argument| is_instance(argument)) else {
            return match chosen {
                Some(_) => Err(useless("the function has no argument for an instance")),
                None => Ok(None),
            };
        };
        if given.iter().any(|given| is_instance(given.argument)) {
            return match chosen {
                Some(_) => Err(useless("the instance is given twice")),
                None => Ok(None),
            };
        }
        let chosen = match chosen {
            Some(chosen) => Some(chosen),
            None => match mailstore_reach::variable("MAILSTORE_INSTANCE").map_err(Failed::usage)? {
                Some(id) => Some(Chosen::One(id)),
                None => server.instance()?.map(|id| Chosen::One(id.to_owned())),
            },
        };
        if chosen.is_none() && argument.is_required() {
            return Err(Failed::usage(miette!(
                help = "Add `--instance ID`, or `--instances '*'` for all instances.",
                "{} needs an instance",
                function.wire
            )));
        }
        Ok(chosen)
    }
}

/// Returns the instance as an argument of the call.
pub(crate) fn as_argument<'a>(function: &'a Function, id: &str) -> Option<Given<'a>> {
    let argument = function.arguments.iter().find(|argument| is_instance(argument))?;
    Some(Given {
        argument,
        value: id.into(),
        file: None,
    })
}

/// The end of the call on one instance.
enum End {
    Succeeded(Json),
    Failed(Failed),
    /// Not called, for this reason.
    Skipped(String),
}

/// Calls a function on all instances that match the patterns. Prints the results as one list, with the instance in each
/// item.
///
/// # Errors
/// The instances cannot be listed, no instance matches, or a call failed. The other instances are called first.
pub(crate) fn run(
    connection: &Connection,
    job: &Job<'_>,
    patterns: &[String],
    format: &Format,
) -> Result<(), Failed> {
    let patterns = matcher(patterns)?;
    wait::runtime()?.block_on(async {
        let presses = Presses::listen().await?;
        let listed = Call::<Vec<InstanceInfo>>::new(connection, "GetInstances")
            .arg("instanceFilter", "*")
            .await?;
        let matching: Vec<InstanceInfo> = listed
            .into_iter()
            .filter(|instance| patterns.is_match(instance.instance_id.as_str()))
            .collect();
        if matching.is_empty() {
            return Err(Failed::usage(miette!(
                help = "`mailstore instances list` lists the instances.",
                "no instance matches `--instances`"
            )));
        }
        let group = MultiProgress::with_draw_target(ProgressDrawTarget::stderr());
        let count = matching.len();
        let done = Cell::new(0_usize);
        let parallel = usize::from(job.options.instances.parallel);
        let mut ends: Vec<(usize, String, End)> = stream::iter(matching.into_iter().enumerate())
            .map(|(index, instance)| {
                let (group, presses, done) = (&group, presses.clone(), &done);
                async move {
                    let id = instance.instance_id.as_str().to_owned();
                    let end = one(connection, job, &instance, group, presses).await;
                    done.set(done.get() + 1);
                    let progress = format!("{} of {count}", done.get());
                    group.suspend(|| show(&id, &end, &progress));
                    (index, id, end)
                }
            })
            .buffer_unordered(parallel)
            .collect()
            .await;
        ends.sort_by_key(|(index, ..)| *index);
        finish(ends, job, &presses, format)
    })
}

fn matcher(patterns: &[String]) -> Result<GlobSet, Failed> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        set.add(Glob::new(pattern).into_diagnostic().map_err(Failed::usage)?);
    }
    set.build().into_diagnostic().map_err(Failed::usage)
}

async fn one(
    connection: &Connection,
    job: &Job<'_>,
    instance: &InstanceInfo,
    group: &MultiProgress,
    mut presses: Presses,
) -> End {
    if presses.any() {
        return End::Skipped("Ctrl-C was pressed".to_owned());
    }
    if !matches!(instance.status, InstanceStatus::Running) {
        return End::Skipped(format!("its status is `{}`", instance.status));
    }
    let id = instance.instance_id.as_str();
    let call = async {
        let task = job
            .on(connection)
            .arg(crate::catalog::INSTANCE, id)
            .start()
            .await?;
        let progress = Progress::in_group(group, id);
        wait::finish(task, job.options.limits, &progress, &mut presses).await
    };
    match call.await {
        Ok(result) => End::Succeeded(result),
        Err(failed) => End::Failed(failed),
    }
}

/// Prints the end of the call on one instance.
fn show(id: &str, end: &End, progress: &str) {
    let id = mailstore_reach::printable(id);
    match end {
        End::Succeeded(_) => mailstore_reach::warn!("{id}: succeeded ({progress})"),
        End::Skipped(reason) => {
            let reason = mailstore_reach::printable(reason);
            mailstore_reach::warn!("{id}: skipped, because {reason} ({progress})");
        }
        End::Failed(failed) => {
            // The report of a client shows text of the server so that it cannot control a terminal.
            mailstore_reach::warn!("{id}: failed: {} ({progress})", failed.report);
        }
    }
}

/// Prints the results and a summary. Saves the tokens of calls that may still be running.
fn finish(
    ends: Vec<(usize, String, End)>,
    job: &Job<'_>,
    presses: &Presses,
    format: &Format,
) -> Result<(), Failed> {
    let (mut succeeded, mut failed, mut skipped) = (0, 0, 0);
    let mut items = Vec::new();
    for (_, id, end) in ends {
        match end {
            End::Succeeded(result) => {
                succeeded += 1;
                items.extend(labelled(&id, &result)?);
            }
            End::Skipped(_) => skipped += 1,
            End::Failed(failure) => {
                failed += 1;
                if let Some(token) = &failure.token {
                    token_file::leave_running(token, job.options.server.options()?)?;
                }
            }
        }
    }
    if !items.is_empty() {
        let list = format!("[{}]", items.join(","));
        let list: Json = list.parse().into_diagnostic().map_err(Failed::work)?;
        format.print(&list, job.fields, !job.function.effect.only_reads())?;
    }
    mailstore_reach::warn!("{succeeded} succeeded, {failed} failed, {skipped} skipped");
    if presses.any() {
        return Err(Failed::new(Code::Cancelled, miette!("Ctrl-C was pressed")));
    }
    if failed > 0 {
        let calls = if failed == 1 { "call" } else { "calls" };
        return Err(Failed::work(miette!("{failed} {calls} failed")));
    }
    Ok(())
}

/// Returns the items of a result as JSON objects that name the instance.
fn labelled(id: &str, result: &Json) -> Result<Vec<String>, Failed> {
    if result.is_null() {
        return Ok(Vec::new());
    }
    let id = serde_json::to_string(id)
        .into_diagnostic()
        .map_err(Failed::work)?;
    let items: Vec<Json> = match result.decode() {
        Ok(items) => items,
        Err(_) => vec![result.clone()],
    };
    let label = |item: &Json| match item.text().trim_start().strip_prefix('{') {
        Some(rest) if rest.trim_start().starts_with('}') => format!("{{\"{MEMBER}\":{id}}}"),
        Some(rest) => format!("{{\"{MEMBER}\":{id},{rest}"),
        None => format!("{{\"{MEMBER}\":{id},\"value\":{}}}", item.text()),
    };
    Ok(items.iter().map(label).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_item_names_its_instance() {
        let labels = |json: &str| labelled("a\"b", &json.parse().expect("JSON")).expect("labelled");
        assert_eq!(
            labels(r#"[{"x":1},{},2]"#),
            [
                r#"{"instance":"a\"b","x":1}"#,
                r#"{"instance":"a\"b"}"#,
                r#"{"instance":"a\"b","value":2}"#
            ]
        );
        assert_eq!(labels(r#""text""#), [r#"{"instance":"a\"b","value":"text"}"#]);
        assert!(labels("null").is_empty());
    }
}
