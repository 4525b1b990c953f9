//! The function list of a server.

use mailstore_api::{Connection, Edition};
use mailstore_metadata::Dump;
use mailstore_reach::Catalog;
use miette::IntoDiagnostic as _;

use crate::catalog;
use crate::exit::Failed;
use crate::wait;

/// Fetches the function list of a server. Functions that this program cannot parse are left out.
pub(crate) fn catalog(connection: &Connection, edition: Edition) -> Result<Catalog, Failed> {
    let list = wait::runtime()?.block_on(connection.metadata())?;
    let name = format!("get-metadata of {}", connection.origin());
    let known = Dump::parse_known(&name, &list)
        .into_diagnostic()
        .map_err(Failed::work)?;
    catalog::live(edition, &known.dump)
}
