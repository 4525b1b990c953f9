//! Events of `tracing`. They have a process of their own, because tests that run at the same time turn events off.
//! Needs `python3.11`.

#![allow(clippy::unwrap_used)]

use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex};

use python_bridge::{Argument, ArgumentKind, Bridge, Effect, Function, Surface};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

static SQRT: Function = Function::new("sqrt")
    .effect(Effect::Read)
    .arguments(&[Argument::new("x", ArgumentKind::Any)]);
static MATH: Surface = Surface::new("math", "Mathematics").functions(&[&SQRT]);

/// Writes the fields of all events as text.
#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<String>>);

impl<S: Subscriber> Layer<S> for Recorder {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        event.record(&mut Text(&mut self.0.lock().unwrap()));
    }
}

struct Text<'a>(&'a mut String);

impl Visit for Text<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        writeln!(self.0, "{field}={value:?}").unwrap();
    }
}

#[tokio::test]
async fn events_have_the_names_of_functions_and_no_arguments() {
    let recorder = Recorder::default();
    // The task of the connection runs on this thread.
    let guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(recorder.clone()));
    let connection = Bridge::builder()
        .python("python3.11")
        .module("math")
        .surface(&MATH)
        .spawn()
        .await
        .expect("this test needs `python3.11` in PATH");
    let error = connection.call("sqrt").arg("x", "private").await.unwrap_err();
    assert!(error.is_class("builtins.TypeError"), "{error}");
    connection.close().await;
    drop(guard);
    let text = recorder.0.lock().unwrap();
    assert!(text.contains("function=sqrt"), "{text}");
    assert!(text.contains("Python ended"), "{text}");
    assert!(!text.contains("private"), "{text}");
}
