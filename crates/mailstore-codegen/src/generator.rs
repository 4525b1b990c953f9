//! The entry point: dumps and overlays in, a tree of files out.

use std::collections::{BTreeMap, BTreeSet};

use mailstore_metadata::Dump;
use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::{self, SharedTrait, Style};
use crate::error::OverlayError;
use crate::lower::{
    Input, Lowered, TypeUse, check_shared_types, check_unused, define, follow, lower, name_editions,
};
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
    /// The overlays that speak of it. One that several sources have (clones of one that was parsed once) is shared:
    /// the types of it are generated once.
    pub overlays: Vec<Overlay>,
}

/// Generates a client for one edition, or for several that share types. The [crate docs](crate) have an example.
#[derive(Clone, Debug)]
pub struct Generator {
    command: String,
    krate: Option<String>,
    functions: Option<BTreeSet<String>>,
    shared_trait: Option<SharedTraitOf>,
}

/// The trait that two editions share, by names.
#[derive(Clone, Debug)]
struct SharedTraitOf {
    name: String,
    client: String,
    handle: String,
}

/// The model of one dump, with the types that it uses.
fn typed(input: &Input<'_>) -> Result<Api, OverlayError> {
    let Lowered { api, used } = lower(input)?;
    let types = define(input.overlays, &[&used])?.into_values().collect();
    Ok(Api { types, ..api })
}

/// The overlays that more than one source has.
fn shared_overlays(sources: &[Source]) -> Vec<Overlay> {
    let mut shared: Vec<Overlay> = Vec::new();
    for (place, source) in sources.iter().enumerate() {
        for overlay in &source.overlays {
            let mut later = sources[place + 1..].iter().flat_map(|source| &source.overlays);
            if later.any(|other| other.is(overlay)) && !shared.iter().any(|other| other.is(overlay)) {
                shared.push(overlay.clone());
            }
        }
    }
    shared
}

/// Says of every function which editions have it, if there are several.
fn name_editions_of_functions(apis: &mut [Api]) {
    if apis.len() < 2 {
        return;
    }
    let mut editions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for api in apis.iter() {
        for function in api.functions() {
            editions
                .entry(function.wire.clone())
                .or_default()
                .push(api.short.clone());
        }
    }
    let functions = apis
        .iter_mut()
        .flat_map(|api| &mut api.groups)
        .flat_map(|group| &mut group.functions);
    for function in functions {
        function.editions = editions.get(&function.wire).cloned().unwrap_or_default();
    }
}

