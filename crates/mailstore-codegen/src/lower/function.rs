//! One function: what the dump lists, and what the overlays say of it.

use mailstore_metadata as metadata;
use metadata::ArgumentKind;
use toml::Spanned;

use super::types::{bad_name, misfit};
use super::{Lowering, note};
use crate::error::{OverlayError, OverlayProblem, nearest};
use crate::model::{Argument, Combined, Effect, Function, Shape, Type};
use crate::names::Scope;
use crate::overlay::file::ArgumentEntry;
use crate::overlay::{FunctionFacts, Said};
use crate::reserved;

impl<'a> Lowering<'a> {
    /// The function and the name of its topic.
    pub(super) fn function(
        &mut self,
        function: &'a metadata::Function,
    ) -> Result<(String, Function), OverlayError> {
        let facts = self.overlays.function(&function.name);
        let group = self.group_of(&facts)?;
        let effect = facts.member("effect", |entry| entry.effect.as_ref())?;
        let long = facts.member("long", |entry| entry.long.as_ref())?;
        let evidence = facts.member("evidence", |entry| entry.evidence.as_ref())?;
        let result = match facts.member("result", |entry| entry.result.as_ref())? {
            Some(said) => self.overlays.type_of(said)?,
            None => Type::Json,
        };
        self.used.note_read(&result, &group);
        let summary = facts.member("summary", |entry| entry.summary.as_ref())?;
        let doc = facts.member("doc", |entry| entry.doc.as_ref())?;
        let result_doc = facts.member("result_doc", |entry| entry.result_doc.as_ref())?;
        let since = facts.member("since", |entry| entry.since.as_ref())?;
        let example = facts.member("example", |entry| entry.example.as_ref())?;
        let (arguments, combined) = self.arguments(function, &facts, &group)?;
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
            summary: text(summary),
            doc: text(doc),
            result,
            result_doc: text(result_doc),
            evidence: evidence.map(|said| *said.what.get_ref()),
            since: since.map_or_else(|| self.since.clone(), |said| said.what.get_ref().clone()),
            editions: Vec::new(),
            example: text(example),
            arguments,
            combined,
        };
        Ok((group, function))
    }

    fn group_of(&self, facts: &FunctionFacts<'a>) -> Result<String, OverlayError> {
        let Some(said) = facts.member("group", |entry| entry.group.as_ref())? else {
            return Ok(reserved::OTHER_GROUP.to_owned());
        };
        let name = said.what.get_ref();
        if self.overlays.group(name).is_some() {
            return Ok(name.clone());
        }
        Err(said.error(OverlayProblem::MatchesNothing {
            what: format!("group {name}"),
            where_: "the groups of the overlays".to_owned(),
            nearest: nearest(name, self.overlays.group_names()),
        }))
    }

    /// The arguments in the order of the dump. Required ones have the first choice of names, because only the
    /// names of setters are restricted.
    fn arguments(
        &mut self,
        function: &'a metadata::Function,
        facts: &FunctionFacts<'a>,
        group: &str,
    ) -> Result<(Vec<Argument>, Vec<Combined>), OverlayError> {
        let mut names = Scope::default();
        let combined = self.combined(function, facts, &mut names)?;
        let mut arguments = Vec::new();
        for nullable in [false, true] {
            if nullable {
                names.take(reserved::SETTERS);
            }
            for (place, argument) in function.arguments.iter().enumerate() {
                if argument.nullable == nullable {
                    let said = facts.argument(&argument.name)?;
                    arguments.push((place, self.argument(argument, said, &mut names)?));
                }
            }
        }
        arguments.sort_by_key(|(place, _)| *place);
        let mut arguments: Vec<Argument> = arguments.into_iter().map(|(_, argument)| argument).collect();
        for argument in &mut arguments {
            argument.in_combined = combined
                .iter()
                .any(|parts| parts.arguments.contains(&argument.wire));
            self.used.note_sent(&argument.ty, group);
        }
        for parts in &combined {
            self.used.note_sent(&parts.ty, group);
        }
        for (wire, name) in names.renamed {
            self.notes
                .push(note(&format!("argument {wire} of {}", function.name), &name));
        }
        Ok((arguments, combined))
    }

    /// The parameters that stand for several arguments, as far as the dump has those.
    fn combined(
        &self,
        function: &'a metadata::Function,
        facts: &FunctionFacts<'a>,
        names: &mut Scope,
    ) -> Result<Vec<Combined>, OverlayError> {
        let mut combined = Vec::new();
        for (name, entry) in facts.combined() {
            let ty = entry.with(&entry.what.ty);
            let arguments: Vec<String> = entry
                .what
                .arguments
                .iter()
                .map(|name| name.get_ref().clone())
                .collect();
            if !arguments.iter().any(|name| function.argument(name).is_some()) {
                continue;
            }
            let parts = self.overlays.type_of(ty)?;
            if !matches!(
                parts,
                Type::Named {
                    shape: Shape::Parts,
                    ..
                }
            ) {
                return Err(misfit(
                    ty,
                    "several arguments are combined in a type of the kind `parts`",
                ));
            }
            let taken = "another parameter has this name";
            combined.push(Combined {
                name: names
                    .claim_exactly(name.what.get_ref())
                    .ok_or_else(|| bad_name(name, "a parameter", taken))?,
                ty: parts,
                arguments,
                doc: entry.what.doc.clone(),
            });
        }
        Ok(combined)
    }

    fn argument(
        &self,
        argument: &metadata::Argument,
        said: Option<Said<'a, ArgumentEntry>>,
        names: &mut Scope,
    ) -> Result<Argument, OverlayError> {
        let metadata::Argument {
            name: wire,
            kind,
            nullable,
        } = argument;
        let handle = self
            .handle
            .as_ref()
            .filter(|handle| handle.argument == *wire && *kind == ArgumentKind::String && !nullable);
        let mut ty = handle.map_or_else(|| plain(*kind, wire), |handle| handle.id.clone());
        let mut name = None;
        if let Some(said) = said {
            let said_type = said.with(&said.what.ty);
            let given = match self.overlays.argument_type(said_type, *kind) {
                Err(_) if said.overlay.gives_way() => ty.clone(),
                given => given?,
            };
            if handle.is_some() && given != ty {
                return Err(misfit(
                    said_type,
                    "the handle fills this argument in, and has another type",
                ));
            }
            ty = given;
            name = said.what.name.as_ref().map(|name| said.with(name));
        }
        let name = match name {
            None => names.claim_snake(wire),
            Some(said) => names.claim_exactly(said.what.get_ref()).ok_or_else(|| {
                bad_name(
                    said,
                    "an argument",
                    "another argument or a method of every request has this name",
                )
            })?,
        };
        Ok(Argument {
            wire: wire.clone(),
            name,
            kind: *kind,
            nullable: *nullable,
            by_handle: handle.is_some(),
            fixed: said
                .and_then(|said| said.what.fixed.as_ref())
                .map(|fixed| fixed.get_ref().clone()),
            in_combined: false,
            ty,
            doc: said.map_or("", |said| &said.what.doc).to_owned(),
            since: said.and_then(|said| said.what.since.clone()).unwrap_or_default(),
        })
    }
}

/// The type of an argument of which only the dump speaks.
fn plain(kind: ArgumentKind, name: &str) -> Type {
    match kind {
        // A password that is not known as one would be shown, so the name is enough to go by.
        ArgumentKind::String if names_a_secret(name) => Type::Secret,
        ArgumentKind::String => Type::String,
        ArgumentKind::Number => Type::Number,
        ArgumentKind::Bool => Type::Bool,
        ArgumentKind::Json => Type::Json,
    }
}

fn names_a_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["password", "passphrase", "secret", "encryptionkey"]
        .iter()
        .any(|word| name.contains(word))
}

fn text(said: Option<Said<'_, Spanned<String>>>) -> String {
    said.map_or("", |said| said.what.get_ref()).to_owned()
}
