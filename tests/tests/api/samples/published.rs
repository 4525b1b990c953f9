//! The samples and their variants: members that are null, absent or new, and other words.

use std::collections::BTreeMap;

use mailstore_api::Edition;
use serde::Deserialize;
use serde_json::{Map, Value};

const FILES: [&str; 6] = [
    include_str!("archive.json"),
    include_str!("installation.json"),
    include_str!("runs.json"),
    include_str!("settings.json"),
    include_str!("system.json"),
    include_str!("users.json"),
];

/// A name that no member of a sample and no word of a vocabulary has.
pub(crate) const NOVELTY: &str = "somethingNew";

/// The published facts about the result of a function.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Published {
    #[serde(skip)]
    pub(crate) function: String,
    edition: String,
    /// Complete results. Every member has its published value in at least one of them.
    pub(crate) samples: Vec<Value>,
    /// Members that were observed as null.
    #[serde(default)]
    null: Vec<String>,
    /// Members that are missing in some versions or for some objects.
    #[serde(default)]
    absent: Vec<String>,
    /// Members for which it is not known whether they are always present.
    #[serde(default)]
    unsure: Vec<String>,
    #[serde(default)]
    pub(crate) words: BTreeMap<String, Vec<Value>>,
}

impl Published {
    pub(crate) fn all() -> Vec<Self> {
        let files = FILES.into_iter().flat_map(|file| {
            let functions: BTreeMap<String, Self> = serde_json::from_str(file).unwrap();
            functions.into_iter()
        });
        files
            .map(|(function, published)| Self {
                function,
                ..published
            })
            .collect()
    }

    pub(crate) fn of(function: &str) -> Self {
        let mut all = Self::all().into_iter();
        all.find(|published| published.function == function).unwrap()
    }

    pub(crate) fn editions(&self) -> &'static [Edition] {
        match self.edition.as_str() {
            "both" => &[Edition::Server, Edition::Spe],
            "server" => &[Edition::Server],
            "spe" => &[Edition::Spe],
            other => panic!("no edition {other}"),
        }
    }

    /// Returns the samples with null for every nullable member and without the members that may be absent.
    pub(crate) fn minimal(&self) -> Vec<Value> {
        let bare = |sample: &Value| {
            let mut result = sample.clone();
            self.null.iter().for_each(|path| set_null(&mut result, path));
            let gone = self.absent.iter().chain(&self.unsure);
            gone.for_each(|path| remove(&mut result, path));
            result
        };
        self.samples.iter().map(bare).collect()
    }

    /// Returns the samples with one nullable member null, or without one member that may be absent.
    pub(crate) fn with_one_missing(&self) -> Vec<Value> {
        let null = self.null.iter().chain(&self.unsure);
        let absent = self.absent.iter().chain(&self.unsure);
        let mut results = self.each_path(null, set_null);
        results.extend(self.each_path(absent, remove));
        results
    }

    fn each_path<'a>(
        &self,
        paths: impl Iterator<Item = &'a String>,
        change: fn(&mut Value, &str),
    ) -> Vec<Value> {
        let results = paths.flat_map(|path| self.samples.iter().map(move |sample| (sample, path)));
        let changed = results.map(|(sample, path)| {
            let mut result = sample.clone();
            change(&mut result, path);
            result
        });
        changed.collect()
    }

    /// Returns the samples with each published word in its place. Each item has the path, the word and the result.
    pub(crate) fn with_words(&self) -> Vec<(&str, &Value, Value)> {
        let words = self
            .words
            .iter()
            .flat_map(|(path, words)| words.iter().map(move |word| (path.as_str(), word)));
        words
            .flat_map(|(path, word)| {
                self.with_word(path, word)
                    .into_iter()
                    .map(move |result| (path, word, result))
            })
            .collect()
    }

    /// Returns the samples that have this place, with this word in it.
    pub(crate) fn with_word(&self, path: &str, word: &Value) -> Vec<Value> {
        let replaced = self.samples.iter().map(|sample| {
            let mut result = sample.clone();
            set_word(&mut result, path, word);
            result
        });
        let samples = self.samples.iter().zip(replaced);
        samples
            .filter(|(sample, _)| has(sample, path))
            .map(|(_, result)| result)
            .collect()
    }

    /// Returns the samples with a new member in one of their objects.
    pub(crate) fn with_a_new_member(&self) -> Vec<Value> {
        let places = self.samples.iter().flat_map(|sample| {
            objects(sample, String::new())
                .into_iter()
                .map(move |place| (sample, place))
        });
        let extended = places.map(|(sample, place)| {
            let mut result = sample.clone();
            let members = result.pointer_mut(&place).and_then(Value::as_object_mut);
            members.unwrap().insert(NOVELTY.to_owned(), "invented".into());
            result
        });
        extended.collect()
    }
}

/// Returns the sorted paths of all members that are not null.
pub(crate) fn paths(result: &Value) -> Vec<String> {
    let mut found = Vec::new();
    collect(result, "", &mut found);
    found.sort();
    found.dedup();
    found
}

fn collect(value: &Value, path: &str, into: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, path, into)),
        Value::Object(members) => {
            for (name, member) in members.iter().filter(|(_, member)| !member.is_null()) {
                let dot = if path.is_empty() { "" } else { "." };
                let path = format!("{path}{dot}{name}");
                collect(member, &path, into);
                into.push(path);
            }
        }
        _ => {}
    }
}

/// Returns the JSON pointers to all objects.
fn objects(value: &Value, place: String) -> Vec<String> {
    match value {
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items
                .flat_map(|(index, item)| objects(item, format!("{place}/{index}")))
                .collect()
        }
        Value::Object(members) => {
            let below = members
                .iter()
                .flat_map(|(name, member)| objects(member, format!("{place}/{name}")));
            std::iter::once(place.clone()).chain(below).collect()
        }
        _ => Vec::new(),
    }
}

fn has(result: &Value, path: &str) -> bool {
    let mut found = false;
    visit(&mut result.clone(), path, &mut |_, _| found = true);
    found
}

fn set_null(result: &mut Value, path: &str) {
    visit(result, path, &mut |members, name| members[name] = Value::Null);
}

/// Removes the member at every place of the path.
pub(crate) fn remove(result: &mut Value, path: &str) {
    visit(result, path, &mut |members, name| _ = members.remove(name));
}

/// Replaces a word. A list of words becomes a list of only this word.
fn set_word(result: &mut Value, path: &str, word: &Value) {
    visit(result, path, &mut |members, name| {
        members[name] = match &members[name] {
            Value::Array(_) => Value::Array(vec![word.clone()]),
            _ => word.clone(),
        };
    });
}

/// Calls `change` with each object that has the member at the end of the path, and with the member's name.
fn visit(value: &mut Value, path: &str, change: &mut impl FnMut(&mut Map<String, Value>, &str)) {
    match (value, path.split_once('.')) {
        (Value::Array(items), _) => items.iter_mut().for_each(|item| visit(item, path, change)),
        (Value::Object(members), Some((name, rest))) => {
            if let Some(member) = members.get_mut(name) {
                visit(member, rest, change);
            }
        }
        (Value::Object(members), None) if members.contains_key(path) => change(members, path),
        _ => {}
    }
}
