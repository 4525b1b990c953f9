//! Results of functions.

use std::fmt::Debug;

use mailstore_api::server::types::{Profile, ServerInfo, Store, User, WorkerResult};
use mailstore_api::{FromJson, Json, from_json};

use crate::shown::assert_shown;

/// Decodes JSON into values of several types. A type that accepts a text accepts the same value that was read as `Json`. Returns whether the input is valid.
///
/// # Panics
/// If that does not hold.
pub fn results(bytes: &[u8]) -> bool {
    let Ok(text) = str::from_utf8(bytes) else {
        return false;
    };
    check::<()>(text);
    check::<Vec<WorkerResult>>(text);
    check::<Vec<Profile>>(text);
    check::<Vec<Store>>(text);
    check::<Vec<User>>(text);
    check::<ServerInfo>(text);
    let json = check::<Json>(text);
    let is_json = serde_json::from_str::<&serde_json::value::RawValue>(text).is_ok();
    assert_eq!(json, is_json, "the reader and serde_json must agree");
    json
}

fn check<T: FromJson + PartialEq + Debug>(text: &str) -> bool {
    match from_json::<T>(text) {
        Ok(value) => {
            let json = from_json::<Json>(text).expect("a typed value is JSON");
            let through_json = T::from_json(&json).expect("the same value is accepted");
            assert_eq!(value, through_json);
            true
        }
        Err(problem) => {
            assert_shown(&problem);
            false
        }
    }
}
