//! A client of a program's own: dump and overlays in, checked-in code or the output of a build script out.

use std::collections::BTreeSet;
use std::env;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use mailstore_metadata::{Dump, Edition};

use crate::bindings_error::BindingsError;
use crate::error::nearest;
use crate::generator::{Generated, Generator};
use crate::input::{Input, is_standard_input};
use crate::known::{self, known_overlays};
use crate::output;
use crate::overlay::Overlay;
use crate::tree::Difference;

/// Generates a client from a saved dump, for programs that keep their own.
///
/// What it generates needs the crate `mailstore-transport`, and with [`known`](Self::known) `mailstore-types` too.
///
/// As code that is checked in, with a test that it is up to date:
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
/// In a build script. `include!(concat!(env!("OUT_DIR"), "/client.rs"));` in the root of the program is then its module
/// `client`:
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
    only: Option<BTreeSet<String>>,
    command: Option<String>,
}

impl Bindings {
    /// Starts with a saved response to get-metadata: a file, a pipe, or `-` for standard input.
    ///
    /// Relative paths start at the current folder of the program. In build scripts and tests, that is the folder of
    /// the package.
    pub fn new(dump: impl Into<PathBuf>) -> Self {
        Self {
            dump: dump.into(),
            overlays: Vec::new(),
            known: None,
            only: None,
            command: None,
        }
    }

    /// Adds an overlay: types, descriptions and effects of functions in the dump. It may be a pipe or `-`. The method
    /// may be called several times.
    pub fn overlay(mut self, path: impl Into<PathBuf>) -> Self {
        self.overlays.push(path.into());
        self
    }

    /// Uses what is publicly known of an edition. It gives way to the dump and to the overlays of your own;
    /// [`Generated::gave_way`] says where it does. A dump of the other edition is refused.
    pub fn known(mut self, edition: Edition) -> Self {
        self.known = Some(edition);
        self
    }

    /// Generates these functions only, by their wire names such as `GetStores`.
    pub fn only<N: Into<String>>(mut self, functions: impl IntoIterator<Item = N>) -> Self {
        self.only = Some(functions.into_iter().map(Into::into).collect());
        self
    }

    /// The command that writes the files, such as `cargo run -p generate`. Headers of the files and errors name it.
    pub fn command(mut self, command: &str) -> Self {
        self.command = Some(command.to_owned());
        self
    }

    /// Generates into memory: the files, and the model that they were written from.
    ///
    /// # Errors
    /// A file cannot be read, the dump or an overlay is wrong (with the place in the file), or a function of
    /// [`only`](Self::only) is not in the dump.
    pub fn generate(&self) -> Result<Generated, BindingsError> {
        self.check_standard_input()?;
        let Input { name, text } = read(&self.dump)?;
        let dump = Dump::parse(&name, text.as_bytes())?;
        let mut overlays = Vec::new();
        for path in &self.overlays {
            overlays.push(Overlay::parse(&path.display().to_string(), &read(path)?.text)?);
        }
        let mut gave_way = Vec::new();
        if let Some(edition) = self.known {
            refuse_other_edition(&dump, &name, edition)?;
            let known = known_overlays(edition);
            gave_way = known::gave_way(&known, edition, &dump);
            overlays.extend(known);
        }
        let mut generator = Generator::new(self.command.as_deref().unwrap_or_default());
        if let Some(only) = &self.only {
            known_functions(&dump, &name, only)?;
            generator = generator.only(only.iter().map(String::as_str));
        }
        let generated = generator.single(dump, &name, &overlays)?;
        Ok(Generated {
            gave_way,
            ..generated
        })
    }

    /// Standard input can be read once.
    fn check_standard_input(&self) -> Result<(), BindingsError> {
        let inputs = self.overlays.iter().chain([&self.dump]);
        if inputs.filter(|path| is_standard_input(path)).count() > 1 {
            let reason = "standard input (`-`) can be one input only; give files for the others";
            return Err(BindingsError::read(Path::new("-"), io::Error::other(reason)));
        }
        Ok(())
    }

