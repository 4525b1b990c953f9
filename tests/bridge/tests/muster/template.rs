//! The switches of the template.

use bridge_interop::Python;
use muster_api::{Client, ErrorKind, JobDraft, JobId, catalog};
use serde_json::json;

use crate::dispatcher::{CALLBACKS, Dispatcher, EVERYTHING, HOSTS, Host};

#[tokio::test]
async fn the_bridge_is_off_until_the_token_file_exists() {
    for host in HOSTS {
        let dispatcher = Dispatcher::start(host, &[]);
        let error = muster_api::Client::connect(dispatcher.token_file())
            .open()
            .await
            .unwrap_err();
        assert!(!error.is_outcome_unknown(), "{error}");
        dispatcher.switch_on();
        let client = dispatcher.connect().open().await.unwrap();
        assert_eq!(client.job_get_list().await.unwrap().len(), 2);
    }
}

#[tokio::test]
async fn programs_can_only_read_by_default() {
    let dispatcher = Dispatcher::start(Host::Holding, &[]);
    let client = dispatcher.connect().open().await.unwrap();
    let error = client.job_reinit(JobId(1)).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Refused(_)), "{error}");
    let job = client.job_get(JobId(1)).await.unwrap();
    let error = job.handle().call("setName", ("other",)).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Refused(_)), "{error}");
    assert_eq!(dispatcher.calls().len(), 1);
}

/// Edits of the template.
type Edits<'a> = &'a [(&'a str, &'a str)];

/// All functions that remove something, run code or replace the queue.
const DANGEROUS: [&str; 15] = [
    "backupJobAndDelete",
    "dbClearHistoryBounds",
    "dbClearStatisticsBounds",
    "dbImportQueueSQL",
    "groupRemove",
    "jobDelete",
    "logClear",
    "nodeRemoveRegistration",
    "nodeRunPythonCode",
    "poolRemove",
    "repositoriesRemove",
    "systemRemoveActionLog",
    "systemRemoveActivityLog",
    "systemResetStatisticsCounters",
    "userRemove",
];

