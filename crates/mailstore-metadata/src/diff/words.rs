//! Describes changes in words: the change, its consequences for code, and what to do.
//!
//! Names are in backticks, which suits both terminals and Markdown.

use std::fmt;

use super::change::{Change, MixUps, Move, What};
use super::consequence::Consequence;
use super::judge::same_path;
use super::places::MixUp;
use crate::function::{ArgumentKind, DEFAULT_PATH, Function};

/// Maximum number of items of a list that are written. The number of further items follows.
const LONGEST_LIST: usize = 12;

impl fmt::Display for Change {
    /// Describes the change without the name of the function, as a phrase without a full stop.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.what {
            What::FunctionAdded { signature } => write!(f, "new function {}", arguments(signature)),
            What::FunctionRemoved { signature } => write!(f, "function {} removed", arguments(signature)),
            What::FunctionRenamed { from, likeness } => {
                write!(f, "likely renamed from `{from}` ({likeness} % alike)")
            }
            What::PathChanged { from, to } => {
                let path = |path: &Option<String>| match path {
                    Some(path) => format!("`{path}`"),
                    None => format!("the usual `{DEFAULT_PATH}`"),
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
            } => write!(f, "`{from}` likely renamed to `{to}` ({likeness} % alike)"),
            What::TypeChanged { argument, from, to } => {
                write!(f, "`{argument}` changed its type from {from} to {to}")
            }
            What::BecameRequired { argument, .. } => write!(f, "`{argument}` became required"),
            What::BecameOptional { argument } => write!(f, "`{argument}` became optional"),
            What::Reordered { moved, .. } => f.write_str(&list(moved, "; ", movement)),
            What::Shifted { .. } => f.write_str("arguments shifted by others that came or went"),
        }
    }
}

impl Change {
    /// Returns the consequences for code, in one or more sentences.
    pub fn meaning(&self) -> String {
        match &self.what {
            What::FunctionAdded { .. } => "It is one more method.".to_owned(),
            What::FunctionRemoved { .. } => {
                "Its method is gone: calls no longer compile, and programs built before fail when they call it."
                    .to_owned()
            }
            What::FunctionRenamed { .. } => {
                "Its method has another name: calls no longer compile, and programs built before fail when they \
                 call it."
                    .to_owned()
            }
            What::PathChanged { from, to } if same_path(from.as_deref(), to.as_deref()) => {
                "That is the same address.".to_owned()
            }
            What::PathChanged { .. } => {
                "Code stays as it is, but programs built before call an address that is gone.".to_owned()
            }
            What::ArgumentAdded { argument, .. } if argument.nullable => {
                "It is one more setter; calls without it stay as they are.".to_owned()
            }
            What::ArgumentAdded { .. } => "Its method has one more parameter, so calls have to change.".to_owned(),
            What::ArgumentRemoved { argument, .. } if argument.nullable => {
                "Its setter is gone: calls that use it no longer compile.".to_owned()
            }
            What::ArgumentRemoved { .. } => {
                "Its method has one parameter less, so calls have to change.".to_owned()
            }
            What::ArgumentRenamed { .. } => self.meaning_of_new_name(),
            What::TypeChanged { from, to, .. } => meaning_of_new_type(*from, *to).to_owned(),
            What::BecameRequired { .. } => {
                "It is now a parameter instead of a setter, so calls have to change.".to_owned()
            }
            What::BecameOptional { .. } => {
                "It is now a setter instead of a parameter, so calls have to change.".to_owned()
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
                "Remove the calls, or find out which function does this now.".to_owned()
            }
            What::FunctionRenamed { .. } => {
                "Make sure that both do the same, then rename the calls.".to_owned()
            }
            What::PathChanged { from, to } if same_path(from.as_deref(), to.as_deref()) => nothing,
            What::PathChanged { .. } => "Regenerate the client and rebuild programs.".to_owned(),
            What::ArgumentAdded { argument, .. } if argument.nullable => nothing,
            What::ArgumentAdded { after, .. } => format!("Give its value {}.", where_to(after.as_deref())),
            What::ArgumentRemoved { .. } => "Leave the value out.".to_owned(),
            What::ArgumentRenamed { from, to, .. } => match (self.generated, self.positional) {
                (Consequence::None, _) => nothing,
                (Consequence::Breaking, Consequence::None) => "Rename the setter in calls.".to_owned(),
                (Consequence::Breaking, _) => {
                    format!(
                        "Make sure that `{to}` means what `{from}` meant, then rename the setter in calls."
                    )
                }
                _ => format!("Make sure that `{to}` means what `{from}` meant."),
            },
            What::TypeChanged { .. } => match self.generated {
                Consequence::Additive => nothing,
                Consequence::SilentDanger => "Look at every call that gives a text for it.".to_owned(),
                _ => "Convert the value.".to_owned(),
            },
            What::BecameRequired { after, .. } => format!(
                "Move the value from the setter into the call, {}, or find one to give.",
                where_to(after.as_deref())
            ),
            What::BecameOptional { .. } => {
                "Move the value from the call into the setter, or leave it out.".to_owned()
            }
            What::Reordered { .. } | What::Shifted { .. } => self.advice_on_order(),
        }
    }

