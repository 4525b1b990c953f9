//! `cargo xtask report-pictures`: makes the pictures of the report that the documentation shows.

use crate::cargo::{cargo, run as run_command};

/// Make the pictures of the report in `docs`. Needs Chromium, Node.js and npm.
///
/// The report is about made-up customers. No check compares the pictures, because other fonts give other pictures.
#[derive(clap::Args)]
pub(crate) struct Arguments {}

pub(crate) fn run(_: &Arguments) -> miette::Result<()> {
    let mut test =
        cargo("test --quiet --workspace --all-features --test browser the_pictures_of_the_report_are_made");
    run_command(test.env("UPDATE_PICTURES", "1"), "the test of the pictures")
}
