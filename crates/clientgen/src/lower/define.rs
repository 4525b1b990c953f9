//! Creates the definitions of the types that are used.

use std::collections::{BTreeMap, BTreeSet};

use toml::Spanned;

use super::types::{SaidText, TypeUse, Use, bad_name, misfit};
use crate::error::OverlayError;
use crate::model::{Field, OtherWord, Shape, Type, TypeBody, TypeDef, Word};
use crate::names::{Name, Scope, camel, is_camel, is_snake, snake};
use crate::overlay::check::{NOT_CAMEL, NOT_SNAKE, can_be_listed};
use crate::overlay::file::{FieldEntry, IdOf, Key, Kind, Otherwise, TypeEntry, WordEntry};
use crate::overlay::{Overlay, Overlays, Said};
use crate::reserved;

impl<'a> Overlays<'a> {
    /// Returns the definitions of all types that are used, directly or by other types.
    pub(super) fn define(self, used: &TypeUse) -> Result<BTreeMap<String, TypeDef>, OverlayError> {
        let (mut defined, mut used) = self.follow(used)?;
        for (name, definition) in &mut defined {
            let mut groups = used.0.remove(name).unwrap_or_default().groups.into_iter();
            if let (Some(only), None) = (groups.next(), groups.next()) {
                definition.module = Name::given(&only);
            }
        }
        Ok(defined)
    }

    /// Returns the definitions of all types that are used, directly or by other types, and how each of them is used.
    pub(super) fn follow(self, used: &TypeUse) -> Result<(BTreeMap<String, TypeDef>, TypeUse), OverlayError> {
        let mut defined = BTreeMap::new();
        let mut waiting: Vec<(String, Use)> = used.0.clone().into_iter().collect();
        let mut all = TypeUse::default();
        while let Some((name, used)) = waiting.pop() {
            let known = all.0.entry(name.clone()).or_default();
            let before = known.clone();
            known.extend(&used);
            if *known == before && defined.contains_key(&name) {
                continue;
            }
            let used = known.clone();
            // Types that only the overlay of another edition defines are skipped here.
            let Some(entry) = self.type_entry(&name) else {
                continue;
            };
            let definition = self.definition(&name, entry, used.sent)?;
            for inner in definition.body.used_types() {
                waiting.push((inner.to_owned(), used.clone()));
            }
            defined.insert(name, definition);
        }
        Ok((defined, all))
    }

    fn definition(self, name: &str, entry: Said<'a, TypeEntry>, sent: bool) -> Result<TypeDef, OverlayError> {
        let TypeEntry {
            kind,
            doc,
            evidence,
            of,
            values,
            otherwise,
            fields,
            since,
            rust,
            item,
            alone,
            empty,
            keep: _,
        } = entry.what;
        let overlay = entry.overlay;
        let body = match (kind, of) {
            (Kind::Id, Some(IdOf::String)) => TypeBody::TextId,
            (Kind::Id, Some(IdOf::Any)) => TypeBody::AnyId,
            (Kind::Id, _) => TypeBody::NumberId,
            (Kind::Enum, _) => {
                let mut variants = Scope::default();
                let otherwise = match otherwise {
                    Some(other) => Some(self.other_word(other, overlay, &mut variants)?),
                    None => {
                        variants.take(["Unknown"]);
                        None
                    }
                };
                let words = values
                    .iter()
                    .map(|(key, entry)| word(key, entry, overlay, &mut variants));
                TypeBody::Words {
                    words: words.collect::<Result<_, _>>()?,
                    otherwise,
                }
            }
            (Kind::Struct, _) => {
                let mut names = Scope::without(["unknown"]);
                let field = |(key, field)| self.field(name, key, field, overlay, sent, &mut names);
                TypeBody::Record {
                    fields: fields.iter().map(field).collect::<Result<_, _>>()?,
                }
            }
            (Kind::Set, _) => self.set(name, entry.with(item), alone, empty)?,
            (Kind::Parts, _) => TypeBody::Parts,
        };
        let module = Name::given(reserved::SHARED_TYPES);
        Ok(TypeDef {
            name: name.to_owned(),
            module,
            doc: doc.clone(),
            evidence: *evidence,
            since: since.clone().unwrap_or_default(),
            rust: rust.as_ref().map(|path| path.get_ref().clone()),
            sent,
            body,
        })
    }

    fn set(
        self,
        name: &str,
        item: Said<'a, Option<Spanned<String>>>,
        alone: &'a BTreeMap<Key, WordEntry>,
        empty: &Option<Spanned<String>>,
    ) -> Result<TypeBody, OverlayError> {
        let (Some(said), Some(empty)) = (item.what, empty) else {
            unreachable!("overlays are parsed with a check that every set has `item` and `empty`");
        };
        let said = item.with(said);
        let Type::Named {
            name: item,
            shape: Shape::Words,
            written: false,
        } = self.type_of(said)?
        else {
            return Err(misfit(
                said,
                "the `item` of a set must be a generated enum, not a hand-written type",
            ));
        };
        self.check_words_of_set(name, &item, said, alone)?;
        let mut variants = Scope::without(["Of"]);
        let alone = alone
            .iter()
            .map(|(key, entry)| word(key, entry, said.overlay, &mut variants));
        let alone = alone.collect::<Result<Vec<Word>, _>>()?;
        let empty = alone.iter().find(|word| word.wire == *empty.get_ref());
        let empty = empty.expect("overlays are parsed with a check that `empty` is a word of `alone`");
        Ok(TypeBody::Set {
            item,
            empty: empty.variant.clone(),
            alone,
        })
    }

