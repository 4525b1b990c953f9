//! Clients with everything that overlays can describe: generated and hand-written types, examples, fixed and combined
//! arguments.

use std::collections::BTreeSet;
use std::fmt::Write;

use mailstore_codegen::{Generated, Generator, Overlay, Source};

use super::hostile::toml_text;
use crate::support::{HOSTILE_NAMES, generate, short};

/// Hand-written types, for a module of the crate that contains the clients.
pub(super) const BY_HAND: &str = include_str!("by_hand.rs");

/// Two editions that share an overlay. One of them has a handle with a hand-written type.
pub(super) fn editions() -> Generated {
    let parse = |text: &str| Overlay::parse("overlay.toml", text).unwrap_or_else(|error| panic!("{error}"));
    let common = parse(&overlay());
    let source = |surface: &str, before: &str| {
        let functions: Vec<String> = DUMP
            .iter()
            .map(|function| function.replace('(', before))
            .collect();
        let functions: Vec<&str> = functions.iter().map(String::as_str).collect();
        Source {
            dump: short(&functions),
            name: "dump.json".to_owned(),
            overlays: vec![parse(surface), common.clone()],
        }
    };
    let sources = [source(SERVER, "("), source(SPE, "(id, ")];
    let generator = Generator::new("generate").with_examples("generated_code::typed");
    generator
        .editions(&sources)
        .unwrap_or_else(|error| panic!("{error}"))
}

/// The overlay for [`DUMP`].
pub(crate) fn overlay() -> String {
    format!("{FUNCTIONS}{TYPES}")
}

const SERVER: &str = r#"
[surface]
name = "server_9"
title = "Server"
short = "[9] <T> ` */"
port = 1
since = "*/ [x] <T> `"
"#;

const SPE: &str = r#"
[surface]
name = "spe"
title = "SPE"
port = 2
handle = { argument = "id", type = "Key", name = "Instance", method = "type", doc = "" }
"#;

pub(crate) const DUMP: &[&str] = &[
    "GetAll()",
    "SetAll(all: json, list?: json)",
    "Search(from, to, at, pause: number, port: number, portText?, lastly?, later?)",
    "Grant(rights, more?)",
    "Make(raw: bool, kind, version?: number, name, start?: bool)",
    "Plan(name, date?, interval?: number, time?, dayOfWeek?, dayOfMonth?, zone, profile: json)",
    "ByHand(type: number, key, keys, day, days, thing: json, things?: json)",
    "Dates()",
    "Times()",
    "Bytes()",
];

const FUNCTIONS: &str = r#"
[functions.GetAll]
result = "[All]"
example = '''
// A result can be sent back.
let all = client.get_all().await?;

for one in &all {
    client.set_all(one).list(&all).await?;
}
let rights: Rights = [Right::Login].into();
client.grant(rights).more(Rights::Admin).await?;
let mut one = All { rights: Some(Right::Login.into()), ..All::default() };
one.unknown.insert("more", 7);
'''
[functions.SetAll.args]
all = { type = "All", doc = "" }
list = { type = "[All]", doc = "" }
[functions.Search]
result = "utc"
combine = { start = { type = "Span", arguments = ["from", "to"], doc = "Ends */ [x] <T> `" } }
[functions.Search.args]
from = { type = "datetime", doc = "" }
to = { type = "datetime", doc = "" }
at = { type = "time", doc = "" }
pause = { type = "seconds", doc = "" }
port = { type = "port", doc = "" }
portText = { type = "port", since = "*/ [x] <T> `", doc = "" }
lastly = { type = "time", doc = "" }
later = { type = "datetime", doc = "" }
[functions.Grant]
result = "Rights"
[functions.Grant.args]
rights = { type = "Rights", doc = "" }
more = { type = "Rights", doc = "" }
[functions.Make.args]
raw = { type = "bool", fixed = "true", doc = "" }
kind = { type = "Word", fixed = "\" \\ \u202e {} \u0000 \n", doc = "" }
version = { type = "number", fixed = "-1", doc = "" }
start = { type = "bool", fixed = "false", doc = "" }
[functions.Plan]
result = "[datetime]"
combine = { self_ = { type = "Schedule", arguments = ["date", "interval", "time", "dayOfWeek", "dayOfMonth"], doc = "" } }
[functions.Plan.args]
zone = { type = "TimeZone", doc = "" }
profile = { type = "NewProfile", doc = "" }
[functions.ByHand]
result = "[Thing]"
[functions.ByHand.args]
type = { type = "Type", doc = "" }
key = { type = "Key", doc = "" }
keys = { type = "[Key]", doc = "" }
day = { type = "Day", doc = "" }
days = { type = "Days", doc = "" }
thing = { type = "Thing", doc = "" }
things = { type = "[Thing]", doc = "" }
[functions.Dates]
result = "[epoch_milliseconds]"
[functions.Times]
result = "time"
[functions.Bytes]
result = "[port]"
"#;

