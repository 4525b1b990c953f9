//! Parses type expressions and records which types are used.

use std::collections::{BTreeMap, BTreeSet};

use toml::Spanned;

use crate::error::{OverlayError, OverlayProblem, nearest};
use crate::listing::ArgumentKind;
use crate::model::{Shape, Type};
use crate::overlay::file::{IdOf, Kind, TypeEntry};
use crate::overlay::{Overlays, Said};

/// A string of an overlay with its place.
pub(super) type SaidText<'a> = Said<'a, Spanned<String>>;

impl<'a> Overlays<'a> {
    /// Parses the type expression of a value: a built-in type, the name of a type, or either of them in brackets.
    pub(super) fn type_of(self, said: SaidText<'a>) -> Result<Type, OverlayError> {
        let text = said.what.get_ref().trim();
        let listed = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let name = listed.map_or(text, str::trim);
        if listed.is_some() && name.starts_with('[') {
            return Err(misfit(said, "a list cannot contain lists"));
        }
        let ty = self.single_type(name, said)?;
        if ty.shape() == Some(Shape::Parts) {
            return Err(misfit(said, PARTS_STAND_ALONE));
        }
        match (listed, ty) {
            (None, ty) => Ok(ty),
            (Some(_), Type::Null) => Err(misfit(said, "a list cannot contain `null`")),
            (Some(_), item) => Ok(Type::List(Box::new(item))),
        }
    }

    /// Parses the type of a combined parameter.
    pub(super) fn parts_of(self, said: SaidText<'a>) -> Result<Type, OverlayError> {
        let ty = self.single_type(said.what.get_ref().trim(), said)?;
        if ty.shape() == Some(Shape::Parts) {
            Ok(ty)
        } else {
            Err(misfit(
                said,
                "the type of a combined parameter must have the kind `parts`",
            ))
        }
    }

    fn single_type(self, name: &str, said: SaidText<'a>) -> Result<Type, OverlayError> {
        if let Some((_, ty)) = Type::WORDS.into_iter().find(|(word, _)| *word == name) {
            return Ok(ty);
        }
        if let Some(entry) = self.type_entry(name) {
            return Ok(Type::Named {
                name: name.to_owned(),
                shape: shape(entry.what),
                written: entry.what.rust.is_some(),
            });
        }
        let nearest = nearest(name, Type::words().chain(self.type_names()));
        Err(said.error(OverlayProblem::UnknownType {
            name: name.to_owned(),
            nearest,
        }))
    }

    /// Parses the type of an argument and checks that it can be sent as the type in the dump.
    pub(crate) fn argument_type(self, said: SaidText<'a>, kind: ArgumentKind) -> Result<Type, OverlayError> {
        let ty = self.type_of(said)?;
        let sent_as = match &ty {
            Type::Null => return Err(misfit(said, "the type of an argument cannot be `null`")),
            Type::Utc | Type::EpochMilliseconds | Type::EpochMicroseconds => {
                return Err(misfit(said, "this type can only be read; use `datetime`"));
            }
            Type::Named { shape, .. } => match shape {
                Shape::Parts => return Err(misfit(said, PARTS_STAND_ALONE)),
                Shape::NumberId => ArgumentKind::Number,
                Shape::Record => ArgumentKind::Json,
                Shape::AnyId if kind == ArgumentKind::Number => ArgumentKind::Number,
                Shape::AnyId | Shape::TextId | Shape::Words | Shape::Set => ArgumentKind::String,
            },
            Type::List(item) => match &**item {
                Type::Named {
                    shape: Shape::Record, ..
                } => ArgumentKind::Json,
                Type::String
                | Type::Named {
                    shape: Shape::TextId | Shape::NumberId | Shape::AnyId | Shape::Words,
                    ..
                } => ArgumentKind::String,
                _ => {
                    return Err(misfit(
                        said,
                        "a list argument can contain strings, enums, ids or structs",
                    ));
                }
            },
            Type::Port if kind == ArgumentKind::String => ArgumentKind::String,
            Type::Number | Type::Seconds | Type::Port => ArgumentKind::Number,
            Type::Bool => ArgumentKind::Bool,
            Type::Json => ArgumentKind::Json,
            Type::String | Type::Secret | Type::DateTime | Type::Time => ArgumentKind::String,
        };
        if kind != ArgumentKind::Any && sent_as != kind {
            return Err(misfit(
                said,
                &format!(
                    "the type in the dump is `{}`, and this type is sent as `{}`",
                    kind.as_str(),
                    sent_as.as_str()
                ),
            ));
        }
        Ok(ty)
    }
}

const PARTS_STAND_ALONE: &str =
    "a type of the kind `parts` combines several arguments, so only `combine` can use it";

/// The named types that are used, and how each of them is used.
#[derive(Clone, Debug, Default)]
pub(crate) struct TypeUse(pub(super) BTreeMap<String, Use>);

/// How a type is used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Use {
    /// The topics that use it.
    pub(super) groups: BTreeSet<String>,
    /// Whether it is sent. Every type is also read.
    pub(super) sent: bool,
}

impl Use {
    pub(super) fn extend(&mut self, other: &Use) {
        self.groups.extend(other.groups.iter().cloned());
        self.sent |= other.sent;
    }
}

impl TypeUse {
    pub(super) fn note_read(&mut self, ty: &Type, group: &str) {
        self.note(ty, group, false);
    }

    pub(super) fn note_sent(&mut self, ty: &Type, group: &str) {
        self.note(ty, group, true);
    }

    fn note(&mut self, ty: &Type, group: &str, sent: bool) {
        if let Some(name) = ty.named() {
            let groups = BTreeSet::from([group.to_owned()]);
            self.0
                .entry(name.to_owned())
                .or_default()
                .extend(&Use { groups, sent });
        }
    }

    /// Notes a type that is generated without a use. It belongs to no topic.
    pub(super) fn note_kept(&mut self, name: &str) {
        self.0.entry(name.to_owned()).or_default();
    }

    pub(super) fn extend(&mut self, other: &TypeUse) {
        for (name, other) in &other.0 {
            self.0.entry(name.clone()).or_default().extend(other);
        }
    }
}

fn shape(entry: &TypeEntry) -> Shape {
    match (entry.kind, entry.of) {
        (Kind::Id, Some(IdOf::String)) => Shape::TextId,
        (Kind::Id, Some(IdOf::Any)) => Shape::AnyId,
        (Kind::Id, _) => Shape::NumberId,
        (Kind::Enum, _) => Shape::Words,
        (Kind::Struct, _) => Shape::Record,
        (Kind::Set, _) => Shape::Set,
        (Kind::Parts, _) => Shape::Parts,
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
