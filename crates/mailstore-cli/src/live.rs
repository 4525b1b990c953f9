//! The function list of a server.

use mailstore_api::Edition;

use crate::catalog::Catalog;
use crate::exit::{Code, Failed};
use crate::server::Server;

/// Fetches the function list of a server. Functions that this program cannot parse are left out.
pub(crate) fn catalog(server: &Server) -> Result<Catalog, Failed> {
    let edition: Edition = server.edition()?;
    let known = mailstore_reach::known(server.address()?, server.options()?)
        .map_err(|report| Failed::new(Code::Connection, report))?;
    Catalog::live(edition, &known.dump)
}
