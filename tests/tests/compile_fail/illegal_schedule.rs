use mailstore_api::civil::time;
use mailstore_api::server::{Client, Interval, JobId, Schedule, TimeZone};

fn mistaken(client: &Client, id: JobId) {
    let zone = &TimeZone::SERVER_LOCAL;
    // An interval that the server does not know.
    let _ = client.set_job_schedule(id, zone, Schedule::Every(45));
    // An interval together with a time of day.
    let _ = client.set_job_schedule(id, zone, Schedule::Every(Interval::Hours1, time(3, 30, 0, 0)));
    // A day of the week without a time of day.
    let _ = client.set_job_schedule(id, zone, Schedule::Weekly(mailstore_api::server::Weekday::Sunday));
}

fn main() {}
