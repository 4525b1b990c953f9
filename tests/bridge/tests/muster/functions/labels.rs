//! What tells the objects of the fakes apart.

use muster_api::{Handle, JobId};

pub(super) const JOB: JobId = JobId(7);

/// The name that the fake gave to an object, and its class.
pub(super) async fn label(handle: &Handle) -> String {
    let name: String = handle.call_as("getNameFake", ()).await.unwrap();
    format!("{}: {name}", handle.class())
}

/// The names of several objects.
macro_rules! labels {
    ($objects:expr) => {{
        let mut labels = Vec::new();
        for object in &$objects {
            labels.push(crate::functions::labels::label(object.handle()).await);
        }
        labels
    }};
}

pub(super) use labels;
