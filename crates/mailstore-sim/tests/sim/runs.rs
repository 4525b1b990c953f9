//! Tests of profiles, jobs, and the results of their runs.

use serde_json::{Value, json};

use crate::client::{Client, column, row, start_server};

const EVER: [(&str, &str); 2] = [
    ("fromIncluding", "2000-01-01T00:00:00"),
    ("toExcluding", "2100-01-01T00:00:00"),
];

fn worker_results(client: &mut Client, more: &[(&str, &str)]) -> Value {
    client.result(
        "GetWorkerResults",
        &[&EVER[..], &[("timeZoneID", "$Local")], more].concat(),
    )
}

fn job_results(client: &mut Client, more: &[(&str, &str)]) -> Value {
    client.result(
        "GetJobResults",
        &[&EVER[..], &[("timeZoneId", "$Local")], more].concat(),
    )
}

#[test]
fn profiles_are_created_from_raw_properties() {
    let server = start_server();
    let mut client = Client::new(&server);
    client.failure("GetProfiles", &[("raw", "false")]);
    let properties = r#"{"name":"New","owner":"jane.doe","type":"I","details":{"host":"h","password":"p"}}"#;
    client.failure("CreateProfile", &[("properties", properties), ("raw", "false")]);
    for wrong in [
        "[]",
        "{}",
        r#"{"name":"x","id":3}"#,
        r#"{"name":"x","version":3}"#,
    ] {
        client.failure("CreateProfile", &[("properties", wrong), ("raw", "true")]);
    }
    client.result("CreateProfile", &[("properties", properties), ("raw", "true")]);
    let execution = [
        ("id", "3"),
        ("automatic", "true"),
        ("automaticPauseBetweenExecutions", "300"),
    ];
    client.result("SetProfileServerSideExecution", &execution);
    let profiles = client.result("GetProfiles", &[("raw", "true")]);
    assert_eq!(column(&profiles, "id"), [1, 2, 3]);
    assert_eq!(
        profiles[2]["details"],
        json!({ "host": "h", "password": null }),
        "passwords are not kept"
    );
    assert_eq!(
        profiles[2]["serverSideExecution"]["automaticPauseBetweenExecutions"],
        300
    );
    client.result("DeleteProfile", &[("id", "3")]);
    client.failure("DeleteProfile", &[("id", "3")]);
}

