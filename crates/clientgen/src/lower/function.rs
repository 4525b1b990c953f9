//! Combines the dump and the overlays for one function.

use std::collections::BTreeMap;

use toml::Spanned;

use super::types::{SaidText, bad_name, misfit};
use super::{Lowering, note};
use crate::error::{OverlayError, OverlayProblem, nearest};
use crate::listing::{self, ArgumentKind};
use crate::model::{Argument, Combined, Effect, Function, Handle, Type};
use crate::names::Scope;
use crate::overlay::file::ArgumentEntry;
use crate::overlay::{FunctionFacts, Said};
use crate::reserved;

impl<'a> Lowering<'a> {
    /// Returns the name of the topic and the function.
    pub(super) fn function(
        &mut self,
        function: &'a listing::Function,
    ) -> Result<(String, Function), OverlayError> {
        let facts = self.overlays.function(function.key());
        let group = self.group_of(&facts)?;
        let effect = facts.member("effect", |entry| entry.effect.as_ref())?;
        let long = facts.member("long", |entry| entry.long.as_ref())?;
        let limit = facts.member("response_limit_mib", |entry| entry.response_limit_mib.as_ref())?;
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
        let method = self.methods.claim_snake(function.key());
        let function = Function {
            wire: function.name.clone(),
            path: function.path.clone(),
            constant: method.constant(),
            method,
            request: self.requests.claim_camel(function.key()),
            on_handle: arguments.iter().any(|argument| argument.by_handle),
            effect: effect.map_or(Effect::Unknown, |said| *said.what.get_ref()),
            long: long.is_some_and(|said| *said.what.get_ref()),
            response_limit_mib: limit.map(|said| said.what.get_ref().get()),
            summary: text(summary),
            doc: text(doc),
            result,
            result_doc: text(result_doc),
            evidence: evidence.map(|said| *said.what.get_ref()),
            since: match (since, &function.since) {
                (Some(said), _) => said.what.get_ref().clone(),
                (None, Some(since)) => since.clone(),
                (None, None) => self.since.clone(),
            },
            needs: function.since.clone(),
            editions: Vec::new(),
            example: text(example),
            arguments,
            combined,
            out: function
                .out
                .iter()
                .map(|out| (out.index, out.class.clone()))
                .collect(),
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

    /// Returns the arguments in the order of the dump, and the combined parameters. Required arguments claim their
    /// names first, because only the names of setters are restricted.
    fn arguments(
        &mut self,
        function: &'a listing::Function,
        facts: &FunctionFacts<'a>,
        group: &str,
    ) -> Result<(Vec<Argument>, Vec<Combined>), OverlayError> {
        let mut names = Scope::default();
        let combined = self.combined(function, facts, &mut names)?;
        let mut arguments = Vec::new();
        for required in [true, false] {
            if !required {
                names.take(reserved::setters(self.input.target));
            }
            for (place, argument) in function.arguments.iter().enumerate() {
                if argument.is_required() == required {
                    let said = facts.argument(&argument.name)?;
                    let in_combined = combined
                        .iter()
                        .any(|parts| parts.arguments.contains(&argument.name));
                    arguments.push((place, self.argument(argument, said, in_combined, &mut names)?));
                }
            }
        }
        arguments.sort_by_key(|(place, _)| *place);
        let arguments: Vec<Argument> = arguments.into_iter().map(|(_, argument)| argument).collect();
        let types = arguments.iter().map(|argument| &argument.ty);
        for ty in types.chain(combined.iter().map(|parts| &parts.ty)) {
            self.used.note_sent(ty, group);
        }
        for (wire, name) in names.renamed {
            self.notes
                .push(note(&format!("argument {wire} of {}", function.key()), &name));
        }
        Ok((arguments, combined))
    }

    /// Returns the combined parameters for which the dump has at least one argument.
    fn combined(
        &self,
        function: &'a listing::Function,
        facts: &FunctionFacts<'a>,
        names: &mut Scope,
    ) -> Result<Vec<Combined>, OverlayError> {
        let mut combined = Vec::new();
        let mut taken: BTreeMap<&str, SaidText<'a>> = BTreeMap::new();
        for (name, entry) in facts.combined() {
            let mut in_dump = false;
            for argument in &entry.what.arguments {
                let said = entry.with(argument);
                let wire = argument.get_ref();
                if let Some(first) = taken.insert(wire, said) {
                    let what = format!("combined argument {wire} of function {}", function.key());
                    return Err(said.twice(what, &first));
                }
                let argument = function.argument(wire);
                if argument.is_some_and(|argument| self.handle_of(argument).is_some()) {
                    return Err(misfit(said, FILLED_BY_HANDLE));
                }
                in_dump |= argument.is_some();
            }
            if !in_dump {
                continue;
            }
            let parts = self.overlays.parts_of(entry.with(&entry.what.ty))?;
            let taken = "another parameter has this name";
            combined.push(Combined {
                name: names
                    .claim_exactly(name.what.get_ref())
                    .ok_or_else(|| bad_name(name, "a parameter", taken))?,
                ty: parts,
                arguments: entry
                    .what
                    .arguments
                    .iter()
                    .map(|name| name.get_ref().clone())
                    .collect(),
                doc: entry.what.doc.clone(),
            });
        }
        Ok(combined)
    }

    fn argument(
        &self,
        argument: &listing::Argument,
        said: Option<Said<'a, ArgumentEntry>>,
        in_combined: bool,
        names: &mut Scope,
    ) -> Result<Argument, OverlayError> {
        let listing::Argument {
            name: wire,
            kind,
            nullable,
            default,
            by_name,
        } = argument;
        let handle = self.handle_of(argument);
        let mut ty = handle.map_or_else(|| plain(*kind, wire), |handle| handle.id.clone());
        let mut name = None;
        let mut fixed = None;
        if let Some(said) = said {
            let said_type = said.with(&said.what.ty);
            let given = match self.overlays.argument_type(said_type, *kind) {
                Err(_) if said.overlay.gives_way() => ty.clone(),
                given => given?,
            };
            if handle.is_some() && given != ty {
                return Err(misfit(
                    said_type,
                    "the handle fills in this argument and has another type",
                ));
            }
            ty = given;
            name = said.what.name.as_ref().map(|name| said.with(name));
            fixed = said.what.fixed.as_ref().map(|value| said.with(value));
            if fixed.is_some() && ty == Type::Secret {
                // The error points to the type, so that it does not show the value.
                return Err(misfit(
                    said_type,
                    "a secret cannot be `fixed`, because it would be part of the generated code",
                ));
            }
        }
        let sent_as = match kind {
            ArgumentKind::Any => ty.sent_as(),
            kind => *kind,
        };
        if let Some(value) = fixed {
            let reason = match (handle, in_combined) {
                (Some(_), _) => Some(FILLED_BY_HANDLE),
                (None, true) => Some("a combined parameter sends this argument"),
                (None, false) => why_not_fixed(value.what.get_ref(), sent_as),
            };
            if let Some(reason) = reason {
                return Err(misfit(value, reason));
            }
        }
        // Arguments that callers never pass do not reserve a parameter name.
        let mut own = Scope::default();
        let asked_for = handle.is_none() && !in_combined && fixed.is_none();
        let names = if asked_for { names } else { &mut own };
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
            default: default.clone(),
            by_name: *by_name,
            by_handle: handle.is_some(),
            fixed: fixed.map(|value| value.what.get_ref().clone()),
            in_combined,
            ty,
            doc: said.map_or("", |said| &said.what.doc).to_owned(),
            since: said.and_then(|said| said.what.since.clone()).unwrap_or_default(),
        })
    }

