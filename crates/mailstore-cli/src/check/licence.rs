//! `mailstore check licence`: the users and the dates of the licence.

use mailstore_api::civil::Date;
use mailstore_api::jiff::tz::TimeZone;
use mailstore_api::server::LicenseInformation;
use mailstore_api::{Edition, Timestamp};
use miette::miette;

use super::amount::Amount;
use super::connect::client;
use super::metric::{Limits, Metric, Unit};
use super::options::{Common, help};
use super::report::{Item, Report, counted, shown};
use super::state::State;
use crate::exit::Failed;

/// Check the users and the dates of the licence. Only for MailStore Server.
#[derive(clap::Args)]
#[command(after_help = help!("licence --server mailstore.example.com:8463 --warn-users 90% --critical-users 100% --warn-days 30"))]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) common: Common,
    /// WARNING if at least this many users are used: a number, or a percentage of the allowed users.
    #[arg(long, value_name = "N or N%", default_value = "90%")]
    warn_users: Amount,
    /// CRITICAL if at least this many users are used.
    #[arg(long, value_name = "N or N%", default_value = "100%")]
    critical_users: Amount,
    /// WARNING if the licence or the support ends within this many days.
    #[arg(long, value_name = "DAYS", default_value_t = 30, value_parser = clap::value_parser!(i64).range(0..=36_500))]
    warn_days: i64,
    /// CRITICAL if the licence ends within this many days. The end of the support is never critical.
    #[arg(long, value_name = "DAYS", default_value_t = 7, value_parser = clap::value_parser!(i64).range(0..=36_500))]
    critical_days: i64,
    /// The state if the server does not say how many users are used or allowed, or if a date cannot be read.
    #[arg(
        long,
        value_enum,
        value_name = "STATE",
        default_value = "unknown",
        hide_possible_values = true
    )]
    not_reported: State,
}

pub(crate) fn check(arguments: &Arguments) -> Result<Report, Failed> {
    let server = &arguments.common.server;
    if server.edition()? != Edition::Server {
        return Err(Failed::usage(miette!(
            "the Management API of the Service Provider Edition has no function that returns the licence"
        )));
    }
    let client = client(server)?;
    let licence = arguments
        .common
        .within_timeout(async { Ok(client.get_license_information().await?) })?;
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    Ok(arguments.report(&licence, today))
}

impl Arguments {
    fn report(&self, licence: &LicenseInformation, today: Date) -> Report {
        let (users, mut metrics) = self.users(licence);
        let mut items = vec![users];
        let mut notes = Vec::new();
        // Two members can name the end of the licence. The earlier date counts.
        let (first, unreadable) = earliest([&licence.expiration_date, &licence.valid_to], today);
        let (support, unreadable_support) = earliest([&licence.support_expiration_date], today);
        if let Some((days, text)) = first {
            items.push(self.end("licence", days, text, Some(self.critical_days)));
            metrics.push(self.days("days", days, Some(self.critical_days)));
        }
        if let Some((days, text)) = support {
            items.push(self.end("support", days, text, None));
            metrics.push(self.days("support_days", days, None));
        }
        if let Some(text) = unreadable.or(unreadable_support) {
            let text = format!("`{}` cannot be read", shown(text));
            items.push(Item::new(self.not_reported, "date", text));
        }
        if items.len() == 1 {
            notes.push("The server returned no date on which the licence ends.".to_owned());
        }
        let about: Vec<String> = items.iter().map(Item::line).collect();
        Report {
            about: about.join(", "),
            items,
            metrics,
            notes,
            ..Report::default()
        }
    }

    fn users(&self, licence: &LicenseInformation) -> (Item, Vec<Metric>) {
        let (Some(used), Some(allowed)) = (licence.named_users, licence.max_named_users) else {
            let text = "the server does not say how many are used and allowed";
            return (Item::new(self.not_reported, "users", text), Vec::new());
        };
        let (warning, critical) = (self.warn_users.of(allowed), self.critical_users.of(allowed));
        let state = if used >= critical {
            State::Critical
        } else if used >= warning {
            State::Warning
        } else {
            State::Ok
        };
        let metrics = vec![
            Metric {
                limits: Limits::Above {
                    warning: Some(warning.saturating_sub(1)),
                    critical: Some(critical.saturating_sub(1)),
                },
                ..Metric::new("users", used, Unit::Count)
            },
            Metric::new("users_allowed", allowed, Unit::Count),
        ];
        (
            Item::new(state, "users", format!("{used} of {allowed} are used")),
            metrics,
        )
    }

    fn days(&self, name: &'static str, days: i64, critical: Option<i64>) -> Metric {
        Metric {
            limits: Limits::Below {
                warning: Some(self.warn_days + 1),
                critical: critical.map(|days| days + 1),
            },
            ..Metric::new(name, days, Unit::Days)
        }
    }

    fn end(&self, name: &str, days: i64, text: &str, critical: Option<i64>) -> Item {
        let state = if critical.is_some_and(|critical| days <= critical) {
            State::Critical
        } else if days <= self.warn_days {
            State::Warning
        } else {
            State::Ok
        };
        let date = shown(text.get(..10).unwrap_or(text));
        let when = match usize::try_from(days) {
            Ok(days) => format!("ends in {} ({date})", counted(days, "day")),
            Err(_) => format!("ended on {date}"),
        };
        Item::new(state, name, when)
    }
}

/// Returns the earliest date with the days until it, and a date that cannot be read.
fn earliest<'a>(
    dates: impl IntoIterator<Item = &'a Option<String>>,
    today: Date,
) -> (Option<(i64, &'a str)>, Option<&'a str>) {
    let (mut first, mut unreadable) = (None, None);
    for text in dates.into_iter().flatten() {
        match days(text, today) {
            Ok(days) => {
                first = first
                    .into_iter()
                    .chain(days.map(|days| (days, text.as_str())))
                    .min()
            }
            Err(()) => unreadable = Some(text.as_str()),
        }
    }
    (first, unreadable)
}

/// Returns the days until a date. `None` if the date means that there is no end: the first or the last year of the
/// calendar of the server.
fn days(text: &str, today: Date) -> Result<Option<i64>, ()> {
    let date: Date = text.get(..10).ok_or(())?.parse().map_err(|_| ())?;
    if date.year() <= 1 || date.year() >= 9999 {
        return Ok(None);
    }
    Ok(Some(date.duration_since(today).as_hours() / 24))
}