    fn meaning_of_new_name(&self) -> String {
        let generated = match self.generated {
            Consequence::None => return "Calls stay as they are.".to_owned(),
            Consequence::Breaking => "Its setter has another name: calls that use it no longer compile.",
            _ => {
                "Calls compile as they are, since a parameter has no name in a call: if this is another argument, they send a wrong value."
            }
        };
        match (self.generated, self.positional) {
            (Consequence::Breaking, Consequence::SilentDanger) => format!(
                "{generated} {} calls run as they are: if this is another argument, they send a wrong value.",
                POSITIONAL
            ),
            _ => generated.to_owned(),
        }
    }

    fn meaning_of_order(&self, mix_ups: &MixUps) -> String {
        let mut sentences = Vec::new();
        match self.generated {
            Consequence::SilentDanger => sentences.push(format!(
                "Calls compile as they are, or with a correction elsewhere, and send {}.",
                mixed_up(&mix_ups.generated)
            )),
            Consequence::Breaking => {
                let breaking =
                    "Parameters of different types have taken each other's place: calls no longer compile.";
                sentences.push(breaking.to_owned());
            }
            _ => {}
        }
        if self.positional == Consequence::SilentDanger {
            sentences.push(if mix_ups.positional == mix_ups.generated {
                format!("{POSITIONAL} calls do the same.")
            } else {
                let mixed_up = mixed_up(&mix_ups.positional);
                format!("{POSITIONAL} calls run as they are and send {mixed_up}.")
            });
        }
        if self.generated == Consequence::None {
            let safe = if self.positional == Consequence::SilentDanger {
                "Generated clients are safe from this, because they set optional arguments by name and count \
                 required ones."
            } else {
                "Generated clients set optional arguments by name, so code stays as it is."
            };
            sentences.push(safe.to_owned());
        }
        sentences.join(" ")
    }

    fn advice_on_order(&self) -> String {
        match (self.generated, self.positional) {
            (Consequence::None, Consequence::SilentDanger) => {
                "Look at every such call; a generated client needs nothing for this.".to_owned()
            }
            (Consequence::None, _) => "Nothing to do.".to_owned(),
            (Consequence::SilentDanger, _) => {
                "Look at every call and give each value to the argument that it is meant for.".to_owned()
            }
            _ => "Put the values into the new order.".to_owned(),
        }
    }
}

const POSITIONAL: &str =
    "With bindings in which every argument is positional, such as the vendor's Python wrapper,";

fn meaning_of_new_type(from: ArgumentKind, to: ArgumentKind) -> &'static str {
    match (from, to) {
        (ArgumentKind::Number | ArgumentKind::Bool, ArgumentKind::Json) => {
            "It takes more than before, and the same text is sent for what it took."
        }
        (ArgumentKind::String, ArgumentKind::Json) => {
            "A text given for it still compiles, but is sent as a JSON text, in quotes."
        }
        (ArgumentKind::Json, ArgumentKind::String) => {
            "A text given for it still compiles, but is sent as it is, no longer as a JSON text in quotes; other \
             values no longer compile."
        }
        _ => "Values of the old type no longer fit: calls that give one no longer compile.",
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
        Some(name) => format!("behind `{name}`"),
        None => "in front of all others".to_owned(),
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
        format!("for `{meant_for}` to `{goes_to}`")
    });
    format!("what is meant {text}")
}

fn list<T>(items: &[T], separator: &str, text: impl Fn(&T) -> String) -> String {
    let mut texts: Vec<String> = items.iter().take(LONGEST_LIST).map(text).collect();
    if let Some(more) = items.len().checked_sub(LONGEST_LIST).filter(|more| *more > 0) {
        texts.push(format!("and {more} more"));
    }
    texts.join(separator)
}

/// `1st`, `2nd`, `3rd`, `4th`, ... `11th`.
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