/// # Panics
/// The text is no Rust path.
fn path(text: &str) -> TokenStream {
    let path: syn::Path = syn::parse_str(text).expect("the caller gives a path");
    quote! { #path }
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
    /// Where [`Bindings::known`](crate::Bindings::known) gave way to a dump of another version, as sentences.
    pub gave_way: Vec<String>,
}

impl Generator {
    /// The headers of the files name `command` as the way to write them again. It may be empty.
    pub fn new(command: &str) -> Self {
        Self {
            command: command.to_owned(),
            krate: None,
            functions: None,
            shared_trait: None,
        }
    }

    /// Generates these functions only, by their wire names; overlays still speak of all. For [`Self::single`].
    pub fn only<N: Into<String>>(mut self, functions: impl IntoIterator<Item = N>) -> Self {
        self.functions = Some(functions.into_iter().map(Into::into).collect());
        self
    }

    /// Puts the examples of the overlays into the docs of [`editions`](Self::editions). `name` is the crate that the
    /// editions are modules of, as examples call it; they are compiled with its doc tests.
    pub fn with_examples(mut self, name: &str) -> Self {
        self.krate = Some(name.to_owned());
        self
    }

    /// Adds a trait of this name to [`editions`](Self::editions): the functions that the client of one edition and the
    /// handle of another have with the same signature. Both implement it.
    ///
    /// The trait is in a module of its name in lower case. It needs the features of both editions. There is no trait if
    /// an edition of the name is missing, or if they have no such function.
    pub fn with_shared_trait(mut self, name: &str, client_of: &str, handle_of: &str) -> Self {
        self.shared_trait = Some(SharedTraitOf {
            name: name.to_owned(),
            client: client_of.to_owned(),
            handle: handle_of.to_owned(),
        });
        self
    }

    /// Generates a stand-alone module tree for one dump: `mod.rs` and what belongs to it.
    ///
    /// It builds on the crate `mailstore-transport` alone. Without overlays it is complete with plain types.
    ///
    /// # Errors
    /// An overlay does not fit the dump.
    pub fn single(&self, dump: Dump, name: &str, overlays: &[Overlay]) -> Result<Generated, OverlayError> {
        let whole = Input {
            dump: &dump,
            source: name,
            overlays,
        };
        let mut api = typed(&whole)?;
        check_unused(&[whole], std::slice::from_ref(&api), api.types.iter())?;
        if let Some(functions) = &self.functions {
            let dump = dump.filter(|function| functions.contains(function));
            let part = typed(&Input {
                dump: &dump,
                source: name,
                overlays,
            })?;
            api = Api {
                digest: api.digest,
                ..part
            };
        }
        let mut tree = Tree::default();
        // The crate and the path of the tree are not known, so no examples are written.
        let style = Style {
            krate: None,
            stand_alone: true,
            ..self.style()
        };
        emit::api(&mut tree, "", &api, None, &style);
        Ok(Generated {
            tree,
            apis: vec![api],
            shared_types: Vec::new(),
            gave_way: Vec::new(),
        })
    }

    /// Generates several editions beside each other: a module for each, behind a feature of its name (with `-` for
    /// `_`), and the types of overlays that several of them have once for all.
    ///
    /// # Errors
    /// An overlay does not fit the dumps.
    pub fn editions(&self, sources: &[Source]) -> Result<Generated, OverlayError> {
        let inputs: Vec<Input<'_>> = sources
            .iter()
            .map(|source| Input {
                dump: &source.dump,
                source: &source.name,
                overlays: &source.overlays,
            })
            .collect();
        let common = shared_overlays(sources);
        check_shared_types(&inputs, &common)?;
        let mut lowered = inputs.iter().map(lower).collect::<Result<Vec<_>, _>>()?;
        name_editions(&inputs, &mut lowered)?;
        let used = sources.iter().zip(&lowered);
        let used = used.map(|(source, lowered)| follow(&source.overlays, &lowered.used));
        let used = used.collect::<Result<Vec<TypeUse>, _>>()?;
        let shared = define(&common, &used.iter().collect::<Vec<_>>())?;
        let own = sources
            .iter()
            .zip(&used)
            .map(|(source, used)| {
                let mut types = define(&source.overlays, &[used])?;
                types.retain(|name, _| !shared.contains_key(name));
                Ok(types.into_values().collect())
            })
            .collect::<Result<Vec<Vec<TypeDef>>, OverlayError>>()?;
        let shared: Vec<TypeDef> = shared.into_values().collect();
        let mut apis: Vec<Api> = lowered
            .into_iter()
            .zip(own)
            .map(|(lowered, types)| Api { types, ..lowered.api })
            .collect();
        name_editions_of_functions(&mut apis);
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
        let shared_trait = self.shared_trait.as_ref().and_then(|shared| {
            let api = |name: &String| apis.iter().find(|api| api.name == *name);
            Some(SharedTrait {
                name: &shared.name,
                client: api(&shared.client)?,
                handle: api(&shared.handle)?,
            })
        });
        emit::editions(
            &mut tree,
            &apis,
            path.is_some(),
            shared_trait.as_ref(),
            &all,
            &style,
        );
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
            gave_way: Vec::new(),
        })
    }

    /// A file that calls every function of an edition once with every argument, for tests. `client` is the module of
    /// the client and `values` one that makes values, both as Rust paths such as `crate::values`.
    ///
    /// # Panics
    /// `client` or `values` is no Rust path.
    pub fn exercise(&self, api: &Api, client: &str, values: &str) -> String {
        emit::exercise(api, &path(client), &path(values), &self.style())
    }

    /// A file with a function `decode(function, result)` that reads a result as the client does, by the wire name of
    /// the function, for those that only read. `client` is the module of the client as a Rust path.
    ///
    /// # Panics
    /// `client` is no Rust path.
    pub fn decoders(&self, api: &Api, client: &str) -> String {
        emit::decoders(api, &path(client), &self.style())
    }

    fn style(&self) -> Style<'_> {
        Style {
            command: &self.command,
            runtime: quote! { ::mailstore_transport },
            krate: self.krate.as_deref(),
            stand_alone: false,
        }
    }
}
