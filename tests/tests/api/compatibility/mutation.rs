//! Random edits of a function list. Each edit records the changes that must be reported.
//!
//! This module does not compare function lists: the expected report follows from the edits.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use mailstore_api::{ChangeKind, Compatibility, Impact};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

const WORDS: [&str; 4] = ["string", "number", "bool", "json"];

/// One edit. An index selects one of the existing items.
#[derive(Clone, Debug)]
pub(crate) enum Mutation {
    AddFunction,
    RemoveFunction(Index),
    RenameFunction(Index, &'static str),
    AddArgument(Index, Index, &'static str, bool),
    RemoveArgument(Index, Index),
    RenameArgument(Index, Index, &'static str),
    FlipNullable(Index, Index),
    Retype(Index, Index, &'static str),
    Shuffle(u64),
}

pub(crate) fn mutation() -> impl Strategy<Value = Mutation> {
    let index = any::<Index>;
    // The new names are similar enough to be guessed as a rename, or not.
    let ending = || select(vec!["s", "X", "Renamed"]);
    let word = || select(WORDS.to_vec());
    prop_oneof![
        Just(Mutation::AddFunction),
        index().prop_map(Mutation::RemoveFunction),
        (index(), ending()).prop_map(|(at, ending)| Mutation::RenameFunction(at, ending)),
        (index(), index(), word(), any::<bool>())
            .prop_map(|(at, place, word, nullable)| Mutation::AddArgument(at, place, word, nullable)),
        (index(), index()).prop_map(|(at, which)| Mutation::RemoveArgument(at, which)),
        (index(), index(), ending())
            .prop_map(|(at, which, ending)| Mutation::RenameArgument(at, which, ending)),
        (index(), index()).prop_map(|(at, which)| Mutation::FlipNullable(at, which)),
        (index(), index(), word()).prop_map(|(at, which, word)| Mutation::Retype(at, which, word)),
        any::<u64>().prop_map(Mutation::Shuffle),
    ]
}

/// Changes a type to a word that no version has.
pub(crate) fn unknown_type() -> impl Strategy<Value = Mutation> {
    (any::<Index>(), any::<Index>()).prop_map(|(at, which)| Mutation::Retype(at, which, "date"))
}

#[derive(Clone, Debug)]
struct Listed {
    name: String,
    arguments: Vec<Argument>,
    /// Whether the catalog has a function with this name.
    known: bool,
}

#[derive(Clone, Debug)]
struct Argument {
    name: String,
    word: String,
    nullable: bool,
    /// Whether the argument is unchanged. Each argument is edited at most once.
    untouched: bool,
}

/// A function list, and the expected report after its edits.
#[derive(Clone, Debug)]
pub(crate) struct List {
    functions: Vec<Listed>,
    /// All names of functions, and of arguments as `Function.argument`, that were ever used. No name is used again.
    names: BTreeSet<String>,
    pub(crate) expected: Expected,
}

/// The content of a report, one line for each change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Expected {
    pub(crate) added: BTreeSet<String>,
    /// The changes and their impact, by the name of the function in the catalog.
    pub(crate) changes: BTreeMap<String, BTreeMap<String, Impact>>,
}

impl List {
    /// Creates the list from the dump that the program was compiled for.
    pub(crate) fn of(dump: &[u8]) -> Self {
        let dump: Vec<Value> = serde_json::from_slice(dump).unwrap();
        let mut names = BTreeSet::new();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let functions = dump.iter().map(|function| {
            let function_name = text(&function["name"]);
            names.insert(function_name.clone());
            let arguments = function["args"].as_array().unwrap().iter().map(|argument| {
                let name = text(&argument["name"]);
                names.insert(format!("{function_name}.{name}"));
                let (word, nullable) = (text(&argument["type"]), argument["nullable"].as_bool().unwrap());
                Argument {
                    name,
                    word,
                    nullable,
                    untouched: true,
                }
            });
            let arguments = arguments.collect();
            Listed {
                name: function_name,
                arguments,
                known: true,
            }
        });
        Self {
            functions: functions.collect(),
            names,
            expected: Expected::default(),
        }
    }

    pub(crate) fn to_json(&self) -> Vec<u8> {
        let argument = |argument: &Argument| {
            let Argument {
                name, word, nullable, ..
            } = argument;
            json!({"nullable": nullable, "type": word, "name": name})
        };
        let function = |function: &Listed| {
            let arguments: Vec<Value> = function.arguments.iter().map(argument).collect();
            json!({"args": arguments, "name": function.name})
        };
        let functions: Vec<Value> = self.functions.iter().map(function).collect();
        serde_json::to_vec(&functions).unwrap()
    }

    /// Returns an unused name that starts with `name`.
    fn name(&mut self, owner: &str, name: &str, ending: &str) -> String {
        let mut name = format!("{name}{ending}");
        while !self.names.insert(format!("{owner}{name}")) {
            name.push_str(ending);
        }
        name
    }

    fn expect(&mut self, at: usize, change: String, impact: Impact) {
        let Listed {
            name,
            known,
            arguments,
        } = &self.functions[at];
        if *known && arguments.iter().all(|argument| argument.word != "date") {
            self.expected
                .changes
                .entry(name.clone())
                .or_default()
                .insert(change, impact);
        }
    }

    /// Records that a function is missing.
    fn lose(&mut self, at: usize) {
        let Listed { name, known, .. } = &self.functions[at];
        if *known {
            let missing = BTreeMap::from([("missing".to_owned(), Impact::EveryCall)]);
            self.expected.changes.insert(name.clone(), missing);
        } else {
            self.expected.added.remove(name);
        }
    }

    /// Returns the index of a function. Half of the edits use the first few functions, so that some functions have
    /// several edits.
    fn at(&self, index: &Index) -> usize {
        let count = self.functions.len();
        match index.index(2 * count) {
            at if at < count => at,
            at => at % count.min(8),
        }
    }

    /// Returns an unchanged argument of the function at [`Self::at`], if the selected argument is unchanged.
    fn pick(&self, at: &Index, which: &Index) -> Option<(usize, usize)> {
        let at = self.at(at);
        let arguments = &self.functions[at].arguments;
        let which = (!arguments.is_empty()).then(|| which.index(arguments.len()))?;
        arguments[which].untouched.then_some((at, which))
    }

    pub(crate) fn apply(&mut self, mutation: &Mutation) {
        match mutation {
            Mutation::AddFunction => {
                let name = self.name("", "New", "er");
                self.expected.added.insert(name.clone());
                self.functions.insert(
                    0,
                    Listed {
                        name,
                        arguments: Vec::new(),
                        known: false,
                    },
                );
            }
            Mutation::RemoveFunction(at) => {
                let at = self.at(at);
                self.lose(at);
                self.functions.remove(at);
            }
            Mutation::RenameFunction(at, ending) => {
                let at = self.at(at);
                self.lose(at);
                let name = self.name("", &self.functions[at].name.clone(), ending);
                self.expected.added.insert(name.clone());
                for argument in &self.functions[at].arguments {
                    self.names.insert(format!("{name}.{}", argument.name));
                }
                self.functions[at].name = name;
                self.functions[at].known = false;
            }
            Mutation::AddArgument(at, place, word, nullable) => {
                let at = self.at(at);
                let place = place.index(self.functions[at].arguments.len() + 1);
                self.add_argument(at, place, ("brandNew", "er"), word, *nullable);
            }
            Mutation::RemoveArgument(at, which) => {
                if let Some((at, which)) = self.pick(at, which) {
                    let argument = self.functions[at].arguments.remove(which);
                    self.expect_unknown(at, &argument);
                }
            }
            Mutation::RenameArgument(at, which, ending) => {
                if let Some((at, which)) = self.pick(at, which) {
                    let argument = self.functions[at].arguments.remove(which);
                    self.expect_unknown(at, &argument);
                    let Argument {
                        name, word, nullable, ..
                    } = argument;
                    self.add_argument(at, which, (&name, ending), &word, nullable);
                }
            }
            Mutation::FlipNullable(at, which) => {
                if let Some((at, which)) = self.pick(at, which) {
                    let argument = &mut self.functions[at].arguments[which];
                    argument.nullable = !argument.nullable;
                    argument.untouched = false;
                    let (needed, impact) = match argument.nullable {
                        true => ("optional", Impact::None),
                        false => ("required", Impact::SomeCalls),
                    };
                    let change = format!("{} became {needed}", argument.name);
                    self.expect(at, change, impact);
                }
            }
            Mutation::Retype(at, which, word) => {
                if let Some((at, which)) = self.pick(at, which) {
                    self.retype(at, which, word);
                }
            }
            Mutation::Shuffle(seed) => {
                let place = |name: &str| {
                    let mut hasher = DefaultHasher::new();
                    (seed, name).hash(&mut hasher);
                    hasher.finish()
                };
                self.functions.sort_by_key(|function| place(&function.name));
                for function in &mut self.functions {
                    function.arguments.sort_by_key(|argument| place(&argument.name));
                }
            }
        }
    }

    fn add_argument(
        &mut self,
        at: usize,
        place: usize,
        (name, ending): (&str, &str),
        word: &str,
        nullable: bool,
    ) {
        let owner = format!("{}.", self.functions[at].name);
        let name = self.name(&owner, name, ending);
        let (needed, impact) = match nullable {
            true => ("optional", Impact::None),
            false => ("required", Impact::EveryCall),
        };
        self.expect(at, format!("{name} is new, {needed} {word}"), impact);
        let argument = Argument {
            name,
            word: word.to_owned(),
            nullable,
            untouched: false,
        };
        self.functions[at].arguments.insert(place, argument);
    }

    fn expect_unknown(&mut self, at: usize, argument: &Argument) {
        let impact = impact_of_giving(argument);
        self.expect(at, format!("{} is unknown", argument.name), impact);
    }

    fn retype(&mut self, at: usize, which: usize, word: &str) {
        let argument = &mut self.functions[at].arguments[which];
        let before = std::mem::replace(&mut argument.word, word.to_owned());
        argument.untouched = false;
        let argument = argument.clone();
        let Listed {
            name,
            known,
            arguments,
        } = &self.functions[at];
        if word == "date" {
            // The report contains no other change of the function.
            let unknown = arguments.iter().filter(|argument| argument.word == "date");
            let lines = unknown.map(|argument| (format!("{} is a date", argument.name), Impact::SomeCalls));
            if *known {
                self.expected.changes.insert(name.clone(), lines.collect());
            }
        } else if before != word {
            let same_text = matches!((before.as_str(), word), ("number" | "bool", "string" | "json"));
            let impact = if same_text {
                Impact::None
            } else {
                impact_of_giving(&argument)
            };
            self.expect(
                at,
                format!("{} changed from {before} to {word}", argument.name),
                impact,
            );
        }
    }
}

fn impact_of_giving(argument: &Argument) -> Impact {
    if argument.nullable {
        Impact::SomeCalls
    } else {
        Impact::EveryCall
    }
}

/// Converts a report to the form of this test.
pub(crate) fn reported(report: &Compatibility) -> Expected {
    let mut reported = Expected {
        added: report.added().iter().cloned().collect(),
        ..Expected::default()
    };
    for change in report.changes() {
        let line = match &change.kind {
            ChangeKind::Missing { .. } => "missing".to_owned(),
            ChangeKind::ArgumentMissing { argument, .. } => format!("{argument} is unknown"),
            ChangeKind::ArgumentAdded {
                argument,
                kind,
                required,
            } => {
                let needed = if *required { "required" } else { "optional" };
                format!("{argument} is new, {needed} {kind}")
            }
            ChangeKind::TypeChanged { argument, from, to } => {
                format!("{argument} changed from {from} to {to}")
            }
            ChangeKind::BecameRequired { argument } => format!("{argument} became required"),
            ChangeKind::BecameOptional { argument } => format!("{argument} became optional"),
            ChangeKind::UnknownType { argument, word } => format!("{argument} is a {word}"),
            other => format!("{other:?}"),
        };
        let of_function = reported.changes.entry(change.function.to_owned()).or_default();
        assert_eq!(
            of_function.insert(line, change.impact),
            None,
            "reported twice: {change}"
        );
    }
    reported
}
