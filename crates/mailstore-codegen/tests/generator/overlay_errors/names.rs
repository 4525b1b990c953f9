//! Names that are rejected.

use mailstore_codegen::{Generator, Overlay, Source};

use super::{handle, report};
use crate::support::short;

const NAME: &str = "choose another name; for an argument, field or word, add `name = \"...\"` to its table";

#[test]
fn two_editions_with_the_same_name_are_rejected() {
    let source = |overlay: &str| Source {
        dump: short(&["GetUsers()"]),
        name: format!("{overlay}.json"),
        overlays: vec![
            Overlay::parse(overlay, "surface = { name = \"server\", title = \"\", port = 1 }").unwrap(),
        ],
    };
    let error = Generator::new("generate")
        .editions(&[source("a.toml"), source("b.toml")])
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "b.toml:1:20: edition server is defined twice, first in a.toml:1:20"
    );
}

#[test]
fn names_that_rust_or_generated_code_cannot_use_are_rejected() {
    let camel = "it must be upper camel case: an upper-case letter, then letters and digits";
    let snake = "it must be snake case: a lower-case letter, then lower-case letters, digits and single `_`";
    let own = "generated code already uses this name";
    let device = "Windows reserves this file name for a device";
    let ty = |name: &str| format!("[types.{name}]\nkind = \"id\"\ndoc = \"\"");
    let group = |name: &str| format!("[groups.{name}]\ntitle = \"\"\ndoc = \"\"");
    let surface = |name: &str| format!("[surface]\nname = {name}\ntitle = \"\"\nport = 1");
    let argument = |name: &str| {
        format!("[functions.SetUser.args]\nuserName = {{ type = \"string\", doc = \"\", name = {name} }}")
    };
    let field = |name: &str| {
        format!(
            "[types.A]\nkind = \"struct\"\ndoc = \"\"\nfields.x = {{ type = \"bool\", doc = \"\", name = {name} }}"
        )
    };
    for (overlay, name, what, reason) in [
        (ty("store_id"), "store_id", "a type", camel),
        (ty("Store_Id"), "Store_Id", "a type", camel),
        (ty("\"Vec<u8>\""), "Vec<u8>", "a type", camel),
        (ty("\"\""), "", "a type", camel),
        (ty("Self"), "Self", "a type", camel),
        (ty("2FA"), "2FA", "a type", camel),
        (ty("Draft"), "Draft", "a type", own),
        (ty("Json"), "Json", "a type", own),
        (ty("SecretString"), "SecretString", "a type", own),
        (ty("Unknown"), "Unknown", "a type", own),
        (ty("UnknownWord"), "UnknownWord", "a type", own),
        (ty("Client"), "Client", "a type", own),
        (ty("DateTime"), "DateTime", "a type", own),
        (ty("Time"), "Time", "a type", own),
        (ty("Timestamp"), "Timestamp", "a type", own),
        (ty("Duration"), "Duration", "a type", own),
        (ty("Option"), "Option", "a type", own),
        (group("Users"), "Users", "a group", snake),
        (group("\"../users\""), "../users", "a group", snake),
        (group("self"), "self", "a group", snake),
        (group("mod"), "mod", "a group", own),
        (group("client"), "client", "a group", own),
        (group("shared"), "shared", "a group", own),
        (group("std"), "std", "a group", own),
        (group("con"), "con", "a group", device),
        (group("aux"), "aux", "a group", device),
        (group("nul"), "nul", "a group", device),
        (group("prn"), "prn", "a group", device),
        (group("com1"), "com1", "a group", device),
        (group("lpt9"), "lpt9", "a group", device),
        (surface("\"com0\""), "com0", "an edition", device),
        (surface("\"../x\""), "../x", "an edition", snake),
        (surface("\"type\""), "type", "an edition", snake),
        (surface("\"types\""), "types", "an edition", own),
        (
            handle("userName", "instance", "instance"),
            "instance",
            "a handle",
            camel,
        ),
        (
            handle("userName", "Client", "instance"),
            "Client",
            "a handle",
            own,
        ),
        (
            handle("userName", "InstanceId", "instance"),
            "InstanceId",
            "a handle",
            "a type has this name",
        ),
        (
            handle("userName", "Instance", "Instance"),
            "Instance",
            "a method",
            snake,
        ),
        (
            handle("userName", "Instance", "builder"),
            "builder",
            "a method",
            own,
        ),
        (argument("\"userName\""), "userName", "an argument", snake),
        (argument("\"self\""), "self", "an argument", snake),
        (argument("\"r#type\""), "r#type", "an argument", snake),
        (field("\"X\""), "X", "a field", snake),
    ] {
        let [message, _, help] = report(&[&overlay]);
        assert!(
            message.ends_with(&format!(": `{name}` cannot be the name of {what}: {reason}")),
            "{message}"
        );
        assert_eq!(help, NAME);
    }
    assert_eq!(report(&[&ty("store_id")])[1], "store_id <- this name");
    assert_eq!(
        report(&[&argument("\"userName\"")])[1],
        "\"userName\" <- this name"
    );
}

