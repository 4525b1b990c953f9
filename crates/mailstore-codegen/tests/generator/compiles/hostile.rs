//! Clients with names and texts that would break code or docs if they were not escaped.

use std::fmt::Write;

use mailstore_codegen::{Generated, Generator, Source};
use mailstore_metadata::Dump;

use crate::support::{HOSTILE_NAMES, short};

/// Two editions without overlays, so their names are generated.
pub(super) fn editions() -> Generated {
    let source = |functions: &[&str]| Source {
        dump: short(functions),
        name: "a name\nwith \u{202e} in it".to_owned(),
        overlays: Vec::new(),
    };
    let sources = [source(&["Ping()"]), source(&["Self(x)"])];
    Generator::new("generate\n#![evil]").editions(&sources).unwrap()
}

pub(super) const PLAIN_HANDLE: &str = r#"
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
pub(super) const HOSTILE_HANDLE: &str = r#"
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

/// A dump that has every hostile name as a function and as an argument, with arguments of every type.
pub(super) fn hostile_dump() -> Dump {
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

/// More functions than any server has, with arguments of every type and with names of 200 characters.
pub(super) fn thousand_functions() -> Dump {
    let long = "x".repeat(190);
    let function = |number: usize| match number % 5 {
        0 => format!("Function{number}()"),
        1 => format!("Function{number}(a, b: number, c: bool, d: json)"),
        2 => format!("Function{number}(a?, b?: number, c?: bool, d?: json)"),
        3 => format!("Function{number}(self, client?, password, call?, request: number)"),
        _ => format!("{long}{number}({long}{number}, {long}?: number)"),
    };
    let functions: Vec<String> = (0..1000).map(function).collect();
    short(&functions.iter().map(String::as_str).collect::<Vec<_>>())
}

pub(super) const TEXT_FUNCTIONS: &[&str] = &["Ping(a, b?, c, d, e?: number, words)", "ping2()", "self()"];

/// An overlay with texts and names that would break code or docs if they were not escaped.
pub(super) fn hostile_texts() -> String {
    let long = format!(
        "{} `{}` {}",
        "longword".repeat(500),
        "in code ".repeat(300),
        "[x] ".repeat(500)
    );
    let texts = [
        r#"Ends */ no /* comment, "quotes" and \\ backslashes, [brackets], [a](b), [`User`], <T>, Vec<String> and </b>."#,
        "An odd ` tick, ``` fences\n```\nlet x: u8 = \"no test\";\n```\n\n    indented, for no test\n\n",
        "Bidi \u{202e} and \u{2066}, bell \u{7}, carriage\rreturn, nul \u{0}, \u{e4}\u{f6}\u{fc} \u{1f980} \u{301}.\n\n\n",
        "Bare https://example.com/x?y=z. And <https://example.com> - or `https://example.com`; www.example.com, a@b.c.",
        "# Heading\n- item [x]\n- item\n1. one\n> quote\n| a | b |\n---\n===\n[ref]: https://example.com\n&lt; &nope; <!-- x",
        "//! A line\n#![deny(warnings)]\n#[test]\nfn main() {}\n/* <script>alert(1)</script> ends \\",
        "~~~\nlet x: u8 = \"no test\";\n\n- \n      indented after a marker\n1.     more\n\n``unbalanced ` ticks ``` and `\\` [`x`](y) {{{",
        &long,
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

/// Formats a text as a TOML string. Rust's `{:?}` uses escapes that TOML does not have.
pub(super) fn toml_text(text: &str) -> TomlText<'_> {
    TomlText(text)
}

pub(super) struct TomlText<'a>(&'a str);

impl std::fmt::Debug for TomlText<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_char('"')?;
        for c in self.0.chars() {
            write!(f, "\\U{:08x}", u32::from(c))?;
        }
        f.write_char('"')
    }
}
