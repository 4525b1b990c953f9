//! Compares two generated clients by their listings.

use mailstore_codegen::{Generator, Overlay, known_overlays};
use mailstore_metadata::Known;
use mailstore_reach::Edition;
use similar::TextDiff;

use crate::metadata::place::Side;

/// Compares the clients. Returns the diff and whether they differ.
pub(super) fn compare(old: &Side, new: &Side, edition: Edition) -> miette::Result<(String, bool)> {
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
    Ok((text, before != after))
}

fn listing(known: &Known, overlays: &[Overlay]) -> miette::Result<String> {
    let generated = Generator::new("mailstore metadata diff").single(known.dump.clone(), "", overlays)?;
    Ok(generated.listing())
}
