//! Generated code builds, and its docs too, without a single warning, whatever the dump and overlay say.

use std::fmt::Write;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

use mailstore_codegen::{Generated, Generator, Source};
use mailstore_metadata::Dump;

use crate::support::{HOSTILE_NAMES, generate, read, saved_dump, short, workspace};

/// One crate for all, because most of the time goes into its dependencies.
#[test]
fn generated_code_and_its_docs_build_without_warnings() {
    let clients: [(&str, Generated); 7] = [
        ("editions", editions()),
        ("plain", generate(saved_dump("server-9.json"), &[])),
        ("empty", generate(short(&[]), &[])),
        ("hostile", generate(hostile_dump(), &[])),
        ("handle", generate(hostile_dump(), &[HOSTILE_HANDLE])),
        (
            "only_handle",
            generate(short(&["A(instanceID)"]), &[PLAIN_HANDLE]),
        ),
        ("texts", generate(short(TEXT_FUNCTIONS), &[&hostile_texts()])),
    ];
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("generated-code");
    let mut root = String::from(ROOT);
    for (name, generated) in &clients {
        generated.tree.write(&folder.join("src").join(name)).unwrap();
        writeln!(root, "/// Generated.\n#[rustfmt::skip]\npub mod {name};").unwrap();
    }
    let hostile = &clients
        .iter()
        .find(|(name, _)| *name == "hostile")
        .unwrap()
        .1
        .apis[0];
    let program = format!("{PROGRAM}\n#[path = \"../plain/mod.rs\"]\nmod plain;\n");
    let others = [
        ("Cargo.toml", manifest()),
        ("Cargo.lock", read("Cargo.lock")),
        ("src/lib.rs", root + VALUES),
        (
            "src/calls.rs",
            Generator::new("generate").exercise(hostile, "crate::hostile", "crate::values"),
        ),
        ("src/bin/program.rs", program),
    ];
    fs::create_dir_all(folder.join("src/bin")).unwrap();
    for (path, text) in others {
        write_if_changed(&folder.join(path), &text);
    }
    cargo(&folder, &["check", "--all-targets"]);
    cargo(&folder, &["doc", "--no-deps", "--lib"]);
}

const ROOT: &str =
    "//! Generated clients.\n#![deny(warnings, missing_docs, unreachable_pub, rustdoc::all)]\n";

/// A program uses a few functions at best; the rest is no reason to complain.
const PROGRAM: &str = "//! A program with a generated client of its own.\n#![deny(warnings)]\nfn main() {\n    \
     if let Ok(client) = plain::Client::builder(\"localhost\").build() {\n        drop(client.get_users());\n    }\n}\n";

/// What calls every function of the hostile client, and where it gets its values.
const VALUES: &str = "#[rustfmt::skip]\npub mod calls;\n/// Values.\npub mod values {\n    \
     /// A text.\n    pub fn text(name: &'static str) -> &'static str {\n        name\n    }\n    \
     /// JSON.\n    pub fn json(name: &'static str) -> &'static str {\n        name\n    }\n    \
     /// A number.\n    pub fn number(_: &str) -> i64 {\n        1\n    }\n    \
     /// A flag.\n    pub fn flag(_: &str) -> bool {\n        true\n    }\n    \
     /// A secret.\n    pub fn secret(name: &str) -> mailstore_transport::SecretString {\n        name.into()\n    }\n}\n";

/// Two editions that no overlay names.
fn editions() -> Generated {
    let source = |functions: &[&str]| Source {
        dump: short(functions),
        name: "a name\nwith \u{202e} in it".to_owned(),
        overlays: Vec::new(),
    };
    let sources = [source(&["Ping()"]), source(&["Self(x)"])];
    Generator::new("generate\n#![evil]").editions(&sources).unwrap()
}

const PLAIN_HANDLE: &str = r#"
[surface]
name = "spe"
title = "SPE"
port = 1
handle = { argument = "instanceID", type = "InstanceId", name = "Instance", method = "instance", doc = "" }
[types.InstanceId]
kind = "id"
of = "string"
doc = ""
"#;

/// A handle whose names collide with functions of the dump.
const HOSTILE_HANDLE: &str = r#"
[surface]
name = "hostile"
title = "Hostile \"title\" \\ */ [x] <T> `"
port = 1
handle = { argument = "self", type = "Sync", name = "GetUsers", method = "type", doc = "See [nothing] and <T>." }
[types.Sync]
kind = "id"
of = "string"
doc = "[x]"
"#;

/// Every name as a function, with every kind of argument, and every name as an argument.
fn hostile_dump() -> Dump {
    let mut functions: Vec<String> = HOSTILE_NAMES
        .iter()
        .enumerate()
        .map(|(index, name)| {
            let other = HOSTILE_NAMES[(index * 7 + 3) % HOSTILE_NAMES.len()];
            let itself = if matches!(*name, "self" | "Start") {
                ""
            } else {
                ", self, Start?: bool"
            };
            format!("{name}({name}?: json, {other}.: number, x-{name}: json{itself})")
        })
        .collect();
    functions.push(format!("AllRequired({})", HOSTILE_NAMES.join(", ")));
    functions.push(format!("AllOptional({})", HOSTILE_NAMES.join("?, ") + "?"));
    functions.push(format!("{}({}?)", "Long".repeat(63), "long".repeat(63)));
    short(&functions.iter().map(String::as_str).collect::<Vec<_>>())
}

