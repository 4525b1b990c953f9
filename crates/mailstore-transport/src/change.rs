//! One difference between the function lists of a program and a server, with its effect on calls.

use std::fmt;

use crate::function::ArgumentKind;

/// One difference between a function of the server and the function that the program was compiled for.
///
/// `Display` describes the difference and its effect on calls, without the name of the function.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// Wire name of the function.
    pub function: &'static str,
    /// What differs.
    pub kind: ChangeKind,
    /// The calls that fail or may fail because of it.
    pub impact: Impact,
}

/// The kind of a difference.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChangeKind {
    /// The server does not have the function.
    Missing {
        /// A similar function that only the server has. It may be the same function under another name.
        perhaps: Option<String>,
    },
    /// The server has the function at another path.
    PathChanged {
        /// The path to which the program sends calls.
        from: &'static str,
        /// The path on the server.
        to: String,
    },
    /// The server does not have the argument. How it handles unknown arguments is not documented.
    ArgumentMissing {
        /// Wire name.
        argument: &'static str,
        /// Whether every call sends the argument.
        required: bool,
        /// A similar argument that only the server has. It may be the same argument under another name.
        perhaps: Option<String>,
    },
    /// The server has an argument that is not in the catalog of the program.
    ArgumentAdded {
        /// Wire name.
        argument: String,
        /// Its type.
        kind: ArgumentKind,
        /// Whether the server requires it.
        required: bool,
    },
    /// The argument has another type.
    TypeChanged {
        /// Wire name.
        argument: &'static str,
        /// The type in the catalog of the program.
        from: ArgumentKind,
        /// The type on the server.
        to: ArgumentKind,
    },
    /// The argument is optional for the program, but the server requires it.
    BecameRequired {
        /// Wire name.
        argument: &'static str,
    },
    /// The program always sends the argument, but the server does not require it.
    BecameOptional {
        /// Wire name.
        argument: &'static str,
    },
    /// An argument on the server has an unknown type, so the function was not compared.
    UnknownType {
        /// Wire name. The argument may be missing from the catalog of the program.
        argument: String,
        /// The name of the type, cut if it is long.
        word: String,
    },
}

/// The calls that fail because of a difference, in order of severity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Impact {
    /// All calls work as before.
    None,
    /// Some calls fail or may fail, depending on their arguments, or the effect is unknown.
    SomeCalls,
    /// Every call fails or may fail.
    EveryCall,
}

impl Change {
    pub(super) fn is_missing(&self) -> bool {
        matches!(self.kind, ChangeKind::Missing { .. })
    }

    /// The remedy, as a sentence.
    pub fn advice(&self) -> String {
        let by_name = |what: &str| format!("Call the function by name with `call`, and {what}.");
        match &self.kind {
            _ if self.impact == Impact::None => "Nothing to do.".to_owned(),
            ChangeKind::Missing { perhaps: None } => {
                "Do not call it, or bring server and program to the same version.".to_owned()
            }
            ChangeKind::Missing { perhaps: Some(other) } => {
                format!("If `{other}` does the same, call it by name with `call`.")
            }
            ChangeKind::PathChanged { .. } => {
                "Regenerate the client from the server's function list.".to_owned()
            }
            ChangeKind::ArgumentMissing {
                perhaps: Some(other), ..
            } => by_name(&format!("pass `{other}` instead if it has the same meaning")),
            ChangeKind::ArgumentMissing { required: true, .. } => by_name("leave the argument out"),
            ChangeKind::ArgumentMissing { .. } => "Leave the argument out.".to_owned(),
            ChangeKind::ArgumentAdded { .. } => by_name("add this argument"),
            ChangeKind::TypeChanged { .. } => by_name("pass a value of the server's type"),
            ChangeKind::BecameRequired { .. } => "Pass it in every call.".to_owned(),
            ChangeKind::UnknownType { .. } => "Try the call, or update this program.".to_owned(),
            // This kind never has an impact, so the first arm handles it.
            ChangeKind::BecameOptional { .. } => "Nothing to do.".to_owned(),
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ChangeKind::Missing { perhaps } => {
                f.write_str("the function is missing on the server: every call fails")?;
                guess(f, perhaps.as_deref())
            }
            ChangeKind::PathChanged { from, to } => {
                write!(
                    f,
                    "calls are sent to `{from}`, but the function is at `{to}` on the server: every call fails"
                )
            }
            ChangeKind::ArgumentMissing {
                argument,
                required,
                perhaps,
            } => {
                let calls = if *required {
                    "every call sends"
                } else {
                    "calls may send"
                };
                write!(
                    f,
                    "the server does not have the argument `{argument}`, which {calls}: it may reject these calls or ignore the \
                     argument"
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
                    "the server also accepts `{argument}` ({kind}), which is optional"
                )
            }
            ChangeKind::TypeChanged { argument, from, to } => {
                write!(
                    f,
                    "`{argument}` is sent as {from}, but the server requires {to}: "
                )?;
                f.write_str(match self.impact {
                    Impact::None => "every sent value has both types",
                    Impact::SomeCalls => "calls that send it may fail",
                    Impact::EveryCall => "every call may fail",
                })
            }
            ChangeKind::BecameRequired { argument } => {
                write!(f, "the server requires `{argument}`: calls without it fail")
            }
            ChangeKind::BecameOptional { argument } => {
                write!(
                    f,
                    "the server does not require `{argument}`, which every call sends"
                )
            }
            ChangeKind::UnknownType { argument, word } => write!(
                f,
                "not compared, because the server's argument `{argument}` has the unknown type {word:?}: calls may fail"
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
