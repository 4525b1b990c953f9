//! The objects of a kind, and which objects of two exports belong together.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::change::What;
use super::fields::{fields, label};
use crate::Export;
use crate::export::{Place, USERS};

/// The objects of a kind in an export.
pub(super) struct Rows {
    rows: Vec<Row>,
    identity: &'static [&'static str],
    is_users: bool,
}

struct Row {
    /// The file of a user.
    place: Option<Place>,
    /// The identity. MailStore ignores the case of the names of users.
    key: Vec<String>,
    value: Value,
}

impl Rows {
    /// Reads the documents of a kind. A kind without an identity has one object.
    pub(super) fn of(export: &Export, place: &Place, identity: &'static [&'static str]) -> Self {
        let mut rows = Vec::new();
        for (own, text) in export.below(place) {
            // The texts were written by this program.
            let value: Value = serde_json::from_str(text).unwrap_or_default();
            match value {
                Value::Array(list) if own.user.is_none() && !identity.is_empty() => {
                    rows.extend(list.into_iter().map(|value| Row::new(None, value, identity)));
                }
                value if own.user.is_some() => rows.push(Row::new(Some(own.clone()), value, identity)),
                value => rows.push(Row::new(None, value, &[])),
            }
        }
        Self {
            rows,
            identity,
            is_users: place.kind.as_deref() == Some(USERS),
        }
    }

    /// Removes the object of a file.
    pub(super) fn leave_out(&mut self, place: &Place) {
        self.rows.retain(|row| row.place.as_ref() != Some(place));
    }

    /// Compares with the objects of another export. Returns the names of objects and their differences, sorted by name.
    pub(super) fn compare(mut self, mut new: Self) -> Vec<(Option<String>, What)> {
        let mut changes = Vec::new();
        self.pair(&mut new, &mut changes, |old, new| old.value == new.value);
        self.pair(&mut new, &mut changes, |old, new| common_id(old, new).is_some());
        self.pair(&mut new, &mut changes, |_, _| true);
        let renamed = self.renamed(&mut new);
        changes.extend(renamed);
        let is_list = !self.identity.is_empty();
        for row in self.rows {
            changes.push((
                row.name(self.identity, is_list),
                What::Removed { value: row.value },
            ));
        }
        for row in new.rows {
            changes.push((row.name(self.identity, is_list), What::Added { value: row.value }));
        }
        changes.sort_by(|(one, _), (other, _)| one.cmp(other));
        changes
    }

    /// Takes the objects with the same identity that belong together out of both lists, and adds their differences.
    fn pair(
        &mut self,
        new: &mut Self,
        changes: &mut Vec<(Option<String>, What)>,
        belong_together: impl Fn(&Row, &Row) -> bool,
    ) {
        let mut by_key: BTreeMap<&[String], Vec<usize>> = BTreeMap::new();
        for (place, row) in new.rows.iter().enumerate() {
            by_key.entry(&row.key).or_default().push(place);
        }
        let (mut olds, mut news) = (BTreeSet::new(), BTreeSet::new());
        for (old_place, old) in self.rows.iter().enumerate() {
            let Some(places) = by_key.get_mut(&old.key[..]) else {
                continue;
            };
            let partner = places
                .iter()
                .position(|place| belong_together(old, &new.rows[*place]));
            let Some(new_place) = partner.map(|position| places.remove(position)) else {
                continue;
            };
            let partner = &new.rows[new_place];
            let fields = fields(&old.value, &partner.value);
            if !fields.is_empty() {
                let name = partner.name(self.identity, !self.identity.is_empty());
                changes.push((name, What::Changed { fields }));
            }
            olds.insert(old_place);
            news.insert(new_place);
        }
        remove(&mut self.rows, &olds);
        remove(&mut new.rows, &news);
    }

    /// Takes the objects out of both lists that may have been renamed: users with a common address, and other objects
    /// with the same id. An object with two possible partners is not renamed.
    fn renamed(&mut self, new: &mut Self) -> Vec<(Option<String>, What)> {
        let common = |old: &Row, new: &Row| {
            if self.is_users {
                common_address(old, new)
            } else {
                common_id(old, new)
            }
        };
        let mut pairs = Vec::new();
        for (old_place, old) in self.rows.iter().enumerate() {
            let partners = |old: &Row| -> Vec<usize> {
                let places = new.rows.iter().enumerate();
                places
                    .filter(|(_, new)| common(old, new).is_some())
                    .map(|(place, _)| place)
                    .collect()
            };
            if let [new_place] = partners(old)[..] {
                let partner = &new.rows[new_place];
                let rivals = self
                    .rows
                    .iter()
                    .filter(|old| common(old, partner).is_some())
                    .count();
                if let (1, Some(because)) = (rivals, common(old, partner)) {
                    pairs.push((old_place, new_place, because));
                }
            }
        }
        let mut changes = Vec::new();
        for (old_place, new_place, because) in &pairs {
            let (old, partner) = (&self.rows[*old_place], &new.rows[*new_place]);
            let mut fields = fields(&old.value, &partner.value);
            fields.retain(|field| !self.identity.contains(&field.name.as_str()));
            let what = What::MaybeRenamed {
                from: old.name(self.identity, true).unwrap_or_default(),
                because: because.clone(),
                fields,
            };
            changes.push((partner.name(self.identity, true), what));
        }
        let olds: BTreeSet<usize> = pairs.iter().map(|(old, _, _)| *old).collect();
        let news: BTreeSet<usize> = pairs.iter().map(|(_, new, _)| *new).collect();
        remove(&mut self.rows, &olds);
        remove(&mut new.rows, &news);
        changes
    }
}

impl Row {
    fn new(place: Option<Place>, value: Value, identity: &[&str]) -> Self {
        let members = identity
            .iter()
            .map(|member| value.get(*member).map(ToString::to_string));
        let mut key: Vec<String> = members.map(Option::unwrap_or_default).collect();
        if place.is_some() {
            key.iter_mut().for_each(|part| *part = part.to_lowercase());
        }
        Self { place, key, value }
    }

    /// Returns the name for people: the first member of the identity, and the others in brackets.
    fn name(&self, identity: &[&str], is_list: bool) -> Option<String> {
        if !is_list {
            return None;
        }
        let members = identity
            .iter()
            .map(|member| self.value.get(*member).map_or_else(String::new, label));
        let members: Vec<String> = members.collect();
        Some(match members.split_first() {
            Some((first, [])) => first.clone(),
            Some((first, rest)) => format!("{first} ({})", rest.join(", ")),
            None => String::new(),
        })
    }
}

fn common_id(old: &Row, new: &Row) -> Option<String> {
    let id = old.value.get("id").filter(|id| !id.is_null())?;
    (new.value.get("id") == Some(id)).then(|| format!("both have the id {}", label(id)))
}

fn common_address(old: &Row, new: &Row) -> Option<String> {
    let addresses = |row: &Row| -> BTreeSet<String> {
        let list = row.value.get("emailAddresses").and_then(Value::as_array);
        let texts = list.into_iter().flatten().filter_map(Value::as_str);
        texts.map(str::to_lowercase).collect()
    };
    let (old, new) = (addresses(old), addresses(new));
    let common = old.intersection(&new).next()?;
    Some(format!("both have the address {common}"))
}

fn remove(rows: &mut Vec<Row>, places: &BTreeSet<usize>) {
    let mut place = 0;
    rows.retain(|_| {
        place += 1;
        !places.contains(&(place - 1))
    });
}
