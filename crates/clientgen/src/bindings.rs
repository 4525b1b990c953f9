//! A client of a program's own: checked-in code, or the output of a build script.

use std::collections::BTreeSet;
use std::env;
use std::io::{self, Write as _};
use std::path::Path;

use miette::Diagnostic;

use crate::bindings_error::BindingsError;
use crate::error::nearest;
use crate::generator::{Generated, Generator};
use crate::listing::Listing;
use crate::output;
use crate::overlay::Overlay;
use crate::target::Target;
use crate::tree::Difference;

/// Generates a client from one function list, and compares or replaces the files of an earlier client.
///
/// A product wraps it: the product reads and parses the function list and the overlays. `D` is the error of the product's
/// function list, see [`BindingsError`].
#[derive(Clone, Debug)]
#[must_use = "nothing is generated before `generate`"]
pub struct Bindings {
    target: &'static Target,
    only: Option<BTreeSet<String>>,
    command: Option<String>,
}

impl Bindings {
    /// Starts with the settings of a product.
    pub fn new(target: &'static Target) -> Self {
        Self {
            target,
            only: None,
            command: None,
        }
    }

    /// Generates these functions only, by their wire names.
    pub fn only<N: Into<String>>(mut self, functions: impl IntoIterator<Item = N>) -> Self {
        self.only = Some(functions.into_iter().map(Into::into).collect());
        self
    }

    /// Sets the command that writes the files. The headers of the files and errors name it.
    pub fn command(mut self, command: &str) -> Self {
        self.command = Some(command.to_owned());
        self
    }

    /// Generates into memory: the files, and the model that they were written from.
    ///
    /// # Errors
    /// An overlay does not fit the function list, or a function of [`only`](Self::only) is not in it.
    pub fn generate<D: Diagnostic>(
        &self,
        listing: &Listing,
        overlays: &[Overlay],
    ) -> Result<Generated, BindingsError<D>> {
        let mut generator = Generator::new(self.target, self.command.as_deref().unwrap_or_default());
        if let Some(only) = &self.only {
            check_functions(listing, only)?;
            generator = generator.only(only.iter().map(String::as_str));
        }
        Ok(generator.single(listing, overlays)?)
    }

    /// Replaces the files in a folder with the generated files, and removes files that are no longer generated. Returns
    /// what was changed.
    ///
    /// # Errors
    /// The folder contains files that were not generated, or it cannot be written.
    pub fn write<D: Diagnostic>(
        &self,
        generated: &Generated,
        folder: &Path,
    ) -> Result<Vec<Difference>, BindingsError<D>> {
        let written = generated.tree.write(folder);
        written.map_err(|error| BindingsError::tree(folder, error, BindingsError::write))
    }

    /// Compares the files in a folder with the generated files, and changes nothing.
    ///
    /// # Errors
    /// [`BindingsError::Stale`] with the differences; the folder contains files that were not generated, or it cannot be
    /// read.
    pub fn check<D: Diagnostic>(&self, generated: &Generated, folder: &Path) -> Result<(), BindingsError<D>> {
        let differences = generated.tree.compare(folder);
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

    /// For build scripts: writes the module `name` into `OUT_DIR` as `name.rs`. Prints a `cargo::warning` for each
    /// sentence of [`Generated::gave_way`], which starts with `source`.
    ///
    /// # Errors
    /// The program is not a build script, or the file or standard output cannot be written.
    ///
    /// # Panics
    /// `name` is no Rust name.
    pub fn build<D: Diagnostic>(
        &self,
        generated: &Generated,
        source: &Path,
        name: &str,
    ) -> Result<(), BindingsError<D>> {
        let folder = env::var_os("OUT_DIR").ok_or(BindingsError::NoBuildScript)?;
        let file = Path::new(&folder).join(format!("{name}.rs"));
        for sentence in &generated.gave_way {
            tell_cargo(&format!("warning={}: {sentence}", source.display()))?;
        }
        let text = generated.tree.in_one_file(name);
        output::write(&[(&file, text)]).map_err(|error| BindingsError::write(&file, error))
    }
}

/// For build scripts: has cargo run the script again when one of these files changes.
///
/// # Errors
/// Standard output cannot be written.
pub fn rerun_if_changed<'a, D: Diagnostic>(
    files: impl IntoIterator<Item = &'a Path>,
) -> Result<(), BindingsError<D>> {
    files
        .into_iter()
        .try_for_each(|file| tell_cargo(&format!("rerun-if-changed={}", file.display())))
}

/// Writes an instruction of a build script.
fn tell_cargo<D: Diagnostic>(instruction: &str) -> Result<(), BindingsError<D>> {
    writeln!(io::stdout(), "cargo::{instruction}")
        .map_err(|error| BindingsError::write(Path::new("standard output"), error))
}

fn check_functions<D: Diagnostic>(
    listing: &Listing,
    only: &BTreeSet<String>,
) -> Result<(), BindingsError<D>> {
    let missing = only.iter().find(|function| listing.function(function).is_none());
    let Some(unknown) = missing else {
        return Ok(());
    };
    let names = listing.functions().iter().map(|function| function.name.as_str());
    Err(BindingsError::NoSuchFunction {
        function: unknown.clone(),
        dump: listing.source().to_owned(),
        nearest: nearest(unknown, names),
    })
}
