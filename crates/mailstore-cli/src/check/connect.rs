//! The read-only clients of the checks.

use mailstore_api::{server, spe};
use mailstore_operations::AnyArchive;
use miette::miette;

use crate::exit::Failed;
use crate::operate::{self, Access};
use crate::server::Server;

/// Returns the archive of a check. The Service Provider Edition needs an instance, from the option or from the profile, and
/// MailStore Server has none.
pub(crate) fn archive(server: &Server, instance: Option<&str>) -> Result<AnyArchive, Failed> {
    operate::archive(server, instance, Access::Read, || {
        miette!(
            help = "Add `--instance ID`. `mailstore check instances` lists the ids.",
            "this check examines one instance of the Service Provider Edition"
        )
    })
}

/// Returns the client of a MailStore Server. Sends nothing.
pub(crate) fn client(server: &Server) -> Result<server::Client, Failed> {
    operate::connect(server::Client::builder(server.address()?), server, Access::Read)
}

/// Returns the client of the Service Provider Edition. Sends nothing.
pub(crate) fn provider(server: &Server) -> Result<spe::Client, Failed> {
    operate::connect(spe::Client::builder(server.address()?), server, Access::Read)
}
