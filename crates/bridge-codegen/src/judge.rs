//! Judges whether calls that fit one form of a function fit another form.
//!
//! Generated clients send required arguments by their place, and others by name.

use crate::consequence::Consequence;
use crate::function::{Function, Parameter, ParameterKind};

/// A change in words and its consequence.
type Judged = (String, Consequence);

/// Returns the changes of a function.
pub(crate) fn function(old: &Function, new: &Function) -> Vec<Judged> {
    let mut changes = Vec::new();
    if old.name != new.name {
        let what = format!("the function {} is now called {}", old.name, new.name);
        changes.push((what, Consequence::Breaks));
    }
    changes.extend(parameters(old, new));
    changes
}

fn parameters(old: &Function, new: &Function) -> Vec<Judged> {
    if old.parameters == new.parameters {
        return Vec::new();
    }
    let mut changes = match (old.signature(), new.signature()) {
        (Some(old_parameters), Some(parameters)) => Comparison {
            old: old_parameters,
            new: parameters,
            many: takes_many(new, ParameterKind::VarPositional),
            many_names: takes_many(new, ParameterKind::VarKeyword),
        }
        .changes(),
        (None, Some(_)) => vec![("parameters are now known".to_owned(), Consequence::Review)],
        (Some(_), None) => vec![("parameters are no longer known".to_owned(), Consequence::Review)],
        (None, None) => Vec::new(),
    };
    let (filled, filled_now) = (filled(old), filled(new));
    if filled != filled_now && new.signature().is_some() {
        let what = format!(
            "the function fills {}, and not {}",
            in_words(&filled_now),
            in_words(&filled)
        );
        changes.push((what, Consequence::Breaks));
    }
    changes
}

/// The objects that the function fills: their places and classes.
fn filled(function: &Function) -> Vec<(usize, &str)> {
    let parameters = function.parameters.iter().flatten().enumerate();
    parameters
        .filter_map(|(place, parameter)| Some((place, parameter.out.as_deref()?)))
        .collect()
}

fn in_words(filled: &[(usize, &str)]) -> String {
    let words: Vec<String> = filled
        .iter()
        .map(|(place, class)| format!("{class} at place {place}"))
        .collect();
    match words.is_empty() {
        true => "nothing".to_owned(),
        false => words.join(", "),
    }
}

fn takes_many(function: &Function, kind: ParameterKind) -> bool {
    let mut parameters = function.parameters.iter().flatten();
    parameters.any(|parameter| parameter.kind == kind)
}

struct Comparison<'a> {
    old: Vec<&'a Parameter>,
    new: Vec<&'a Parameter>,
    /// Whether the new form takes any number of values without a name.
    many: bool,
    /// Whether the new form takes any number of values with a name.
    many_names: bool,
}

impl Comparison<'_> {
    fn changes(&self) -> Vec<Judged> {
        let mut changes = Vec::new();
        let by_place: Vec<&Parameter> = self.old.iter().copied().filter(|old| is_by_place(old)).collect();
        let places: Vec<&Parameter> = self
            .new
            .iter()
            .copied()
            .filter(|new| new.kind == ParameterKind::Positional)
            .collect();
        let mut filled = Vec::new();
        for (place, old) in by_place.iter().enumerate() {
            let moved = self.new.iter().any(|new| new.name == old.name);
            match places.get(place) {
                Some(new) => {
                    filled.push(new.name.as_str());
                    if new.name == old.name {
                        continue;
                    }
                    changes.push(if moved {
                        (
                            format!("parameter {} has another place", old.name),
                            Consequence::Breaks,
                        )
                    } else {
                        // The value still arrives, but a new name may be a new meaning.
                        (
                            format!("parameter {} is now called {}", old.name, new.name),
                            Consequence::Review,
                        )
                    });
                }
                None if self.many => {}
                None => changes.push(if moved {
                    (
                        format!("parameter {} is now sent by name only", old.name),
                        Consequence::Breaks,
                    )
                } else {
                    (format!("parameter {} removed", old.name), Consequence::Breaks)
                }),
            }
        }
        for old in self.old.iter().filter(|old| !is_by_place(old)) {
            match self.new.iter().find(|new| new.name == old.name) {
                Some(new) => changes.extend(self.named(old, new, &filled)),
                None if self.many_names => {}
                None => changes.push((format!("parameter {} removed", old.name), Consequence::Breaks)),
            }
        }
        changes.extend(self.added(&filled));
        changes.extend(self.now_optional());
        changes
    }

    /// The changes of a parameter that is sent by name.
    fn named(&self, old: &Parameter, new: &Parameter, filled: &[&str]) -> Option<Judged> {
        let name = &old.name;
        if filled.contains(&name.as_str()) {
            let what = format!("parameter {name} has the place of another parameter");
            return Some((what, Consequence::Breaks));
        }
        match (&old.default, &new.default) {
            (Some(_), None) => Some((format!("parameter {name} is now required"), Consequence::Breaks)),
            (Some(was), Some(is)) if was != is => Some((
                format!("default of parameter {name} was {was} and is {is}"),
                Consequence::Review,
            )),
            _ => None,
        }
    }

    /// The parameters that only the new form has.
    fn added(&self, filled: &[&str]) -> Vec<Judged> {
        let is_new = |new: &&&Parameter| {
            !filled.contains(&new.name.as_str()) && self.old.iter().all(|old| old.name != new.name)
        };
        let added = self.new.iter().filter(is_new).map(|new| match &new.default {
            Some(default) => (
                format!("parameter {} added, whose default is {default}", new.name),
                Consequence::None,
            ),
            None => (
                format!("parameter {} added, which is required", new.name),
                Consequence::Breaks,
            ),
        });
        added.collect()
    }

    /// The required parameters that have a default value now.
    fn now_optional(&self) -> Vec<Judged> {
        let optional = self
            .old
            .iter()
            .filter(|old| old.default.is_none())
            .filter_map(|old| {
                let new = self.new.iter().find(|new| new.name == old.name)?;
                let default = new.default.as_ref()?;
                let what = format!(
                    "parameter {} is now optional, and its default is {default}",
                    old.name
                );
                Some((what, Consequence::None))
            });
        optional.collect()
    }
}

/// Whether a call sends the parameter by its place.
fn is_by_place(parameter: &Parameter) -> bool {
    parameter.default.is_none() && parameter.kind == ParameterKind::Positional
}
