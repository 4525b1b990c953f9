#![doc = include_str!("../README.md")]
#![cfg_attr(not(test), warn(clippy::unwrap_used))]
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod address;
mod argument;
#[cfg(feature = "blocking")]
mod blocking;
mod builder;
mod call;
mod call_future;
mod cause;
mod certificates;
mod change;
mod compatibility;
mod connect;
mod connect_error;
mod connection;
mod decode;
mod drop_guard;
mod encode;
mod envelope;
mod error;
mod error_kind;
mod excerpt;
mod exchange;
mod failure;
mod form;
mod function;
mod function_list;
mod gate;
mod https;
mod id;
mod incompatible;
mod json;
mod known_edition;
mod log;
mod no_runtime;
mod not_found;
mod optional;
mod pace;
mod pauses;
mod poller;
mod pools;
mod problem;
mod proxy;
mod reader;
mod record;
mod request;
mod retry;
mod retry_after;
mod runtime;
mod slots;
mod status;
mod task;
mod task_core;
mod text;
mod time;
mod token;
mod trace;
mod trust;
pub mod unversioned;
mod update;
mod updates;
mod vocabulary;
mod wait;
mod word_set;

pub use argument::{ToArgument, ToArguments, Unsendable};
#[cfg(feature = "blocking")]
#[doc(hidden)]
pub use blocking::block_on;
pub use builder::Builder;
#[doc(hidden)]
pub use call::Draft;
pub use call::{Call, RawFuture, StartFuture};
pub use call_future::CallFuture;
pub use change::{Change, ChangeKind, Impact};
pub use compatibility::{CheckFuture, Compatibility};
pub use connect_error::ConnectCause;
pub use connection::Connection;
pub use decode::{Unknown, from_json};
pub use encode::ToJson;
#[cfg(feature = "serde")]
#[doc(hidden)]
pub use encode::serialize_public;
#[doc(hidden)]
pub use encode::{Object, SameSecret};
pub use envelope::{Reply, ServerError};
pub use error::{Error, ErrorKind};
pub use failure::Failure;
pub use function::{Argument, ArgumentKind, Effect, Function, Surface};
pub use jiff::civil::{self, DateTime, Time};
pub use jiff::{self, Timestamp};
pub use json::Json;
pub use mailstore_metadata::Edition;
pub use optional::IntoOption;
pub use problem::Problem;
pub use reader::{FromJson, Reader};
#[doc(hidden)]
pub use record::{Record, Slot};
pub use request::Request;
#[doc(hidden)]
pub use request::any;
pub use secrecy::{ExposeSecret, SecretString};
#[doc(hidden)]
pub use serde;
pub use serde::Serialize;
pub use serde_json::Value;
pub use status::StatusCode;
#[doc(hidden)]
pub use std::time::Duration;
pub use task::Task;
pub use time::IntoDateTime;
pub use token::StatusToken;
pub use update::Update;
pub use updates::Updates;
#[doc(hidden)]
pub use vocabulary::not_one_of;
pub use vocabulary::{ParseWordError, UnknownWord};
pub use wait::{WaitLimit, WaitOptions};
#[doc(hidden)]
pub use word_set::{alone_among, check_words, first, parse_set, words_of};
