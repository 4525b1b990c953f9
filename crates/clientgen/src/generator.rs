//! The entry point: generates a tree of files from function lists and overlays.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::{self, SharedTrait, Style};
use crate::error::OverlayError;
use crate::listing::Listing;
use crate::lower::{
    Input, Lowered, TypeUse, check_shared_types, check_unused, define, follow, lower, name_editions,
};
use crate::model::{Api, TypeDef};
use crate::overlay::Overlay;
use crate::target::Target;
use crate::tree::Tree;

/// A function list with its overlays.
#[derive(Clone, Debug)]
pub struct Source {
    /// The function list of a server.
    pub listing: Listing,
    /// The overlays for the function list. If several sources have clones of the same parsed overlay, it is shared: its
    /// types are generated once.
    pub overlays: Vec<Overlay>,
}

/// Generates a client for one edition, or for several that share types. The [crate docs](crate) have an example.
#[derive(Clone, Debug)]
pub struct Generator {
    target: &'static Target,
    command: String,
    krate: Option<String>,
    functions: Option<BTreeSet<String>>,
    shared_trait: Option<SharedTraitOf>,
}

/// The names of a shared trait and of the two editions that share it.
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

/// The overlays that several sources have.
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

/// Records for every function which editions have it, if there are several editions.
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
/// If the text is not a Rust path.
fn path(text: &str) -> TokenStream {
    let path: syn::Path = syn::parse_str(text).expect("the caller or the target contains a Rust path");
    quote! { #path }
}

/// The output of a generator run.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Generated {
    /// The files.
    pub tree: Tree,
    /// The models from which the files were written, one for each source.
    pub apis: Vec<Api>,
    /// The types that several editions share, sorted by name.
    pub shared_types: Vec<TypeDef>,
    /// Sentences that say where a function list of another version overrides the facts of overlays. A product sets them
    /// with [`gave_way`](crate::gave_way).
    pub gave_way: Vec<String>,
}

impl Generator {
    /// Creates a generator for a product. The file headers contain `command` as the command that writes the files. It may
    /// be empty.
    pub fn new(target: &'static Target, command: &str) -> Self {
        Self {
            target,
            command: command.to_owned(),
            krate: None,
            functions: None,
            shared_trait: None,
        }
    }

    /// Generates only these functions, given by wire name. Overlays may still contain facts about others.
    /// [`single`](Self::single) and [`model`](Self::model) use this.
    pub fn only<N: Into<String>>(mut self, functions: impl IntoIterator<Item = N>) -> Self {
        self.functions = Some(functions.into_iter().map(Into::into).collect());
        self
    }

    /// Adds the examples of the overlays to the docs of [`editions`](Self::editions). `name` is the crate that contains
    /// the editions as modules. Its doc tests compile the examples.
    pub fn with_examples(mut self, name: &str) -> Self {
        self.krate = Some(name.to_owned());
        self
    }

    /// Adds a trait of this name to [`editions`](Self::editions). It has the functions that the client of one edition
    /// and the handle of another have with the same signature. Both implement it.
    ///
    /// The name of its module is the name of the trait in lower case. The trait needs the features of both editions. No
    /// trait is generated if one of the editions is missing or if they share no function.
    pub fn with_shared_trait(mut self, name: &str, client_of: &str, handle_of: &str) -> Self {
        self.shared_trait = Some(SharedTraitOf {
            name: name.to_owned(),
            client: client_of.to_owned(),
            handle: handle_of.to_owned(),
        });
        self
    }

    /// Returns the model of a function list: all its functions, with the facts of the overlays. Writes no Rust code, so
    /// it is much faster than [`single`](Self::single).
    ///
    /// # Errors
    /// An overlay does not match the function list.
    pub fn model(&self, listing: &Listing, overlays: &[Overlay]) -> Result<Api, OverlayError> {
        let whole = Input {
            target: self.target,
            listing,
            overlays,
        };
        let api = typed(&whole)?;
        check_unused(&[whole], std::slice::from_ref(&api), api.types.iter())?;
        let Some(functions) = &self.functions else {
            return Ok(api);
        };
        let part = listing.filter(|function| functions.contains(function));
        typed(&Input {
            target: self.target,
            listing: &part,
            overlays,
        })
    }

    /// Generates a stand-alone client for one dump: a module tree with `mod.rs`.
    ///
    /// The client needs the runtime crate and the crates of its hand-written types. Without overlays, it is complete but
    /// has plain types.
    ///
    /// # Errors
    /// An overlay does not match the function list.
    pub fn single(&self, listing: &Listing, overlays: &[Overlay]) -> Result<Generated, OverlayError> {
        let api = self.model(listing, overlays)?;
        let mut tree = Tree::default();
        // No examples are written, because the crate and the module path of the client are unknown.
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

    /// Generates several editions: one module for each, behind the feature of the same name with `-` for `_`. The types
    /// of shared overlays are generated once, in the module `types`.
    ///
    /// # Errors
    /// An overlay does not match the dumps.
    pub fn editions(&self, sources: &[Source]) -> Result<Generated, OverlayError> {
        let inputs: Vec<Input<'_>> = sources
            .iter()
            .map(|source| Input {
                target: self.target,
                listing: &source.listing,
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
            .map(|source| source.listing.source())
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

    /// Returns a file that calls every function of an edition once with every argument, for tests. `client` is the
    /// module of the client, and `values` is a module with functions that create values. Both are Rust paths such as
    /// `crate::values`.
    ///
    /// # Panics
    /// If `client` or `values` is not a Rust path.
    pub fn exercise(&self, api: &Api, client: &str, values: &str) -> String {
        emit::exercise(api, &path(client), &path(values), &self.style())
    }

    /// Returns a file with a function `decode(function, result)`. It decodes the result of a read-only function as the
    /// client does. `function` is a wire name. `client` is the module of the client as a Rust path.
    ///
    /// # Panics
    /// If `client` is not a Rust path.
    pub fn decoders(&self, api: &Api, client: &str) -> String {
        emit::decoders(api, &path(client), &self.style())
    }

    fn style(&self) -> Style<'_> {
        Style {
            command: &self.command,
            target: self.target,
            runtime: path(self.target.runtime),
            krate: self.krate.as_deref(),
            stand_alone: false,
        }
    }
}
