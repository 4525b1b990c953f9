//! The names that generated clients use.

use python_bridge::generated_v1::{Connection, Draft, FromJson, Function, IntoOption, Json, record, request};
use serde_json::json as value;

use crate::scene::scene;
#[cfg(feature = "blocking")]
use crate::scene::scene_without_runtime;
use crate::support::{ECHO, ITEM, SCALE, builder, close, json, open};

/// As the generator writes a client.
struct Client {
    connection: Connection,
}

impl Client {
    fn draft(&self, function: &'static Function) -> Draft {
        Draft::new(&self.connection, function)
    }

    fn scale(&self, a: i64, b: i64) -> Scale {
        Scale(self.draft(&SCALE).arg("a", a).arg("b", b))
    }

    fn item(&self, name: &str) -> Item {
        Item(self.draft(&ITEM).arg("name", name))
    }

    fn echo(&self) -> Echo {
        Echo(self.draft(&ECHO))
    }
}

#[must_use]
struct Scale(Draft);

request!(Scale = "scale" => Vec<i64>);

impl Scale {
    fn offset(mut self, offset: impl IntoOption<i64>) -> Self {
        self.0 = self.0.optional("offset", offset);
        self
    }
}

#[must_use]
struct Item(Draft);

request!(Item = "item" => Named);

#[must_use]
struct Echo(Draft);

request!(Echo = "echo" => Json);

impl Echo {
    fn value(mut self, value: impl python_bridge::generated_v1::Serialize) -> Self {
        self.0 = self.0.optional_json("value", value);
        self
    }
}

/// A handle as a record.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
struct Named {
    class: String,
    unknown: python_bridge::generated_v1::Unknown,
}

record!(Named { class = "class" });

#[test]
fn generated_requests_work() {
    scene(async || {
        let client = Client {
            connection: open().await,
        };
        assert_eq!(client.scale(1, 2).await.unwrap(), [1, 2, 1, 0]);
        assert_eq!(client.scale(1, 2).offset(5).await.unwrap(), [1, 2, 1, 5]);
        assert_eq!(
            client.scale(1, 2).offset(5).offset(None).await.unwrap(),
            [1, 2, 1, 0]
        );
        assert_eq!(
            client.scale(1, 2).raw().await.unwrap(),
            json(value!([1, 2, 1, 0]))
        );
        assert_eq!(client.item("a").await.unwrap().class, "Item");
        assert!(client.echo().value(None::<bool>).await.unwrap().is_null());
        assert_eq!(client.echo().value("a").await.unwrap(), "a".into());
        assert_eq!(
            format!("{:?}", client.scale(1, 2)),
            r#"Call { function: "scale", arguments: ["a", "b"] }"#
        );
        assert!(Vec::<i64>::from_json(&json(value!([1]))).is_ok());
        close(client.connection).await;
    });
}

#[cfg(feature = "blocking")]
#[test]
fn blocking_calls_need_no_runtime() {
    scene_without_runtime(|| {
        let client = Client {
            connection: builder().spawn_blocking().unwrap(),
        };
        assert_eq!(client.scale(1, 2).send_blocking().unwrap(), [1, 2, 1, 0]);
        assert!(client.connection.constant_blocking("LIMIT").is_ok());
        let item = client.connection.new_object_blocking("Item", ("a",)).unwrap();
        assert_eq!(item.call_blocking("getName", ()).unwrap(), "a".into());
        assert_eq!(item.call_as_blocking::<i64>("getRank", ()).unwrap(), 0);
        drop(item);
        let pid = client.connection.process_id().unwrap();
        let report = client.connection.close_blocking();
        assert!(report.status().unwrap().success());
        crate::process::assert_gone(pid);
    });
}

#[cfg(not(feature = "blocking"))]
#[test]
fn a_builder_can_be_used_without_blocking() {
    scene(async || {
        close(builder().spawn().await.unwrap()).await;
    });
}
