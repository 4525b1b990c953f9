//! Type expressions, and which types are used.

use std::collections::{BTreeMap, BTreeSet};

use mailstore_metadata::ArgumentKind;
use toml::Spanned;

use crate::error::{OverlayError, OverlayProblem, nearest};
use crate::model::{Shape, Type};
use crate::overlay::file::{IdOf, Kind, TypeEntry};
use crate::overlay::{Overlays, Said};

/// A text of an overlay with its place.
pub(super) type SaidText<'a> = Said<'a, Spanned<String>>;

/// The words that are types by themselves.
const WORDS: [(&str, Type); 6] = [
    ("null", Type::Null),
    ("string", Type::String),
    ("number", Type::Number),
    ("bool", Type::Bool),
    ("json", Type::Json),
    ("secret", Type::Secret),
];

impl<'a> Overlays<'a> {
    /// Reads a type expression: a word, a name, or either in brackets.
    pub(super) fn type_of(self, said: SaidText<'a>) -> Result<Type, OverlayError> {
        let text = said.what.get_ref().trim();
        let Some(item) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) else {
            return self.single_type(text, said);
        };
        let item = item.trim();
        if item.starts_with('[') {
            return Err(misfit(said, "a list cannot hold lists"));
        }
        match self.single_type(item, said)? {
            Type::Null => Err(misfit(said, "a list holds something")),
            item => Ok(Type::List(Box::new(item))),
        }
    }

    fn single_type(self, name: &str, said: SaidText<'a>) -> Result<Type, OverlayError> {
        if let Some((_, ty)) = WORDS.into_iter().find(|(word, _)| *word == name) {
            return Ok(ty);
        }
        if let Some(entry) = self.type_entry(name) {
            return Ok(Type::Named {
                name: name.to_owned(),
                shape: shape(entry.what),
            });
        }
        let nearest = nearest(name, WORDS.iter().map(|(word, _)| *word).chain(self.type_names()));
        Err(said.error(OverlayProblem::UnknownType {
            name: name.to_owned(),
            nearest,
        }))
    }

    /// Reads the type of an argument, and checks that it can be sent as the word that the dump gives.
    pub(super) fn argument_type(self, said: SaidText<'a>, kind: ArgumentKind) -> Result<Type, OverlayError> {
        let ty = self.type_of(said)?;
        let sent_as = match &ty {
            Type::Named {
                shape: Shape::Record, ..
            } => {
                return Err(misfit(said, "an object cannot be an argument"));
            }
            Type::List(item) if !matches!(**item, Type::String | Type::Named { .. }) => {
                return Err(misfit(said, "a list argument holds texts, words or ids"));
            }
            Type::List(item)
                if matches!(
                    **item,
                    Type::Named {
                        shape: Shape::Record,
                        ..
                    }
                ) =>
            {
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
}

/// Which named types are used, and by which topics.
#[derive(Clone, Debug, Default)]
pub(crate) struct TypeUse(pub(super) BTreeMap<String, BTreeSet<String>>);

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
        (Kind::Id, Some(IdOf::String)) => Shape::TextId,
        (Kind::Id, _) => Shape::NumberId,
        (Kind::Enum, _) => Shape::Words,
        (Kind::Struct, _) => Shape::Record,
    }
}

pub(super) fn misfit(said: SaidText<'_>, reason: &str) -> OverlayError {
    let ty = said.what.get_ref().clone();
    said.error(OverlayProblem::Misfit {
        ty,
        reason: reason.to_owned(),
    })
}

pub(super) fn bad_name(said: SaidText<'_>, what: &'static str, reason: &'static str) -> OverlayError {
    let name = said.what.get_ref().clone();
    said.error(OverlayProblem::BadName { name, what, reason })
}