/// Calls functions by name, with a text for each argument. Returns those that are not refused.
async fn accepted(client: &Client, names: &[&'static str]) -> Vec<&'static str> {
    let mut accepted = Vec::new();
    for name in names {
        let function = catalog::SURFACE.function(name).unwrap();
        let mut call = client.call(name);
        for argument in function.arguments {
            call = call.arg(argument.name, "text");
        }
        match call.await {
            Err(error) if matches!(error.kind(), ErrorKind::Refused(_)) => {}
            // The fake does not accept a text for each argument.
            Ok(_) | Err(_) => accepted.push(*name),
        }
    }
    accepted
}

#[tokio::test]
async fn dangerous_functions_need_a_switch_of_their_own() {
    let everything_named = format!("ALLOW = {:?}", [&DANGEROUS[..], &["logAddMessage"]].concat());
    let named = ("ALLOW = []", everything_named.as_str());
    let [changes, dangerous] = [EVERYTHING[0], EVERYTHING[1]];
    let cases: [(Edits<'_>, bool, bool); 6] = [
        (&[], false, false),
        (&[dangerous], false, false),
        (&[changes], true, false),
        (&[named], true, false),
        (&[changes, dangerous], true, true),
        (&[named, dangerous], true, true),
    ];
    for (edits, may_change, may_destroy) in cases {
        let dispatcher = Dispatcher::start(Host::Releasing, edits);
        let client = dispatcher.connect().open().await.unwrap();
        let changed = client.log_add_message("text").await;
        assert_eq!(changed.is_ok(), may_change, "{edits:?}");
        let expected: &[&str] = if may_destroy { &DANGEROUS } else { &[] };
        assert_eq!(accepted(&client, &DANGEROUS).await, expected, "{edits:?}");
        let logged: Vec<_> = dispatcher
            .calls()
            .into_iter()
            .map(|call| call[0].clone())
            .collect();
        let is_logged = |name: &str| logged.iter().any(|call| call == name);
        assert_eq!(is_logged("logClear"), may_destroy, "{edits:?}");
        assert_eq!(is_logged("dbImportQueueSQL"), may_destroy, "{edits:?}");
        assert_eq!(is_logged("nodeRunPythonCode"), may_destroy, "{edits:?}");
    }
}

#[tokio::test]
async fn a_new_job_needs_the_setters_that_it_calls() {
    for (allow, is_allowed) in [
        ("ALLOW = [\"jobSubmit\"]", false),
        ("ALLOW = [\"jobSubmit\", \"MJob.setName\"]", true),
    ] {
        let dispatcher = Dispatcher::start(Host::Holding, &[("ALLOW = []", allow)]);
        let client = dispatcher.connect().open().await.unwrap();
        let job = JobDraft::new("shot").create(&client).await;
        assert_eq!(job.is_ok(), is_allowed, "{allow}");
        if let Ok(job) = job {
            client.job_submit(&job, "alice").await.unwrap();
            assert!(job.set_priority(3).await.is_err());
        }
    }
}

#[tokio::test]
async fn each_documented_callback_serves_programs() {
    let template = CALLBACKS.map(|name| muster_api::TEMPLATE.contains(name));
    assert_eq!(template, [true; 13]);
    for (place, name) in CALLBACKS.iter().enumerate() {
        let host = [Host::Holding, Host::Releasing, Host::Threads][place % 3];
        let setting = format!("CALLBACKS = [{name:?}]");
        let edits = [("CALLBACKS = [\"onDispatcherIdling\"]", setting.as_str())];
        // The Dispatcher calls all callbacks, and only this one serves programs.
        let dispatcher = Dispatcher::calling(host, &CALLBACKS, &edits);
        let client = dispatcher.connect().open().await.unwrap();
        for _ in 0..3 {
            assert_eq!(client.job_get_list().await.unwrap().len(), 2);
        }
        assert_eq!(dispatcher.callbacks(), [*name; 3], "{host:?}");
    }
}

#[tokio::test]
async fn several_callbacks_serve_programs_by_turns() {
    for host in HOSTS {
        let edits = [(
            "CALLBACKS = [\"onDispatcherIdling\"]",
            "CALLBACKS = [\"onJobStart\", \"onJobEnd\"]",
        )];
        let dispatcher = Dispatcher::calling(host, &CALLBACKS, &edits);
        let client = dispatcher.connect().open().await.unwrap();
        for _ in 0..20 {
            client.pool_get_list().await.unwrap();
        }
        let callbacks = dispatcher.callbacks();
        assert_eq!(callbacks.len(), 20);
        let others = callbacks
            .iter()
            .find(|name| *name != "onJobStart" && *name != "onJobEnd");
        assert_eq!(others, None, "{host:?}");
    }
}

#[tokio::test]
async fn a_callback_that_a_called_function_causes_serves_nobody() {
    for host in HOSTS {
        let edits = [
            EVERYTHING[0],
            (
                "CALLBACKS = [\"onDispatcherIdling\"]",
                "CALLBACKS = [\"onDispatcherIdling\", \"onSubmitJob\"]",
            ),
        ];
        let dispatcher = Dispatcher::start(host, &edits);
        let client = dispatcher.connect().open().await.unwrap();
        let job = client.job_get(JobId(1)).await.unwrap();
        client.job_submit(&job, "alice").await.unwrap();
        assert_eq!(client.job_get_list().await.unwrap().len(), 2);
        assert_eq!(dispatcher.callbacks(), ["onDispatcherIdling"; 3], "{host:?}");
    }
}

#[tokio::test]
async fn the_bridge_follows_the_token_file() {
    for host in [Host::Holding, Host::Releasing, Host::Threads] {
        let dispatcher = Dispatcher::start(host, &[]);
        let first = dispatcher.connect().open().await.unwrap();
        first.job_get_list().await.unwrap();
        dispatcher.switch_off();
        assert!(first.job_get_list().await.is_err());
        dispatcher.switch_on();
        let second = dispatcher.connect().open().await.unwrap();
        assert_eq!(second.job_get_list().await.unwrap().len(), 2);
        assert_eq!(dispatcher.calls().len(), 2, "{host:?}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_token_that_others_can_read_is_reported_and_switches_nothing_on() {
    use std::os::unix::fs::PermissionsExt;

    let dispatcher = Dispatcher::start(Host::Holding, &[]);
    std::fs::write(dispatcher.token_file(), "0123456789abcdef".repeat(4)).unwrap();
    let shared = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(dispatcher.token_file(), shared).unwrap();
    dispatcher.wait_until("the problem is in the log", |dispatcher| {
        !dispatcher.calls().is_empty()
    });
    let expected = "muster_bridge: other users may open the token file; its mode must be 0600";
    assert_eq!(dispatcher.calls(), [json!(["logAddMessage", expected])]);
    assert!(!dispatcher.is_on());
}

/// Runs a Python script next to the template. Returns what it prints.
fn run_script(script: &str, variable: (&str, &str)) -> String {
    let folder = tempfile::tempdir().unwrap();
    muster_api::write_template(folder.path()).unwrap();
    let paths = std::env::join_paths([folder.path(), &Python::modules()]).unwrap();
    let output = Python::required()
        .command()
        .args(["-c", script])
        .env("PYTHONPATH", paths)
        .env(variable.0, variable.1)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[test]
fn other_programs_of_muster_do_not_serve_the_bridge() {
    // `muster.runningContext()` returns the program that runs a script.
    let script = "import os, MTemplateAPI, muster_bridge_template as bridge
token = bridge.TOKEN_FILE
open(token, 'w').write('0123456789abcdef' * 4)
os.chmod(token, 0o600)
(template,) = MTemplateAPI.MManager.getUniqueClass().templates
results = [template.onDispatcherIdling(number) for number in range(3)]
print(os.path.exists(token + '.port'), [result.getDescription() for result in results])";
    let inherited = "['inherited [0]', 'inherited [1]', 'inherited [2]']";
    for (name, value, expected) in [
        ("MUSTER_FAKE_RUNNING", "dispatcher", format!("True {inherited}")),
        (
            "MUSTER_FAKE_RUNNING",
            "renderclient",
            format!("False {inherited}"),
        ),
        ("MUSTER_FAKE_RUNNING", "console", format!("False {inherited}")),
        ("MUSTER_FAKE_BASE", "bare", "True ['', '', '']".to_owned()),
    ] {
        assert_eq!(run_script(script, (name, value)), expected, "{value}");
    }
}

#[test]
fn a_problem_that_stays_is_reported_once() {
    let script = "import os, MDispatcherAPI, MTemplateAPI, muster_bridge_template as bridge
bridge.RETRY = 0
open(bridge.TOKEN_FILE, 'w').write('short')
os.chmod(bridge.TOKEN_FILE, 0o600)
(template,) = MTemplateAPI.MManager.getUniqueClass().templates
for number in range(3):
    template.onDispatcherIdling(number)
print(MDispatcherAPI.calls)";
    let expected = "[['logAddMessage', 'muster_bridge: the token file must contain 64 hexadecimal digits']]";
    assert_eq!(
        run_script(script, ("MUSTER_FAKE_RUNNING", "dispatcher")),
        expected
    );
}

#[tokio::test]
async fn a_client_can_connect_again() {
    let dispatcher = Dispatcher::start(Host::Holding, &[]);
    for _ in 0..3 {
        let client = dispatcher.connect().open().await.unwrap();
        assert_eq!(client.pool_get_list().await.unwrap().len(), 2);
        client.connection().clone().close().await;
    }
}

#[tokio::test]
async fn the_template_works_in_all_pythons_of_this_machine() {
    // Muster 9 has Python 3.
    let pythons = Python::others()
        .into_iter()
        .filter(|python| python.version() != "2.7");
    for python in pythons.chain([Python::required()]) {
        let dispatcher = Dispatcher::in_python(&python, EVERYTHING);
        let client = dispatcher.connect().open().await.unwrap();
        assert_eq!(client.job_get_list().await.unwrap().len(), 2);
        assert_eq!(
            client.backup_get_boundaries().await.unwrap().jobs_count(),
            Some(42)
        );
        let job = client.job_get(JobId(1)).await.unwrap();
        client.job_submit(&job, "alice").await.unwrap();
        assert_eq!(dispatcher.calls().len(), 4, "{python:?}");
    }
}
