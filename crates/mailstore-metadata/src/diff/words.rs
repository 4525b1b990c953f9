//! Describes changes in words: the change, its consequences for code, and what to do.
//!
//! Names are in backticks, which suits both terminals and Markdown.

use std::fmt;

use super::change::{Change, MixUps, Move, What};
use super::consequence::Consequence;
use super::judge::same_path;
use super::places::MixUp;
use crate::function::{ArgumentKind, DEFAULT_PATH, Function};

/// Maximum number of items that are written for a list. The number of the other items follows.
const LONGEST_LIST: usize = 12;

impl fmt::Display for Change {
    /// Describes the change without the name of the function, as a phrase without a full stop.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.what {
            What::FunctionAdded { signature } => write!(f, "new function {}", arguments(signature)),
            What::FunctionRemoved { signature } => write!(f, "function {} removed", arguments(signature)),
            What::FunctionRenamed { from, likeness } => {
                write!(f, "likely renamed from `{from}` ({likeness} % similar)")
            }
            What::PathChanged { from, to } => {
                let path = |path: &Option<String>| match path {
                    Some(path) => format!("`{path}`"),
                    None => format!("the default `{DEFAULT_PATH}`"),
                };
                write!(f, "path changed from {} to {}", path(from), path(to))
            }
            What::ArgumentAdded { argument, place, .. } => {
                let needed = needed(!argument.nullable);
                write!(
                    f,
                    "new {needed} argument `{argument}` in {} place",
                    ordinal(*place)
                )
            }
            What::ArgumentRemoved { argument, place } => {
                let needed = needed(!argument.nullable);
                write!(
                    f,
                    "{needed} argument `{argument}` removed from {} place",
                    ordinal(*place)
                )
            }
            What::ArgumentRenamed {
                from, to, likeness, ..
            } => write!(f, "`{from}` likely renamed to `{to}` ({likeness} % similar)"),
            What::TypeChanged { argument, from, to } => {
                write!(f, "`{argument}` changed its type from {from} to {to}")
            }
            What::BecameRequired { argument, .. } => write!(f, "`{argument}` became required"),
            What::BecameOptional { argument } => write!(f, "`{argument}` became optional"),
            What::Reordered { moved, .. } => f.write_str(&list(moved, "; ", movement)),
            What::Shifted { .. } => f.write_str("arguments shifted because others were added or removed"),
        }
    }
}

impl Change {
    /// Returns the consequences for code, in one or more sentences.
    pub fn meaning(&self) -> String {
        match &self.what {
            What::FunctionAdded { .. } => "The client gets a new method.".to_owned(),
            What::FunctionRemoved { .. } => {
                "The method is removed. Calls no longer compile. Programs that were built before fail when they call it."
                    .to_owned()
            }
            What::FunctionRenamed { .. } => {
                "The method has a new name. Calls no longer compile. Programs that were built before fail when they \
                 call it."
                    .to_owned()
            }
            What::PathChanged { from, to } if same_path(from.as_deref(), to.as_deref()) => {
                "The address stays the same.".to_owned()
            }
            What::PathChanged { .. } => {
                "Code needs no change. Programs that were built before call an address that no longer exists.".to_owned()
            }
            What::ArgumentAdded { argument, .. } if argument.nullable => {
                "The method gets a new setter. Existing calls need no change.".to_owned()
            }
            What::ArgumentAdded { .. } => "The method has a new parameter. Every call must be changed.".to_owned(),
            What::ArgumentRemoved { argument, .. } if argument.nullable => {
                "The setter is removed. Calls that use it no longer compile.".to_owned()
            }
            What::ArgumentRemoved { .. } => {
                "The method has one parameter less. Every call must be changed.".to_owned()
            }
            What::ArgumentRenamed { .. } => self.meaning_of_new_name(),
            What::TypeChanged { from, to, .. } => meaning_of_new_type(*from, *to).to_owned(),
            What::BecameRequired { .. } => {
                "The argument is now a parameter instead of a setter. Every call must be changed.".to_owned()
            }
            What::BecameOptional { .. } => {
                "The argument is now a setter instead of a parameter. Every call that passes it must be changed.".to_owned()
            }
            What::Reordered { mix_ups, .. } | What::Shifted { mix_ups } => self.meaning_of_order(mix_ups),
        }
    }

