//! What a path of the API means.

use mailstore_transport::{Effect, Function, Surface};

/// A function, or an operation of the protocol.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Operation {
    Call(&'static Function),
    Metadata,
    Status,
    Cancel,
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

    /// The arguments: their names, whether they may be left out, and whether they are secret.
    pub(crate) fn arguments(self) -> Vec<(&'static str, bool, bool)> {
        match self {
            Self::Call(function) => function
                .arguments
                .iter()
                .map(|argument| (argument.name, argument.nullable, argument.secret))
                .collect(),
            Self::Metadata => Vec::new(),
            Self::Status => ["token", "lastKnownStatusVersion", "millisecondsTimeout"]
                .map(|name| (name, false, name == "token"))
                .into(),
            Self::Cancel => vec![("token", false, true)],
        }
    }
}
