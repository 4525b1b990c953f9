//! Names that generated code uses itself, so that nothing else may have them.

/// Methods that every client and handle has of its own, and the constant `SURFACE` of the catalog: the names of
/// constants follow those of methods.
pub(crate) const METHODS: [&str; 14] = [
    "builder",
    "call",
    "check",
    "client",
    "clone",
    "compatibility",
    "connection",
    "draft",
    "from",
    "id",
    "require_compatible",
    "resume",
    "resume_as",
    "surface",
];

/// Methods that every request has.
pub(crate) const SETTERS: [&str; 10] = [
    "effect",
    "into_future",
    "on_update",
    "raw",
    "send",
    "send_blocking",
    "start",
    "start_blocking",
    "timeout",
    "wait_options",
];

/// The topic of functions that no overlay gives one.
pub(crate) const OTHER_GROUP: &str = "functions";

/// The module of types that several topics use.
pub(crate) const SHARED_TYPES: &str = "shared";

/// Modules that every generated client has of its own; `mod` would be the file of the client itself, and a module
/// with the name of the runtime or the standard library would shadow it for programs that import all of the client.
pub(crate) const MODULES: [&str; 10] = [
    "catalog",
    "client",
    "client_type",
    "mailstore_transport",
    "mod",
    "std",
    "types",
    "used",
    OTHER_GROUP,
    SHARED_TYPES,
];

/// Whether Windows takes a file of this name, whatever its extension, for a device. Such a file cannot be checked out or
/// written there. The name is in lower case, as those of modules are.
pub(crate) fn is_device(name: &str) -> bool {
    let port = name.strip_prefix("com").or_else(|| name.strip_prefix("lpt"));
    matches!(name, "aux" | "con" | "nul" | "prn")
        || port.is_some_and(|number| number.len() == 1 && number.starts_with(|c: char| c.is_ascii_digit()))
}

/// Types and traits that generated code, or a macro that it calls, uses by these names.
pub(crate) const TYPES: [&str; 43] = [
    "AsRef",
    "Box",
    "Builder",
    "Call",
    "CheckFuture",
    "Client",
    "Clone",
    "Compatibility",
    "Connection",
    "Copy",
    "DateTime",
    "Debug",
    "Draft",
    "Duration",
    "Err",
    "Error",
    "FnMut",
    "From",
    "FromJson",
    "Function",
    "Into",
    "IntoDateTime",
    "IntoOption",
    "IntoIterator",
    "Json",
    "None",
    "Ok",
    "Option",
    "RawFuture",
    "Request",
    "Result",
    "SecretString",
    "Send",
    "Serialize",
    "Some",
    "StatusToken",
    "String",
    "Task",
    "Time",
    "Timestamp",
    "Unknown",
    "UnknownWord",
    "Vec",
];
