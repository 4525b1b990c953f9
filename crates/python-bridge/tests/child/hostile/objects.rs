//! Objects of the module, which stay in Python.

use python_bridge::{ErrorKind, Handle};
use serde_json::json as value;

use super::open;
use crate::scene::scene;
use crate::support::{close, json};

#[test]
fn an_object_has_the_results_of_the_getters_that_work() {
    scene(async || {
        let connection = open().await;
        // The class of the object is derived from the one that is listed.
        let job: Handle = connection.call("job").arg("name", "a").returns().await.unwrap();
        assert_eq!(job.class(), "MJob");
        assert_eq!(job.get("getName"), Some("a".into()));
        assert_eq!(job.get("getPriority"), None, "this getter raises an exception");
        let parent = job.get("getParent").unwrap();
        assert_eq!(parent.get("$type"), Some("hostile.SpecialJob".into()));
        let error = job.call("getPriority", ()).await.unwrap_err();
        assert!(error.is_class("builtins.RuntimeError"), "{error}");
        let error = job.call("exits", ()).await.unwrap_err();
        assert!(error.is_class("builtins.SystemExit"), "{error}");
        drop(job);
        close(connection).await;
    });
}

#[test]
fn a_dropped_handle_is_freed_with_the_next_call() {
    scene(async || {
        let connection = open().await;
        let jobs: Vec<Handle> = connection.call("jobs").arg("count", 5).returns().await.unwrap();
        assert_eq!(connection.call("alive").await.unwrap(), json(value!(5)));
        let name = connection.call("name_of").arg("job", &jobs[3]);
        drop(jobs);
        // The argument of a call that was not sent yet still holds its object.
        assert_eq!(connection.call("alive").await.unwrap(), json(value!(1)));
        assert_eq!(name.await.unwrap(), "3".into());
        assert_eq!(connection.call("alive").await.unwrap(), json(value!(0)));
        close(connection).await;
    });
}

#[test]
fn too_many_objects_are_refused_and_their_memory_is_freed() {
    scene(async || {
        let connection = open().await;
        let kept: Handle = connection
            .call("job")
            .arg("name", "kept")
            .returns()
            .await
            .unwrap();
        let error = connection.call("jobs").arg("count", 100_000).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Handle(_)), "{error}");
        assert!(error.to_string().contains("100000"), "{error}");
        assert_eq!(connection.call("alive").await.unwrap(), json(value!(1)));
        assert_eq!(kept.call_as::<String>("getName", ()).await.unwrap(), "kept");
        let few: Vec<Handle> = connection.call("jobs").arg("count", 3).returns().await.unwrap();
        drop((few, kept));
        close(connection).await;
    });
}

#[test]
fn a_handle_of_another_session_is_refused() {
    scene(async || {
        let (one, other) = tokio::join!(open(), open());
        let job: Handle = one.call("job").arg("name", "a").returns().await.unwrap();
        let error = other.call("name_of").arg("job", &job).await.unwrap_err();
        assert!(
            error.to_string().contains("belongs to another connection"),
            "{error}"
        );
        // Also if that session has an object with the same number.
        let twin: Handle = other.call("job").arg("name", "b").returns().await.unwrap();
        assert_eq!(twin.number(), job.number());
        let error = other.call("name_of").arg("job", &job).await.unwrap_err();
        assert!(
            error.to_string().contains("belongs to another connection"),
            "{error}"
        );
        drop((job, twin));
        close(one).await;
        close(other).await;
    });
}

#[test]
fn a_handle_that_the_program_invents_is_refused() {
    scene(async || {
        let connection = open().await;
        let forged = json(value!({"$handle": 4711, "class": "MJob", "snapshot": {}}));
        let forged = connection.handle(&forged).unwrap();
        let error = forged.call("getName", ()).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Handle(_)), "{error}");
        // In an argument, it is ordinary data.
        let echoed = connection
            .call("echo")
            .arg("value", value!({"$handle": 4711}))
            .await;
        assert_eq!(echoed.unwrap(), json(value!({"$map": [["$handle", 4711]]})));
        drop(forged);
        close(connection).await;
    });
}