#[test]
fn runs_of_profiles_leave_results() {
    let server = start_server();
    let mut client = Client::new(&server);
    let before = worker_results(&mut client, &[]).as_array().unwrap().len();
    let count = client.result("GetStores", &[])[2]["statisticsCount"]
        .as_i64()
        .unwrap();
    let (log, last) = client.finish("RunProfile", &[("id", "2")]);
    assert_eq!(last["statusCode"], "succeeded");
    assert!(log.contains("John's IMAP mailbox"), "{log}");
    client.finish(
        "RunTemporaryProfile",
        &[("properties", r#"{"name":"once"}"#), ("raw", "true")],
    );
    let rows = worker_results(&mut client, &[]);
    assert_eq!(rows.as_array().unwrap().len(), before + 2);
    let newest = column(&rows, "id")
        .into_iter()
        .filter_map(|id| id.as_i64())
        .max()
        .unwrap();
    let temporary = row(&rows, "id", newest);
    assert!(
        temporary.get("profileId").is_none() && temporary.get("profileName").is_none(),
        "{temporary}"
    );
    let stored = row(&rows, "id", newest - 1);
    assert_eq!(
        (&stored["profileId"], &stored["userName"]),
        (&json!(2), &json!("john.doe"))
    );
    assert_eq!(stored["result"], "succeeded");
    assert_eq!(
        stored["startTime"].as_str().unwrap().len(),
        "2026-01-01T00:00:00".len()
    );
    assert_eq!(client.result("GetStores", &[])[2]["statisticsCount"], count + 34);
    let id = newest.to_string();
    let report = client.result("GetWorkerResultReport", &[("id", &id)]);
    assert!(report.as_str().unwrap().contains("(not stored)"), "{report}");
    client.failure("GetWorkerResultReport", &[("id", "1")]);
}

#[test]
fn results_are_filtered_and_unsorted() {
    let server = start_server();
    let mut client = Client::new(&server);
    let all = worker_results(&mut client, &[]);
    let ids: Vec<i64> = column(&all, "id").iter().filter_map(Value::as_i64).collect();
    assert!(
        !ids.is_sorted() && !ids.iter().rev().is_sorted(),
        "the rows are not sorted: {ids:?}"
    );
    assert!(
        all.as_array()
            .unwrap()
            .iter()
            .any(|row| row.get("profileId").is_none())
    );
    let of_profile = worker_results(&mut client, &[("profileID", "1")]);
    assert!(column(&of_profile, "profileId").iter().all(|id| *id == 1));
    let of_user = worker_results(&mut client, &[("userName", "jane.doe")]);
    assert_eq!(column(&of_user, "result"), ["cancelled"]);
    // The window includes its start and excludes its end.
    let start = of_user[0]["startTime"].as_str().unwrap();
    let window = |from: &str, to: &str| {
        let arguments = [
            ("fromIncluding", from),
            ("toExcluding", to),
            ("timeZoneID", "UTC"),
        ];
        Client::new(&server)
            .result("GetWorkerResults", &arguments)
            .as_array()
            .unwrap()
            .len()
    };
    let times = column(&all, "startTime");
    let before = times.iter().filter(|time| time.as_str() < Some(start)).count();
    assert_eq!(window(start, EVER[1].1), times.len() - before);
    assert_eq!(
        window(EVER[0].1, start),
        column(&all, "startTime")
            .iter()
            .filter(|t| t.as_str() < Some(start))
            .count()
    );
}

#[test]
fn results_use_the_requested_time_zone() {
    let server = start_server();
    let mut client = Client::new(&server);
    let mut start = |zone: &str| {
        let arguments = [EVER[0], EVER[1], ("timeZoneID", zone), ("userName", "jane.doe")];
        let time = client.result("GetWorkerResults", &arguments)[0]["startTime"].take();
        time.as_str().unwrap()[11..].to_owned()
    };
    assert_eq!(start("UTC"), "14:30:00");
    assert_eq!(start("$Local"), "14:30:00");
    assert_eq!(start("India Standard Time"), "20:00:00");
}

#[test]
fn a_job_can_be_created_changed_and_deleted() {
    let server = start_server();
    let mut client = Client::new(&server);
    let create = |more: &[(&'static str, &'static str)]| {
        let job = [
            ("name", "Nightly"),
            ("action", "VerifyStores"),
            ("owner", "admin"),
            ("timeZoneId", "$Local"),
        ];
        [&job[..], more].concat()
    };
    for wrong in [
        &[][..],
        &[("interval", "260")],
        &[("time", "25:00")],
        &[("time", "03:30"), ("interval", "60")],
        &[("time", "03:30"), ("dayOfWeek", "Caturday")],
        &[("time", "03:30"), ("dayOfMonth", "32")],
        &[("time", "03:30"), ("date", "soon")],
    ] {
        client.failure("CreateJob", &create(wrong));
    }
    client.result("CreateJob", &create(&[("time", "03:30"), ("dayOfMonth", "Last")]));
    let jobs = client.result("GetJobs", &[]);
    let job = row(&jobs, "id", 3);
    let schedule = json!({ "timeZoneId": "$Local", "time": "03:30:00", "dayOfMonth": "Last" });
    assert_eq!(job["schedule"], schedule, "keys that are not used are absent");
    assert!(
        job["nextStartDateTimeUtc"]
            .as_str()
            .unwrap()
            .ends_with("T03:30:00")
    );
    assert_eq!(job["lastStartDateTimeUtc"], Value::Null);
    client.result(
        "SetJobSchedule",
        &[("id", "3"), ("timeZoneId", "UTC"), ("interval", "720")],
    );
    client.result("SetJobEnabled", &[("id", "3"), ("enabled", "false")]);
    client.result("RenameJob", &[("id", "3"), ("name", "Noon")]);
    client.failure("RenameJob", &[("id", "3"), ("name", "Verify all stores")]);
    let jobs = client.result("GetJobs", &[]);
    let job = row(&jobs, "name", "Noon");
    assert_eq!(
        (&job["enabled"], &job["nextStartDateTimeUtc"]),
        (&json!(false), &Value::Null)
    );
    assert_eq!(job["schedule"], json!({ "timeZoneId": "UTC", "interval": 720 }));
    client.result("DeleteJob", &[("id", "3")]);
    client.failure("DeleteJob", &[("id", "3")]);
}

#[test]
fn results_show_the_runs_of_jobs() {
    let server = start_server();
    let mut client = Client::new(&server);
    let of_job = [("jobId", "2")];
    assert_eq!(job_results(&mut client, &of_job), json!([]));
    assert_eq!(client.call("RunJobAsync", &of_job_id())["token"], Value::Null);
    client.failure("RunJobAsync", &of_job_id());
    assert_eq!(job_results(&mut client, &of_job), json!([]), "the job is running");
    let rows = job_results(&mut client, &of_job);
    assert_eq!(rows[0]["result"], "succeeded");
    assert_eq!(rows[0]["action"], "VerifyStores --includeIndexes=false");
    client.result("RunJobAsync", &of_job_id());
    client.result("CancelJobAsync", &of_job_id());
    let mut results = column(&job_results(&mut client, &of_job), "result");
    results.sort_by_key(ToString::to_string);
    assert_eq!(results, ["cancelled", "succeeded"]);
    let starts = column(&job_results(&mut client, &[]), "startTime");
    assert!(
        starts.iter().rev().is_sorted_by_key(|time| time.to_string()),
        "newest first: {starts:?}"
    );
    client.failure("RunJobAsync", &[("id", "99")]);
}

fn of_job_id() -> [(&'static str, &'static str); 1] {
    [("id", "2")]
}
