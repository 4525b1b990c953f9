//! Finds the changes between two dumps.

use std::collections::HashMap;

use super::change::{Change, MixUps, Move, What};
use super::judge::{Facts, judge};
use super::likeness::Guesser;
use super::places::{self, Slot};
use crate::dump::Dump;
use crate::function::{Argument, ArgumentKind, Function};

/// Returns all changes, sorted by function.
pub(super) fn changes(old: &Dump, new: &Dump) -> Vec<Change> {
    let gone = only_in(old, new);
    let added = only_in(new, old);
    let renames = Guesser::new().functions(&gone, &added);
    let mut guesser = Guesser::new();
    let mut changes = Vec::new();
    for guess in &renames {
        let (old, new) = (gone[guess.gone], added[guess.new]);
        let what = What::FunctionRenamed {
            from: old.name.clone(),
            likeness: guess.percent,
        };
        changes.push(judge(&new.name, what, Facts::default()));
        changes.extend(Signatures::of(old, new, &mut guesser).changes());
    }
    for (place, function) in gone.iter().enumerate() {
        if renames.iter().all(|guess| guess.gone != place) {
            let signature = Function::clone(function);
            let what = What::FunctionRemoved { signature };
            changes.push(judge(&function.name, what, Facts::default()));
        }
    }
    for (place, function) in added.iter().enumerate() {
        if renames.iter().all(|guess| guess.new != place) {
            let signature = Function::clone(function);
            let what = What::FunctionAdded { signature };
            changes.push(judge(&function.name, what, Facts::default()));
        }
    }
    for new in new.functions() {
        if let Some(old) = old.function(&new.name) {
            changes.extend(Signatures::of(old, new, &mut guesser).changes());
        }
    }
    // The sort is stable, so the changes of one function keep their order.
    changes.sort_by(|a, b| a.function.cmp(&b.function));
    changes
}

/// Returns the functions of one dump that another dump lacks.
fn only_in<'a>(dump: &'a Dump, other: &Dump) -> Vec<&'a Function> {
    let functions = dump.functions().iter();
    functions
        .filter(|function| other.function(&function.name).is_none())
        .collect()
}

/// The arguments of a function in both dumps, and which of them correspond.
struct Signatures<'a> {
    old: &'a Function,
    new: &'a Function,
    /// For each argument in the new order, its position in the old order, or `None` if it was added.
    old_places: Vec<Option<usize>>,
    /// For each argument in the old order, its position in the new order, or `None` if it was removed.
    new_places: Vec<Option<usize>>,
    /// For each position in the new order, the last required argument before it.
    required_before: Vec<Option<&'a str>>,
    /// The old and new positions of arguments that were probably renamed, and their similarity in percent.
    renames: Vec<(usize, usize, u8)>,
}

impl<'a> Signatures<'a> {
    fn of(old: &'a Function, new: &'a Function, guesser: &mut Guesser) -> Self {
        let mut old_places = places_in(&new.arguments, &old.arguments);
        let mut new_places = places_in(&old.arguments, &new.arguments);
        let gone = without_place(&new_places);
        let added = without_place(&old_places);
        let pick = |function: &'a Function, places: &[usize]| -> Vec<&'a Argument> {
            places.iter().map(|&place| &function.arguments[place]).collect()
        };
        let guesses = guesser.arguments(&pick(old, &gone), &pick(new, &added));
        let renames: Vec<(usize, usize, u8)> = guesses
            .iter()
            .map(|guess| (gone[guess.gone], added[guess.new], guess.percent))
            .collect();
        for &(from, to, _) in &renames {
            new_places[from] = Some(to);
            old_places[to] = Some(from);
        }
        Self {
            old,
            new,
            old_places,
            new_places,
            required_before: required_before(&new.arguments),
            renames,
        }
    }

    fn changes(&self) -> Vec<Change> {
        let mut found = Vec::new();
        if self.old.path != self.new.path {
            let (from, to) = (self.old.path.clone(), self.new.path.clone());
            found.push((What::PathChanged { from, to }, Facts::default()));
        }
        found.extend(self.removed().map(|what| (what, Facts::default())));
        found.extend(self.renamed().map(|what| (what, Facts::default())));
        for (old, new, place) in self.kept() {
            let changed = self.altered(old, new, place).into_iter().flatten();
            found.extend(changed.map(|what| (what, Facts::default())));
        }
        found.extend(self.added());
        found.extend(self.moved());
        found
            .into_iter()
            .map(|(what, facts)| judge(&self.new.name, what, facts))
            .collect()
    }

    fn removed(&self) -> impl Iterator<Item = What> {
        let arguments = self.old.arguments.iter().enumerate();
        arguments
            .filter(|(place, _)| self.new_places[*place].is_none())
            .map(|(place, argument)| What::ArgumentRemoved {
                argument: argument.clone(),
                place: place + 1,
            })
    }

    fn renamed(&self) -> impl Iterator<Item = What> {
        self.renames.iter().map(|&(from, to, likeness)| {
            let (old, new) = (&self.old.arguments[from], &self.new.arguments[to]);
            What::ArgumentRenamed {
                from: old.name.clone(),
                to: new.name.clone(),
                likeness,
                required: !old.nullable && !new.nullable,
            }
        })
    }

