//! All functions with all arguments, through all programs that play the Dispatcher.

mod accounts;
mod connections;
mod labels;
mod nodes;
mod queue;
mod system;

use muster_api::{Class, Client, Connect, JobDraft, JobId, QueueSql, TemplateId};
use serde_json::{Value, json};

use labels::label;

use crate::dispatcher::{Dispatcher, EVERYTHING, HOSTS, Host};

/// The classes without known members. The fakes have a getter that tells the objects apart.
const OPAQUE: [&str; 10] = [
    "MHistoryChunk",
    "MNode",
    "MClient",
    "MNClient",
    "MDispatcherConfiguration",
    "MUser",
    "MGroup",
    "MPool",
    "MRepository",
    "MStringRef",
];

/// The edits of the template that allow everything, and the getter of the fakes.
fn edits() -> Vec<(&'static str, String)> {
    let methods: Vec<String> = OPAQUE
        .iter()
        .map(|class| format!("{class:?}: [\"getNameFake\"]"))
        .collect();
    let everything = EVERYTHING.iter().map(|(from, to)| (*from, (*to).to_owned()));
    everything
        .chain([("METHODS = {}", format!("METHODS = {{{}}}", methods.join(", ")))])
        .collect()
}

fn start(host: Host, variable: (&str, &str)) -> Dispatcher {
    let edits = edits();
    let edits: Vec<(&str, &str)> = edits.iter().map(|(from, to)| (*from, to.as_str())).collect();
    Dispatcher::with_env(host, variable, &edits)
}

fn connect(dispatcher: &Dispatcher) -> Connect {
    let with_class = |connect: Connect, name: &'static str| {
        let class = Class::new(name)
            .methods(&["getNameFake", "setString"])
            .reads(&["getNameFake"]);
        // The constructor of the others is not known.
        connect.class(if name == "MStringRef" {
            class.module("MClientAPI")
        } else {
            class
        })
    };
    OPAQUE.into_iter().fold(dispatcher.connect(), with_class)
}

#[test]
fn the_expected_calls_are_those_of_the_catalog_and_leave_out_no_argument() {
    let mut expected: Vec<(String, usize)> = calls().iter().map(signature).collect();
    let functions = muster_api::catalog::SURFACE.functions.iter();
    let mut catalog: Vec<(String, usize)> = functions
        .map(|function| {
            (
                function.name.to_owned(),
                function.arguments.len() + function.out.len(),
            )
        })
        .collect();
    expected.sort();
    catalog.sort();
    assert_eq!(expected, catalog);
    assert_eq!(expected.len(), 101);
    for call in calls() {
        let unset = [json!(0), json!(false), json!(""), Value::Null];
        let arguments = call.as_array().unwrap();
        assert!(
            arguments.iter().all(|argument| !unset.contains(argument)),
            "{call}"
        );
    }
}

fn signature(call: &Value) -> (String, usize) {
    let parts = call.as_array().unwrap();
    (parts[0].as_str().unwrap().to_owned(), parts.len() - 1)
}

fn calls() -> Vec<Value> {
    [
        queue::calls(),
        nodes::calls(),
        connections::calls(),
        system::calls(),
        accounts::calls(),
    ]
    .iter()
    .flat_map(|part| part.as_array().unwrap().clone())
    .collect()
}

#[tokio::test]
async fn all_functions_reach_the_module_with_all_arguments_and_return_its_results() {
    for host in HOSTS {
        let dispatcher = start(host, ("MUSTER_FAKE_SQL", "object"));
        let client = connect(&dispatcher).open().await.unwrap();
        queue::run(&client).await.unwrap();
        nodes::run(&client).await.unwrap();
        connections::run(&client).await.unwrap();
        system::run(&client).await.unwrap();
        accounts::run(&client).await.unwrap();
        assert_eq!(dispatcher.calls(), calls(), "{host:?}");
    }
}

#[tokio::test]
async fn the_queue_is_exported_as_a_text_or_into_an_argument() {
    let dispatcher = start(Host::Holding, ("MUSTER_FAKE_SQL", "text"));
    let client = connect(&dispatcher).open().await.unwrap();
    let sql = client.db_export_queue_sql().await.unwrap();
    assert_eq!(sql, QueueSql::Text("INSERT INTO queue".to_owned()));
    assert_eq!(sql.text(), Some("INSERT INTO queue"));

    let dispatcher = start(Host::Holding, ("MUSTER_FAKE_SQL", "argument"));
    let client = connect(&dispatcher).open().await.unwrap();
    assert!(client.db_export_queue_sql().await.is_err());
    let sql = client.new_string_ref().await.unwrap();
    sql.set_text("before").await.unwrap();
    assert_eq!(label(sql.handle()).await, "MStringRef: before");
    let call = client.call("dbExportQueueSQL").arg("sql", sql.handle());
    call.await.unwrap();
    assert_eq!(label(sql.handle()).await, "MStringRef: INSERT INTO queue");
}

