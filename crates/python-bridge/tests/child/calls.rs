//! Calls: arguments, results, exceptions and their order.

use std::time::Duration;

use python_bridge::generated_v1::Draft;
use python_bridge::{
    Argument, ArgumentKind, Effect, ErrorKind, FirstResult, Function, Handle, Json, OutParameter, Surface,
};
use serde_json::json as value;

use crate::process::until;
use crate::scene::scene;
use crate::support::{HIDDEN, builder, close, is_pending, json, open};

#[test]
fn required_arguments_go_by_place_and_optional_ones_by_keyword() {
    scene(async || {
        let connection = open().await;
        let call = connection.call("scale").arg("offset", 4).arg("b", 2).arg("a", 1);
        assert_eq!(call.await.unwrap(), json(value!([1, 2, 1, 4])));
        let call = connection
            .call("scale")
            .kwarg("b", 2)
            .kwarg("a", 1)
            .kwarg("factor", 3);
        assert_eq!(call.await.unwrap(), json(value!([1, 2, 3, 0])));
        close(connection).await;
    });
}

#[test]
fn positional_connections_refuse_gaps() {
    scene(async || {
        let connection = builder().positional().spawn().await.unwrap();
        let call = connection.call("scale").arg("a", 1).arg("b", 2);
        assert_eq!(
            call.clone().arg("factor", 3).await.unwrap(),
            json(value!([1, 2, 3, 0]))
        );
        let error = call.arg("offset", 4).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Configuration(_)));
        assert!(
            error
                .to_string()
                .contains("`offset` also needs argument `factor`"),
            "{error}"
        );
        close(connection).await;
    });
}

#[test]
fn wrong_arguments_are_found_before_anything_is_sent() {
    scene(async || {
        let connection = open().await;
        let error = connection.call("scale").arg("a", 1).await.unwrap_err();
        assert_eq!(error.to_string(), "scale: argument `b` is missing");
        let error = connection
            .call("describe")
            .arg("value", 1)
            .arg("c", 1)
            .await
            .unwrap_err();
        assert_eq!(error.to_string(), "describe: the function has no argument `c`");
        assert!(!error.is_outcome_unknown());
        close(connection).await;
    });
}

#[test]
fn an_exception_has_its_classes_and_its_message() {
    scene(async || {
        let connection = open().await;
        let error = connection
            .call("fail")
            .arg("message", "über ☃")
            .await
            .unwrap_err();
        let ErrorKind::Raised { classes, message } = error.kind() else {
            panic!("{error:?}");
        };
        assert_eq!(
            classes,
            &[
                "sample.SampleError",
                "builtins.ValueError",
                "builtins.Exception",
                "builtins.BaseException"
            ]
        );
        assert_eq!(message, "über ☃");
        assert_eq!(error.function(), Some("fail"));
        assert_eq!(
            error.to_string(),
            "fail: Python raised sample.SampleError: über ☃"
        );
        assert!(!error.is_outcome_unknown() && !error.is_transient());
        close(connection).await;
    });
}

#[test]
fn names_outside_the_list_are_refused_on_both_sides() {
    scene(async || {
        let connection = open().await;
        let error = connection.call("hidden").await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Refused(_)), "{error}");
        // The list of Python is the list of the connection, whatever generated code says.
        let error = Draft::new(&connection, &HIDDEN).send::<Json>().await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Refused(_)), "{error}");
        let error = connection.constant("__file__").await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Refused(_)), "{error}");
        let error = connection.new_object("SampleError", ()).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Refused(_)), "{error}");
        assert_eq!(connection.call("calls").await.unwrap(), json(value!([])));
        close(connection).await;
    });
}

#[test]
fn a_function_that_the_module_lacks_is_missing() {
    scene(async || {
        let connection = open().await;
        let error = connection.call("ancient").await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Missing(_)));
        assert_eq!(
            error.to_string(),
            "ancient: the module (version 1.2.0) has no such function"
        );
        close(connection).await;
    });
}