    /// Finds the other changes of an argument that both dumps have: its type, and whether it is required.
    fn altered(&self, old: &Argument, new: &Argument, place: usize) -> [Option<What>; 2] {
        let argument = new.name.clone();
        let retyped = (old.kind != new.kind).then(|| What::TypeChanged {
            argument: argument.clone(),
            from: old.kind,
            to: new.kind,
        });
        let needed = match (old.nullable, new.nullable) {
            (true, false) => Some(What::BecameRequired {
                argument,
                after: self.required_before[place].map(str::to_owned),
            }),
            (false, true) => Some(What::BecameOptional { argument }),
            _ => None,
        };
        [retyped, needed]
    }

    fn added(&self) -> impl Iterator<Item = (What, Facts)> {
        let last_kept = self.old_places.iter().rposition(Option::is_some);
        let arguments = self.new.arguments.iter().enumerate();
        arguments
            .filter(|(place, _)| self.old_places[*place].is_none())
            .map(move |(place, argument)| {
                let what = What::ArgumentAdded {
                    argument: argument.clone(),
                    place: place + 1,
                    after: self.required_before[place].map(str::to_owned),
                };
                let facts = Facts {
                    at_the_end: last_kept.is_none_or(|last| last < place),
                    ..Facts::default()
                };
                (what, facts)
            })
    }

    /// Finds a changed order of arguments, if it has consequences.
    fn moved(&self) -> Option<(What, Facts)> {
        let mix_ups = MixUps {
            generated: self.mix_ups(
                |argument| !argument.nullable,
                |old, new| old == new || new == ArgumentKind::Json,
            ),
            // Such bindings do not check types, and a string argument accepts any value.
            positional: self.mix_ups(
                |_| true,
                |old, new| old == new || matches!(new, ArgumentKind::Json | ArgumentKind::String),
            ),
        };
        let kept: Vec<(usize, usize)> = self.kept_places().collect();
        let old_places: Vec<usize> = kept.iter().map(|&(old, _)| old).collect();
        if old_places.is_sorted() {
            let is_safe = mix_ups == MixUps::default();
            return (!is_safe).then(|| (What::Shifted { mix_ups }, Facts::default()));
        }
        let moved = places::moved(&old_places).into_iter().map(|index| {
            let (from, to) = kept[index];
            Move {
                argument: self.new.arguments[to].name.clone(),
                from: from + 1,
                to: to + 1,
            }
        });
        let required = kept
            .iter()
            .filter(|&&(old, new)| !self.old.arguments[old].nullable && !self.new.arguments[new].nullable);
        let facts = Facts {
            required_reordered: !required.map(|&(old, _)| old).is_sorted(),
            ..Facts::default()
        };
        let names = self.new.arguments.iter().map(|argument| argument.name.clone());
        let what = What::Reordered {
            moved: moved.collect(),
            order: names.collect(),
            mix_ups,
        };
        Some((what, facts))
    }

    /// Returns the arguments that both dumps have, with their positions in the new order.
    fn kept(&self) -> impl Iterator<Item = (&'a Argument, &'a Argument, usize)> {
        self.kept_places()
            .map(|(old, new)| (&self.old.arguments[old], &self.new.arguments[new], new))
    }

    /// Returns the old and new positions of the arguments that both dumps have, in the new order.
    fn kept_places(&self) -> impl Iterator<Item = (usize, usize)> {
        let places = self.old_places.iter().enumerate();
        places.filter_map(|(new, old)| old.map(|old| (old, new)))
    }

    /// Finds the values that go to the wrong argument if these arguments are positional.
    fn mix_ups(
        &self,
        is_positional: impl Fn(&Argument) -> bool,
        accepts: places::Accepts,
    ) -> Vec<places::MixUp> {
        let slot = |argument: &'a Argument, identity: &'a str| Slot {
            name: &argument.name,
            identity,
            kind: argument.kind,
            required: !argument.nullable,
        };
        let positional = |(_, argument): &(usize, &Argument)| is_positional(argument);
        let old = self.old.arguments.iter().enumerate().filter(positional);
        let old: Vec<Slot<'_>> = old
            .map(|(place, argument)| {
                let new = self.new_places[place].map(|place| &self.new.arguments[place]);
                slot(argument, &new.unwrap_or(argument).name)
            })
            .collect();
        let new = self.new.arguments.iter().enumerate().filter(positional);
        let new: Vec<Slot<'_>> = new.map(|(_, argument)| slot(argument, &argument.name)).collect();
        places::mix_ups(&old, &new, accepts)
    }
}

/// For each argument of one list, returns the position of the argument with the same name in the other list.
fn places_in(arguments: &[Argument], other: &[Argument]) -> Vec<Option<usize>> {
    let named = |(place, argument): (usize, &'_ Argument)| (argument.name.clone(), place);
    let places: HashMap<String, usize> = other.iter().enumerate().map(named).collect();
    let place = |argument: &Argument| places.get(&argument.name).copied();
    arguments.iter().map(place).collect()
}

/// For each argument, returns the last required argument before it.
fn required_before(arguments: &[Argument]) -> Vec<Option<&str>> {
    let mut last = None;
    let mut before = Vec::with_capacity(arguments.len());
    for argument in arguments {
        before.push(last);
        if !argument.nullable {
            last = Some(argument.name.as_str());
        }
    }
    before
}

fn without_place(places: &[Option<usize>]) -> Vec<usize> {
    let all = places.iter().enumerate();
    all.filter(|(_, other)| other.is_none())
        .map(|(place, _)| place)
        .collect()
}
