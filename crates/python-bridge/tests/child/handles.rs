//! Handles to objects that stay in Python.

use python_bridge::{ErrorKind, Handle};
use serde_json::json as value;

use crate::scene::scene;
use crate::support::{close, json, open};

#[test]
fn an_object_is_used_by_its_handle() {
    scene(async || {
        let connection = open().await;
        let item: Handle = connection
            .call("item")
            .arg("name", "a")
            .arg("rank", 3)
            .returns()
            .await
            .unwrap();
        assert_eq!(item.class(), "Item");
        assert_eq!(item.get("getName"), Some("a".into()));
        assert_eq!(item.get("getRank"), Some(json(value!(3))));
        item.call("setName", ("b",)).await.unwrap();
        assert_eq!(item.call_as::<String>("getName", ()).await.unwrap(), "b");
        // Also inside a larger argument.
        let name = connection.call("name_of").arg("item", &item).await.unwrap();
        assert_eq!(name, "b".into());
        let described = connection
            .call("describe")
            .arg("value", value!({"items": [item]}))
            .returns::<String>();
        assert!(described.await.unwrap().contains("sample.Item object"));
        let twin: Handle = item.call_as("twin", ()).await.unwrap();
        assert_ne!(twin, item);
        drop((item, twin));
        close(connection).await;
    });
}

#[test]
fn objects_are_created() {
    scene(async || {
        let connection = open().await;
        let item = connection.new_object("Item", ("new", 5)).await.unwrap();
        assert_eq!(item.snapshot(), &json(value!({"getName": "new", "getRank": 5})));
        drop(item);
        close(connection).await;
    });
}

#[test]
fn dropped_handles_are_freed_with_the_next_request() {
    scene(async || {
        let connection = open().await;
        let items: Vec<Handle> = connection.call("items").arg("count", 20).returns().await.unwrap();
        let kept = items[7].clone();
        assert_eq!(connection.call("alive_items").await.unwrap(), json(value!(20)));
        drop(items);
        assert_eq!(connection.call("alive_items").await.unwrap(), json(value!(1)));
        assert_eq!(kept.call_as::<String>("getName", ()).await.unwrap(), "7");
        drop(kept);
        assert_eq!(connection.call("alive_items").await.unwrap(), json(value!(0)));
        close(connection).await;
    });
}

#[test]
fn a_handle_in_an_argument_lives_until_the_call() {
    scene(async || {
        let connection = open().await;
        let item = connection.new_object("Item", ("kept",)).await.unwrap();
        let call = connection.call("name_of").arg("item", &item);
        drop(item);
        connection.ping().await.unwrap();
        assert_eq!(call.await.unwrap(), "kept".into());
        assert_eq!(connection.call("alive_items").await.unwrap(), json(value!(0)));
        close(connection).await;
    });
}

#[test]
fn handles_of_json_results_are_adopted() {
    scene(async || {
        let connection = open().await;
        let result = connection.call("items").arg("count", 2).await.unwrap();
        let first = serde_json::from_str::<Vec<python_bridge::Json>>(result.text())
            .unwrap()
            .swap_remove(0);
        let handle = connection.handle(&first).unwrap();
        let clone = connection.handle(&first).unwrap();
        assert_eq!(handle, clone);
        assert_eq!(clone.call_as::<String>("getName", ()).await.unwrap(), "0");
        assert!(connection.handle(&json(value!({"$map": []}))).is_err());
        drop((handle, clone));
        close(connection).await;
    });
}

#[test]
fn a_handle_of_another_connection_is_refused() {
    scene(async || {
        let (one, other) = tokio::join!(open(), open());
        let item = one.new_object("Item", ()).await.unwrap();
        // The other connection also has an object with this number.
        let twin = other.new_object("Item", ()).await.unwrap();
        assert_eq!(item.number(), twin.number());
        let error = other.call("name_of").arg("item", &item).await.unwrap_err();
        assert!(
            error.to_string().contains("belongs to another connection"),
            "{error}"
        );
        drop((item, twin));
        close(one).await;
        close(other).await;
    });
}

#[test]
fn methods_outside_the_list_are_refused() {
    scene(async || {
        let connection = open().await;
        let item = connection.new_object("Item", ()).await.unwrap();
        for method in ["__init__", "kind", "__class__"] {
            let error = item.call(method, ()).await.unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::Refused(_)), "{error}");
        }
        let error = item.call("setName", "not a list").await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Configuration(_)), "{error}");
        drop(item);
        close(connection).await;
    });
}
