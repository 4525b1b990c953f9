//! Records the events and spans of all tests, at every level and on every thread.

use std::fmt::{Debug, Write};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use crate::scene::scene;
use crate::support::{close, open};

static TEXT: Mutex<String> = Mutex::new(String::new());

fn text() -> MutexGuard<'static, String> {
    TEXT.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Starts to record, and returns what was recorded until now. Other tests may add to it.
pub(crate) fn recorded() -> String {
    static STARTED: OnceLock<()> = OnceLock::new();
    STARTED.get_or_init(|| {
        let subscriber = tracing_subscriber::registry().with(Recorder);
        tracing::subscriber::set_global_default(subscriber).expect("no other test sets a subscriber");
    });
    text().clone()
}

/// Writes the fields of all events and spans as text.
struct Recorder;

impl<S: Subscriber> Layer<S> for Recorder {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut text = text();
        begin(&mut text, event.metadata());
        event.record(&mut Fields(&mut text));
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        let mut text = text();
        begin(&mut text, attributes.metadata());
        attributes.record(&mut Fields(&mut text));
    }

    fn on_record(&self, _: &Id, values: &Record<'_>, _: Context<'_, S>) {
        values.record(&mut Fields(&mut text()));
    }
}

fn begin(text: &mut String, metadata: &Metadata<'_>) {
    writeln!(text, "{} {}", metadata.level(), metadata.target()).unwrap();
}

struct Fields<'a>(&'a mut String);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        writeln!(self.0, "{field}={value:?}").unwrap();
    }
}

#[test]
fn events_have_the_names_of_functions_and_no_arguments() {
    recorded();
    scene(async || {
        let connection = open().await;
        let error = connection.call("fail").arg("message", "private-argument").await;
        assert!(error.unwrap_err().is_class("sample.SampleError"));
        close(connection).await;
        let text = recorded();
        for part in ["python_bridge", "started Python", "function=fail", "Python ended"] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(!text.contains("private-argument"), "{text}");
    });
}