#[test]
fn calls_run_in_the_order_in_which_they_were_sent() {
    scene(async || {
        let connection = open().await;
        let all = (0..50).map(|number| {
            let call = connection.call("scale").arg("a", number).arg("b", 0);
            tokio::spawn(async move { call.returns::<Vec<i64>>().await.unwrap()[0] })
        });
        let all: Vec<_> = all.collect();
        for (number, call) in (0_i64..).zip(all) {
            assert_eq!(call.await.unwrap(), number);
        }
        close(connection).await;
    });
}

#[test]
fn a_dropped_future_does_not_disturb_the_next_call() {
    scene(async || {
        let connection = open().await;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("go");
        let waiting = connection.call("wait_for").arg("path", &path);
        let waiting = tokio::spawn(waiting.into_future());
        until(|| path.with_extension("started").exists()).await;
        // It is dropped while it waits for its turn, so it is never sent.
        let mut queued = connection.call("change").arg("value", 1).into_future();
        let mut next = connection.call("echo").arg("value", "next").into_future();
        assert!(is_pending(&mut queued) && is_pending(&mut next));
        drop(queued);
        waiting.abort();
        assert!(waiting.await.unwrap_err().is_cancelled());
        std::fs::write(&path, "").unwrap();
        assert_eq!(next.await.unwrap(), "next".into());
        assert_eq!(
            connection.call("calls").await.unwrap(),
            json(value!(["wait_for"]))
        );
        // The late answer was an object, which nobody holds.
        assert_eq!(connection.call("alive_items").await.unwrap(), json(value!(0)));
        close(connection).await;
    });
}

#[test]
fn constants_are_read() {
    scene(async || {
        let connection = open().await;
        let limit = connection.constant("LIMIT").await.unwrap();
        assert_eq!(limit.text(), "1180591620717411303424");
        let codes = connection.constant("CODES").await.unwrap();
        assert_eq!(codes, json(value!({"$map": [[1, "one"], [2, "two"]]})));
        close(connection).await;
    });
}

#[test]
fn a_result_of_another_type_is_an_error_after_the_call() {
    scene(async || {
        let connection = open().await;
        let error = connection
            .call("echo")
            .arg("value", "text")
            .returns::<Vec<i64>>()
            .await
            .unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Decode(_)), "{error}");
        let error = connection.call("unsendable").await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Value(_)), "{error}");
        connection.ping().await.unwrap();
        close(connection).await;
    });
}

#[test]
fn a_change_whose_result_cannot_be_carried_may_have_happened() {
    scene(async || {
        let connection = open().await;
        let error = connection.call("change_without_result").await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Value(_)), "{error}");
        assert!(error.is_outcome_unknown(), "{error}");
        // A read has changed nothing, and an argument that cannot be carried is found before the call.
        assert!(
            !connection
                .call("unsendable")
                .await
                .unwrap_err()
                .is_outcome_unknown()
        );
        let deep = (0..150).fold(value!(1), |inner, _| value!([inner]));
        let error = connection.call("change").arg("value", deep).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Value(_)), "{error}");
        assert!(!error.is_outcome_unknown(), "{error}");
        assert_eq!(
            connection.call("calls").await.unwrap(),
            json(value!(["change_without_result"]))
        );
        close(connection).await;
    });
}

#[test]
fn large_arguments_and_results_are_carried() {
    scene(async || {
        let connection = open().await;
        let text = "ü".repeat(1024 * 1024);
        let echoed = connection
            .call("echo")
            .arg("value", &text)
            .returns::<String>()
            .await
            .unwrap();
        assert!(echoed == text);
        close(connection).await;
    });
}

static CHANGE_SINCE_1_10: Function = Function::new("change")
    .effect(Effect::Action)
    .since("1.10")
    .arguments(&[Argument::new("value", ArgumentKind::Any)]);
static CALLS: Function = Function::new("calls").effect(Effect::Read);
static SINCE: Surface = Surface::new("sample", "Sample").functions(&[&CALLS, &CHANGE_SINCE_1_10]);

