//! The server of a command: its address and edition, and the connection.

use clap::Args;
use mailstore_api::{Builder, Connection, Edition, Surface};
use mailstore_reach::Options;

use crate::exit::{Code, Failed};

/// The options to choose a server.
#[derive(Args, Clone)]
pub(crate) struct Server {
    /// The address of the server: `host`, `host:port` or `https://host:port`.
    #[arg(long, value_name = "ADDRESS", env = "MAILSTORE_SERVER")]
    server: String,
    #[command(flatten)]
    options: Options,
    /// Refuse all functions that change something on the server.
    #[arg(long)]
    read_only: bool,
}

impl Server {
    /// Returns the address of the server.
    pub(crate) fn address(&self) -> Result<&str, Failed> {
        Ok(&self.server)
    }

    /// Returns the options to connect to the server.
    pub(crate) fn options(&self) -> Result<&Options, Failed> {
        Ok(&self.options)
    }

    /// Returns the edition of the server: from the option, or from the port.
    pub(crate) fn edition(&self) -> Result<Edition, Failed> {
        mailstore_reach::edition_at(self.address()?, self.options()?).map_err(Failed::usage)
    }

    /// Returns whether functions that change something are refused.
    pub(crate) fn is_read_only(&self) -> Result<bool, Failed> {
        Ok(self.read_only)
    }

    /// Connects with the catalog of the edition. Prompts for the password if necessary, but sends nothing.
    pub(crate) fn connect(&self, edition: Edition) -> Result<Connection, Failed> {
        let builder = builder(self.address()?, edition, self.options()?)?;
        let builder = if self.is_read_only()? {
            builder.read_only()
        } else {
            builder
        };
        Ok(builder.build()?)
    }
}

/// Starts to connect with the catalog of an edition. Prompts for the password if necessary, but sends nothing.
pub(crate) fn builder(
    address: &str,
    edition: Edition,
    options: &Options,
) -> Result<Builder<Connection>, Failed> {
    mailstore_reach::builder(address, surface(edition), options)
        .map_err(|report| Failed::new(Code::Credentials, report))
}

/// Returns the functions of an edition that this program knows.
pub(crate) fn surface(edition: Edition) -> &'static Surface {
    match edition {
        Edition::Server => &mailstore_api::server::catalog::SURFACE,
        Edition::Spe => &mailstore_api::spe::catalog::SURFACE,
    }
}
