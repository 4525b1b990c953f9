//! Read-only connections.

use python_bridge::ErrorKind;
use serde_json::json as value;

use crate::scene::scene;
use crate::support::{builder, close, json};

#[test]
fn a_read_only_connection_sends_no_call_that_may_change_something() {
    scene(async || {
        let connection = builder().read_only().spawn().await.unwrap();
        assert!(connection.is_read_only());
        let error = connection.call("change").arg("value", 1).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::ReadOnly), "{error}");
        assert!(!error.is_outcome_unknown());
        let error = connection
            .call("scale")
            .arg("a", 1)
            .arg("b", 2)
            .await
            .unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::ReadOnly), "{error}");
        assert_eq!(connection.call("calls").await.unwrap(), json(value!([])));
        close(connection).await;
    });
}

#[test]
fn a_read_only_connection_only_calls_methods_that_read() {
    scene(async || {
        let connection = builder().read_only().spawn().await.unwrap();
        let item = connection.new_object("Item", ("a",)).await.unwrap();
        item.call("getName", ()).await.unwrap();
        item.call("setName", ("b",)).await.unwrap();
        let error = item.call("remove", ()).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::ReadOnly), "{error}");
        assert_eq!(connection.call("calls").await.unwrap(), json(value!(["setName"])));
        drop(item);
        close(connection).await;
    });
}
