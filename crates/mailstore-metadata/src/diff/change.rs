//! One difference between two dumps.

use serde::Serialize;

use super::consequence::Consequence;
use super::places::MixUp;
use crate::function::{Argument, ArgumentKind, Function};

/// One difference, what it means for code, and for whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Change {
    /// The function, by its name in the new dump, or in the old one if it is gone.
    pub function: String,
    /// What changed.
    #[serde(flatten)]
    pub what: What,
    /// For code that is compiled against a newly generated client, where required arguments are positional in the
    /// order of the dump and optional ones have setters of their name.
    pub generated: Consequence,
    /// For code that uses bindings in which every argument is positional in the order of the dump, such as the
    /// vendor's Python wrapper.
    pub positional: Consequence,
    /// Whether a program that was built before the change may fail on the new server as long as it is not rebuilt.
    /// Arguments travel by name, so their order does not matter to it.
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
        /// The whole function.
        signature: Function,
    },
    /// The function is gone.
    FunctionRemoved {
        /// What it was.
        signature: Function,
    },
    /// The function likely had another name: that one is gone, this one is new, and they are alike.
    FunctionRenamed {
        /// The old name.
        from: String,
        /// How alike the two are in name and arguments, in percent.
        likeness: u8,
    },
    /// The function has another path.
    PathChanged {
        /// The old dump's path; null for the usual one.
        from: Option<String>,
        /// The new dump's path; null for the usual one.
        to: Option<String>,
    },
    /// The argument is new.
    ArgumentAdded {
        /// The whole argument.
        argument: Argument,
        /// Its place in the new order, from 1.
        place: usize,
        /// The required argument before it in the new order, if there is one.
        after: Option<String>,
    },
    /// The argument is gone.
    ArgumentRemoved {
        /// What it was.
        argument: Argument,
        /// The place it had in the old order, from 1.
        place: usize,
    },
    /// The argument likely had another name: that one is gone, this one is new, their types are the same and their
    /// names alike.
    ArgumentRenamed {
        /// The old name.
        from: String,
        /// The new name.
        to: String,
        /// How alike the names are, in percent; 100 if they differ in case only.
        likeness: u8,
        /// Whether it is required before and after: in a generated client it then has no setter.
        required: bool,
    },
    /// The argument has another type.
    TypeChanged {
        /// The argument, by its new name.
        argument: String,
        /// The old type.
        from: ArgumentKind,
        /// The new type.
        to: ArgumentKind,
    },
    /// The argument could be left out and no longer can.
    BecameRequired {
        /// The argument, by its new name.
        argument: String,
        /// The required argument before it in the new order, if there is one.
        after: Option<String>,
    },
    /// The argument could not be left out and now can.
    BecameOptional {
        /// The argument, by its new name.
        argument: String,
    },
    /// Arguments that both dumps have stand in another order.
    Reordered {
        /// The fewest arguments whose moves explain the new order.
        moved: Vec<Move>,
        /// All arguments in the new order.
        order: Vec<String>,
        /// What silently goes wrong.
        mix_ups: MixUps,
    },
    /// Arguments that both dumps have stand in the same order, but because of others that came or went, their values
    /// can silently go to other arguments.
    Shifted {
        /// What silently goes wrong.
        mix_ups: MixUps,
    },
}

/// An argument that moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Move {
    /// The argument, by its new name.
    pub argument: String,
    /// Its place in the old order, from 1.
    pub from: usize,
    /// Its place in the new order, from 1.
    pub to: usize,
}

/// Values that silently go to another argument than they are meant for, by who is affected.
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
    /// The gravest of its consequences, where those for positional bindings count only if they are silent: the
    /// others are met as errors, and by their users alone.
    pub fn severity(&self) -> Consequence {
        match self.positional {
            Consequence::SilentDanger => Consequence::SilentDanger,
            _ => self.generated,
        }
    }
}
