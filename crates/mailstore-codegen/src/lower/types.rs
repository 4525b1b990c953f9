//! Type expressions and type definitions of the overlays.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use mailstore_metadata::ArgumentKind;
use toml::Spanned;

use crate::error::{OverlayError, OverlayProblem, nearest};
use crate::model::{Field, OtherWord, Shape, Type, TypeBody, TypeDef, Word};
use crate::names::{Scope, is_identifier};
use crate::overlay::file::{FieldEntry, IdOf, Key, Kind, NamedWord, Otherwise, TypeEntry, WordEntry};
use crate::overlay::{Overlay, Overlays, Said};

impl<'a> Overlays<'a> {
    /// Reads a type expression: a word, a name, or either in brackets.
    pub(super) fn type_of(self, said: Said<'a, Spanned<String>>) -> Result<Type, OverlayError> {
        self.parse_type(said.what.get_ref().trim(), said)
    }

    fn parse_type(self, text: &'a str, said: Said<'a, Spanned<String>>) -> Result<Type, OverlayError> {
        if let Some(item) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            return match self.parse_type(item.trim(), said)? {
                Type::Null | Type::List(_) => {
                    Err(misfit(said, "a list holds texts, numbers, objects or words"))
                }
                item => Ok(Type::List(Box::new(item))),
            };
        }
        Ok(match text {
            "null" => Type::Null,
            "string" => Type::String,
            "number" => Type::Number,
            "bool" => Type::Bool,
            "json" => Type::Json,
            "secret" => Type::Secret,
            name => match self.type_entry(name) {
                Some(entry) => Type::Named {
                    name: name.to_owned(),
                    shape: shape(entry.what),
                },
                None => {
                    let nearest = nearest(name, self.type_names());
                    return Err(said.error(OverlayProblem::UnknownType {
                        name: name.to_owned(),
                        nearest,
                    }));
                }
            },
        })
    }

    /// Reads the type of an argument, and checks that it can be sent as the word that the dump gives.
    pub(super) fn argument_type(
        self,
        said: Said<'a, Spanned<String>>,
        kind: ArgumentKind,
    ) -> Result<Type, OverlayError> {
        let ty = self.type_of(said)?;
        let sent_as = match &ty {
            Type::Named {
                shape: Shape::Record, ..
            } => return Err(misfit(said, "an object cannot be an argument")),
            Type::List(item) if matches!(**item, Type::Json | Type::Secret | Type::Bool) => {
                return Err(misfit(said, "a list argument holds texts, words or ids"));
            }
            Type::Null => return Err(misfit(said, "an argument has a value")),
            Type::Number
            | Type::Named {
                shape: Shape::NumberId,
                ..
            } => ArgumentKind::Number,
            Type::Bool => ArgumentKind::Bool,
            Type::Json => ArgumentKind::Json,
            Type::String | Type::Secret | Type::Named { .. } | Type::List(_) => ArgumentKind::String,
        };
        if sent_as != kind {
            return Err(misfit(
                said,
                &format!("the dump says `{kind}`, and this is sent as `{sent_as}`"),
            ));
        }
        Ok(ty)
    }

    /// The definitions of all types that are used, and whatever those use.
    pub(super) fn define(self, used: &TypeUse) -> Result<BTreeMap<String, TypeDef>, OverlayError> {
        let mut defined = BTreeMap::new();
        let mut waiting: Vec<(String, BTreeSet<String>)> = used
            .0
            .iter()
            .map(|(name, groups)| (name.clone(), groups.clone()))
            .collect();
        let mut groups_of: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        while let Some((name, groups)) = waiting.pop() {
            let known = groups_of.entry(name.clone()).or_default();
            let before = known.len();
            known.extend(groups.iter().cloned());
            if known.len() == before && defined.contains_key(&name) {
                continue;
            }
            // Only names that `parse_type` found come here.
            let Some(entry) = self.type_entry(&name) else {
                continue;
            };
            let definition = self.definition(&name, entry)?;
            for inner in definition.uses() {
                waiting.push((inner.to_owned(), groups.clone()));
            }
            defined.insert(name, definition);
        }
        for (name, definition) in &mut defined {
            let groups = groups_of.remove(name).unwrap_or_default();
            let mut groups = groups.into_iter();
            definition.module = match (groups.next(), groups.next()) {
                (Some(only), None) => only,
                _ => "shared".to_owned(),
            };
        }
        Ok(defined)
    }

    fn definition(self, name: &str, entry: Said<'a, TypeEntry>) -> Result<TypeDef, OverlayError> {
        let overlay = entry.overlay;
        let TypeEntry {
            kind,
            doc,
            evidence,
            of,
            values,
            otherwise,
            fields,
        } = entry.what;
        let body = match (kind, of) {
            (Kind::Id, IdOf::Number) => TypeBody::NumberId,
            (Kind::Id, IdOf::String) => TypeBody::TextId,
            (Kind::Enum, _) => {
                let mut scope = Scope::without(["Unknown"]);
                let otherwise = otherwise
                    .as_ref()
                    .map(|other| self.other_word(other, overlay, &mut scope))
                    .transpose()?;
                let words = values
                    .iter()
                    .map(|(wire, entry)| word(wire, entry, &mut scope))
                    .collect();
                TypeBody::Words { words, otherwise }
            }
            (Kind::Struct, _) => {
                let mut scope = Scope::without(["unknown"]);
                let field =
                    |(key, entry): (&Key, &'a FieldEntry)| self.field(key, entry, overlay, &mut scope);
                TypeBody::Record {
                    fields: fields.iter().map(field).collect::<Result<_, _>>()?,
                }
            }
        };
        let (name, module) = (name.to_owned(), String::new());
        Ok(TypeDef {
            name,
            module,
            doc: doc.clone(),
            evidence: *evidence,
            body,
        })
    }

    fn other_word(
        self,
        other: &'a Otherwise,
        overlay: &'a Overlay,
        scope: &mut Scope,
    ) -> Result<OtherWord, OverlayError> {
        let said = Said {
            what: &other.ty,
            overlay,
        };
        match self.type_of(said)? {
            Type::Named {
                name: ty,
                shape: Shape::TextId,
            } => {
                let variant = scope.claim(&other.name, other.name.clone());
                Ok(OtherWord {
                    variant,
                    ty,
                    doc: other.doc.clone(),
                })
            }
            _ => Err(misfit(
                said,
                "the words that are not in the table are held by a text id",
            )),
        }
    }

    fn field(
        self,
        key: &Key,
        entry: &'a FieldEntry,
        overlay: &'a Overlay,
        scope: &mut Scope,
    ) -> Result<Field, OverlayError> {
        let ty = self.type_of(Said {
            what: &entry.ty,
            overlay,
        })?;
        let wire = key.get_ref().clone();
        let name = match &entry.name {
            None => scope.claim_snake(&wire),
            Some(name) if is_identifier(name) => scope.claim(&wire, name.clone()),
            Some(name) => return Err(bad_name(overlay, name, "a field", key.span())),
        };
        Ok(Field {
            wire,
            name,
            ty,
            always: entry.always,
            doc: entry.doc.clone(),
        })
    }
}