    /// The handle, if it fills in this argument.
    fn handle_of(&self, argument: &listing::Argument) -> Option<&Handle> {
        self.handle
            .as_ref()
            .filter(|handle| handle.argument == argument.name && is_handle_argument(argument))
    }
}

/// Whether a handle can fill in the argument.
pub(super) fn is_handle_argument(argument: &listing::Argument) -> bool {
    argument.is_required() && matches!(argument.kind, ArgumentKind::String | ArgumentKind::Any)
}

const FILLED_BY_HANDLE: &str = "the handle fills in this argument";

/// Why a value cannot be the fixed value of an argument. `None` if it can.
fn why_not_fixed(value: &str, kind: ArgumentKind) -> Option<&'static str> {
    let is_number = value.parse().is_ok_and(|number: i64| number.to_string() == value);
    match kind {
        ArgumentKind::Json => Some("only strings, numbers and booleans can be fixed"),
        ArgumentKind::Bool if !matches!(value, "true" | "false") => {
            Some("a boolean must be `true` or `false`")
        }
        ArgumentKind::Number if !is_number => {
            Some("the type in the dump is `number`, and this is not a whole number")
        }
        _ => None,
    }
}

/// The type of an argument that no overlay describes.
fn plain(kind: ArgumentKind, name: &str) -> Type {
    match kind {
        // The name alone makes an argument a secret: otherwise an unknown password would be shown.
        ArgumentKind::String | ArgumentKind::Any if names_a_secret(name) => Type::Secret,
        ArgumentKind::String => Type::String,
        ArgumentKind::Number => Type::Number,
        ArgumentKind::Bool => Type::Bool,
        ArgumentKind::Json | ArgumentKind::Any => Type::Json,
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
