//! The forms in which windows and calls are shown.

#![allow(clippy::unwrap_used, reason = "tests")]

mod forms;
mod hostile;
mod made_up;
mod views;
