//! The entry point: generates a tree of files from dumps and overlays.

use clientgen::model::Api;
use clientgen::{Generated, OverlayError};
use mailstore_metadata::Dump;

use crate::listing::listing;
use crate::overlay::Overlay;
use crate::target::TARGET;

/// A dump with its name and its overlays.
#[derive(Clone, Debug)]
pub struct Source {
    /// The function list of a server.
    pub dump: Dump,
    /// The name of the dump in the headers of generated files, such as `metadata/mailstore/server-24.json`.
    pub name: String,
    /// The overlays for the dump. If several sources have clones of the same parsed overlay, it is shared: its types
    /// are generated once.
    pub overlays: Vec<Overlay>,
}

/// Generates a client for one edition, or for several that share types. The [crate docs](crate) have an example.
#[derive(Clone, Debug)]
pub struct Generator(clientgen::Generator);

impl Generator {
    /// Creates a generator. The file headers contain `command` as the command that writes the files. It may be empty.
    pub fn new(command: &str) -> Self {
        Self(clientgen::Generator::new(&TARGET, command))
    }

    /// Generates only these functions, given by wire name. Overlays may still contain facts about others.
    /// [`single`](Self::single) and [`model`](Self::model) use this.
    pub fn only<N: Into<String>>(self, functions: impl IntoIterator<Item = N>) -> Self {
        Self(self.0.only(functions))
    }

    /// Adds the examples of the overlays to the docs of [`editions`](Self::editions). `name` is the crate that contains
    /// the editions as modules. Its doc tests compile the examples.
    pub fn with_examples(self, name: &str) -> Self {
        Self(self.0.with_examples(name))
    }

    /// Adds a trait of this name to [`editions`](Self::editions). It has the functions that the client of one edition
    /// and the handle of another have with the same signature. Both implement it.
    ///
    /// The name of its module is the name of the trait in lower case. The trait needs the features of both editions. No
    /// trait is generated if one of the editions is missing or if they share no function.
    pub fn with_shared_trait(self, name: &str, client_of: &str, handle_of: &str) -> Self {
        Self(self.0.with_shared_trait(name, client_of, handle_of))
    }

    /// Returns the model of a dump: all its functions, with the facts of the overlays. Writes no Rust code, so it is much
    /// faster than [`single`](Self::single).
    ///
    /// # Errors
    /// An overlay does not match the dump.
    pub fn model(&self, dump: &Dump, name: &str, overlays: &[Overlay]) -> Result<Api, OverlayError> {
        self.0.model(&listing(dump, name), &Overlay::neutral(overlays))
    }

    /// Generates a stand-alone client for one dump: a module tree with `mod.rs`.
    ///
    /// The client needs the crate `mailstore-transport` and the crates of its hand-written types. Without overlays, it
    /// is complete but has plain types.
    ///
    /// # Errors
    /// An overlay does not match the dump.
    #[expect(clippy::needless_pass_by_value, reason = "public API")]
    pub fn single(&self, dump: Dump, name: &str, overlays: &[Overlay]) -> Result<Generated, OverlayError> {
        self.0.single(&listing(&dump, name), &Overlay::neutral(overlays))
    }

    /// Generates several editions: one module for each, behind the feature of the same name with `-` for `_`. The types
    /// of shared overlays are generated once, in the module `types`.
    ///
    /// # Errors
    /// An overlay does not match the dumps.
    pub fn editions(&self, sources: &[Source]) -> Result<Generated, OverlayError> {
        let source = |source: &Source| clientgen::Source {
            listing: listing(&source.dump, &source.name),
            overlays: Overlay::neutral(&source.overlays),
        };
        self.0.editions(&sources.iter().map(source).collect::<Vec<_>>())
    }

    /// Returns a file that calls every function of an edition once with every argument, for tests. `client` is the
    /// module of the client, and `values` is a module with functions that create values. Both are Rust paths such as
    /// `crate::values`.
    ///
    /// # Panics
    /// If `client` or `values` is not a Rust path.
    pub fn exercise(&self, api: &Api, client: &str, values: &str) -> String {
        self.0.exercise(api, client, values)
    }

    /// Returns a file with a function `decode(function, result)`. It decodes the result of a read-only function as the
    /// client does. `function` is a wire name. `client` is the module of the client as a Rust path.
    ///
    /// # Panics
    /// If `client` is not a Rust path.
    pub fn decoders(&self, api: &Api, client: &str) -> String {
        self.0.decoders(api, client)
    }
}
