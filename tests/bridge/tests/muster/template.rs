//! The switches of the template.

use bridge_interop::Python;
use muster_api::{ErrorKind, JobId, NodeId};

use crate::dispatcher::{Dispatcher, EVERYTHING, HOSTS, Host};

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

#[tokio::test]
async fn dangerous_functions_need_a_switch_of_their_own() {
    let changes = &EVERYTHING[..1];
    let allow = [("ALLOW = []", "ALLOW = [\"jobReinit\", \"jobDelete\"]")];
    for edits in [changes, &allow] {
        let dispatcher = Dispatcher::start(Host::Releasing, edits);
        let client = dispatcher.connect().open().await.unwrap();
        client.job_reinit(JobId(1)).await.unwrap();
        let node = NodeId::from(1);
        let refused = [
            client.job_delete(JobId(1)).await.unwrap_err(),
            client.node_run_python_code(&node, "pass").await.unwrap_err(),
            client.db_import_queue_sql("x").await.unwrap_err(),
            client.user_remove("alice").await.unwrap_err(),
        ];
        for error in refused {
            assert!(
                matches!(error.kind(), ErrorKind::Refused(_) | ErrorKind::Missing(_)),
                "{error}"
            );
        }
        assert_eq!(dispatcher.calls().len(), 1);
    }
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