#[test]
fn names_that_are_taken_are_rejected() {
    let users = "functions.GetUsers.result = \"A\"\n";
    let words =
        |values: &str| format!("{users}[types.A]\nkind = \"enum\"\ndoc = \"\"\n[types.A.values]\n{values}");
    let camel = "it must be upper camel case: an upper-case letter, then letters and digits";
    let taken = "another variant has this name, or every type of this kind has a variant with this name";
    for (values, place, name, reason) in [
        ("get-it = \"\"\ngetIt = \"\"", "7:1", "getIt", taken),
        ("unknown = \"\"", "6:1", "unknown", taken),
        ("self = \"\"", "6:1", "self", camel),
        ("Self = \"\"", "6:1", "Self", camel),
        ("\"*\" = \"\"", "6:1", "*", camel),
        ("\"\u{e4}a\" = \"\"", "6:1", "\u{e4}a", camel),
        (
            "a = { name = \"SomeThing Else\", doc = \"\" }",
            "6:14",
            "SomeThing Else",
            camel,
        ),
        ("a = { name = \"B\", doc = \"\" }\nb = \"\"", "7:1", "b", taken),
    ] {
        let message = &report(&[&words(values)])[0];
        assert_eq!(
            *message,
            format!("a.toml:{place}: `{name}` cannot be the name of a variant: {reason}")
        );
    }
    // A keyword in lower case is a valid variant, because it becomes upper camel case.
    let good = Overlay::parse("a.toml", &words("type = \"\"\ncrate = \"\"\nasync = \"\"")).unwrap();
    Generator::new("generate")
        .single(short(&["GetUsers()"]), "dump.json", &[good])
        .unwrap();

    let fields =
        |fields: &str| format!("{users}[types.A]\nkind = \"struct\"\ndoc = \"\"\n[types.A.fields]\n{fields}");
    let reason = "another field has this name, or it is `unknown`, which every struct has";
    for name in ["unknown", "Unknown"] {
        let message = &report(&[&fields(&format!("{name} = {{ type = \"bool\", doc = \"\" }}"))])[0];
        assert_eq!(
            *message,
            format!("a.toml:6:1: `{name}` cannot be the name of a field: {reason}")
        );
    }
    let twice = "timeZoneID = { type = \"bool\", doc = \"\" }\ntimeZoneId = { type = \"bool\", doc = \"\" }";
    assert_eq!(
        report(&[&fields(twice)])[0],
        format!("a.toml:7:1: `timeZoneId` cannot be the name of a field: {reason}")
    );
    for (argument, name) in [("storeId", "user_name"), ("note", "start"), ("note", "config")] {
        let ty = if argument == "storeId" { "number" } else { "string" };
        let overlay = format!(
            "[functions.SetUser.args]\n{argument} = {{ name = \"{name}\", type = \"{ty}\", doc = \"\" }}"
        );
        let message = &report(&[&overlay])[0];
        let reason = "another argument or a method of every request has this name";
        assert!(
            message.ends_with(&format!("`{name}` cannot be the name of an argument: {reason}")),
            "{message}"
        );
    }
}
