//! The probe as a user meets it, against simulated servers that answer otherwise than known.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, and says where")]

mod advice;
mod differences;
mod errors;
mod overlay;
mod place;
mod privacy;
mod requests;
