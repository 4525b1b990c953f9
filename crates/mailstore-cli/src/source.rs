//! The clients that `mailstore coverage` and `mailstore openapi` describe.

use std::path::PathBuf;

use mailstore_codegen::{Bindings, Generated};
use mailstore_reach::{Edition, Editions, edition_parser, report_notes};

use crate::built_in;
use crate::exit::Failed;

/// A function list and its overlays, in place of those of this program.
#[derive(clap::Args)]
pub(crate) struct Source {
    /// A saved function list, in place of the lists of this program: a file, or `-` for standard input.
    #[arg(long, value_name = "FILE")]
    dump: Option<PathBuf>,
    /// An overlay for the dump. Repeat the option for several overlays.
    #[arg(long, value_name = "FILE", requires = "dump")]
    overlay: Vec<PathBuf>,
    /// Use the publicly known facts about this edition that match the dump.
    #[arg(long, value_name = "EDITION", value_parser = edition_parser(), requires = "dump")]
    known: Option<Edition>,
}

impl Source {
    /// Generates the clients: one for each edition of this program, or one for the dump.
    pub(crate) fn generate(&self) -> Result<Generated, Failed> {
        let Some(dump) = &self.dump else {
            let editions = Editions::read(&built_in::read).map_err(Failed::work)?;
            return editions.generate().map_err(Failed::work);
        };
        let generated = bindings(dump.clone(), &self.overlay, self.known)
            .generate()
            .map_err(|error| Failed::usage(error.into()))?;
        report_notes(&generated);
        Ok(generated)
    }
}

/// Returns a generator for a dump.
pub(crate) fn bindings(dump: PathBuf, overlays: &[PathBuf], known: Option<Edition>) -> Bindings {
    let bindings = overlays.iter().fold(Bindings::new(dump), Bindings::overlay);
    match known {
        Some(edition) => bindings.known(edition),
        None => bindings,
    }
}
