//! Histories that no server wrote.

use mailstore_api::Timestamp;
use mailstore_api::civil::Date;
use mailstore_operations::report::{Collected, Report};
use mailstore_operations::runs::Situation;
use mailstore_operations::snapshot::{Licence, RunFigures, Snapshot, Troubled, Users};
use mailstore_operations::{Reading, Size};

pub(crate) const SPE: &str = "https://mailstore.example.com:8474";
pub(crate) const SERVER: &str = "https://archive.example.com:8463";

/// The time of all reports.
pub(crate) fn now() -> Timestamp {
    "2026-11-28T07:30:00Z".parse().unwrap()
}

pub(crate) fn at(day: &str) -> Timestamp {
    format!("{day}T06:00:00Z").parse().unwrap()
}

/// A snapshot with these numbers of users, of messages and of megabytes. All profiles and jobs are well.
pub(crate) fn snapshot(instance: &str, day: &str, users: u64, messages: i64, megabytes: i64) -> Snapshot {
    let mut snapshot = Snapshot::not_read(SPE, instance, instance.to_uppercase(), at(day), "");
    snapshot.users = Reading::Value(Users {
        all: users + 2,
        billable: users,
        without: vec!["$archiveadmin".to_owned(), "admin".to_owned()],
    });
    snapshot.messages = Reading::Value(messages);
    snapshot.size = Reading::Value(Size::from_mb(megabytes));
    snapshot.profiles = Reading::Value(runs(&[(Situation::Succeeded, 2)]));
    snapshot.jobs = Reading::Value(runs(&[(Situation::Succeeded, 1), (Situation::Disabled, 1)]));
    snapshot
}

/// A snapshot of an instance that was stopped.
pub(crate) fn stopped(instance: &str, day: &str) -> Snapshot {
    let reason = "the instance is not running: its status is `stopped`";
    Snapshot::not_read(SPE, instance, instance.to_uppercase(), at(day), reason)
}

pub(crate) fn runs(situations: &[(Situation, u64)]) -> RunFigures {
    let mut figures = RunFigures::default();
    figures.situations.extend(situations.iter().copied());
    for (index, (situation, _)) in situations.iter().enumerate() {
        if *situation >= Situation::CompletedWithErrors {
            figures.troubled.push(Troubled {
                id: index as i64 + 1,
                name: format!("Mailbox {index}"),
                situation: *situation,
                last_run: (*situation != Situation::NoRun).then(|| at("2026-11-20")),
            });
        }
    }
    figures
}

pub(crate) fn report(snapshots: impl IntoIterator<Item = Snapshot>, months: usize) -> Report {
    let mut collected = Collected::default();
    for snapshot in snapshots {
        collected.add(snapshot);
    }
    Report::new(&collected, months, now())
}

/// The days of the snapshots: the first one of each month from December 2025, and the last one on 2026-11-28.
fn days() -> Vec<String> {
    let mut day = Date::constant(2025, 12, 28);
    let mut days = Vec::new();
    while day <= Date::constant(2026, 11, 28) {
        days.push(day.to_string());
        day = day
            .checked_add(mailstore_api::jiff::Span::new().months(1))
            .unwrap();
    }
    days
}

/// A year of a service provider and of a MailStore Server, with everything that can happen.
pub(crate) fn year() -> Vec<Snapshot> {
    let mut all = Vec::new();
    for (number, day) in days().iter().enumerate() {
        let step = number as i64;
        all.push(snapshot(
            "acme",
            day,
            20 + number as u64,
            100_000 + 9_000 * step,
            20_000 + 1_500 * step,
        ));
        // Created in the middle of the year.
        if number >= 5 {
            all.push(snapshot("bolt", day, 5, 1_000 * step, 300 * step));
        }
        // Deleted after half a year.
        if number <= 6 {
            all.push(snapshot("cargo", day, 9, 50_000, 7_000));
        }
        // Stopped on the last day, and not listed in one month.
        match number {
            11 => all.push(stopped("delta", day)),
            4 => {}
            _ => all.push(snapshot("delta", day, 12, 70_000 + 100 * step, 9_000 + 20 * step)),
        }
        let mut server = snapshot("server", day, 40, 900_000 + 20_000 * step, 150_000 + 2_000 * step);
        server.server = SERVER.to_owned();
        server.name = "MAILARCHIVE01".to_owned();
        server.licence = Some(Reading::Value(Licence {
            used: 42,
            allowed: 40,
        }));
        server.profiles = Reading::Value(runs(&[
            (Situation::Succeeded, 30),
            (Situation::CompletedWithErrors, 2),
            (Situation::NoRun, 1),
            (Situation::TooOld, 1),
            (Situation::Failed, 3),
        ]));
        all.push(server);
    }
    all.push(snapshot("delta", "2026-11-27", 12, 71_090, 9_218));
    all
}
