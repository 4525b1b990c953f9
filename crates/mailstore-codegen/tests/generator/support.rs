//! Dumps and overlays for the tests.

use mailstore_codegen::{Generated, Generator, Overlay, Source};
use mailstore_metadata::Dump;

/// The path of a file of the workspace.
pub(crate) fn workspace(path: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path)
}

/// The text of a file of the workspace.
pub(crate) fn read(path: &str) -> String {
    let text = std::fs::read_to_string(workspace(path)).expect(path);
    text.replace("\r\n", "\n")
}

pub(crate) fn saved_dump(name: &str) -> Dump {
    Dump::parse(name, read(&format!("metadata/mailstore/{name}")).as_bytes()).unwrap()
}

/// The clients that `cargo xtask codegen` generates.
pub(crate) fn editions() -> Generated {
    let overlay = |name: &str| {
        let path = format!("metadata/mailstore/overlay/{name}.toml");
        Overlay::parse(&path, &read(&path)).unwrap_or_else(|error| panic!("{error}"))
    };
    let [common, server] = ["common", "server"].map(overlay);
    let source = |name: &str, overlays: &[&Overlay]| Source {
        dump: saved_dump(&format!("{name}.json")),
        name: format!("metadata/mailstore/{name}.json"),
        overlays: overlays.iter().copied().chain([&common]).cloned().collect(),
    };
    let sources = [
        source("server-24", &[&server, &overlay("server-24")]),
        source("spe-24", &[&overlay("spe")]),
        source("server-9", &[&server, &overlay("server-9")]),
    ];
    let generator = Generator::new("cargo xtask codegen")
        .with_examples("mailstore_api")
        .with_shared_trait("Archive", "server", "spe");
    generator
        .editions(&sources)
        .unwrap_or_else(|error| panic!("{error}"))
}

pub(crate) fn dump(json: &str) -> Dump {
    Dump::parse("dump.json", json.as_bytes()).unwrap()
}

/// A dump in short notation, such as `CreateUser(userName, fullName?, id: number)`. An argument without a type is a
/// string. `?` makes it nullable.
pub(crate) fn short(functions: &[&str]) -> Dump {
    let function = |text: &&str| {
        let (name, arguments) = text.split_once('(').unwrap();
        let arguments: Vec<String> = arguments
            .strip_suffix(')')
            .unwrap()
            .split(',')
            .map(str::trim)
            .filter(|argument| !argument.is_empty())
            .map(|argument| {
                let (name, kind) = argument.split_once(':').unwrap_or((argument, "string"));
                let nullable = name.ends_with('?');
                let (name, kind) = (name.trim_end_matches('?'), kind.trim());
                format!(r#"{{"name": "{name}", "type": "{kind}", "nullable": {nullable}}}"#)
            })
            .collect();
        format!(r#"{{"name": "{name}", "args": [{}]}}"#, arguments.join(", "))
    };
    dump(&format!(
        "[{}]",
        functions.iter().map(function).collect::<Vec<_>>().join(", ")
    ))
}

pub(crate) fn generate(dump: Dump, overlays: &[&str]) -> Generated {
    let overlays: Vec<Overlay> = overlays
        .iter()
        .map(|text| Overlay::parse("overlay.toml", text).unwrap_or_else(|error| panic!("{error}")))
        .collect();
    let generator = Generator::new("generate");
    generator
        .single(dump, "dump.json", &overlays)
        .unwrap_or_else(|error| panic!("{error}"))
}

/// A file without its header, which contains a digest.
pub(crate) fn file(generated: &Generated, path: &str) -> String {
    let text = generated.tree.get(path).unwrap_or_else(|| panic!("no {path}"));
    text.lines()
        .skip_while(|line| line.starts_with("// "))
        .map(|line| format!("{line}\n"))
        .collect()
}

/// The generated functions for a dump in short notation.
pub(crate) fn functions(functions: &[&str], overlays: &[&str]) -> String {
    file(&generate(short(functions), overlays), "functions.rs")
}

/// Names that are hard for a generator. All of them are valid in a dump.
pub(crate) const HOSTILE_NAMES: &[&str] = &[
    // Keywords, including those that `r#` cannot escape.
    "abstract",
    "as",
    "async",
    "await",
    "break",
    "const",
    "crate",
    "dyn",
    "else",
    "false",
    "fn",
    "gen",
    "if",
    "impl",
    "in",
    "loop",
    "match",
    "mod",
    "move",
    "priv",
    "pub",
    "ref",
    "return",
    "self",
    "Self",
    "SELF",
    "static",
    "struct",
    "super",
    "trait",
    "true",
    "try",
    "type",
    "Type",
    "union",
    "unsafe",
    "use",
    "where",
    "yield",
    // Names that generated code and its macros use.
    "client",
    "call",
    "request",
    "result",
    "error",
    "connection",
    "compatibility",
    "requireCompatible",
    "draft",
    "catalog",
    "id",
    "builder",
    "resume",
    "surface",
    "function",
    "types",
    "functions",
    "start",
    "raw",
    "timeout",
    "effect",
    "on_update",
    "onUpdate",
    "into_future",
    "send",
    "send_blocking",
    "clone",
    "from",
    "into",
    "fmt",
    "eq",
    "drop",
    "default",
    "new",
    "len",
    "members",
    "unknown",
    "mailstore_transport",
    "std",
    "core",
    "macro_rules",
    "words",
    "record",
    "Draft_",
    "Client",
    "Draft",
    "Task",
    "Call",
    "Connection",
    "CheckFuture",
    "Compatibility",
    "Builder",
    "Option",
    "String",
    "Vec",
    "Box",
    "Result",
    "Ok",
    "Some",
    "None",
    "Send",
    "Sync",
    "Sized",
    "FnMut",
    "Fn",
    "Iterator",
    "IntoIterator",
    "AsRef",
    "Serialize",
    "Json",
    "SecretString",
    "Unknown",
    "UnknownWord",
    "Debug",
    "Clone",
    "Copy",
    "Default",
    "StatusToken",
    "Surface",
    "Function",
    "Effect",
    "i64",
    "str",
    "bool",
    "u8",
    "usize",
    // Names that differ only in case and separators.
    "getUsers",
    "GetUsers",
    "get_users",
    "get-users",
    "Get.Users",
    "GETUSERS",
    "getusers",
    "get_users_2",
    "GetUsers2",
    "get-Users-2",
    "self_",
    "_self",
    "self__2",
    "self_2",
    "timeZoneID",
    "timeZoneId",
    // Names that do not begin with a letter, and related names.
    "_",
    "__",
    "_-_",
    "0",
    "2fa",
    "2FA",
    "9_9",
    "1.2",
    "A",
    "a",
    "a.",
    "B-",
    "unnamed",
    "Unnamed",
    "n0",
];