    /// Returns what to do about the change, as a sentence.
    pub fn advice(&self) -> String {
        let nothing = "Nothing to do.".to_owned();
        match &self.what {
            What::FunctionAdded { .. } => nothing,
            What::FunctionRemoved { .. } => {
                "Remove the calls, or call the function that replaces it.".to_owned()
            }
            What::FunctionRenamed { .. } => {
                "Check that both functions do the same, then rename the calls.".to_owned()
            }
            What::PathChanged { from, to } if same_path(from.as_deref(), to.as_deref()) => nothing,
            What::PathChanged { .. } => "Regenerate the client and rebuild programs.".to_owned(),
            What::ArgumentAdded { argument, .. } if argument.nullable => nothing,
            What::ArgumentAdded { after, .. } => format!("Pass its value {}.", where_to(after.as_deref())),
            What::ArgumentRemoved { .. } => "Remove the value from calls.".to_owned(),
            What::ArgumentRenamed { from, to, .. } => match (self.generated, self.positional) {
                (Consequence::None, _) => nothing,
                (Consequence::Breaking, Consequence::None) => "Rename the setter in calls.".to_owned(),
                (Consequence::Breaking, _) => {
                    format!(
                        "Check that `{to}` has the same meaning as `{from}`, then rename the setter in calls."
                    )
                }
                _ => format!("Check that `{to}` has the same meaning as `{from}`."),
            },
            What::TypeChanged { .. } => match self.generated {
                Consequence::Additive => nothing,
                Consequence::SilentDanger => "Review every call that passes a string for it.".to_owned(),
                _ => "Convert the value.".to_owned(),
            },
            What::BecameRequired { after, .. } => format!(
                "Pass the value {} instead of with the setter. Calls without the setter need a value.",
                where_to(after.as_deref())
            ),
            What::BecameOptional { .. } => "Pass the value with the setter, or omit it.".to_owned(),
            What::Reordered { .. } | What::Shifted { .. } => self.advice_on_order(),
        }
    }

    fn meaning_of_new_name(&self) -> String {
        let generated = match self.generated {
            Consequence::None => return "Calls need no change.".to_owned(),
            Consequence::Breaking => "The setter has a new name. Calls that use it no longer compile.",
            _ => {
                "Calls still compile, because calls do not name parameters. If this is a different argument, they send a \
                 wrong value."
            }
        };
        match (self.generated, self.positional) {
            (Consequence::Breaking, Consequence::SilentDanger) => format!(
                "{generated} {} calls still run. If this is a different argument, they send a wrong value.",
                POSITIONAL
            ),
            _ => generated.to_owned(),
        }
    }

    fn meaning_of_order(&self, mix_ups: &MixUps) -> String {
        let mut sentences = Vec::new();
        match self.generated {
            Consequence::SilentDanger => sentences.push(format!(
                "Calls still compile, or compile after another error is fixed, but {}.",
                mixed_up(&mix_ups.generated)
            )),
            Consequence::Breaking => {
                let breaking = "Parameters of different types changed places. Calls no longer compile.";
                sentences.push(breaking.to_owned());
            }
            _ => {}
        }
        if self.positional == Consequence::SilentDanger {
            sentences.push(if mix_ups.positional == mix_ups.generated {
                format!("{POSITIONAL} the same values go to the wrong arguments.")
            } else {
                let mixed_up = mixed_up(&mix_ups.positional);
                format!("{POSITIONAL} calls still run, but {mixed_up}.")
            });
        }
        if self.generated == Consequence::None {
            let safe = if self.positional == Consequence::SilentDanger {
                "Generated clients are not affected: they set optional arguments by name, and the required arguments \
                 keep their order."
            } else {
                "Generated clients set optional arguments by name, so code needs no change."
            };
            sentences.push(safe.to_owned());
        }
        sentences.join(" ")
    }

