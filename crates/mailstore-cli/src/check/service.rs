//! `mailstore check service`: whether the server responds, its version, and its messages.

use std::time::Instant;

use mailstore_api::Edition;
use mailstore_api::spe::{ServiceMessageType, ServiceStatus};

use super::connect::{client, provider};
use super::metric::{Limits, Metric, Unit};
use super::options::{Common, help};
use super::report::{Item, Report, shown};
use super::state::State;
use super::version::Version;
use crate::exit::{Code, Failed};

/// Check that the server responds in time, its version, and the messages of the Service Provider Edition.
#[derive(clap::Args)]
#[command(after_help = help!("service --server mailstore.example.com:8463 --min-version 24.4"))]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) common: Common,
    /// The state if the server cannot be reached or does not respond in time.
    #[arg(
        long,
        value_enum,
        value_name = "STATE",
        default_value = "critical",
        hide_possible_values = true
    )]
    unreachable: State,
    /// WARNING if the response takes longer than this time.
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 5_000)]
    warn_time: u32,
    /// CRITICAL if the response takes longer than this time.
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 15_000)]
    critical_time: u32,
    /// The oldest version that is allowed, such as `25.1`.
    #[arg(long, value_name = "VERSION")]
    min_version: Option<Version>,
    /// The state if the version is older than --min-version, or cannot be compared.
    #[arg(
        long,
        value_enum,
        value_name = "STATE",
        default_value = "warning",
        hide_possible_values = true
    )]
    old_version: State,
    /// The state if a server of the Service Provider Edition is not active.
    #[arg(
        long,
        value_enum,
        value_name = "STATE",
        default_value = "critical",
        hide_possible_values = true
    )]
    inactive: State,
    /// The state if the Service Provider Edition has an error message.
    #[arg(
        long,
        value_enum,
        value_name = "STATE",
        default_value = "critical",
        hide_possible_values = true
    )]
    error_message: State,
    /// The state if the Service Provider Edition has a warning message, or one whose type this program does not know.
    #[arg(
        long,
        value_enum,
        value_name = "STATE",
        default_value = "warning",
        hide_possible_values = true
    )]
    warning_message: State,
}

pub(crate) fn check(arguments: &Arguments) -> Result<Report, Failed> {
    match read(arguments) {
        // A server that rejects the credentials can be reached.
        Err(failed) if matches!(failed.code, Code::Connection | Code::TimeLimit) => {
            Ok(Report::failed("service", arguments.unreachable, &failed))
        }
        result => result,
    }
}

fn read(arguments: &Arguments) -> Result<Report, Failed> {
    let common = &arguments.common;
    let began;
    let (version, mut report) = match common.server.edition()? {
        Edition::Server => {
            let client = client(&common.server)?;
            began = Instant::now();
            let info = common.within_timeout(async { Ok(client.get_server_info().await?) })?;
            (info.version, Report::default())
        }
        Edition::Spe => {
            let client = provider(&common.server)?;
            began = Instant::now();
            let status = common.within_timeout(async { Ok(client.get_service_status().await?) })?;
            let report = arguments.status(&status);
            (status.environment_info.version, report)
        }
    };
    let time = i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX);
    report.metrics.push(Metric {
        limits: Limits::Above {
            warning: Some(arguments.warn_time.into()),
            critical: Some(arguments.critical_time.into()),
        },
        ..Metric::new("response_time", time, Unit::Milliseconds)
    });
    let items = [arguments.time(time), arguments.version(&version)];
    report.items.splice(0..0, items);
    report.about = format!("version {}, response in {time} ms", shown(&version));
    Ok(report)
}

impl Arguments {
    fn time(&self, time: i64) -> Item {
        let state = if time > self.critical_time.into() {
            State::Critical
        } else if time > self.warn_time.into() {
            State::Warning
        } else {
            State::Ok
        };
        Item::new(state, "response", format!("{time} ms"))
    }

    fn version(&self, version: &str) -> Item {
        let is_old = self.min_version.as_ref().is_some_and(|oldest| {
            let version = version.parse::<Version>();
            version.map_or(true, |version| version < *oldest)
        });
        let mut text = shown(version);
        if let Some(oldest) = &self.min_version {
            text.push_str(&format!(" (at least {oldest} is required)"));
        }
        Item::new(if is_old { self.old_version } else { State::Ok }, "version", text)
    }

    /// Judges the servers and the messages of the Service Provider Edition.
    fn status(&self, status: &ServiceStatus) -> Report {
        let servers = status.server_infos.iter().map(|server| {
            let (state, text) = if server.active {
                (State::Ok, "active")
            } else {
                (self.inactive, "not active")
            };
            let name = shown(&format!("{}:{}", server.server_name, server.port));
            Item {
                kind: "server",
                // One host can have several servers.
                id: Some(shown(server.server_type.as_str())),
                ..Item::new(state, &name, text)
            }
        });
        let messages = (1..).zip(&status.messages).map(|(number, message): (usize, _)| {
            let state = match message.message_type {
                ServiceMessageType::Information => State::Ok,
                ServiceMessageType::Error => self.error_message,
                _ => self.warning_message,
            };
            Item {
                kind: "message",
                id: Some(number.to_string()),
                ..Item::new(state, message.message_type.as_str(), shown(&message.text))
            }
        });
        let items: Vec<Item> = servers.chain(messages).collect();
        let inactive = status.server_infos.iter().filter(|server| !server.active).count();
        let of = |wanted: ServiceMessageType| {
            let messages = status.messages.iter();
            messages.filter(|message| message.message_type == wanted).count()
        };
        Report {
            items,
            metrics: vec![
                Metric::unwanted("inactive_servers", inactive, self.inactive),
                Metric::unwanted(
                    "error_messages",
                    of(ServiceMessageType::Error),
                    self.error_message,
                ),
                Metric::unwanted(
                    "warning_messages",
                    of(ServiceMessageType::Warning),
                    self.warning_message,
                ),
            ],
            ..Report::default()
        }
    }
}
