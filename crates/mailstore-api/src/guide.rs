//! Chapters that explain how to use the clients. The code in them is compiled.

#[doc = include_str!("guide/long_running_calls.md")]
pub mod long_running_calls {}
