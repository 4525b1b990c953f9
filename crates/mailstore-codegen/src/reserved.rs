//! Names that generated code already uses, so no other item may have them.

/// Methods of every client and handle. `surface` is reserved because of the constant `SURFACE` of the catalog:
/// constants have the names of methods in capitals.
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

/// Methods of every request.
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

/// The topic of functions for which no overlay has a topic.
pub(crate) const OTHER_GROUP: &str = "functions";

/// The module of types that several topics use.
pub(crate) const SHARED_TYPES: &str = "shared";

/// Modules of every generated client, and names that no topic can have. `mod.rs` is the file of the client itself. A
/// module called like the runtime or the standard library would shadow it in programs that import everything from the
/// client.
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

/// Whether Windows reserves this file name for a device, with any extension. A file with this name cannot be written on
/// Windows. The name must be in lower case, as module names are.
pub(crate) fn is_device(name: &str) -> bool {
    let port = name.strip_prefix("com").or_else(|| name.strip_prefix("lpt"));
    matches!(name, "aux" | "con" | "nul" | "prn")
        || port.is_some_and(|number| number.len() == 1 && number.starts_with(|c: char| c.is_ascii_digit()))
}

/// Types and traits that generated code or its macros use by these names.
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