const TYPES: &str = r#"
[types.All]
kind = "struct"
doc = ""
since = "*/ [x] <T> `"
[types.All.fields]
datetime = { type = "datetime", doc = "" }
datetimes = { type = "[datetime]", doc = "" }
time = { type = "time", doc = "" }
times = { type = "[time]", doc = "" }
seconds = { type = "seconds", doc = "" }
port = { type = "port", doc = "" }
ports = { type = "[port]", doc = "" }
json = { type = "json", doc = "" }
secret = { type = "secret", doc = "" }
secrets = { type = "[secret]", doc = "" }
flags = { type = "[bool]", doc = "" }
rights = { type = "Rights", doc = "" }
rightss = { type = "[Rights]", doc = "" }
word = { type = "Word", doc = "" }
inner = { type = "Inner", doc = "" }
inners = { type = "[Inner]", doc = "" }
all = { type = "[All]", doc = "" }
type = { type = "Type", doc = "" }
key = { type = "[Key]", doc = "" }
day = { type = "Day", doc = "" }
days = { type = "[Days]", doc = "" }
thing = { type = "[Thing]", doc = "" }
self = { type = "Empty", doc = "" }
default = { type = "ReadOnly", doc = "" }
[types.Inner]
kind = "struct"
doc = ""
fields = { always = { type = "Rights", always = true, doc = "" }, other = { type = "Inside", doc = "" } }
[types.Inside]
kind = "struct"
doc = ""
fields = { number = { type = "number", doc = "" }, id = { type = "Id", doc = "" } }
[types.ReadOnly]
kind = "struct"
doc = ""
[types.Empty]
kind = "struct"
doc = ""
[types.Id]
kind = "id"
doc = ""
[types.Rights]
kind = "set"
doc = ""
item = "Right"
empty = "none"
[types.Rights.alone]
none = ""
admin = ""
"a \"b\" \\ {} */ \u202e" = { name = "Quote", doc = "*/ [x] <T> `" }
[types.Right]
kind = "enum"
doc = ""
otherwise = { name = "Of", type = "Name", doc = "" }
values = { login = "", words = "" }
[types.Name]
kind = "id"
of = "string"
doc = ""
[types.Word]
kind = "enum"
doc = ""
values = { of = "" }
[types.Type]
kind = "id"
rust = "crate::by_hand::Type"
doc = ""
[types.Key]
kind = "id"
of = "string"
rust = "crate::by_hand::Key"
doc = ""
[types.Day]
kind = "enum"
values = { a = "" }
rust = "crate::by_hand::Day"
doc = ""
[types.Days]
kind = "set"
item = "Word"
alone = { a = "" }
empty = "a"
rust = "crate::by_hand::Days"
doc = ""
[types.Thing]
kind = "struct"
rust = "crate::by_hand::Thing"
doc = ""
[types.Span]
kind = "parts"
rust = "crate::by_hand::Span"
doc = ""
[types.Schedule]
kind = "parts"
rust = "mailstore_types::Schedule"
doc = ""
[types.TimeZone]
kind = "id"
of = "string"
rust = "mailstore_types::TimeZone"
doc = ""
[types.NewProfile]
kind = "struct"
rust = "mailstore_types::NewProfile"
doc = ""
"#;

/// Allowed names that have another meaning in Rust. The tests use them together with [`HOSTILE_NAMES`].
const TYPE_NAMES: &[&str] = &[
    "Argument",
    "ArgumentKind",
    "BTreeSet",
    "Cow",
    "Default",
    "Display",
    "Drop",
    "Eq",
    "FromStr",
    "Hash",
    "Instance",
    "Map",
    "Members",
    "Object",
    "Ord",
    "Ordering",
    "PartialEq",
    "Problem",
    "Runtime",
    "Set",
    "Str",
    "ToArgument",
    "ToArguments",
    "ToJson",
    "ToString",
    "U16",
    "Value",
    "Words",
];

/// Types of every kind with every allowed name, in arguments, results and objects that are sent.
pub(super) fn type_names() -> Generated {
    let may_be = |name: &&str| {
        let text = format!("[types.{name:?}]\nkind = \"id\"\ndoc = \"\"");
        Overlay::parse("overlay.toml", &text).is_ok()
    };
    let names = HOSTILE_NAMES.iter().chain(TYPE_NAMES).copied();
    let names: BTreeSet<&str> = names.filter(may_be).collect();
    assert!(names.len() > TYPE_NAMES.len(), "{names:?}");
    let mut functions = Vec::new();
    let mut overlay = "[types.Item]\nkind = \"enum\"\ndoc = \"\"\nvalues = { item = \"\" }\n".to_owned();
    let mut fields = String::new();
    for (number, name) in names.iter().enumerate() {
        let (kind, word) = [
            ("kind = \"id\"", "number"),
            ("kind = \"id\"\nof = \"string\"", "string"),
            ("kind = \"enum\"\nvalues = { a = \"\" }", "string"),
            (
                "kind = \"struct\"\nfields = { a = { type = \"Item\", always = true, doc = \"\" } }",
                "json",
            ),
            (
                "kind = \"set\"\nitem = \"Item\"\nalone = { none = \"\" }\nempty = \"none\"",
                "string",
            ),
        ][number % 5];
        writeln!(
            overlay,
            "[types.{name}]\ndoc = {:?}\n{kind}",
            toml_text("[x] */ `")
        )
        .unwrap();
        writeln!(overlay, "[functions.Take{number}]\nresult = \"[{name}]\"").unwrap();
        writeln!(
            overlay,
            "args = {{ a = {{ type = {name:?}, doc = \"\" }}, b = {{ type = {name:?}, doc = \"\" }} }}"
        )
        .unwrap();
        writeln!(fields, "a{number} = {{ type = {name:?}, doc = \"\" }}").unwrap();
        writeln!(
            fields,
            "b{number} = {{ type = \"[{name}]\", always = true, doc = \"\" }}"
        )
        .unwrap();
        functions.push(format!("Take{number}(a: {word}, b?: {word})"));
    }
    functions.push("Take(everything: json)".to_owned());
    write!(
        overlay,
        "[functions.Take.args]\neverything = {{ type = \"Everything\", doc = \"\" }}\n\
         [types.Everything]\nkind = \"struct\"\ndoc = \"\"\n[types.Everything.fields]\n{fields}"
    )
    .unwrap();
    let functions: Vec<&str> = functions.iter().map(String::as_str).collect();
    generate(short(&functions), &[&overlay])
}
