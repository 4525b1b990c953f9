//! The entry point: dumps and overlays in, a tree of files out.

use mailstore_metadata::Dump;
use quote::quote;

use crate::emit::{self, Style};
use crate::error::OverlayError;
use crate::lower::{Input, Lowered, TypeUse, check_unused, define, lower, name_editions};
use crate::model::{Api, TypeDef};
use crate::overlay::Overlay;
use crate::tree::Tree;

/// A dump and what to call it.
#[derive(Clone, Debug)]
pub struct Source {
    /// The function list of a server.
    pub dump: Dump,
    /// What the headers of the generated files call it, such as `metadata/server-24.json`.
    pub name: String,
    /// The overlay for this edition alone, if there is one.
    pub overlay: Option<Overlay>,
}

/// Generates a client for one edition, or for several that share types. The [crate docs](crate) have an example.
#[derive(Clone, Debug)]
pub struct Generator {
    command: String,
}

/// What a run brings.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Generated {
    /// The files.
    pub tree: Tree,
    /// The model that they were written from, one for each source.
    pub apis: Vec<Api>,
    /// The types that several of them share, sorted by name.
    pub shared_types: Vec<TypeDef>,
}

impl Generator {
    /// `command` is what the headers of the files name as the way to write them anew.
    pub fn new(command: &str) -> Self {
        Self {
            command: command.to_owned(),
        }
    }

    /// Generates a stand-alone module tree for one dump: `mod.rs` and what belongs to it.
    ///
    /// It builds on the crate `mailstore-transport` alone. Without overlays it is complete with plain types.
    ///
    /// # Errors
    /// An overlay does not fit the dump.
    pub fn single(&self, dump: Dump, name: &str, overlays: &[Overlay]) -> Result<Generated, OverlayError> {
        let input = Input {
            dump: &dump,
            source: name,
            overlays,
        };
        let Lowered { mut api, used } = lower(&input)?;
        api.types = define(overlays, &[&used])?.into_values().collect();
        check_unused(&[input], std::slice::from_ref(&api), api.types.iter())?;
        let mut tree = Tree::default();
        emit::api(&mut tree, "", &api, None, &self.style());
        Ok(Generated {
            tree,
            apis: vec![api],
            shared_types: Vec::new(),
        })
    }

    /// Generates several editions beside each other: a module for each, behind a feature of its name, and the types
    /// of the `common` overlays once for all of them.
    ///
    /// # Errors
    /// An overlay does not fit the dumps.
    pub fn editions(&self, sources: &[Source], common: &[Overlay]) -> Result<Generated, OverlayError> {
        let overlays: Vec<Vec<Overlay>> = sources
            .iter()
            .map(|source| common.iter().chain(&source.overlay).cloned().collect())
            .collect();
        let inputs: Vec<Input<'_>> = sources
            .iter()
            .zip(&overlays)
            .map(|(source, overlays)| Input {
                dump: &source.dump,
                source: &source.name,
                overlays,
            })
            .collect();
        let mut lowered = inputs.iter().map(lower).collect::<Result<Vec<_>, _>>()?;
        name_editions(&inputs, &mut lowered)?;
        let used: Vec<&TypeUse> = lowered.iter().map(|lowered| &lowered.used).collect();
        let shared = define(common, &used)?;
        let own = overlays
            .iter()
            .zip(&used)
            .map(|(overlays, used)| {
                let mut types = define(overlays, &[used])?;
                types.retain(|name, _| !shared.contains_key(name));
                Ok(types.into_values().collect())
            })
            .collect::<Result<Vec<Vec<TypeDef>>, OverlayError>>()?;
        let shared: Vec<TypeDef> = shared.into_values().collect();
        let apis: Vec<Api> = lowered
            .into_iter()
            .zip(own)
            .map(|(lowered, types)| Api { types, ..lowered.api })
            .collect();
        check_unused(
            &inputs,
            &apis,
            shared.iter().chain(apis.iter().flat_map(|api| &api.types)),
        )?;

        let style = self.style();
        let mut tree = Tree::default();
        let all = sources
            .iter()
            .map(|source| source.name.as_str())
            .collect::<Vec<_>>()
            .join(" and ");
        let path = (!shared.is_empty()).then(|| quote! { super::super::types });
        emit::editions(&mut tree, &apis, path.is_some(), &all, &style);
        if path.is_some() {
            emit::shared_types(&mut tree, "types", &shared, &all, &style);
        }
        for api in &apis {
            emit::api(&mut tree, &api.name, api, path.as_ref(), &style);
        }
        Ok(Generated {
            tree,
            apis,
            shared_types: shared,
        })
    }

    /// A file that calls every function of an edition once with every argument, for tests. `client` is the module of
    /// the client and `values` one that makes values, both as Rust paths such as `crate::values`.
    ///
    /// # Panics
    /// `client` or `values` is no Rust path.
    pub fn exercise(&self, api: &Api, client: &str, values: &str) -> String {
        let path = |text: &str| {
            let path: syn::Path = syn::parse_str(text).expect("the caller gives a path");
            quote! { #path }
        };
        emit::exercise(api, &path(client), &path(values), &self.style())
    }

    fn style(&self) -> Style<'_> {
        Style {
            command: &self.command,
            runtime: quote! { mailstore_transport },
        }
    }
}
