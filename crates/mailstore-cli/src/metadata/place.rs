//! The places of function lists: a file, standard input, a server, or a list in this program.

use std::path::Path;

use mailstore_codegen::input::Input;
use mailstore_metadata::{Dump, Known};
use miette::{Context as _, IntoDiagnostic as _, miette};

use crate::exit::Failed;
use crate::server::Server;
use crate::{built_in, wait};

/// A function list and its name.
pub(super) struct Side {
    pub(super) name: String,
    pub(super) known: Known,
}

impl Side {
    /// Reads a function list: `server` for the chosen server, `https://host:port`, or a [saved](Self::saved) one.
    pub(super) fn read(place: &str, server: &Server) -> Result<Self, Failed> {
        if place == "server" {
            Self::live(server)
        } else if place.starts_with("https://") {
            Self::live(&server.at(place))
        } else {
            Self::saved(place)
        }
    }

    /// Reads the function list of a server.
    pub(super) fn live(server: &Server) -> Result<Self, Failed> {
        let edition = server.edition()?;
        let connection = server.connect_to_read(edition)?;
        let known = wait::runtime()?
            .block_on(mailstore_reach::ask_list(&connection, edition))
            .map_err(Failed::of)?;
        Ok(Self {
            name: connection.origin().to_owned(),
            known,
        })
    }

    /// Reads a function list from a file, from a pipe, from standard input (`-`), or from this program: `server-24`.
    pub(super) fn saved(place: &str) -> Result<Self, Failed> {
        let path = Path::new(place);
        if let Some(text) = built_in::list(place).filter(|_| !path.exists()) {
            return Self::parsed(place.to_owned(), text.as_bytes());
        }
        let input = Input::read(path).into_diagnostic().wrap_err_with(|| {
            let place = mailstore_reach::printable(place);
            format!("cannot read {place}")
        });
        let Input { name, text } = input.map_err(|error| {
            let help = format!(
                "A function list is a file, `-` for standard input, `https://host:port` for a server, or one of the lists of this program: {}.",
                built_in::names().join(", ")
            );
            Failed::usage(if path.exists() {
                error
            } else {
                miette!(help = help, "{}", chain(&error))
            })
        })?;
        let name = if path.is_file() { place.to_owned() } else { name };
        Self::parsed(name, text.as_bytes())
    }

    fn parsed(name: String, text: &[u8]) -> Result<Self, Failed> {
        let known = Dump::parse_known(&name, text).map_err(|error| Failed::usage(error.into()))?;
        Ok(Self { name, known })
    }
}

/// Returns an error and its causes on one line.
fn chain(error: &miette::Report) -> String {
    let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
    causes.join(": ")
}
