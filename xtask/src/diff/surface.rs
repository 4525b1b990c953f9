//! Compares two generated clients by their listings.

use mailstore_codegen::{Generator, Overlay, known_overlays};
use mailstore_metadata::Known;
use mailstore_reach::Edition;
use miette::IntoDiagnostic;
use similar::TextDiff;

use super::comparison::Side;

/// Compares the clients and prints the diff. Returns whether they differ.
pub(super) fn compare_and_show(old: &Side, new: &Side, edition: Edition) -> miette::Result<bool> {
    for left_out in old.known.left_out.iter().chain(&new.known.left_out) {
        mailstore_reach::warn!("note: {left_out}; the function is not compared");
    }
    let overlays = known_overlays(edition);
    let (before, after) = (listing(&old.known, &overlays)?, listing(&new.known, &overlays)?);
    let diff = TextDiff::from_lines(&before, &after);
    let text = diff
        .unified_diff()
        .context_radius(0)
        .header(&old.name, &new.name)
        .to_string();
    mailstore_reach::print(&text).into_diagnostic()?;
    Ok(before != after)
}

fn listing(known: &Known, overlays: &[Overlay]) -> miette::Result<String> {
    let generated = Generator::new("cargo xtask diff").single(known.dump.clone(), "", overlays)?;
    Ok(generated.listing())
}
