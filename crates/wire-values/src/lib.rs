#![doc = include_str!("../README.md")]
#![cfg_attr(not(test), warn(clippy::unwrap_used))]
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod any_id;
mod argument;
mod decode;
mod effect;
mod encode;
mod id;
mod json;
mod json_parts;
mod members;
mod microseconds;
mod offset;
mod optional;
mod printable;
mod problem;
mod reader;
mod record;
mod scan;
mod time;
mod vocabulary;
mod word_set;

pub use any_id::AnyId;
pub use argument::{ToArgument, ToArguments, Unsendable};
#[doc(hidden)]
pub use decode::from_owned;
pub use decode::{Unknown, from_json};
pub use effect::Effect;
pub use encode::ToJson;
#[cfg(feature = "serde")]
#[doc(hidden)]
pub use encode::serialize_public;
#[doc(hidden)]
pub use encode::{Object, SameSecret};
pub use jiff::civil::{self, DateTime, Time};
pub use jiff::{self, Timestamp};
pub use json::Json;
#[doc(hidden)]
pub use members::each_member;
pub use microseconds::Microseconds;
#[doc(hidden)]
pub use offset::{floor_char_boundary, line_and_column};
pub use optional::IntoOption;
#[doc(hidden)]
pub use printable::{Lines, same_length};
pub use printable::{Printable, is_printable, printable, printable_json, printable_lines};
pub use problem::Problem;
pub use reader::{FromJson, Reader};
#[doc(hidden)]
pub use record::Record;
pub use secrecy::{ExposeSecret, SecretString};
#[doc(hidden)]
pub use serde;
pub use serde::Serialize;
pub use serde_json::Value;
pub use time::IntoDateTime;
#[doc(hidden)]
pub use vocabulary::not_one_of;
pub use vocabulary::{ParseWordError, UnknownWord};
#[doc(hidden)]
pub use word_set::{alone_among, check_words, first, parse_set, words_of};
