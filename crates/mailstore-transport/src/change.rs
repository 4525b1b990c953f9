//! One thing that differs, in words, and what it means for calls.

use std::fmt;

use crate::function::ArgumentKind;

/// One way in which a function of the server differs from what the program was compiled for.
///
/// Written out it says what differs and what that means, without the function's name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// Wire name of the function.
    pub function: &'static str,
    /// What differs.
    pub kind: ChangeKind,
    /// Which calls fail because of it, or may.
    pub impact: Impact,
}

/// What differs about a function.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChangeKind {
    /// The server lacks the function.
    Missing {
        /// A function that only the server has and that is alike: perhaps the same under another name.
        perhaps: Option<String>,
    },
    /// The server has the function at another path.
    PathChanged {
        /// Where calls go.
        from: &'static str,
        /// Where the server has it.
        to: String,
    },
    /// The server does not know the argument. What it makes of such arguments is not documented.
    ArgumentMissing {
        /// Wire name.
        argument: &'static str,
        /// Whether every call gives it.
        required: bool,
        /// An argument that only the server has and that is alike: perhaps the same under another name.
        perhaps: Option<String>,
    },
    /// The server has an argument that the program does not know.
    ArgumentAdded {
        /// Wire name.
        argument: String,
        /// Type word.
        kind: ArgumentKind,
        /// Whether the server requires it.
        required: bool,
    },
    /// The argument has another type.
    TypeChanged {
        /// Wire name.
        argument: &'static str,
        /// The type of what the program sends.
        from: ArgumentKind,
        /// The server's type.
        to: ArgumentKind,
    },
    /// The program may leave the argument out, and the server requires it.
    BecameRequired {
        /// Wire name.
        argument: &'static str,
    },
    /// The program always gives the argument, and the server does not require it.
    BecameOptional {
        /// Wire name.
        argument: &'static str,
    },
    /// An argument at the server has a type that this version does not know, so that nothing of the function was
    /// compared.
    UnknownType {
        /// Wire name; perhaps of an argument that the program does not know.
        argument: String,
        /// The word for the type, cut if it is long.
        word: String,
    },
}

/// Which calls a difference makes fail. The order is that of severity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Impact {
    /// All calls work as before.
    None,
    /// Some calls fail or may fail, depending on their arguments, or it is not known.
    SomeCalls,
    /// Every call fails or may fail.
    EveryCall,
}

impl Change {
    pub(super) fn is_missing(&self) -> bool {
        matches!(self.kind, ChangeKind::Missing { .. })
    }

    /// What to do about it: a sentence.
    pub fn advice(&self) -> String {
        let by_name = |what: &str| format!("Call the function by its name, with `call`, and {what}.");
        match &self.kind {
            _ if self.impact == Impact::None => "Nothing to do.".to_owned(),
            ChangeKind::Missing { perhaps: None } => {
                "Do without it, or bring server and program to the same version.".to_owned()
            }
            ChangeKind::Missing { perhaps: Some(other) } => {
                format!("If `{other}` does the same, call that by its name, with `call`.")
            }
            ChangeKind::PathChanged { .. } => {
                "Regenerate the client from the server's function list.".to_owned()
            }
            ChangeKind::ArgumentMissing {
                perhaps: Some(other), ..
            } => by_name(&format!("give `{other}` instead if it means the same")),
            ChangeKind::ArgumentMissing { required: true, .. } => by_name("leave it out"),
            ChangeKind::ArgumentMissing { .. } => "Leave it out.".to_owned(),
            ChangeKind::ArgumentAdded { .. } => by_name("give it as well"),
            ChangeKind::TypeChanged { .. } => by_name("give the value as the server wants it"),
            ChangeKind::BecameRequired { .. } => "Give it in every call.".to_owned(),
            ChangeKind::UnknownType { .. } => "Try the call, or update this program.".to_owned(),
            // Without an impact.
            ChangeKind::BecameOptional { .. } => "Nothing to do.".to_owned(),
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ChangeKind::Missing { perhaps } => {
                f.write_str("the server lacks it: every call fails")?;
                guess(f, perhaps.as_deref())
            }
            ChangeKind::PathChanged { from, to } => {
                write!(
                    f,
                    "calls go to `{from}`, and the server has it at `{to}`: every call fails"
                )
            }
            ChangeKind::ArgumentMissing {
                argument,
                required,
                perhaps,
            } => {
                let calls = if *required {
                    "every call gives"
                } else {
                    "calls may give"
                };
                write!(
                    f,
                    "the server does not know `{argument}`, which {calls}: it may refuse them or go on without"
                )?;
                guess(f, perhaps.as_deref())
            }
            ChangeKind::ArgumentAdded {
                argument,
                kind,
                required: true,
            } => write!(
                f,
                "the server requires `{argument}` ({kind}), which this program does not send: every call fails"
            ),
            ChangeKind::ArgumentAdded { argument, kind, .. } => {
                write!(
                    f,
                    "the server also takes `{argument}` ({kind}), which may be left out"
                )
            }
            ChangeKind::TypeChanged { argument, from, to } => {
                write!(f, "`{argument}` is sent as {from}, and the server takes {to}: ")?;
                f.write_str(match self.impact {
                    Impact::None => "what is sent is both",
                    Impact::SomeCalls => "calls that give it may fail",
                    Impact::EveryCall => "every call may fail",
                })
            }
            ChangeKind::BecameRequired { argument } => {
                write!(f, "the server requires `{argument}`: calls without it fail")
            }
            ChangeKind::BecameOptional { argument } => {
                write!(
                    f,
                    "the server does not require `{argument}`, which every call gives"
                )
            }
            ChangeKind::UnknownType { argument, word } => write!(
                f,
                "not compared, because the server's `{argument}` has the type {word:?}, which this version does not \
                 know: calls may fail or not"
            ),
        }
    }
}

fn guess(f: &mut fmt::Formatter<'_>, perhaps: Option<&str>) -> fmt::Result {
    match perhaps {
        Some(other) => write!(f, "; `{other}` may be the same under another name"),
        None => Ok(()),
    }
}