const TEXT_FUNCTIONS: &[&str] = &["Ping(a, b?, c, d, e?: number, words)", "ping2()", "self()"];

/// An overlay with texts and names that would break code or docs if they were taken as they are.
fn hostile_texts() -> String {
    let texts = [
        r#"Ends */ no /* comment, "quotes" and \\ backslashes, [brackets], [a](b), [`User`], <T>, Vec<String> and </b>."#,
        "An odd ` tick, ``` fences\n```\nlet x: u8 = \"no test\";\n```\n\n    indented, for no test\n\n",
        "Bidi \u{202e} and \u{2066}, bell \u{7}, carriage\rreturn, nul \u{0}, \u{e4}\u{f6}\u{fc} \u{1f980} \u{301}.\n\n\n",
        "Bare https://example.com/x?y=z. And <https://example.com> - or `https://example.com`; www.example.com, a@b.c.",
        "# Heading\n- item [x]\n- item\n1. one\n> quote\n| a | b |\n---\n===\n[ref]: https://example.com\n&lt; &nope; <!-- x",
        "",
    ];
    let text = |number: usize| format!("{:?}", toml_text(texts[number % texts.len()]));
    let mut overlay = format!(
        "[surface]\nname = \"texts\"\ntitle = {t2}\nport = 65535\n[groups.type]\ntitle = {t2}\ndoc = {t4}\n\
         [groups.core]\ntitle = \"\"\ndoc = {t5}\n",
        t2 = text(2),
        t4 = text(4),
        t5 = text(5),
    );
    for (number, group) in ["type", "core"].iter().enumerate() {
        let function = ["Ping", "ping2"][number];
        write!(
            overlay,
            "[functions.{function}]\ngroup = {group:?}\nsummary = {}\ndoc = {}\nresult = \"[Thing{number}]\"\nresult_doc = {}\n",
            text(number),
            text(number + 2),
            text(number + 3),
        )
        .unwrap();
    }
    for (number, argument) in ["a", "b", "c", "d", "words"].iter().enumerate() {
        let ty = ["string", "secret", "Word", "Id", "[Word]"][number];
        write!(
            overlay,
            "[functions.Ping.args.{argument}]\ntype = {ty:?}\ndoc = {}\n",
            text(number)
        )
        .unwrap();
    }
    write!(
        overlay,
        "[types.Id]\nkind = \"id\"\nof = \"string\"\ndoc = {}\n",
        text(1)
    )
    .unwrap();
    write!(
        overlay,
        "[types.Word]\nkind = \"enum\"\ndoc = {}\n[types.Word.values]\n",
        text(0)
    )
    .unwrap();
    for number in 0..texts.len() {
        writeln!(
            overlay,
            "{} = {{ name = \"W{number}\", doc = {} }}",
            text(number),
            text(number + 1)
        )
        .unwrap();
    }
    for number in 0..2 {
        write!(
            overlay,
            "[types.Thing{number}]\nkind = \"struct\"\nevidence = \"inferred\"\ndoc = {}\n",
            text(number)
        )
        .unwrap();
        writeln!(overlay, "[types.Thing{number}.fields]").unwrap();
        for (field, name) in ["type", "self", "Option", "new", "members", "2fa"]
            .iter()
            .enumerate()
        {
            let ty = ["[Thing1]", "secret", "json", "[Word]", "[[", "Word"][field].replace("[[", "[json]");
            writeln!(
                overlay,
                "{name} = {{ type = {ty:?}, always = {}, doc = {} }}",
                field % 2 == 0,
                text(field)
            )
            .unwrap();
        }
        writeln!(
            overlay,
            "{} = {{ type = \"number\", name = \"loop\", doc = \"\" }}",
            text(3)
        )
        .unwrap();
    }
    overlay
}

/// Rust writes some escapes that TOML does not know.
fn toml_text(text: &str) -> TomlText<'_> {
    TomlText(text)
}

struct TomlText<'a>(&'a str);

impl std::fmt::Debug for TomlText<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_char('"')?;
        for c in self.0.chars() {
            write!(f, "\\U{:08x}", u32::from(c))?;
        }
        f.write_char('"')
    }
}

fn manifest() -> String {
    let transport = workspace("crates/mailstore-transport").canonicalize().unwrap();
    format!(
        "[package]\nname = \"generated-code\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\
         [dependencies]\nmailstore-transport = {{ path = {transport:?} }}\n\
         # The same as in the workspace, so that what it has built is used.\n\
         [features]\ndefault = [\"api\", \"api-2\"]\napi = []\napi-2 = []\n[profile.dev]\ndebug = \"line-tables-only\"\n[workspace]\n"
    )
}

fn write_if_changed(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return;
    }
    fs::write(path, text).unwrap();
}

/// Runs cargo beside the workspace's own build, in its target folder.
fn cargo(folder: &Path, arguments: &[&str]) {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(arguments)
        .arg("--quiet")
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target)
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "cargo {arguments:?} in {}:\n{errors}",
        folder.display()
    );
}
