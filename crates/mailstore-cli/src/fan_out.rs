//! Calls a function on several instances of the Service Provider Edition.

use std::cell::Cell;

use futures_util::{StreamExt as _, stream};
use indicatif::{MultiProgress, ProgressDrawTarget};
use mailstore_api::spe::types::{InstanceInfo, InstanceStatus};
use mailstore_api::{Call, Connection, Json};
use mailstore_metadata::INSTANCE_ARGUMENT as INSTANCE;
use miette::{IntoDiagnostic as _, miette};

use crate::exit::{Code, Failed};
use crate::format::Format;
use crate::instances::matcher;
use crate::job::Job;
use crate::presses::Presses;
use crate::progress::Progress;
use crate::{token_file, wait};

/// The name of the member that tells the results of several instances apart.
const MEMBER: &str = "instance";

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
    parallel: usize,
    format: &Format,
) -> Result<(), Failed> {
    let patterns = matcher(patterns)?;
    wait::runtime()?.block_on(async {
        let listed = Call::<Vec<InstanceInfo>>::new(connection, "GetInstances")
            .arg("instanceFilter", "*")
            .await?;
        // Before this, Ctrl-C ends the program, because nothing has been called yet.
        let presses = Presses::listen().await?;
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
        let call = job.on(connection).arg(INSTANCE, id);
        let task = job.start(connection, call, &mut presses).await?;
        let progress = Progress::in_group(group, id);
        wait::finish(task, job.limits, &progress, &mut presses).await
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
                if let Some(token) = &failure.token
                    && let Err(unsaved) = token_file::leave_running(token, job.server.options()?)
                {
                    // The results of the other instances are still printed.
                    mailstore_reach::warn!("Error: {:?}", unsaved.report);
                }
            }
        }
    }
    if !items.is_empty() {
        let list = format!("[{}]", items.join(","));
        let list: Json = list.parse().into_diagnostic().map_err(Failed::work)?;
        format.print(&list, job.fields, job.is_unique())?;
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
