use mailstore_api::civil::date;
use mailstore_api::jiff::{Timestamp, Zoned};
use mailstore_api::server::{Client, TimeZone};

fn of_which_zone(client: &Client, from: &Zoned, to: Zoned) {
    let _ = client.get_job_results(from, to, &TimeZone::SERVER_LOCAL);
    // An instant is a date in every zone.
    let _ = client.get_job_results(date(2026, 1, 1), Timestamp::now(), &TimeZone::SERVER_LOCAL);
}

fn main() {}
