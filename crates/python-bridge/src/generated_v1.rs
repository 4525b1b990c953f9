//! Everything that generated clients use of this crate.
//!
//! A client imports this module once, in its `mod.rs`. If the runtime crate does not have the module, because the
//! client was generated for another version, the compiler reports this one import.
//!
//! Names are only added here. An incompatible change of a name needs a new module `generated_v2`.

pub use std::time::Duration;

pub use wire_values::{
    AnyId, DateTime, FromJson, IntoDateTime, IntoOption, Json, Microseconds, Problem, SecretString,
    Serialize, Time, Timestamp, ToJson, Unknown, UnknownWord, any_id, equal, number_id, record, text_id,
    word_set, words,
};

pub use crate::bridge::{Bridge, Builder};
pub use crate::call::{Call, Draft, RawFuture};
pub use crate::connection::Connection;
pub use crate::error::Error;
pub use crate::function::{Argument, ArgumentKind, Effect, Function, OutParameter, Surface};
pub use crate::handle::Handle;
pub use crate::python_value::PythonValue;
pub use crate::request;
pub use crate::request::{Request, any};
