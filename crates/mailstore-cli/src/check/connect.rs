//! The read-only clients of the checks.

use mailstore_api::{Builder, Edition, server, spe};
use miette::miette;

use crate::exit::{Code, Failed};
use crate::server::Server;

/// The archive that a check examines: a MailStore Server, or an instance of the Service Provider Edition.
pub(crate) enum Archive {
    Server(server::Client),
    Instance(spe::Instance),
}

/// Runs an async function of `&impl mailstore_api::Archive` for an [`Archive`].
macro_rules! with {
    ($archive:expr, $function:ident($($argument:expr),*)) => {
        match $archive {
            $crate::check::connect::Archive::Server(archive) => $function(archive $(, $argument)*).await,
            $crate::check::connect::Archive::Instance(archive) => $function(archive $(, $argument)*).await,
        }
    };
}
pub(crate) use with;

/// Returns the archive. The Service Provider Edition needs an instance, from the option or from the profile, and
/// MailStore Server has none.
pub(crate) fn archive(server: &Server, instance: Option<&str>) -> Result<Archive, Failed> {
    let instance = instance.map_or_else(|| server.instance(), |id| Ok(Some(id)))?;
    match (server.edition()?, instance) {
        (Edition::Server, None) => Ok(Archive::Server(client(server)?)),
        (Edition::Spe, Some(id)) => Ok(Archive::Instance(provider(server)?.instance(id))),
        (Edition::Server, Some(_)) => Err(Failed::usage(miette!(
            help = "Leave out `--instance`, or add `--edition spe`.",
            "MailStore Server has no instances"
        ))),
        (Edition::Spe, None) => Err(Failed::usage(miette!(
            help = "Add `--instance ID`. `mailstore check instances` lists the ids.",
            "this check examines one instance of the Service Provider Edition"
        ))),
    }
}

/// Returns the client of a MailStore Server. Sends nothing.
pub(crate) fn client(server: &Server) -> Result<server::Client, Failed> {
    read_only(server::Client::builder(server.address()?), server)
}

/// Returns the client of the Service Provider Edition. Sends nothing.
pub(crate) fn provider(server: &Server) -> Result<spe::Client, Failed> {
    read_only(spe::Client::builder(server.address()?), server)
}

/// A check never changes the server: the client refuses every other call.
fn read_only<C>(builder: Builder<C>, server: &Server) -> Result<C, Failed> {
    let builder = mailstore_reach::configure(builder, server.options()?)
        .map_err(|report| Failed::new(Code::Credentials, report))?;
    Ok(builder.read_only().build()?)
}
