//! Lowering: a dump and what the overlays say of it become one [`Api`].

mod types;
mod unused;

use std::collections::BTreeMap;

use mailstore_metadata as metadata;
use metadata::{ArgumentKind, Dump};

use crate::error::{OverlayError, OverlayProblem, nearest};
use crate::model::{Api, Argument, Effect, Function, Group, Handle, Name, Shape, Type, TypeDef};
use crate::names::{Scope, is_identifier};
use crate::overlay::file::ArgumentEntry;
use crate::overlay::{Overlay, Overlays, Said};
pub(crate) use types::TypeUse;
use types::bad_name;
pub(crate) use unused::check_unused;

/// The topic of functions that no overlay gives one.
const OTHER: &str = "functions";

/// A dump, and the overlays that speak of it.
pub(crate) struct Input<'a> {
    pub(crate) dump: &'a Dump,
    /// What the header of the generated files calls the dump.
    pub(crate) source: &'a str,
    pub(crate) overlays: &'a [Overlay],
}

/// An [`Api`] whose types are not written out yet, and the types that it uses.
pub(crate) struct Lowered {
    pub(crate) api: Api,
    pub(crate) used: TypeUse,
}

pub(crate) fn lower(input: &Input<'_>) -> Result<Lowered, OverlayError> {
    Lowering::new(input)?.run()
}

/// Definitions of the types in `used`, by name.
pub(crate) fn define(
    overlays: &[Overlay],
    used: &[&TypeUse],
) -> Result<BTreeMap<String, TypeDef>, OverlayError> {
    let mut all = TypeUse::default();
    used.iter().for_each(|used| all.extend(used));
    Overlays(overlays).define(&all)
}

struct Lowering<'a> {
    input: &'a Input<'a>,
    overlays: Overlays<'a>,
    handle: Option<Handle>,
    methods: Scope,
    requests: Scope,
    used: TypeUse,
}

impl<'a> Lowering<'a> {
    fn new(input: &'a Input<'a>) -> Result<Self, OverlayError> {
        let overlays = Overlays(input.overlays);
        overlays.check_types()?;
        let mut used = TypeUse::default();
        let handle = handle(overlays, &mut used)?;
        let methods = RESERVED_METHODS
            .into_iter()
            .chain(handle.iter().map(|handle| handle.method.as_str()));
        let requests = RESERVED_TYPES
            .into_iter()
            .chain(handle.iter().map(|handle| handle.name.as_str()))
            .chain(overlays.type_names());
        let (methods, requests) = (Scope::without(methods), Scope::without(requests));
        Ok(Self {
            input,
            overlays,
            handle,
            methods,
            requests,
            used,
        })
    }

    fn run(mut self) -> Result<Lowered, OverlayError> {
        let mut groups: BTreeMap<String, Vec<Function>> = BTreeMap::new();
        let mut notes = Vec::new();
        for function in self.input.dump.functions() {
            let (group, function) = self.function(function, &mut notes)?;
            groups.entry(group).or_default().push(function);
        }
        let mut modules = Scope::default();
        let groups = groups
            .into_iter()
            .map(|(name, functions)| {
                let entry = self.overlays.group(&name);
                Group {
                    module: modules.claim(&name, name.clone()),
                    title: entry.map_or_else(|| "Functions".to_owned(), |entry| entry.title.clone()),
                    doc: entry.map(|entry| entry.doc.clone()).unwrap_or_default(),
                    functions,
                }
            })
            .collect();
        for (wire, name) in self.methods.renamed.iter().chain(&self.requests.renamed) {
            notes.push(format!(
                "function {wire} is called {} in Rust, because another name is taken",
                name.as_str()
            ));
        }
        let surface = self.overlays.surface().map(|said| said.what);
        let api = Api {
            name: surface.map_or_else(|| "api".to_owned(), |surface| surface.name.clone()),
            title: surface.map_or_else(|| "MailStore API".to_owned(), |surface| surface.title.clone()),
            port: surface.map_or(8463, |surface| surface.port),
            source: self.input.source.to_owned(),
            digest: self.input.dump.digest().to_string(),
            handle: self.handle,
            groups,
            types: Vec::new(),
            notes,
        };
        Ok(Lowered { api, used: self.used })
    }

    fn function(
        &mut self,
        function: &'a metadata::Function,
        notes: &mut Vec<String>,
    ) -> Result<(String, Function), OverlayError> {
        let facts = self.overlays.function(&function.name);
        let text = |said: Option<Said<'_, toml::Spanned<String>>>| {
            said.map(|said| said.what.get_ref().clone()).unwrap_or_default()
        };
        let group = match facts.member("group", |entry| entry.group.as_ref())? {
            None => OTHER.to_owned(),
            Some(said) => {
                let name = said.what.get_ref();
                if self.overlays.group(name).is_none() {
                    let names = self
                        .input
                        .overlays
                        .iter()
                        .flat_map(|overlay| overlay.file().groups.keys());
                    let nearest = nearest(name, names.map(|key| key.get_ref().as_str()));
                    let what = format!("group {name}");
                    let where_ = "the groups of the overlays".to_owned();
                    return Err(said.error(OverlayProblem::MatchesNothing {
                        what,
                        where_,
                        nearest,
                    }));
                }
                if !is_identifier(name) || RESERVED_MODULES.contains(&name.as_str()) {
                    return Err(bad_name(said.overlay, name, "a group", said.what.span()));
                }
                name.clone()
            }
        };
        let effect = facts.member("effect", |entry| entry.effect.as_ref())?;
        let long = facts.member("long", |entry| entry.long.as_ref())?;
        let evidence = facts.member("evidence", |entry| entry.evidence.as_ref())?;
        let result = match facts.member("result", |entry| entry.result.as_ref())? {
            Some(said) => self.overlays.type_of(said)?,
            None => Type::Json,
        };
        self.used.note(&result, &group);
        let summary = text(facts.member("summary", |entry| entry.summary.as_ref())?);
        let doc = text(facts.member("doc", |entry| entry.doc.as_ref())?);
        let result_doc = text(facts.member("result_doc", |entry| entry.result_doc.as_ref())?);

