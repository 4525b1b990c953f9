//! The differences between two function lists.

use serde::Serialize;
use serde_json::Value;

use crate::consequence::Consequence;
use crate::function::Function;
use crate::judge;
use crate::list::BridgeDump;

/// The differences between two function lists, and what they mean for programs that were compiled with the older one.
///
/// [`Display`](std::fmt::Display) writes text with one line for each change. `serde` writes the JSON form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Diff {
    /// The version of the older list, if it is known.
    pub old: Option<String>,
    /// The version of the newer list, if it is known.
    pub new: Option<String>,
    /// The worst consequence of the changes.
    pub verdict: Consequence,
    /// The changes, sorted by item and name.
    pub changes: Vec<Change>,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Change {
    /// What changed.
    pub item: Item,
    /// Its name.
    pub name: String,
    /// The change in words, such as `added`, or `parameter priority is now required`.
    pub what: String,
    /// What it means for programs.
    pub consequence: Consequence,
}

/// What a [`Change`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Item {
    /// The whole module.
    Module,
    /// A function.
    Function,
    /// A constant.
    Constant,
    /// A class.
    Class,
}

impl Item {
    /// Returns the word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Module => "module",
            Self::Function => "function",
            Self::Constant => "constant",
            Self::Class => "class",
        }
    }
}

impl BridgeDump {
    /// Compares this list with a newer one.
    ///
    /// Calls are judged as generated clients send them: required arguments by their place, others by name.
    ///
    /// ```
    /// use bridge_codegen::{BridgeDump, Consequence};
    ///
    /// let list = |parameters: &str| {
    ///     let text = format!(
    ///         r#"{{"format": 1, "module": "m", "version": null, "python": null, "constants": {{}}, "classes": {{}},
    ///             "functions": [{{"name": "f", "parameters": [{parameters}]}}]}}"#
    ///     );
    ///     BridgeDump::parse("list", text.as_bytes())
    /// };
    /// let diff = list(r#"{"name": "a"}"#)?.diff(&list(r#"{"name": "a"}, {"name": "b"}"#)?);
    /// assert_eq!(diff.verdict, Consequence::Breaks);
    /// assert_eq!(diff.changes[0].what, "parameter b added, which is required");
    /// # Ok::<(), bridge_codegen::ListError>(())
    /// ```
    pub fn diff(&self, newer: &BridgeDump) -> Diff {
        let mut changes = Vec::new();
        if self.module != newer.module {
            let what = format!("is now {}", newer.module);
            changes.push(change(Item::Module, &self.module, &what, Consequence::Breaks));
        }
        for function in &self.functions {
            match newer.counterpart(function) {
                None => changes.push(change(
                    Item::Function,
                    function.key(),
                    "removed",
                    Consequence::Breaks,
                )),
                Some(now) => {
                    for (what, consequence) in judge::function(function, now) {
                        changes.push(change(Item::Function, function.key(), &what, consequence));
                    }
                }
            }
        }
        for function in &newer.functions {
            if self.function(function.key()).is_none() {
                changes.push(change(Item::Function, function.key(), "added", Consequence::None));
            }
        }
        self.constants_and_classes(newer, &mut changes);
        changes.sort_by(|a, b| (a.item, &a.name).cmp(&(b.item, &b.name)));
        let verdict = changes.iter().map(|change| change.consequence).max();
        Diff {
            old: self.version.clone(),
            new: newer.version.clone(),
            verdict: verdict.unwrap_or(Consequence::None),
            changes,
        }
    }

    fn constants_and_classes(&self, newer: &BridgeDump, changes: &mut Vec<Change>) {
        for (name, value) in &self.constants {
            let (what, consequence) = match newer.constants.get(name) {
                Some(now) if now == value => continue,
                Some(Value::Null) => ("value is no longer known".to_owned(), Consequence::Review),
                Some(now) if value.is_null() => (format!("value is now known: {now}"), Consequence::None),
                Some(now) => (format!("value was {value} and is {now}"), Consequence::Review),
                None => ("removed".to_owned(), Consequence::Breaks),
            };
            changes.push(change(Item::Constant, name, &what, consequence));
        }
        for (name, members) in &self.classes {
            let Some(now) = newer.classes.get(name) else {
                changes.push(change(Item::Class, name, "removed", Consequence::Breaks));
                continue;
            };
            for member in members.iter().filter(|member| !now.contains(member)) {
                let what = format!("member {member} removed");
                changes.push(change(Item::Class, name, &what, Consequence::Breaks));
            }
            for member in now.iter().filter(|member| !members.contains(member)) {
                let what = format!("member {member} added");
                changes.push(change(Item::Class, name, &what, Consequence::None));
            }
        }
        let constants = newer
            .constants
            .keys()
            .filter(|name| !self.constants.contains_key(*name));
        changes.extend(constants.map(|name| change(Item::Constant, name, "added", Consequence::None)));
        let classes = newer
            .classes
            .keys()
            .filter(|name| !self.classes.contains_key(*name));
        changes.extend(classes.map(|name| change(Item::Class, name, "added", Consequence::None)));
    }

    /// Returns the function of this list that calls of a function of an older list reach.
    ///
    /// A dump has one function for several with the same name. Such a function is only found if its parameters are not
    /// known, because it has those of another function otherwise.
    fn counterpart(&self, older: &Function) -> Option<&Function> {
        let same_name = || {
            let found = self.function(&older.name)?;
            found.signature().is_none().then_some(found)
        };
        self.function(older.key()).or_else(same_name)
    }
}

fn change(item: Item, name: &str, what: &str, consequence: Consequence) -> Change {
    Change {
        item,
        name: name.to_owned(),
        what: what.to_owned(),
        consequence,
    }
}
