//! Tests of the fields of jobs, profiles and their runs.

use std::time::Duration;

use mailstore_api::civil::{DateTime, date, time};
use mailstore_api::server::types::{
    DayOfMonth, Interval, JobId, JobResultCode, JobResultId, ProfileId, ProfileType, Schedule, TimeZone,
    Weekday, WorkerResultCode, WorkerResultId,
};
use mailstore_api::{Json, Timestamp};

use super::ask::sampling;

fn utc(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Returns a date and time in 2026.
fn at(month: i8, day: i8, hour: i8, minute: i8, second: i8) -> DateTime {
    date(2026, month, day).at(hour, minute, second, 0)
}

#[tokio::test]
async fn jobs() {
    let server = sampling("GetJobs").await;
    let jobs = server.client().get_jobs().await.unwrap();
    let first = &jobs[0];
    assert_eq!(
        (first.id, first.name.as_str()),
        (JobId(1), "Process Retention Policies")
    );
    assert_eq!(
        (first.action.as_str(), first.owner.as_str()),
        ("ProcessRetentionPolicies", "admin")
    );
    // The values have no `Z` on the wire, but their names say that they are in UTC.
    assert_eq!(first.creation_date_time_utc, utc("2019-03-19T10:42:40Z"));
    assert_eq!(first.last_start_date_time_utc, Some(utc("2026-05-02T10:30:04Z")));
    assert_eq!(
        first.last_complete_date_time_utc,
        Some(utc("2026-05-02T10:30:04Z"))
    );
    assert_eq!(first.next_start_date_time_utc, Some(utc("2026-05-03T10:30:00Z")));
    assert_eq!(first.schedule.time_zone, TimeZone::new("Pacific Standard Time"));
    assert_eq!((first.enabled, jobs[1].enabled), (true, false));
    assert_eq!(jobs[1].last_start_date_time_utc, None);

    let schedules: Vec<_> = jobs.iter().filter_map(|job| job.schedule.schedule).collect();
    let evening = time(22, 0, 0, 0);
    let expected = [
        Schedule::Daily(time(3, 30, 0, 0)),
        Schedule::Every(Interval::Hours4),
        Schedule::Weekly(Weekday::Sunday, evening),
        Schedule::Monthly(DayOfMonth::Last, evening),
        Schedule::Once(at(1, 1, 5, 30, 0)),
    ];
    assert_eq!(schedules, expected);
}

#[tokio::test]
async fn runs_of_jobs() {
    let server = sampling("GetJobResults").await;
    let may = (date(2026, 5, 1), date(2026, 6, 1));
    let request = server
        .client()
        .get_job_results(may.0, may.1, &TimeZone::SERVER_LOCAL);
    let runs = request.await.unwrap();
    let run = &runs[0];
    assert_eq!((run.job_result_id, run.job_id), (JobResultId(2582), JobId(1)));
    assert_eq!(run.action, "ProcessRetentionPolicies");
    let moment = at(5, 2, 3, 30, 4);
    assert_eq!((run.start_time, run.complete_time), (moment, Some(moment)));
    assert_eq!(run.result, JobResultCode::Succeeded);
}

#[tokio::test]
async fn profiles() {
    let server = sampling("GetProfiles").await;
    let profiles = server.client().get_profiles().await.unwrap();
    let profile = &profiles[0];
    assert_eq!((profile.id, profile.version), (Some(ProfileId(1)), Some(7)));
    assert_eq!(profile.name.as_deref(), Some("Mailbox of Frank"));
    assert_eq!(profile.owner.as_deref(), Some("admin"));
    assert_eq!(profile.profile_type, Some(ProfileType::Archiving));
    assert_eq!(profile.connector.as_deref(), Some("IMAP"));

    // The members depend on the connector, so `details` is JSON.
    let details = profile.details.as_ref().unwrap();
    for (name, text) in [
        ("host", "imap.example.com"),
        ("userName", "frank.clark"),
        ("emailAddress", "frank.clark@example.com"),
        ("protocol", "IMAP-SSL"),
        ("targetUserFolder", "frank.clark"),
        ("subType", "single"),
        ("timeout", "300"),
        ("ignoreSSLPolicyErrors", "0"),
        ("excludeUnRead", "0"),
        ("disableAutoExcludeSourceFolders", "0"),
        ("disableAutomaticDetectionOfSentFolders", "1"),
        ("deleteInMailbox", "never"),
    ] {
        assert_eq!(details.get(name), Some(text.into()), "{name}");
    }
    assert_eq!(details.get("password"), Some(Json::null()));

    let execution = profile.server_side_execution.as_ref().unwrap();
    assert_eq!(execution.automatic, Some(true));
    let pause = Duration::from_secs(300);
    assert_eq!(execution.automatic_pause_between_executions, Some(pause));
    assert_eq!(
        execution.automatic_maintenance_windows.as_deref(),
        Some("invented")
    );
}

#[tokio::test]
async fn runs_of_profiles() {
    let server = sampling("GetWorkerResults").await;
    let april = (date(2026, 4, 1), date(2026, 5, 1));
    let request = server
        .client()
        .get_worker_results(april.0, april.1, &TimeZone::SERVER_LOCAL);
    let runs = request.await.unwrap();
    let run = &runs[0];
    assert_eq!(
        (run.id, run.profile_id),
        (WorkerResultId(84_360), Some(ProfileId(33)))
    );
    assert_eq!(run.profile_name.as_deref(), Some("Microsoft 365 Mailboxes"));
    assert_eq!(
        (run.user_name.as_str(), run.machine_name.as_str()),
        ("admin", "HOST1")
    );
    assert_eq!(
        (&run.result, run.items_archived),
        (&WorkerResultCode::Succeeded, 11)
    );
    assert_eq!(
        (run.start_time, run.complete_time),
        (at(4, 22, 6, 8, 57), at(4, 22, 6, 9, 18))
    );
}
