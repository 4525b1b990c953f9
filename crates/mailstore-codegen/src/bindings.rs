//! Generates a separate client from files: as code that is checked in, or in a build script.

use std::io;
use std::path::{Path, PathBuf};

use clientgen::{Difference, Generated, gave_way, rerun_if_changed};
use mailstore_metadata::{Dump, DumpError, Edition};

use crate::input::{Input, is_standard_input};
use crate::known::known_overlays;
use crate::listing::listing;
use crate::overlay::Overlay;
use crate::target::TARGET;

/// The error of [`Bindings`].
pub type BindingsError = clientgen::BindingsError<DumpError>;

/// Generates a separate client from a saved dump.
///
/// The generated code needs the crate `mailstore-transport`. With [`known`](Self::known), it also needs
/// `mailstore-types`.
///
/// A client that is checked in, and a check that it is up to date:
///
/// ```no_run
/// use mailstore_codegen::{Bindings, BindingsError, Edition};
///
/// fn bindings() -> Bindings {
///     Bindings::new("metadata.json").known(Edition::Server).overlay("overlay.toml")
/// }
///
/// fn generate() -> Result<(), BindingsError> {
///     bindings().write("src/client").map(drop)
/// }
///
/// fn client_is_up_to_date() -> Result<(), BindingsError> {
///     bindings().check("src/client")
/// }
/// ```
///
/// A client that a build script generates. The program includes it as the module `client` with
/// `include!(concat!(env!("OUT_DIR"), "/client.rs"));`:
///
/// ```no_run
/// use mailstore_codegen::{Bindings, BindingsError};
///
/// fn main() -> Result<(), BindingsError> {
///     Bindings::new("metadata.json").only(["GetServerInfo", "GetStores"]).build("client")
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is generated before `write`, `check`, `build` or `generate`"]
pub struct Bindings {
    dump: PathBuf,
    overlays: Vec<PathBuf>,
    known: Option<Edition>,
    neutral: clientgen::Bindings,
}

impl Bindings {
    /// Uses a saved response to `get-metadata`: a file, a pipe, or `-` for standard input.
    ///
    /// Relative paths start at the current folder of the program. In build scripts and tests, this is the folder of the
    /// package.
    pub fn new(dump: impl Into<PathBuf>) -> Self {
        Self {
            dump: dump.into(),
            overlays: Vec::new(),
            known: None,
            neutral: clientgen::Bindings::new(&TARGET),
        }
    }

    /// Adds an overlay: types, descriptions and effects of functions in the dump. The path may be a pipe or `-`. Call
    /// this method once for each overlay.
    pub fn overlay(mut self, path: impl Into<PathBuf>) -> Self {
        self.overlays.push(path.into());
        self
    }

    /// Adds the publicly known facts about an edition. They give way to the dump and to your own overlays, see
    /// [`Overlay::giving_way`]. [`Generated::gave_way`] lists where the dump overrides them. A dump of the other
    /// edition is an error.
    pub fn known(mut self, edition: Edition) -> Self {
        self.known = Some(edition);
        self
    }

    /// Generates only these functions. They are given by wire name, such as `GetStores`.
    pub fn only<N: Into<String>>(mut self, functions: impl IntoIterator<Item = N>) -> Self {
        self.neutral = self.neutral.only(functions);
        self
    }

    /// Sets the command that writes the files, such as `cargo run -p generate`. File headers and errors contain it.
    pub fn command(mut self, command: &str) -> Self {
        self.neutral = self.neutral.command(command);
        self
    }

