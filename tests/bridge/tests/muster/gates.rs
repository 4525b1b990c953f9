//! Functions that a version or a context does not have, and errors of Muster.

use bridge_interop::Python;
use muster_api::{ChunkId, Client, Error, ErrorKind, JobId, NodeId, TemplateId, muster_error};

async fn client(environment: &[(&str, &str)]) -> Client {
    let mut spawn = Client::with_python("python3.11", Python::modules());
    for (name, value) in environment {
        spawn = spawn.env(name, value);
    }
    spawn.spawn().await.unwrap()
}

/// The functions that are new in a later version than 9.0, as the page of the vendor says.
const LATER: [(&str, &str); 6] = [
    ("chunkGetHistory", "9.0.6"),
    ("chunkGetHistory", "9.0.6"),
    ("dbBackupFlush", "9.0.6"),
    ("dbFlush", "9.0.6"),
    ("dbHistoryFlush", "9.0.6"),
    ("sendMessageToNode", "9.0.13"),
];

/// Calls the functions of `LATER`, in their order.
async fn call_later(client: &Client) -> Vec<Result<(), Error>> {
    let node = NodeId::from(1);
    vec![
        client
            .chunk_get_history(JobId(1), &ChunkId::from(2))
            .await
            .map(drop),
        client.chunk_get_job_history(JobId(1)).await.map(drop),
        client.db_backup_flush().await,
        client.db_flush().await,
        client.db_history_flush().await,
        client.send_message_to_node(&node, TemplateId(1), "x", true).await,
    ]
}

#[test]
fn the_catalog_has_the_versions_of_the_page() {
    let functions = muster_api::catalog::SURFACE.functions.iter();
    let later = functions.filter(|function| !function.since.is_empty());
    let later: Vec<_> = later.map(|function| (function.name, function.since)).collect();
    assert_eq!(later, LATER);
}

#[tokio::test]
async fn a_function_of_a_later_version_than_the_stated_one_is_not_sent() {
    // The module has all functions, and the program states an older version.
    for (running, refused) in [
        ("9.0", 6),
        ("9.0.5", 6),
        ("9.0.6", 1),
        ("9.0.12", 1),
        ("9.0.13", 0),
        ("9.1", 0),
    ] {
        let log = tempfile::NamedTempFile::new().unwrap();
        let client = Client::with_python("python3.11", Python::modules())
            .env("MUSTER_FAKE_LOG", log.path().to_str().unwrap())
            .running_version(running)
            .spawn()
            .await
            .unwrap();
        let results = call_later(&client).await;
        let errors: Vec<_> = LATER
            .iter()
            .zip(&results)
            .filter_map(|(later, result)| result.as_ref().err().map(|error| (later, error)))
            .collect();
        assert_eq!(errors.len(), refused, "{running}: {errors:?}");
        for ((name, since), error) in errors {
            let expected = format!(
                "{name}: the function needs version {since}, and the running version is {running}, so nothing was sent"
            );
            assert_eq!(error.to_string(), expected);
            assert!(matches!(error.kind(), ErrorKind::Version { .. }), "{error}");
        }
        let sent = std::fs::read_to_string(log.path()).unwrap().lines().count();
        assert_eq!(sent, LATER.len() - refused, "{running}");
    }
}

#[tokio::test]
async fn a_function_that_the_module_lacks_is_not_sent() {
    // The module lacks functions, whatever version the program states.
    for (version, missing) in [("9.0.5", 6), ("9.0.6", 1), ("9.0.12", 1), ("9.0.13", 0)] {
        for stated in [None, Some("9.0.13")] {
            let mut spawn =
                Client::with_python("python3.11", Python::modules()).env("MUSTER_FAKE_VERSION", version);
            if let Some(stated) = stated {
                spawn = spawn.running_version(stated);
            }
            let client = spawn.spawn().await.unwrap();
            let results = call_later(&client).await;
            let mut count = 0;
            for ((name, since), result) in LATER.iter().zip(results) {
                let Err(error) = result else { continue };
                count += 1;
                let version = stated.map_or(String::new(), |stated| format!(" (version {stated})"));
                let expected = format!(
                    "{name}: the module{version} has no such function, which is new in version {since}"
                );
                assert_eq!(error.to_string(), expected);
                assert!(matches!(error.kind(), ErrorKind::Missing(_)), "{error}");
            }
            assert_eq!(count, missing, "{version}");
        }
    }
}

#[tokio::test]
async fn a_version_that_is_no_version_is_rejected() {
    let spawn = Client::with_python("python3.11", Python::modules()).running_version("nine");
    let error = spawn.spawn().await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Configuration(_)), "{error}");
    assert!(error.to_string().contains("`nine`"), "{error}");
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
