//! An archive of either product.

use mailstore_api::{Connection, server, spe};

/// An archive: a MailStore Server, or an instance of the Service Provider Edition.
///
/// Functions that both have are called through [`mailstore_api::Archive`].
#[derive(Clone, Debug)]
pub enum AnyArchive {
    /// A MailStore Server.
    Server(server::Client),
    /// An instance of the Service Provider Edition.
    Instance(spe::Instance),
}

impl AnyArchive {
    /// Returns the connection to the server.
    pub fn connection(&self) -> &Connection {
        match self {
            Self::Server(client) => client.connection(),
            Self::Instance(instance) => instance.client().connection(),
        }
    }
}

/// Runs an async function of `&impl mailstore_api::Archive` for an [`AnyArchive`].
macro_rules! with_archive {
    ($archive:expr, $function:ident($($argument:expr),*)) => {
        match $archive {
            $crate::AnyArchive::Server(archive) => $function(archive $(, $argument)*).await,
            $crate::AnyArchive::Instance(archive) => $function(archive $(, $argument)*).await,
        }
    };
}
#[allow(unused_imports, reason = "operations use the macro")]
pub(crate) use with_archive;
