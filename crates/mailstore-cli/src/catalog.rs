//! The functions of an edition, from the list in this program or from a server.

use mailstore_api::Edition;
use mailstore_metadata::Dump;
use mailstore_reach::Catalog;
use miette::IntoDiagnostic as _;

use crate::exit::Failed;

/// Returns the functions of the list that is built into this program.
pub(crate) fn built_in(edition: Edition) -> Result<Catalog, Failed> {
    let dump = mailstore_sim::function_list(edition)
        .into_diagnostic()
        .map_err(Failed::work)?;
    Catalog::new(edition, &dump, false).map_err(Failed::work)
}

/// Returns the functions of a server's list. The built-in facts apply where they match.
pub(crate) fn live(edition: Edition, dump: &Dump) -> Result<Catalog, Failed> {
    Catalog::new(edition, dump, true).map_err(Failed::work)
}