/// All members of a new job.
fn draft(job_type: i64) -> JobDraft {
    JobDraft::new("shot 7")
        .parent(JobId(-1))
        .template(TemplateId(9))
        .job_type(job_type)
        .depend_mode(1)
        .depends("3")
        .priority(5)
        .packet_type(2)
        .packet_size(10)
        .included_pools("gpu")
        .project("film")
        .department("light")
        .logs_error_check_type(6)
        .maximum_nodes(4)
        .attribute_text("file", "a.ma")
        .attribute_number("start", 1.0)
}

/// What the fake keeps of a job.
async fn members(client: &Client, job: &muster_api::Job) -> Value {
    client.job_edit(job).await.unwrap();
    let members: String = job.handle().call_as("membersFake", ()).await.unwrap();
    serde_json::from_str(&members).unwrap()
}

#[tokio::test]
async fn a_new_job_and_a_job_of_the_queue_have_the_same_setters() {
    const JOB: Class = Class::new("MJob")
        .module("MClientAPI")
        .snapshot(&["getName"])
        .methods(&[
            "attributeGetString",
            "attributeSetFloat",
            "attributeSetString",
            "membersFake",
            "setDepartment",
            "setDependMode",
            "setDepends",
            "setIncludedPools",
            "setJobType",
            "setLogsErrorCheckType",
            "setMaximumNodes",
            "setName",
            "setPacketSize",
            "setPacketType",
            "setParentId",
            "setPriority",
            "setProject",
            "setTemplateID",
        ]);
    let edits = [
        EVERYTHING[0],
        ("METHODS = {}", "METHODS = {\"MJob\": [\"membersFake\"]}"),
    ];
    for host in HOSTS {
        let dispatcher = Dispatcher::start(host, &edits);
        let client = dispatcher.connect().class(JOB).open().await.unwrap();
        let job_type = client.constant("kJobTypeJob").await.unwrap().decode().unwrap();
        let new = draft(job_type).create(&client).await.unwrap();
        let mut expected = json!({
            "Name": "shot 7", "ParentId": -1, "TemplateID": 9, "JobType": job_type, "DependMode": 1, "Depends": "3",
            "Priority": 5, "PacketType": 2, "PacketSize": 10, "IncludedPools": "gpu", "Project": "film",
            "Department": "light", "LogsErrorCheckType": 6, "MaximumNodes": 4, "JobId": 0, "Status": 0,
            "file": "a.ma", "start": 1.0,
        });
        assert_eq!(members(&client, &new).await, expected, "{host:?}");
        assert_eq!(new.attribute("file").await.unwrap(), "a.ma");

        let job = client.job_get(JobId(2)).await.unwrap();
        job.set_name("shot 7").await.unwrap();
        job.set_parent(JobId(-1)).await.unwrap();
        job.set_template(TemplateId(9)).await.unwrap();
        job.set_job_type(job_type).await.unwrap();
        job.set_depend_mode(1).await.unwrap();
        job.set_depends("3").await.unwrap();
        job.set_priority(5).await.unwrap();
        job.set_packet_type(2).await.unwrap();
        job.set_packet_size(10).await.unwrap();
        job.set_included_pools("gpu").await.unwrap();
        job.set_project("film").await.unwrap();
        job.set_department("light").await.unwrap();
        job.set_logs_error_check_type(6).await.unwrap();
        job.set_maximum_nodes(4).await.unwrap();
        job.set_attribute_text("file", "a.ma").await.unwrap();
        job.set_attribute_number("start", 1.0).await.unwrap();
        expected["JobId"] = json!(2);
        expected["Status"] = json!(4);
        assert_eq!(members(&client, &job).await, expected, "{host:?}");
        assert_eq!(job.name().as_deref(), Some("job 2"));

        client.job_submit(&new, "alice").await.unwrap();
        let expected = [
            json!(["jobEdit", "MJob shot 7"]),
            json!(["jobGet", 2]),
            json!(["jobEdit", "MJob shot 7"]),
            json!(["jobSubmit", "MJob shot 7", "alice"]),
        ];
        assert_eq!(dispatcher.calls(), expected, "{host:?}");
    }
}