#[test]
fn a_function_of_a_later_version_is_not_sent() {
    scene(async || {
        for (running, is_refused) in [("1.9", true), ("1.9.99", true), ("1.10", false), ("2", false)] {
            let builder = builder().surface(&SINCE).running_version(running);
            let connection = builder.spawn().await.unwrap();
            let result = connection.call("change").arg("value", 1).await;
            let calls = connection.call("calls").await.unwrap();
            let sent = if is_refused {
                value!([])
            } else {
                value!(["change"])
            };
            assert_eq!(calls, json(sent));
            if is_refused {
                let error = result.unwrap_err();
                let text = format!("the function needs version 1.10, and the running version is {running}");
                assert!(error.to_string().contains(&text), "{error}");
                assert!(matches!(error.kind(), ErrorKind::Version { .. }));
                assert!(!error.is_outcome_unknown() && !error.is_transient());
            }
            close(connection).await;
        }
        let invalid = builder().running_version("1.x").spawn().await.unwrap_err();
        assert!(matches!(invalid.kind(), ErrorKind::Configuration(_)), "{invalid}");
    });
}

static SCALE_TWO: Function = Function::new("scale").effect(Effect::Set).arguments(&[
    Argument::new("a", ArgumentKind::Any),
    Argument::new("b", ArgumentKind::Any),
]);
static SCALE_FACTOR: Function = Function::new("scale").effect(Effect::Set).arguments(&[
    Argument::new("a", ArgumentKind::Any),
    Argument::new("b", ArgumentKind::Any),
    Argument::new("factor", ArgumentKind::Any).by_name(),
]);
static OVERLOADS: Surface = Surface::new("sample", "Sample").functions(&[&SCALE_TWO, &SCALE_FACTOR]);

#[test]
fn of_several_functions_with_a_name_the_one_that_takes_the_arguments_is_called() {
    scene(async || {
        let connection = builder().surface(&OVERLOADS).spawn().await.unwrap();
        let call = connection.call("scale").arg("a", 1).arg("b", 2);
        assert_eq!(call.clone().await.unwrap(), json(value!([1, 2, 1, 0])));
        assert_eq!(call.arg("factor", 3).await.unwrap(), json(value!([1, 2, 3, 0])));
        close(connection).await;
    });
}

static CHECKED: Function = Function::new("checked").effect(Effect::Read).arguments(&[
    Argument::new("code", ArgumentKind::Any),
    Argument::new("value", ArgumentKind::Any),
]);
static FILL: Function = Function::new("fill")
    .effect(Effect::Read)
    .arguments(&[
        Argument::new("name", ArgumentKind::Any),
        Argument::new("rank", ArgumentKind::Any),
    ])
    .out(&[OutParameter::new(1, "Item")]);
static ERRORS_FIRST: Surface = Surface::new("sample", "Sample").functions(&[&CHECKED, &FILL]);

#[test]
fn an_error_object_in_front_of_a_result_is_an_error_or_cut_off() {
    scene(async || {
        let connection = builder()
            .surface(&ERRORS_FIRST)
            .first_result(FirstResult {
                code: "getErrorCode",
                description: "getDescription",
            })
            .spawn()
            .await
            .unwrap();
        let call = connection.call("checked").arg("value", "a");
        assert_eq!(call.clone().arg("code", 0).await.unwrap(), "a".into());
        let error = call.arg("code", 17).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "checked: the module returned error 17: problem with a"
        );
        assert!(matches!(error.kind(), ErrorKind::Muster { code: 17, .. }));
        let filled = connection.call("fill").arg("name", "b").arg("rank", 3);
        let filled: Handle = filled.returns().await.unwrap();
        assert_eq!(filled.get("getName"), Some("b".into()));
        assert_eq!(filled.get("getRank"), Some(json(value!(3))));
        drop(filled);
        close(connection).await;
    });
}

#[test]
fn arguments_that_are_too_long_are_not_sent() {
    scene(async || {
        let connection = open().await;
        let text = "x".repeat(64 * 1024 * 1024);
        let error = connection.call("change").arg("value", &text).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Value(_)), "{error}");
        assert!(!error.is_outcome_unknown());
        assert_eq!(connection.call("calls").await.unwrap(), json(value!([])));
        close(connection).await;
    });
}

#[test]
fn a_timeout_may_be_the_longest_possible() {
    scene(async || {
        let connection = builder()
            .call_timeout(Duration::MAX)
            .start_timeout(Duration::MAX)
            .grace(Duration::MAX)
            .spawn()
            .await
            .unwrap();
        assert_eq!(
            connection.call("echo").arg("value", 1).await.unwrap(),
            json(value!(1))
        );
        close(connection).await;
    });
}