    /// Generates the files and the model in memory.
    ///
    /// # Errors
    /// A file cannot be read, the dump or an overlay is invalid (the error contains the place in the file), the dump is
    /// of another edition than [`known`](Self::known), or a function of [`only`](Self::only) is not in the dump.
    pub fn generate(&self) -> Result<Generated, BindingsError> {
        self.check_standard_input()?;
        let Input { name, text } = read(&self.dump)?;
        let dump = Dump::parse(&name, text.as_bytes()).map_err(BindingsError::Dump)?;
        let mut overlays = Vec::new();
        for path in &self.overlays {
            overlays.push(Overlay::parse(&path.display().to_string(), &read(path)?.text)?);
        }
        let listing = listing(&dump, &name);
        let mut sentences = Vec::new();
        if let Some(edition) = self.known {
            reject_other_edition(&dump, &name, edition)?;
            let known = known_overlays(edition);
            // An overlay may be shared between editions, so a function that only the other edition has may be missing.
            let is_expected =
                |name: &str| Edition::of_functions([(name, false)]).is_none_or(|of| of == edition);
            sentences = gave_way(&Overlay::neutral(&known), &listing, is_expected);
            overlays.extend(known);
        }
        let mut generated = self.neutral.generate(&listing, &Overlay::neutral(&overlays))?;
        generated.gave_way = sentences;
        Ok(generated)
    }

    /// Checks that at most one input is standard input, because it can be read only once.
    fn check_standard_input(&self) -> Result<(), BindingsError> {
        let inputs = self.overlays.iter().chain([&self.dump]);
        if inputs.filter(|path| is_standard_input(path)).count() > 1 {
            let reason = "standard input (`-`) can be only one of the inputs; use files for the others";
            return Err(BindingsError::read(Path::new("-"), io::Error::other(reason)));
        }
        Ok(())
    }

    /// Writes the client as a module tree into a folder, for `#[rustfmt::skip] mod client;`. Removes generated files
    /// that no longer belong to it. Returns what was changed.
    ///
    /// # Errors
    /// Those of [`generate`](Self::generate). The folder contains files that were not generated, or it cannot be
    /// written.
    pub fn write(&self, folder: impl AsRef<Path>) -> Result<Vec<Difference>, BindingsError> {
        self.neutral.write(&self.generate()?, folder.as_ref())
    }

    /// Checks that the folder is up to date: [`write`](Self::write) would not change it. Changes nothing.
    ///
    /// # Errors
    /// Those of [`generate`](Self::generate), or [`BindingsError::Stale`] with the differences.
    pub fn check(&self, folder: impl AsRef<Path>) -> Result<(), BindingsError> {
        self.neutral.check(&self.generate()?, folder.as_ref())
    }

    /// Generates the client in a build script: writes the module `name` into `OUT_DIR` as `name.rs`.
    ///
    /// Prints instructions for cargo: to run the script again when the dump or an overlay changes, and a warning if the
    /// dump overrides facts of [`known`](Self::known).
    ///
    /// # Errors
    /// Those of [`generate`](Self::generate). The program is not a build script, or the file or standard output cannot
    /// be written. Return the error from `main`, which then prints the error and its place.
    ///
    /// # Panics
    /// If `name` is not a Rust name.
    pub fn build(&self, name: &str) -> Result<(), BindingsError> {
        rerun_if_changed(self.overlays.iter().chain([&self.dump]).map(PathBuf::as_path))?;
        self.neutral.build(&self.generate()?, &self.dump, name)
    }
}

fn read(path: &Path) -> Result<Input, BindingsError> {
    Input::read(path).map_err(|error| BindingsError::read(path, error))
}

fn reject_other_edition(dump: &Dump, name: &str, asked: Edition) -> Result<(), BindingsError> {
    match Edition::of(dump) {
        Some(found) if found != asked => Err(BindingsError::OtherEdition {
            dump: name.to_owned(),
            found: found.title(),
            asked: asked.title(),
            advice: advice(found),
        }),
        _ => Ok(()),
    }
}

fn advice(found: Edition) -> &'static str {
    match found {
        Edition::Spe => "use `--known spe` on the command line, or `known(Edition::Spe)` in Rust",
        Edition::Server => "use `--known server` on the command line, or `known(Edition::Server)` in Rust",
    }
}
