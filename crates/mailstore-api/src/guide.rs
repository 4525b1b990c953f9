//! How to do things, by subject. The code in these chapters is compiled.

#[doc = include_str!("guide/long_running_calls.md")]
pub mod long_running_calls {}