impl TypeDef {
    fn uses(&self) -> Vec<&str> {
        match &self.body {
            TypeBody::NumberId | TypeBody::TextId => Vec::new(),
            TypeBody::Words { otherwise, .. } => otherwise.iter().map(|other| other.ty.as_str()).collect(),
            TypeBody::Record { fields } => fields.iter().filter_map(|field| field.ty.named()).collect(),
        }
    }
}

/// Which named types are used, and by which topics.
#[derive(Clone, Debug, Default)]
pub(crate) struct TypeUse(BTreeMap<String, BTreeSet<String>>);

impl TypeUse {
    pub(super) fn note(&mut self, ty: &Type, group: &str) {
        if let Some(name) = ty.named() {
            self.0
                .entry(name.to_owned())
                .or_default()
                .insert(group.to_owned());
        }
    }

    pub(super) fn extend(&mut self, other: &TypeUse) {
        for (name, groups) in &other.0 {
            self.0
                .entry(name.clone())
                .or_default()
                .extend(groups.iter().cloned());
        }
    }
}

fn shape(entry: &TypeEntry) -> Shape {
    match (entry.kind, entry.of) {
        (Kind::Id, IdOf::Number) => Shape::NumberId,
        (Kind::Id, IdOf::String) => Shape::TextId,
        (Kind::Enum, _) => Shape::Words,
        (Kind::Struct, _) => Shape::Record,
    }
}

fn word(wire: &str, entry: &WordEntry, scope: &mut Scope) -> Word {
    let (variant, doc) = match entry {
        WordEntry::Doc(doc) => (scope.claim_camel(wire), doc),
        WordEntry::Named(NamedWord { name, doc }) => (scope.claim_camel(name), doc),
    };
    Word {
        wire: wire.to_owned(),
        variant,
        doc: doc.clone(),
    }
}

fn misfit(said: Said<'_, Spanned<String>>, reason: &str) -> OverlayError {
    let ty = said.what.get_ref().clone();
    said.error(OverlayProblem::Misfit {
        ty,
        reason: reason.to_owned(),
    })
}

pub(super) fn bad_name(
    overlay: &Overlay,
    name: &str,
    what: &'static str,
    span: Range<usize>,
) -> OverlayError {
    let reason = "a name begins with a letter and goes on with letters, digits and `_`";
    overlay.error(
        OverlayProblem::BadName {
            name: name.to_owned(),
            what,
            reason,
        },
        span,
    )
}
