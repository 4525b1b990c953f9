//! Combines a dump and its overlays into one [`Api`].

mod define;
mod function;
mod handle;
mod types;
mod unused;

use std::collections::BTreeMap;

use crate::error::OverlayError;
use crate::listing::Listing;
use crate::model::{Api, Function, Group, Handle, TypeDef};
use crate::names::{Name, Scope};
use crate::overlay::file::Key;
use crate::overlay::{Overlay, Overlays, Said};
use crate::reserved;
use crate::target::Target;
pub(crate) use types::TypeUse;
pub(crate) use unused::check_unused;

/// A dump and its overlays.
pub(crate) struct Input<'a> {
    pub(crate) target: &'a Target,
    pub(crate) listing: &'a Listing,
    pub(crate) overlays: &'a [Overlay],
}

/// An [`Api`] without its type definitions, and the types that it uses.
pub(crate) struct Lowered {
    pub(crate) api: Api,
    pub(crate) used: TypeUse,
}

pub(crate) fn lower(input: &Input<'_>) -> Result<Lowered, OverlayError> {
    Lowering::new(input)?.run()
}

/// Returns all types that are used, directly or by other types.
pub(crate) fn follow(overlays: &[Overlay], used: &TypeUse) -> Result<TypeUse, OverlayError> {
    Ok(Overlays(overlays).follow(used)?.1)
}

/// Returns the definitions of the types in `used`, by name.
pub(crate) fn define(
    overlays: &[Overlay],
    used: &[&TypeUse],
) -> Result<BTreeMap<String, TypeDef>, OverlayError> {
    let mut all = TypeUse::default();
    used.iter().for_each(|used| all.extend(used));
    Overlays(overlays).define(&all)
}

/// Checks that no other overlay defines a type of a shared overlay, because all editions share its definition.
pub(crate) fn check_shared_types(inputs: &[Input<'_>], shared: &[Overlay]) -> Result<(), OverlayError> {
    let is_shared = |overlay: &&Overlay| shared.iter().any(|other| other.is(overlay));
    let own = inputs.iter().flat_map(|input| input.overlays);
    let own = own
        .filter(|overlay| !is_shared(overlay))
        .map(|overlay| (overlay, false));
    let mut defined: BTreeMap<&str, Said<'_, Key>> = BTreeMap::new();
    for (overlay, is_shared) in shared.iter().map(|overlay| (overlay, true)).chain(own) {
        for what in overlay.file().types.keys() {
            let (name, here) = (what.get_ref().as_str(), Said { what, overlay });
            if let Some(first) = defined.get(name) {
                return Err(here.twice(format!("type {name}"), first));
            }
            if is_shared {
                defined.insert(name, here);
            }
        }
    }
    Ok(())
}

/// Sets the module names of editions. Two surfaces with the same name are an error. Editions without a surface are
/// numbered.
pub(crate) fn name_editions(inputs: &[Input<'_>], lowered: &mut [Lowered]) -> Result<(), OverlayError> {
    let mut given: BTreeMap<&str, Said<'_, Key>> = BTreeMap::new();
    for surface in inputs
        .iter()
        .filter_map(|input| Overlays(input.overlays).surface())
    {
        let name = surface.with(&surface.what.name);
        if let Some(first) = given.insert(name.what.get_ref(), name) {
            return Err(name.twice(format!("edition {}", name.what.get_ref()), &first));
        }
    }
    let mut names = Scope::without(given.into_keys());
    for (input, lowered) in inputs.iter().zip(lowered) {
        if Overlays(input.overlays).surface().is_none() {
            let name = names.claim_snake(&lowered.api.name).as_str().to_owned();
            lowered.api.short.clone_from(&name);
            lowered.api.name = name;
        }
    }
    Ok(())
}

struct Lowering<'a> {
    input: &'a Input<'a>,
    overlays: Overlays<'a>,
    handle: Option<Handle>,
    methods: Scope,
    requests: Scope,
    used: TypeUse,
    /// The first version of functions whose entries have no `since`.
    since: String,
    notes: Vec<String>,
}

impl<'a> Lowering<'a> {
    fn new(input: &'a Input<'a>) -> Result<Self, OverlayError> {
        let overlays = Overlays(input.overlays);
        overlays.check_said_once()?;
        let surface = overlays.surface();
        let mut used = TypeUse::default();
        let handle = handle::handle(overlays, &mut used)?;
        overlays.kept_types().for_each(|name| used.note_kept(name));
        let mut methods = Scope::without(reserved::methods(input.target));
        let mut requests = Scope::without(reserved::types(input.target));
        requests.take(overlays.type_names());
        if let Some(handle) = &handle {
            methods.take([handle.method.as_str()]);
            requests.take([handle.name.as_str()]);
        }
        Ok(Self {
            input,
            overlays,
            handle,
            methods,
            requests,
            used,
            since: surface
                .and_then(|surface| surface.what.since.clone())
                .unwrap_or_default(),
            notes: Vec::new(),
        })
    }

    fn run(mut self) -> Result<Lowered, OverlayError> {
        let mut groups: BTreeMap<String, Vec<Function>> = BTreeMap::new();
        let mut by_name_only = Vec::new();
        for listed in self.input.listing.functions() {
            let (group, function) = self.function(listed)?;
            if listed.by_name_only {
                by_name_only.push(function);
                continue;
            }
            groups.entry(group).or_default().push(function);
        }
        let groups = groups
            .into_iter()
            .map(|(name, functions)| self.group(&name, functions))
            .collect();
        let renamed = self.methods.renamed.iter().chain(&self.requests.renamed);
        self.notes
            .extend(renamed.map(|(wire, name)| note(&format!("function {wire}"), name)));
        let surface = self.overlays.surface().map(|said| said.what);
        let api = Api {
            name: surface.map_or("api", |surface| surface.name.get_ref()).to_owned(),
            title: surface
                .map_or(self.input.target.title, |surface| &surface.title)
                .to_owned(),
            short: surface
                .and_then(|surface| surface.short.clone().or(Some(surface.title.clone())))
                .unwrap_or_default(),
            examples: surface.and_then(|surface| surface.examples).unwrap_or(true),
            version: self.version(),
            port: surface.map_or(self.input.target.port, |surface| surface.port),
            source: self.input.listing.source().to_owned(),
            digest: self.input.listing.digest().to_owned(),
            handle: self.handle,
            groups,
            by_name_only,
            types: Vec::new(),
            notes: self.notes,
        };
        Ok(Lowered { api, used: self.used })
    }

    /// The version of the dump. Overlays that give way are used with dumps of any version, so their version is ignored.
    fn version(&self) -> String {
        let surface = self.overlays.surface();
        let firm = surface.filter(|said| !said.overlay.gives_way());
        firm.and_then(|said| said.what.version.clone())
            .unwrap_or_default()
    }

    fn group(&self, name: &str, functions: Vec<Function>) -> Group {
        let entry = self.overlays.group(name);
        Group {
            module: Name::given(name),
            title: entry.map_or("Functions", |entry| &entry.title).to_owned(),
            doc: entry.map_or("", |entry| &entry.doc).to_owned(),
            functions,
        }
    }
}

/// The note that an item does not have the Rust name that its wire name suggests.
fn note(what: &str, name: &Name) -> String {
    format!(
        "{what} is called {} in Rust, because the derived name is taken",
        name.as_str()
    )
}
