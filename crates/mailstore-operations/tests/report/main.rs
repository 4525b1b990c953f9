//! Reports of made-up histories, with a fixed clock.
//!
//! `INSTA_UPDATE=always cargo test -p mailstore-operations --test report` writes the golden files.

#![allow(clippy::unwrap_used, reason = "tests")]

mod figures;
mod golden;
mod hostile;
mod made_up;
