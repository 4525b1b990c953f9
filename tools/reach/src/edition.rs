//! The two products, and what has to be known of them to ask a server for its functions.

use mailstore_transport::{Effect, Function, Surface};
use serde::{Deserialize, Serialize};

/// Which product a server is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Edition {
    /// MailStore Server: the Administration API.
    Server,
    /// The Service Provider Edition: the Management API.
    Spe,
}

impl Edition {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Server, Self::Spe];

    /// What the generator calls the edition.
    pub fn known(self) -> mailstore_codegen::Edition {
        match self {
            Self::Server => mailstore_codegen::Edition::Server,
            Self::Spe => mailstore_codegen::Edition::Spe,
        }
    }

    /// All that is known of a server before its function list is read: its port, and the function that tells its
    /// version.
    pub fn surface(self) -> &'static Surface {
        match self {
            Self::Server => &SERVER,
            Self::Spe => &SPE,
        }
    }

    /// The function whose result has the version in its member `version`. The other edition has no such function.
    pub fn version_function(self) -> &'static str {
        self.surface().functions[0].name
    }

    /// Name of the product.
    pub fn title(self) -> &'static str {
        self.surface().title
    }

    /// The word for it on the command line.
    pub fn word(self) -> &'static str {
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
