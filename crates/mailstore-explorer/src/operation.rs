//! What a path of the API means.

use mailstore_transport::{Effect, Function, Surface};

/// The argument with the status token of a call.
const TOKEN: &str = "token";

/// A function, or an operation of the protocol.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Operation {
    Call(&'static Function),
    Metadata,
    Status,
    Cancel,
}

/// An argument of an operation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Argument {
    pub(crate) name: &'static str,
    /// Whether it may be left out.
    pub(crate) is_optional: bool,
    pub(crate) is_secret: bool,
}

impl Operation {
    /// Returns the operation with this path, such as `/api/invoke/GetUsers`.
    pub(crate) fn of(surface: &Surface, path: &str) -> Option<Self> {
        match path {
            "/api/get-metadata" => return Some(Self::Metadata),
            "/api/get-status" => return Some(Self::Status),
            "/api/cancel-async" => return Some(Self::Cancel),
            _ => {}
        }
        let (folder, name) = path.strip_prefix('/')?.rsplit_once('/')?;
        let function = surface.function(name)?;
        (function.path.trim_end_matches('/') == folder).then_some(Self::Call(function))
    }

    /// The name of the function or of the operation.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Call(function) => function.name,
            Self::Metadata => "get-metadata",
            Self::Status => "get-status",
            Self::Cancel => "cancel-async",
        }
    }

    /// The effect of the operation itself. Whether a call may be cancelled depends on the call.
    pub(crate) fn effect(self) -> Effect {
        match self {
            Self::Call(function) => function.effect,
            Self::Metadata | Self::Status | Self::Cancel => Effect::Read,
        }
    }

    /// The arguments in the order in which they are sent.
    pub(crate) fn arguments(self) -> Vec<Argument> {
        let required = |name| Argument {
            name,
            is_optional: false,
            is_secret: name == TOKEN,
        };
        match self {
            Self::Call(function) => function
                .arguments
                .iter()
                .map(|argument| Argument {
                    name: argument.name,
                    is_optional: argument.nullable,
                    is_secret: argument.secret,
                })
                .collect(),
            Self::Metadata => Vec::new(),
            Self::Status => [TOKEN, "lastKnownStatusVersion", "millisecondsTimeout"]
                .map(required)
                .into(),
            Self::Cancel => vec![required(TOKEN)],
        }
    }
}
