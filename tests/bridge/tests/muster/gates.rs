//! Functions that a version or a context does not have, and errors of Muster.

use bridge_interop::Python;
use muster_api::{Client, ErrorKind, JobId, NodeId, TemplateId, muster_error};

async fn client(environment: &[(&str, &str)]) -> Client {
    let mut spawn = Client::with_python("python3.11", Python::modules());
    for (name, value) in environment {
        spawn = spawn.env(name, value);
    }
    spawn.spawn().await.unwrap()
}

#[tokio::test]
async fn functions_of_later_versions_are_named_before_a_call() {
    for (version, has_flush) in [("9.0.5", false), ("9.0.6", true), ("9.0.12", true)] {
        let client = client(&[("MUSTER_FAKE_VERSION", version)]).await;
        let error = client
            .send_message_to_node(&NodeId::from(1), TemplateId(1), "x", true)
            .await
            .unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Missing(_)), "{error}");
        assert!(error.to_string().contains("9.0.13"), "{error}");
        assert_eq!(client.db_flush().await.is_ok(), has_flush, "{version}");
        assert_eq!(
            client.chunk_get_job_history(JobId(1)).await.is_ok(),
            has_flush,
            "{version}"
        );
    }
}

#[tokio::test]
async fn each_call_outside_the_dispatcher_is_an_error_of_muster() {
    let client = client(&[("MUSTER_FAKE_CONTEXT", "wrong")]).await;
    let error = client.job_get_list().await.unwrap_err();
    assert_eq!(
        muster_error(&error),
        Some((-3, "the function was called from a wrong context"))
    );
    let error = client.backup_get_boundaries().await.unwrap_err();
    assert_eq!(muster_error(&error).map(|(code, _)| code), Some(-3));
}

#[tokio::test]
async fn an_error_object_has_its_code_and_description() {
    let client = client(&[]).await;
    let error = client.job_get(JobId(-5)).await.unwrap_err();
    assert_eq!(muster_error(&error), Some((12, "there is no job -5")));
    assert_eq!(error.function(), Some("jobGet"));
    assert_eq!(client.job_get(JobId(5)).await.unwrap().job_id(), Some(JobId(5)));
}

#[tokio::test]
async fn a_read_only_client_reads() {
    let client = Client::with_python("python3.11", Python::modules())
        .read_only()
        .spawn()
        .await
        .unwrap();
    assert_eq!(client.job_get_list().await.unwrap().len(), 2);
    let error = client.job_delete(JobId(1)).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ReadOnly), "{error}");
}
