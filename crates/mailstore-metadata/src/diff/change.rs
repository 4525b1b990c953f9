//! One change from one dump to another.

use serde::Serialize;

use super::consequence::Consequence;
use super::places::MixUp;
use crate::function::{Argument, ArgumentKind, Function};

/// One change and its consequences for code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Change {
    /// The function's name in the new dump, or in the old dump if the function was removed.
    pub function: String,
    /// What changed.
    #[serde(flatten)]
    pub what: What,
    /// The consequence for code that is compiled against a newly generated client. There, required arguments are
    /// positional in the order of the dump, and each optional argument has a setter.
    pub generated: Consequence,
    /// The consequence for code that uses bindings in which every argument is positional in the order of the dump,
    /// such as the vendor's Python wrapper.
    pub positional: Consequence,
    /// Whether a program that was built before the change may fail on the new server until it is rebuilt. Programs
    /// send arguments by name, so the order of arguments does not affect them.
    pub breaks_built_programs: bool,
}

/// What changed about a function.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "change", rename_all = "snake_case")]
#[non_exhaustive]
pub enum What {
    /// The function is new.
    FunctionAdded {
        /// The function.
        signature: Function,
    },
    /// The function was removed.
    FunctionRemoved {
        /// The removed function.
        signature: Function,
    },
    /// The function was probably renamed: the old name was removed, the new name was added, and the two functions are
    /// similar.
    FunctionRenamed {
        /// The old name.
        from: String,
        /// The similarity of names and arguments, in percent.
        likeness: u8,
    },
    /// The function has another path.
    PathChanged {
        /// The old path; null for the default path.
        from: Option<String>,
        /// The new path; null for the default path.
        to: Option<String>,
    },
    /// The argument is new.
    ArgumentAdded {
        /// The argument.
        argument: Argument,
        /// Its position in the new order, counted from 1.
        place: usize,
        /// The required argument before it in the new order, if any.
        after: Option<String>,
    },
    /// The argument was removed.
    ArgumentRemoved {
        /// The removed argument.
        argument: Argument,
        /// Its position in the old order, counted from 1.
        place: usize,
    },
    /// The argument was probably renamed: the old name was removed, the new name was added, both have the same type,
    /// and the names are similar.
    ArgumentRenamed {
        /// The old name.
        from: String,
        /// The new name.
        to: String,
        /// The similarity of the names, in percent; 100 if they differ only in case.
        likeness: u8,
        /// Whether the argument is required both before and after. If so, generated clients have no setter for it.
        required: bool,
    },
    /// The type of the argument changed.
    TypeChanged {
        /// The argument's new name.
        argument: String,
        /// The old type.
        from: ArgumentKind,
        /// The new type.
        to: ArgumentKind,
    },
    /// The argument was optional and is now required.
    BecameRequired {
        /// The argument's new name.
        argument: String,
        /// The required argument before it in the new order, if any.
        after: Option<String>,
    },
    /// The argument was required and is now optional.
    BecameOptional {
        /// The argument's new name.
        argument: String,
    },
    /// The arguments that both dumps have are in a different order.
    Reordered {
        /// A smallest set of arguments whose moves explain the new order.
        moved: Vec<Move>,
        /// All arguments in the new order.
        order: Vec<String>,
        /// The values that silently go to the wrong argument.
        mix_ups: MixUps,
    },
    /// The arguments that both dumps have are in the same order, but others were added or removed before them, so
    /// values can silently go to the wrong argument.
    Shifted {
        /// The values that silently go to the wrong argument.
        mix_ups: MixUps,
    },
}

/// An argument that moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Move {
    /// The argument's new name.
    pub argument: String,
    /// Its position in the old order, counted from 1.
    pub from: usize,
    /// Its position in the new order, counted from 1.
    pub to: usize,
}

/// Values that silently go to the wrong argument, for each kind of caller.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct MixUps {
    /// In code that uses a generated client.
    pub generated: Vec<MixUp>,
    /// In code that uses bindings in which every argument is positional.
    pub positional: Vec<MixUp>,
}

impl Change {
    /// The most severe consequence of the change. The consequence for positional bindings counts only if it is
    /// silent, because the others are reported as errors and affect only users of such bindings.
    pub fn severity(&self) -> Consequence {
        match self.positional {
            Consequence::SilentDanger => Consequence::SilentDanger,
            _ => self.generated,
        }
    }
}
