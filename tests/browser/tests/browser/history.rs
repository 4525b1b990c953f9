//! Made-up histories, and their reports as pages with a fixed clock.

use mailstore_api::civil::Date;
use mailstore_api::jiff::ToSpan as _;
use mailstore_api::{Timestamp, civil};
use mailstore_operations::report::{Collected, Report, html};
use mailstore_operations::runs::Situation;
use mailstore_operations::snapshot::{Licence, RunFigures, Snapshot, Troubled, Users};
use mailstore_operations::{Reading, Size};

const SPE: &str = "https://archive.example.com:8474";

/// The page of the report about these snapshots.
pub(crate) fn page(snapshots: impl IntoIterator<Item = Snapshot>) -> String {
    let mut collected = Collected::default();
    for snapshot in snapshots {
        collected.add(snapshot);
    }
    let now: Timestamp = "2026-11-28T07:30:00Z".parse().unwrap();
    html(&Report::new(&collected, 24, now))
}

/// A snapshot in which everything was read and is well.
pub(crate) fn snapshot(
    id: &str,
    name: &str,
    day: Date,
    users: u64,
    messages: i64,
    megabytes: i64,
) -> Snapshot {
    let mut snapshot = Snapshot::not_read(SPE, id, name, taken(day), "");
    snapshot.users = Reading::Value(Users {
        all: users + 2,
        billable: users,
        without: ["$archiveadmin", "admin", "svc-*"].map(str::to_owned).to_vec(),
    });
    snapshot.messages = Reading::Value(messages);
    snapshot.size = Reading::Value(Size::from_mb(megabytes));
    snapshot.profiles = Reading::Value(runs(&[(Situation::Succeeded, users.div_ceil(12), "")]));
    snapshot.jobs = Reading::Value(runs(&[
        (Situation::Succeeded, 3, ""),
        (Situation::Disabled, 1, ""),
    ]));
    snapshot
}

fn taken(day: Date) -> Timestamp {
    format!("{day}T05:00:00Z").parse().unwrap()
}

/// Profiles or jobs: how many are in each situation, and the name of the first one.
fn runs(situations: &[(Situation, u64, &str)]) -> RunFigures {
    let mut figures = RunFigures::default();
    for (index, (situation, count, name)) in situations.iter().enumerate() {
        figures.situations.insert(*situation, *count);
        if *situation >= Situation::CompletedWithErrors {
            figures.troubled.push(Troubled {
                id: 14 + 3 * index as i64,
                name: (*name).to_owned(),
                situation: *situation,
                last_run: (*situation != Situation::NoRun).then(|| taken(civil::date(2026, 11, 24))),
            });
        }
    }
    figures
}

/// The 28th day of the month that is `before` months before November 2026.
fn day(before: i32) -> Date {
    civil::date(2026, 11, 28).saturating_sub(before.months())
}

/// Customers of the example: id, name, users, messages, megabytes and growth in each month as a share of 1000.
const CUSTOMERS: [(&str, &str, u64, i64, i64, i64); 11] = [
    ("alder", "Alder & Sons Timber", 64, 1_480_000, 312_000, 41),
    ("birch", "Birch Dental Group", 18, 260_400, 48_100, 22),
    ("cedar", "Cedar Street School", 142, 2_210_000, 401_500, 9),
    ("elm", "Elm Brewery", 9, 88_200, 17_300, 58),
    ("fir", "Fir Logistics", 87, 1_930_000, 598_000, 51),
    ("hazel", "Hazel Legal Partners", 33, 1_120_000, 266_000, 35),
    (
        "larch",
        "Larch Energy Cooperative of the Upper Valley",
        51,
        640_000,
        120_900,
        24,
    ),
    ("maple", "Müller & Söhne", 27, 402_000, 77_400, 44),
    ("oak", "Oak Insurance", 118, 3_050_000, 842_000, 47),
    ("rowan", "Rowan Travel", 14, 130_700, 22_800, -30),
    ("willow", "Willow Architects", 22, 350_900, 191_300, 60),
];

/// Fourteen months of a service provider and of a MailStore Server, with something to look at.
pub(crate) fn example() -> Vec<Snapshot> {
    let mut all = Vec::new();
    for before in (0..14).rev() {
        for (id, name, users, messages, megabytes, growth) in CUSTOMERS {
            let shrunk = |figure: i64| figure - figure * growth * i64::from(before) / 1000;
            let left = shrunk(users as i64).unsigned_abs();
            let mut one = snapshot(id, name, day(before), left, shrunk(messages), shrunk(megabytes));
            match (id, before) {
                // A new customer.
                ("elm", 6..) => continue,
                // A customer that left.
                ("rowan", ..=2) => continue,
                ("willow", 0) => {
                    let reason = "the instance is not running: its status is `stopped`";
                    one = Snapshot::not_read(SPE, id, name, one.taken, reason);
                }
                ("fir", 0) => {
                    one.profiles = Reading::Value(runs(&[
                        (Situation::Succeeded, 6, ""),
                        (Situation::TooOld, 1, "Mailboxes of the warehouse"),
                        (Situation::Failed, 1, "Journal mailbox"),
                    ]));
                }
                ("oak", 0) => {
                    one.jobs = Reading::Value(runs(&[
                        (Situation::Succeeded, 3, ""),
                        (Situation::CompletedWithErrors, 1, "Verify archive stores"),
                    ]));
                }
                _ => {}
            }
            all.push(one);
        }
        all.push(server(before));
    }
    all
}

fn server(before: i32) -> Snapshot {
    let step = i64::from(14 - before);
    let mut one = snapshot(
        "server",
        "ARCHIVE01",
        day(before),
        96,
        1_600_000 + 31_000 * step,
        350_000 + 6_200 * step,
    );
    one.server = "https://mail.example.org:8463".to_owned();
    one.licence = Some(Reading::Value(Licence {
        used: 104,
        allowed: 100,
    }));
    one
}