    /// Makes a folder what it should be: the module tree, for `#[rustfmt::skip] mod client;`. Files in it that are not
    /// generated any more are removed. Returns what was changed.
    ///
    /// # Errors
    /// As [`generate`](Self::generate); the folder holds files that were not generated; it cannot be written.
    pub fn write(&self, folder: impl AsRef<Path>) -> Result<Vec<Difference>, BindingsError> {
        let folder = folder.as_ref();
        self.generate()?
            .tree
            .write(folder)
            .map_err(|error| BindingsError::tree(folder, error, BindingsError::write))
    }

    /// Fails if the folder is not what [`write`](Self::write) would make it, and changes nothing.
    ///
    /// # Errors
    /// As [`generate`](Self::generate); or [`BindingsError::Stale`] with the differences.
    pub fn check(&self, folder: impl AsRef<Path>) -> Result<(), BindingsError> {
        let folder = folder.as_ref();
        let differences = self.generate()?.tree.compare(folder);
        let differences =
            differences.map_err(|error| BindingsError::tree(folder, error, BindingsError::read))?;
        if differences.is_empty() {
            return Ok(());
        }
        Err(BindingsError::Stale {
            command: self.command.clone(),
            folder: folder.to_owned(),
            differences,
        })
    }

    /// For build scripts: prints a `cargo::warning` if what is [`known`](Self::known) gives way to the dump, writes
    /// the module `name` into `OUT_DIR` as `name.rs`, and has cargo run the script again when
    /// the dump or an overlay changes.
    ///
    /// # Errors
    /// As [`generate`](Self::generate); the program is not a build script; the file or standard output cannot be
    /// written. Return the error from `main`: it prints what is wrong, with the place.
    ///
    /// # Panics
    /// `name` is no Rust name.
    pub fn build(&self, name: &str) -> Result<(), BindingsError> {
        for path in self.overlays.iter().chain([&self.dump]) {
            tell_cargo(&format!("rerun-if-changed={}", path.display()))?;
        }
        let folder = env::var_os("OUT_DIR").ok_or(BindingsError::NoBuildScript)?;
        let file = Path::new(&folder).join(format!("{name}.rs"));
        let generated = self.generate()?;
        for sentence in &generated.gave_way {
            tell_cargo(&format!("warning={}: {sentence}", self.dump.display()))?;
        }
        let text = generated.tree.in_one_file(name);
        output::write(&[(&file, text)]).map_err(|error| BindingsError::write(&file, error))
    }
}

/// Writes an instruction of a build script.
fn tell_cargo(instruction: &str) -> Result<(), BindingsError> {
    writeln!(io::stdout(), "cargo::{instruction}")
        .map_err(|error| BindingsError::write(Path::new("standard output"), error))
}

fn read(path: &Path) -> Result<Input, BindingsError> {
    Input::read(path).map_err(|error| BindingsError::read(path, error))
}

fn refuse_other_edition(dump: &Dump, name: &str, asked: Edition) -> Result<(), BindingsError> {
    match Edition::of(dump) {
        Some(found) if found != asked => Err(BindingsError::OtherEdition {
            dump: name.to_owned(),
            found: found.title(),
            asked: asked.title(),
        }),
        _ => Ok(()),
    }
}

fn known_functions(dump: &Dump, name: &str, only: &BTreeSet<String>) -> Result<(), BindingsError> {
    let Some(unknown) = only.iter().find(|function| dump.function(function).is_none()) else {
        return Ok(());
    };
    let names = dump.functions().iter().map(|function| function.name.as_str());
    Err(BindingsError::NoSuchFunction {
        function: unknown.clone(),
        dump: name.to_owned(),
        nearest: nearest(unknown, names),
    })
}
