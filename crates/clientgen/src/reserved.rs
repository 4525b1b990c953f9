//! Names that generated code already uses, so no other item may have them.
//!
//! Each product has more of them, see [`Reserved`](crate::Reserved).

use crate::target::Target;

/// Methods of every client and handle. `surface` is reserved because of the constant `SURFACE` of the catalog:
/// constants have the names of methods in capitals.
const METHODS: [&str; 6] = ["client", "clone", "draft", "from", "id", "surface"];

/// Methods of every request.
const SETTERS: [&str; 3] = ["effect", "into_future", "raw"];

/// The topic of functions for which no overlay has a topic.
pub(crate) const OTHER_GROUP: &str = "functions";

/// The module of types that several topics use.
pub(crate) const SHARED_TYPES: &str = "shared";

/// The name of the runtime module in generated files.
pub(crate) const RUNTIME: &str = "runtime";

/// Modules of every generated client, and names that no topic can have. `mod.rs` is the file of the client itself. A
/// module called like the standard library would shadow it in programs that import everything from the client.
const MODULES: [&str; 10] = [
    "catalog",
    "client",
    "client_type",
    "mod",
    "std",
    "types",
    "used",
    OTHER_GROUP,
    RUNTIME,
    SHARED_TYPES,
];

/// Types and traits that generated code uses by these names.
const TYPES: [&str; 37] = [
    "AnyId",
    "AsRef",
    "Box",
    "Client",
    "Clone",
    "Connection",
    "Copy",
    "DateTime",
    "Debug",
    "Draft",
    "Duration",
    "Err",
    "FnMut",
    "From",
    "FromJson",
    "Function",
    "Into",
    "IntoDateTime",
    "IntoOption",
    "IntoIterator",
    "Json",
    "Microseconds",
    "None",
    "Ok",
    "Option",
    "Request",
    "Result",
    "SecretString",
    "Send",
    "Serialize",
    "Some",
    "String",
    "Time",
    "Timestamp",
    "Unknown",
    "UnknownWord",
    "Vec",
];

/// Methods that every client and handle has.
pub(crate) fn methods(target: &Target) -> impl Iterator<Item = &'static str> {
    METHODS.into_iter().chain(target.reserved.methods.iter().copied())
}

/// Methods that every request has.
pub(crate) fn setters(target: &Target) -> impl Iterator<Item = &'static str> {
    SETTERS.into_iter().chain(target.reserved.setters.iter().copied())
}

/// Modules that every client has, or that the module of a topic would shadow.
pub(crate) fn modules(target: &Target) -> impl Iterator<Item = &'static str> {
    MODULES.into_iter().chain(target.reserved.modules.iter().copied())
}

/// Types and traits that generated code, or a macro that it calls, uses by these names.
pub(crate) fn types(target: &Target) -> impl Iterator<Item = &'static str> {
    TYPES.into_iter().chain(target.reserved.types.iter().copied())
}

/// Whether Windows reserves this file name for a device, with any extension. A file with this name cannot be written on
/// Windows. The name must be in lower case, as module names are.
pub(crate) fn is_device(name: &str) -> bool {
    let port = name.strip_prefix("com").or_else(|| name.strip_prefix("lpt"));
    matches!(name, "aux" | "con" | "nul" | "prn")
        || port.is_some_and(|number| number.len() == 1 && number.starts_with(|c: char| c.is_ascii_digit()))
}
