//! `mailstore check instances`: the instances of the Service Provider Edition.

use futures_util::stream::{self, StreamExt as _};
use mailstore_api::jiff::SignedDuration;
use mailstore_api::spe::{
    Client, InstanceFilter, InstanceId, InstanceInfo, InstanceStatus, StartMode, TimeZone,
};
use mailstore_api::{Edition, Timestamp};
use mailstore_operations::runs::{long, range};
use miette::miette;

use super::connect::provider;
use super::metric::{Metric, Unit};
use super::options::{Common, help};
use super::report::{Item, Report, counted, shown};
use super::state::State;
use crate::duration;
use crate::exit::Failed;

/// Check the instances of the Service Provider Edition.
#[derive(clap::Args)]
#[command(after_help = help!("instances --server mailstore.example.com:8474 --new-mail 24h"))]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) common: Common,
    /// Examine only this instance.
    #[arg(long, value_name = "ID")]
    pub(crate) instance: Option<String>,
    /// The state if an instance that starts automatically is not running: it is stopped or frozen, for example.
    #[arg(
        long,
        value_enum,
        value_name = "STATE",
        default_value = "critical",
        hide_possible_values = true
    )]
    not_running: State,
    /// The state if an instance that does not start automatically is not running.
    #[arg(
        long,
        value_enum,
        value_name = "STATE",
        default_value = "ok",
        hide_possible_values = true
    )]
    disabled: State,
    /// The state if the last start or stop of an instance failed.
    #[arg(
        long,
        value_enum,
        value_name = "STATE",
        default_value = "critical",
        hide_possible_values = true
    )]
    start_stop_error: State,
    /// Examine the runs of the profiles of each running instance: messages must have been archived in this time.
    #[arg(long, value_name = "DURATION", value_parser = duration::parse)]
    new_mail: Option<SignedDuration>,
    /// The state if no run archived a message in the time of --new-mail.
    #[arg(
        long,
        value_enum,
        value_name = "STATE",
        default_value = "warning",
        hide_possible_values = true
    )]
    no_new_mail: State,
    /// Ask each running instance for its size and its number of messages.
    #[arg(long)]
    sizes: bool,
    /// The state if an instance does not answer --new-mail or --sizes, for example without service provider access.
    #[arg(
        long,
        value_enum,
        value_name = "STATE",
        default_value = "unknown",
        hide_possible_values = true
    )]
    no_answer: State,
    /// The state if there is no instance.
    #[arg(
        long,
        value_enum,
        value_name = "STATE",
        default_value = "unknown",
        hide_possible_values = true
    )]
    none: State,
}

/// The number of instances that are asked at the same time.
const AT_ONCE: usize = 4;

pub(crate) fn check(arguments: &Arguments) -> Result<Report, Failed> {
    let common = &arguments.common;
    if common.server.edition()? != Edition::Spe {
        return Err(Failed::usage(miette!("MailStore Server has no instances")));
    }
    let client = provider(&common.server)?;
    let now = Timestamp::now();
    common.within_timeout(async {
        let filter = arguments.instance.as_deref().map_or(InstanceFilter::All, |id| {
            InstanceFilter::One(InstanceId::from(id))
        });
        let instances = client.get_instances(filter).await?;
        let items: Vec<(Item, Found)> = stream::iter(&instances)
            .map(|instance| arguments.item(&client, instance, now))
            .buffered(AT_ONCE)
            .collect()
            .await;
        Ok(arguments.report(&instances, items))
    })
}

/// What an instance said about its content.
#[derive(Clone, Copy, Debug, Default)]
struct Found {
    has_no_new_mail: bool,
    has_not_answered: bool,
}

