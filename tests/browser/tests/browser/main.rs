//! Tests of the pages of this project in Chromium. `playwright-core` drives it.
//!
//! They need Chromium, Node.js and npm, and fail without them. `npm ci` installs `playwright-core` below the target folder.

#![allow(clippy::unwrap_used, reason = "tests")]

mod chromium;
mod explored;
mod explorer;
mod functions;
mod history;
mod pictures;
mod recorder;
mod report;
mod script;
