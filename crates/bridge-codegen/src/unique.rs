//! Reads parts of function lists in which nothing occurs twice.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::name;

/// An item of a list in which no key occurs twice.
pub(crate) trait Keyed {
    /// What the items are called in errors.
    const WHAT: &'static str;

    /// The key.
    fn key(&self) -> &str;
}

/// A member of a class.
#[derive(Deserialize)]
struct Member(#[serde(deserialize_with = "name::path")] String);

impl Keyed for Member {
    const WHAT: &'static str = "member";

    fn key(&self) -> &str {
        &self.0
    }
}

/// Reads the version of the format.
pub(crate) fn format<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    match u64::deserialize(deserializer)? {
        1 => Ok(1),
        other => Err(de::Error::custom(format_args!(
            "this program reads format 1, and the list has format {other}"
        ))),
    }
}

/// Reads a list.
pub(crate) fn list<'de, D: Deserializer<'de>, T: Keyed + Deserialize<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    deserializer.deserialize_seq(List(PhantomData))
}

/// Reads a list or `null`.
pub(crate) fn optional_list<'de, D: Deserializer<'de>, T: Keyed + Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Vec<T>>, D::Error> {
    #[derive(Deserialize)]
    #[serde(bound = "T: Keyed + Deserialize<'de>")]
    struct Items<T>(#[serde(deserialize_with = "list")] Vec<T>);

    Ok(Option::<Items<T>>::deserialize(deserializer)?.map(|items| items.0))
}

/// Reads an object whose names are valid names of constants.
pub(crate) fn constants<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, T>, D::Error> {
    deserializer.deserialize_map(Names("constant", PhantomData))
}

/// Reads classes with their members, which are sorted.
pub(crate) fn classes<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, Vec<String>>, D::Error> {
    #[derive(Deserialize)]
    struct Members(#[serde(deserialize_with = "list")] Vec<Member>);

    let classes: BTreeMap<String, Members> = deserializer.deserialize_map(Names("class", PhantomData))?;
    let sorted = |members: Members| {
        let mut members: Vec<String> = members.0.into_iter().map(|member| member.0).collect();
        members.sort();
        members
    };
    Ok(classes
        .into_iter()
        .map(|(name, members)| (name, sorted(members)))
        .collect())
}

struct List<T>(PhantomData<T>);

impl<'de, T: Keyed + Deserialize<'de>> Visitor<'de> for List<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of {}s", T::WHAT)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<T>, A::Error> {
        let mut items: Vec<T> = Vec::new();
        let mut seen = BTreeSet::new();
        while let Some(item) = list.next_element::<T>()? {
            if !seen.insert(item.key().to_owned()) {
                let (what, key) = (T::WHAT, item.key());
                return Err(de::Error::custom(format_args!("{what} `{key}` is listed twice")));
            }
            items.push(item);
        }
        Ok(items)
    }
}

/// Reads an object whose members have valid names that do not occur twice.
struct Names<T>(&'static str, PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Names<T> {
    type Value = BTreeMap<String, T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with an entry for each {}", self.0)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = BTreeMap::new();
        while let Some(name) = map.next_key::<String>()? {
            let what = self.0;
            if !name::is_path(&name) {
                return Err(de::Error::custom(format_args!(
                    "{name:?} cannot be the name of a {what}: it needs 1 to 255 ASCII letters, digits, `_` and dots, \
                     and each part begins with a letter"
                )));
            }
            if entries.contains_key(&name) {
                return Err(de::Error::custom(format_args!("{what} `{name}` is listed twice")));
            }
            entries.insert(name, map.next_value()?);
        }
        Ok(entries)
    }
}