impl Arguments {
    fn report(&self, instances: &[InstanceInfo], items: Vec<(Item, Found)>) -> Report {
        let count = |is: fn(&Found) -> bool| items.iter().filter(|(_, found)| is(found)).count();
        let running = instances.iter().filter(|instance| is_running(instance)).count();
        let stopped = |disabled| {
            let stopped = instances.iter().filter(|instance| !is_running(instance));
            stopped
                .filter(|instance| is_disabled(instance) == disabled)
                .count()
        };
        let errors = instances
            .iter()
            .filter(|instance| instance.start_stop_error.is_some());
        let mut metrics = vec![
            Metric::count("total", instances.len()),
            Metric::count("running", running),
            Metric::unwanted("not_running", stopped(false), self.not_running),
            Metric::unwanted("disabled", stopped(true), self.disabled),
            Metric::unwanted("start_stop_error", errors.count(), self.start_stop_error),
        ];
        if self.new_mail.is_some() {
            let count = count(|found| found.has_no_new_mail);
            metrics.push(Metric::unwanted("no_new_mail", count, self.no_new_mail));
        }
        if self.new_mail.is_some() || self.sizes {
            let count = count(|found| found.has_not_answered);
            metrics.push(Metric::unwanted("no_answer", count, self.no_answer));
        }
        let mut items: Vec<Item> = items.into_iter().map(|(item, _)| item).collect();
        if items.is_empty() {
            let text = match &self.instance {
                Some(id) => format!("there is no instance `{}`", shown(id)),
                None => "there is no instance".to_owned(),
            };
            items.push(Item::new(self.none, "", text));
        }
        Report {
            about: format!("{}, {running} running", counted(instances.len(), "instance")),
            items,
            metrics,
            ..Report::default()
        }
    }

    async fn item(&self, client: &Client, instance: &InstanceInfo, now: Timestamp) -> (Item, Found) {
        let mut texts = vec![self.status(instance)];
        if let Some(error) = &instance.start_stop_error {
            texts.push((self.start_stop_error, format!("error: {}", shown(error))));
        }
        let mut metrics = Vec::new();
        let mut found = Found::default();
        if is_running(instance) {
            for result in [
                self.new_mail(client, instance, now, &mut metrics).await,
                self.sizes(client, instance, &mut metrics).await,
            ] {
                match result {
                    Ok(None) => {}
                    Ok(Some(text)) => {
                        found.has_no_new_mail = true;
                        texts.push((self.no_new_mail, text));
                    }
                    Err(failed) => {
                        found.has_not_answered = true;
                        texts.push((self.no_answer, shown(&failed.report.to_string())));
                    }
                }
            }
        }
        texts.sort_by_key(|(state, _)| std::cmp::Reverse(*state));
        texts.dedup();
        let state = texts.first().map_or(State::Ok, |(state, _)| *state);
        let texts: Vec<String> = texts.into_iter().map(|(_, text)| text).collect();
        let item = Item {
            kind: "instance",
            id: Some(shown(instance.instance_id.as_str())),
            metrics,
            ..Item::new(state, &shown(&instance.display_name), texts.join(", "))
        };
        (item, found)
    }

    fn status(&self, instance: &InstanceInfo) -> (State, String) {
        let text = shown(instance.status.as_str());
        if is_running(instance) {
            (State::Ok, text)
        } else if is_disabled(instance) {
            let mode = shown(instance.start_mode.as_str());
            (self.disabled, format!("{text}, start mode {mode}"))
        } else {
            (self.not_running, text)
        }
    }

    /// Returns a text if no message was archived.
    async fn new_mail(
        &self,
        client: &Client,
        instance: &InstanceInfo,
        now: Timestamp,
        metrics: &mut Vec<Metric>,
    ) -> Result<Option<String>, Failed> {
        let Some(time) = self.new_mail else {
            return Ok(None);
        };
        let range = range(time, now);
        let archive = client.instance(instance.instance_id.clone());
        let results = archive
            .get_worker_results(range.from, range.to, &TimeZone::UTC)
            .await?;
        let archived = results
            .iter()
            .map(|result| result.items_archived)
            .fold(0, i64::saturating_add);
        metrics.push(Metric::new("archived", archived, Unit::Count));
        Ok((archived <= 0).then(|| format!("no run archived a message in the last {}", long(time))))
    }

    async fn sizes(
        &self,
        client: &Client,
        instance: &InstanceInfo,
        metrics: &mut Vec<Metric>,
    ) -> Result<Option<String>, Failed> {
        if self.sizes {
            let archive = client.instance(instance.instance_id.clone());
            let statistics = archive.get_instance_statistics().await?;
            let size = statistics.total_size_mb.saturating_mul(1024 * 1024);
            metrics.push(Metric::new("size", size, Unit::Bytes));
            metrics.push(Metric::new(
                "messages",
                statistics.number_of_messages,
                Unit::Count,
            ));
        }
        Ok(None)
    }
}

fn is_running(instance: &InstanceInfo) -> bool {
    instance.status == InstanceStatus::Running
}

/// Returns whether nothing starts the instance. Only the start mode `automatic` is public.
fn is_disabled(instance: &InstanceInfo) -> bool {
    instance.start_mode != StartMode::Automatic
}