        let mut parameters = Scope::default();
        let mut setters = Scope::without(RESERVED_SETTERS);
        let mut arguments = Vec::new();
        for argument in &function.arguments {
            let scope = if argument.nullable {
                &mut setters
            } else {
                &mut parameters
            };
            arguments.push(self.argument(argument, facts.argument(&argument.name)?, &group, scope)?);
        }
        for (wire, name) in parameters.renamed.into_iter().chain(setters.renamed) {
            notes.push(format!(
                "argument {wire} of {} is called {} in Rust, because another name is taken",
                function.name,
                name.as_str()
            ));
        }
        let method = self.methods.claim_snake(&function.name);
        let function = Function {
            wire: function.name.clone(),
            path: function.path().to_owned(),
            constant: method.constant(),
            method,
            request: self.requests.claim_camel(&function.name),
            on_handle: arguments.iter().any(|argument| argument.by_handle),
            effect: effect.map_or(Effect::Unknown, |said| *said.what.get_ref()),
            long: long.is_some_and(|said| *said.what.get_ref()),
            summary,
            doc,
            result,
            result_doc,
            evidence: evidence.map(|said| *said.what.get_ref()),
            arguments,
        };
        Ok((group, function))
    }

    fn argument(
        &mut self,
        argument: &metadata::Argument,
        facts: Option<Said<'a, ArgumentEntry>>,
        group: &str,
        scope: &mut Scope,
    ) -> Result<Argument, OverlayError> {
        let wire = &argument.name;
        let by_handle = !argument.nullable
            && argument.kind == ArgumentKind::String
            && self
                .handle
                .as_ref()
                .is_some_and(|handle| handle.argument == *wire);
        let (ty, doc, name) = match facts {
            None => (plain(argument.kind), "", scope.claim_snake(wire)),
            Some(Said { what: entry, overlay }) => {
                let name = match &entry.name {
                    None => scope.claim_snake(wire),
                    Some(name) if is_identifier(name) => scope.claim(wire, name.clone()),
                    Some(name) => return Err(bad_name(overlay, name, "an argument", entry.ty.span())),
                };
                let ty = self.overlays.argument_type(
                    Said {
                        what: &entry.ty,
                        overlay,
                    },
                    argument.kind,
                )?;
                (ty, entry.doc.as_str(), name)
            }
        };
        self.used.note(&ty, group);
        Ok(Argument {
            wire: wire.clone(),
            name,
            kind: argument.kind,
            nullable: argument.nullable,
            by_handle,
            ty,
            doc: doc.to_owned(),
        })
    }
}

/// The type of an argument of which only the dump speaks.
fn plain(kind: ArgumentKind) -> Type {
    match kind {
        ArgumentKind::String => Type::String,
        ArgumentKind::Number => Type::Number,
        ArgumentKind::Bool => Type::Bool,
        ArgumentKind::Json => Type::Json,
    }
}

fn handle(overlays: Overlays<'_>, used: &mut TypeUse) -> Result<Option<Handle>, OverlayError> {
    let Some(surface) = overlays.surface() else {
        return Ok(None);
    };
    let Some(entry) = &surface.what.handle else {
        return Ok(None);
    };
    let said = Said {
        what: &entry.ty,
        overlay: surface.overlay,
    };
    let id = overlays.type_of(said)?;
    if !matches!(
        id,
        Type::Named {
            shape: Shape::TextId,
            ..
        }
    ) {
        let problem = OverlayProblem::Misfit {
            ty: entry.ty.get_ref().clone(),
            reason: "a handle is a text id".to_owned(),
        };
        return Err(said.error(problem));
    }
    // The handle belongs to no topic, which makes its type a shared one.
    used.note(&id, "client");
    used.note(&id, "shared");
    let claim = |name: &String, what| -> Result<Name, OverlayError> {
        if is_identifier(name) {
            Ok(Scope::default().claim(name, name.clone()))
        } else {
            Err(bad_name(surface.overlay, name, what, entry.ty.span()))
        }
    };
    Ok(Some(Handle {
        argument: entry.argument.clone(),
        name: claim(&entry.name, "a handle")?,
        method: claim(&entry.method, "a method")?,
        id,
        doc: entry.doc.clone(),
    }))
}

/// Methods that every client and handle has of its own.
const RESERVED_METHODS: [&str; 8] = [
    "builder",
    "call",
    "connection",
    "draft",
    "id",
    "resume",
    "clone",
    "from",
];

/// Methods that every request has of its own.
const RESERVED_SETTERS: [&str; 6] = ["start", "raw", "on_update", "timeout", "effect", "into_future"];

/// Modules that every generated client has of its own.
const RESERVED_MODULES: [&str; 5] = ["client", "catalog", "types", "shared", OTHER];

/// Types that the generated code uses by these names.
const RESERVED_TYPES: [&str; 22] = [
    "Client",
    "Draft",
    "SecretString",
    "Serialize",
    "Json",
    "IntoIterator",
    "AsRef",
    "Option",
    "Vec",
    "String",
    "Box",
    "Result",
    "Some",
    "None",
    "Ok",
    "Err",
    "Clone",
    "Debug",
    "Into",
    "From",
    "Unnamed",
    "Self",
];
