//! The products whose modules have a generated client.

use std::fmt;
use std::str::FromStr;

use clientgen::{Generated, Generator, Overlay, OverlayError, Target};
use miette::Diagnostic;

use crate::known;
use crate::list::BridgeDump;
use crate::target::{JETSTREAM, MUSTER};

/// A product whose Python module has a generated client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Product {
    /// The module `jetstream`.
    Jetstream,
    /// The module `MDispatcherAPI` of Muster.
    Muster,
}

/// The reason why no client is generated.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[non_exhaustive]
pub enum GenerateError {
    /// An overlay does not match the function list.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Overlay(#[from] OverlayError),
    /// The function list is that of another module.
    #[error("{source_name} is the list of the module `{found}`, and this client needs that of `{expected}`")]
    Module {
        /// Name of the function list.
        source_name: String,
        /// The module of the list.
        found: String,
        /// The module of the product.
        expected: &'static str,
    },
}

impl Product {
    /// All products.
    pub const ALL: [Self; 2] = [Self::Jetstream, Self::Muster];

    /// Returns the name: `jetstream` or `muster`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Jetstream => "jetstream",
            Self::Muster => "muster",
        }
    }

    /// Returns the name of the Python module.
    pub fn module(self) -> &'static str {
        match self {
            Self::Jetstream => "jetstream",
            Self::Muster => "MDispatcherAPI",
        }
    }

    /// Returns the settings for `clientgen`.
    pub fn target(self) -> &'static Target {
        match self {
            Self::Jetstream => &JETSTREAM,
            Self::Muster => &MUSTER,
        }
    }

    /// Returns the function lists of this crate with their names, oldest first. The client of the product is generated
    /// from the last one.
    pub fn lists(self) -> Vec<(&'static str, BridgeDump)> {
        known::lists(match self {
            Self::Jetstream => known::JETSTREAM_LISTS,
            Self::Muster => known::MUSTER_LISTS,
        })
    }

    /// Returns the overlays of this crate: types, results, effects and descriptions.
    pub fn overlays(self) -> Vec<Overlay> {
        known::overlays(
            self.target(),
            match self {
                Self::Jetstream => known::JETSTREAM_OVERLAYS,
                Self::Muster => known::MUSTER_OVERLAYS,
            },
        )
    }

    /// Generates a client from a function list and overlays. The file headers contain `name` as the name of the list and
    /// `command` as the command that writes the files.
    ///
    /// To generate a client for the list of a site, pass [`overlays`](Self::overlays) with
    /// [`giving_way`](Overlay::giving_way), so that functions that the list lacks are no error.
    ///
    /// The generated client needs the crate `python-bridge`. That of Muster also needs `muster-api`, which has the types
    /// of its objects.
    ///
    /// # Errors
    /// An overlay does not match the list, or the list is that of another module.
    pub fn generate(
        self,
        name: &str,
        list: &BridgeDump,
        overlays: &[Overlay],
        command: &str,
    ) -> Result<Generated, GenerateError> {
        if list.module != self.module() {
            return Err(GenerateError::Module {
                source_name: name.to_owned(),
                found: list.module.clone(),
                expected: self.module(),
            });
        }
        let generator = Generator::new(self.target(), command);
        Ok(generator.single(&list.listing(name), overlays)?)
    }

    /// Generates a client for the list of a site: [`generate`](Self::generate) with the overlays of this crate, which
    /// give way. Parameters that the list lacks are those of the newest list of this crate.
    ///
    /// # Errors
    /// The list is that of another module.
    ///
    /// ```
    /// use bridge_codegen::Product;
    ///
    /// let (_, list) = Product::Jetstream.lists().swap_remove(0);
    /// let generated = Product::Jetstream.generate_for_site("site.json", list, "")?;
    /// assert!(generated.listing().contains("Client::send_get_manifest(&self, manifest: &ManifestId) -> Manifest"));
    /// # Ok::<(), bridge_codegen::GenerateError>(())
    /// ```
    pub fn generate_for_site(
        self,
        name: &str,
        mut list: BridgeDump,
        command: &str,
    ) -> Result<Generated, GenerateError> {
        if let Some((_, newest)) = self.lists().last() {
            list.complete(newest);
        }
        let overlays: Vec<Overlay> = self.overlays().into_iter().map(Overlay::giving_way).collect();
        self.generate(name, &list, &overlays, command)
    }
}

impl fmt::Display for Product {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Product {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|product| product.as_str() == text);
        found.ok_or_else(|| {
            format!(
                "the products are jetstream and muster, not `{}`",
                text.escape_debug()
            )
        })
    }
}