    /// Checks that no word has two meanings and that every word can be sent in a list.
    fn check_words_of_set(
        self,
        name: &str,
        item: &str,
        said: SaidText<'a>,
        alone: &'a BTreeMap<Key, WordEntry>,
    ) -> Result<(), OverlayError> {
        let Some(entry) = self.type_entry(item) else {
            return Ok(());
        };
        for word in entry.what.values.keys() {
            if !can_be_listed(word.get_ref()) {
                return Err(misfit(
                    said,
                    "one of its words is empty or contains a comma; commas separate the words of a set",
                ));
            }
            let same = |other: &&Key| other.get_ref().eq_ignore_ascii_case(word.get_ref());
            if let Some(other) = alone.keys().find(same) {
                let other = said.with(other);
                return Err(other.twice(
                    format!("word {} of {name}", other.what.get_ref()),
                    &entry.with(word),
                ));
            }
        }
        Ok(())
    }

    fn other_word(
        self,
        other: &'a Otherwise,
        overlay: &'a Overlay,
        variants: &mut Scope,
    ) -> Result<OtherWord, OverlayError> {
        let said = Said {
            what: &other.ty,
            overlay,
        };
        let Type::Named {
            name: ty,
            shape: Shape::TextId,
            written: false,
        } = self.type_of(said)?
        else {
            return Err(misfit(
                said,
                "the `type` of `otherwise` must be a generated id of strings, not a hand-written type",
            ));
        };
        let variant = variant(
            Said {
                what: &other.name,
                overlay,
            },
            other.name.get_ref(),
            variants,
        )?;
        Ok(OtherWord {
            variant,
            ty,
            doc: other.doc.clone(),
        })
    }

    fn field(
        self,
        owner: &str,
        key: &'a Key,
        entry: &'a FieldEntry,
        overlay: &'a Overlay,
        sent: bool,
        names: &mut Scope,
    ) -> Result<Field, OverlayError> {
        let said = Said {
            what: &entry.ty,
            overlay,
        };
        let ty = self.type_of(said)?;
        if ty == Type::Null {
            return Err(misfit(said, "the type of a field cannot be `null`"));
        }
        if sent && is_read_only(&ty) {
            return Err(misfit(
                said,
                "the object is also sent, and this type can only be read",
            ));
        }
        if let Type::Named { name, .. } = &ty
            && self.holds(name, owner)
        {
            return Err(misfit(said, "an object cannot contain itself; use a list"));
        }
        let key = Said { what: key, overlay };
        let wire = key.what.get_ref();
        let (said, wanted) = match &entry.name {
            Some(name) => (key.with(name), name.get_ref().clone()),
            None => (key, derived(wire, snake)),
        };
        if !is_snake(&wanted) {
            return Err(bad_name(said, "a field", NOT_SNAKE));
        }
        let name = names.claim_exactly(&wanted).ok_or_else(|| {
            bad_name(
                said,
                "a field",
                "another field has this name, or it is `unknown`, which every struct has",
            )
        })?;
        Ok(Field {
            wire: wire.clone(),
            name,
            ty,
            always: entry.always,
            doc: entry.doc.clone(),
        })
    }

    /// Whether an object has the type `owner` or contains an object of this type outside a list.
    fn holds(self, name: &'a str, owner: &str) -> bool {
        let mut seen = BTreeSet::new();
        let mut waiting = vec![name];
        while let Some(name) = waiting.pop() {
            if name == owner {
                return true;
            }
            if let Some(entry) = self.type_entry(name)
                && seen.insert(name)
            {
                waiting.extend(entry.what.fields.values().map(|field| field.ty.get_ref().trim()));
            }
        }
        false
    }
}

fn is_read_only(ty: &Type) -> bool {
    match ty {
        Type::Utc | Type::EpochMilliseconds | Type::EpochMicroseconds => true,
        Type::List(item) => is_read_only(item),
        _ => false,
    }
}

fn word(key: &Key, entry: &WordEntry, overlay: &Overlay, variants: &mut Scope) -> Result<Word, OverlayError> {
    let wire = key.get_ref();
    let variant = match &entry.name {
        Some(name) => variant(Said { what: name, overlay }, name.get_ref(), variants)?,
        None => variant(Said { what: key, overlay }, &derived(wire, camel), variants)?,
    };
    Ok(Word {
        wire: wire.clone(),
        variant,
        doc: entry.doc.clone(),
    })
}

/// The Rust name that is derived from a wire name. Empty, and therefore rejected later, if the wire name is not ASCII
/// or has no letters or digits.
fn derived(wire: &str, convert: fn(&str) -> String) -> String {
    let has_name = wire.contains(|c: char| c.is_ascii_alphanumeric());
    if has_name && wire.is_ascii() {
        convert(wire)
    } else {
        String::new()
    }
}

fn variant(said: SaidText<'_>, name: &str, variants: &mut Scope) -> Result<Name, OverlayError> {
    if !is_camel(name) {
        return Err(bad_name(said, "a variant", NOT_CAMEL));
    }
    variants.claim_exactly(name).ok_or_else(|| {
        bad_name(
            said,
            "a variant",
            "another variant has this name, or every type of this kind has a variant with this name",
        )
    })
}
