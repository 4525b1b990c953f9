//! The two products, and what has to be known of them to ask a server for its functions.

use mailstore_transport::{Effect, Function, Surface};
use serde::{Deserialize, Serialize};

/// Which product a server is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Edition {
    /// MailStore Server: the Administration API.
    Server,
    /// The Service Provider Edition: the Management API.
    Spe,
}

impl Edition {
    pub(crate) const ALL: [Self; 2] = [Self::Server, Self::Spe];

    /// All that is known of a server before its function list is read: its port, and the function that tells its
    /// version.
    pub(crate) fn surface(self) -> &'static Surface {
        match self {
            Self::Server => &SERVER,
            Self::Spe => &SPE,
        }
    }

    /// The function whose result has the version in its member `version`. The other edition has no such function.
    pub(crate) fn version_function(self) -> &'static str {
        self.surface().functions[0].name
    }

    /// Name of the product.
    pub(crate) fn title(self) -> &'static str {
        self.surface().title
    }

    /// The word for it on the command line.
    pub(crate) fn word(self) -> &'static str {
        self.surface().name
    }
}

static GET_SERVER_INFO: Function = question("GetServerInfo");
static GET_ENVIRONMENT_INFO: Function = question("GetEnvironmentInfo");

static SERVER: Surface = Surface::new("server", "MailStore Server", "", 8463, "", &[&GET_SERVER_INFO]);
static SPE: Surface = Surface::new(
    "spe",
    "MailStore Service Provider Edition",
    "",
    8474,
    "",
    &[&GET_ENVIRONMENT_INFO],
);

const fn question(name: &'static str) -> Function {
    Function::new(name, "api/invoke/", Effect::Read, false, &[])
}