    fn advice_on_order(&self) -> String {
        match (self.generated, self.positional) {
            (Consequence::None, Consequence::SilentDanger) => {
                "Review every call that uses such bindings. Generated clients need no change.".to_owned()
            }
            (Consequence::None, _) => "Nothing to do.".to_owned(),
            (Consequence::SilentDanger, _) => {
                "Review every call and pass each value to its own argument.".to_owned()
            }
            _ => "Put the values in the new order.".to_owned(),
        }
    }
}

const POSITIONAL: &str =
    "With bindings in which every argument is positional, such as the vendor's Python wrapper,";

fn meaning_of_new_type(from: ArgumentKind, to: ArgumentKind) -> &'static str {
    match (from, to) {
        (ArgumentKind::Number | ArgumentKind::Bool, ArgumentKind::Json) => {
            "The argument accepts more values than before. Values of the old type are sent as the same text."
        }
        (ArgumentKind::String, ArgumentKind::Json) => {
            "A call with a string still compiles, but the string is sent as JSON, in quotes."
        }
        (ArgumentKind::Json, ArgumentKind::String) => {
            "A call with a string still compiles, but the string is sent unchanged, no longer as JSON in quotes. Other \
             values no longer compile."
        }
        _ => "Calls that pass a value of the old type no longer compile.",
    }
}

fn arguments(function: &Function) -> String {
    if function.arguments.is_empty() {
        return "without arguments".to_owned();
    }
    format!(
        "with {}",
        list(&function.arguments, ", ", |argument| format!("`{argument}`"))
    )
}

fn needed(required: bool) -> &'static str {
    if required { "required" } else { "optional" }
}

fn where_to(after: Option<&str>) -> String {
    match after {
        Some(name) => format!("after `{name}`"),
        None => "before all other arguments".to_owned(),
    }
}

fn movement(Move { argument, from, to }: &Move) -> String {
    let (from, to) = (ordinal(*from), ordinal(*to));
    if from == to {
        // The arguments before it moved, and another argument took their place.
        return format!("`{argument}` stayed in {to} place while others moved");
    }
    format!("`{argument}` moved from {from} to {to} place")
}

fn mixed_up(mix_ups: &[MixUp]) -> String {
    let text = list(mix_ups, ", ", |MixUp { meant_for, goes_to }| {
        format!("from `{meant_for}` to `{goes_to}`")
    });
    format!("values go to the wrong arguments: {text}")
}

fn list<T>(items: &[T], separator: &str, text: impl Fn(&T) -> String) -> String {
    let mut texts: Vec<String> = items.iter().take(LONGEST_LIST).map(text).collect();
    if let Some(more) = items.len().checked_sub(LONGEST_LIST).filter(|more| *more > 0) {
        texts.push(format!("and {more} more"));
    }
    texts.join(separator)
}

/// Returns an ordinal number: `1st`, `2nd`, `3rd`, `4th`, ... `11th`.
fn ordinal(number: usize) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinals() {
        let ordinals = [1, 2, 3, 4, 11, 12, 13, 21, 102, 113].map(ordinal);
        assert_eq!(
            ordinals,
            [
                "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "102nd", "113th"
            ]
        );
    }

    #[test]
    fn long_lists_are_cut() {
        let numbers: Vec<usize> = (1..=14).collect();
        let text = list(&numbers, " ", usize::to_string);
        assert_eq!(text, "1 2 3 4 5 6 7 8 9 10 11 12 and 2 more");
        assert_eq!(list(&numbers[..12], " ", usize::to_string).split(' ').count(), 12);
    }
}
