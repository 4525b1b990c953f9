//! Exceptions arrive with their classes and their message, whatever they are.

use python_bridge::{Error, ErrorKind};

use super::open;
use crate::scene::scene;
use crate::support::close;

fn raised(error: &Error) -> (&[String], &str) {
    match error.kind() {
        ErrorKind::Raised { classes, message } => (classes, message),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_exception_has_all_its_classes_and_its_message() {
    scene(async || {
        let connection = open().await;
        let error = connection.call("raises").await.unwrap_err();
        let (classes, message) = raised(&error);
        assert_eq!(
            classes,
            [
                "hostile.Special",
                "hostile.Base",
                "builtins.ValueError",
                "builtins.Exception",
                "builtins.BaseException"
            ]
        );
        assert_eq!(message, "caf\u{e9} \u{2028} \u{1f600}");
        assert!(error.is_class("hostile.Base") && !error.is_class("builtins.KeyError"));
        close(connection).await;
    });
}

#[test]
fn an_exception_without_text_and_one_with_too_much_are_carried() {
    scene(async || {
        let connection = open().await;
        let error = connection.call("raises_unprintable").await.unwrap_err();
        assert_eq!(raised(&error).0[0], "hostile.Unprintable");
        assert_eq!(raised(&error).1, "");
        let error = connection.call("raises_long").await.unwrap_err();
        assert_eq!(raised(&error).1.len(), 65_536);
        assert!(error.to_string().len() < 3000, "only a part is shown");
        let error = connection.call("recurses").await.unwrap_err();
        assert!(error.is_class("builtins.RecursionError"), "{error}");
        close(connection).await;
    });
}

#[test]
fn an_exit_of_a_function_is_an_exception() {
    scene(async || {
        let connection = open().await;
        let error = connection.call("exits").await.unwrap_err();
        assert_eq!(
            raised(&error).0,
            ["builtins.SystemExit", "builtins.BaseException"]
        );
        assert_eq!(raised(&error).1, "3");
        assert!(!error.is_outcome_unknown());
        connection.ping().await.unwrap();
        close(connection).await;
    });
}

#[test]
fn a_keyboard_interrupt_of_a_function_is_an_exception() {
    scene(async || {
        let connection = open().await;
        let error = connection.call("interrupts").await.unwrap_err();
        assert_eq!(
            raised(&error).0,
            ["builtins.KeyboardInterrupt", "builtins.BaseException"]
        );
        assert_eq!(raised(&error).1, "by the module");
        connection.ping().await.unwrap();
        close(connection).await;
    });
}

#[cfg(unix)]
#[test]
fn a_signal_from_the_keyboard_does_not_end_python() {
    scene(async || {
        let connection = open().await;
        let signalled = connection.call("is_signalled").await.unwrap();
        assert_eq!(signalled, "not interrupted".into());
        // The module installs another handler of the signal.
        let error = connection.call("really_interrupts").await.unwrap_err();
        assert!(error.is_class("builtins.KeyboardInterrupt"), "{error}");
        connection.ping().await.unwrap();
        close(connection).await;
    });
}

#[test]
fn an_exit_while_an_object_is_described_is_no_end() {
    scene(async || {
        let connection = open().await;
        let nasty = connection.call("nasty").await.unwrap();
        assert!(nasty.text().contains("hostile.Nasty"), "{}", nasty.text());
        let nasty = connection.call("nasty_class").await.unwrap();
        assert!(nasty.text().contains("hostile.NastyMeta"), "{}", nasty.text());
        connection.ping().await.unwrap();
        close(connection).await;
    });
}
