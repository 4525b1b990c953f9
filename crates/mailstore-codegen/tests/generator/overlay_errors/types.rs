//! Unknown types, and types that are not allowed where they are used.

use mailstore_codegen::OverlayProblem;

use super::{error_of, handle, report};

pub(super) const FITS: &str = "the README of mailstore-codegen describes which types are allowed where";

#[test]
fn unknown_types_are_rejected() {
    let result =
        |ty: &str| format!("functions.GetUsers.result = {ty:?}\n[types.User]\nkind = \"id\"\ndoc = \"\"");
    assert_eq!(
        report(&[&result("[Usr]")]),
        [
            "a.toml:1:29: there is no type `Usr`",
            "\"[Usr]\" <- unknown type",
            "did you mean `User`?"
        ]
    );
    assert_eq!(report(&[&result("strng")])[2], "did you mean `string`?");
    assert_eq!(
        report(&[&result("u64")])[2],
        "types are null, string, number, bool, json, secret, datetime, time, utc, epoch_milliseconds, epoch_microseconds, \
         seconds, port, a type of an overlay, or a list [T]"
    );
    for ty in [
        "",
        "[]",
        "[",
        "]",
        "]x[",
        "Vec<User>",
        "[User",
        "User]",
        "user name",
        "[ ]",
        "[]]",
        "\u{e4}",
    ] {
        let error = error_of(&[&result(ty)]);
        assert!(
            matches!(error.problem(), OverlayProblem::UnknownType { .. }),
            "{ty}: {error}"
        );
        assert_eq!((error.line(), error.column()), (1, 29));
    }
    let deep = "[".repeat(200_000) + &"]".repeat(200_000);
    for ty in ["[[User]]", "[[[User]]]", "[[]]", &deep] {
        let error = error_of(&[&result(ty)]);
        let OverlayProblem::Misfit { reason, .. } = error.problem() else {
            panic!("{error}")
        };
        assert_eq!(reason, "a list cannot contain lists");
    }
}

#[test]
fn an_argument_must_be_sent_as_the_type_in_the_dump() {
    let types = "[types.Number]\nkind = \"id\"\ndoc = \"\"\n[types.Word]\nkind = \"enum\"\ndoc = \"\"\nvalues = { a = \"\" }\n\
                 [types.Object]\nkind = \"struct\"\ndoc = \"\"\n[types.Words]\nkind = \"set\"\ndoc = \"\"\n\
                 item = \"Word\"\nalone = { b = \"\" }\nempty = \"b\"\n";
    let sent_as = |dump: &str, word: &str| {
        format!("the type in the dump is `{dump}`, and this type is sent as `{word}`")
    };
    let listed = "a list argument can contain strings, enums, ids or structs";
    let read_only = "this type can only be read; use `datetime`";
    for (argument, ty, reason) in [
        ("userName", "Number", &*sent_as("string", "number")),
        ("userName", "json", &sent_as("string", "json")),
        ("storeId", "[string]", &sent_as("number", "string")),
        ("storeId", "Word", &sent_as("number", "string")),
        ("config", "secret", &sent_as("json", "string")),
        ("on", "string", &sent_as("bool", "string")),
        ("storeId", "datetime", &sent_as("number", "string")),
        ("storeId", "time", &sent_as("number", "string")),
        ("userName", "seconds", &sent_as("string", "number")),
        ("config", "port", &sent_as("json", "number")),
        ("config", "Words", &sent_as("json", "string")),
        ("userName", "Object", &sent_as("string", "json")),
        ("userName", "[Object]", &sent_as("string", "json")),
        ("config", "[Word]", &sent_as("json", "string")),
        ("userName", "null", "the type of an argument cannot be `null`"),
        ("userName", "utc", read_only),
        ("storeId", "epoch_milliseconds", read_only),
        ("userName", "[secret]", listed),
        ("userName", "[number]", listed),
        ("userName", "[datetime]", listed),
        ("userName", "[port]", listed),
        ("userName", "[Words]", listed),
        ("config", "[json]", listed),
        ("userName", "[null]", "a list cannot contain `null`"),
    ] {
        let overlay =
            format!("[functions.SetUser.args]\n{argument} = {{ type = \"{ty}\", doc = \"\" }}\n{types}");
        let column = argument.len() + 13;
        assert_eq!(
            report(&[&overlay]),
            [
                format!("a.toml:2:{column}: `{ty}` is not allowed here: {reason}"),
                format!("\"{ty}\" <- not allowed here"),
                FITS.to_owned()
            ]
        );
    }
}

/// An object that is sent cannot contain a type that can only be read, at any depth.
#[test]
fn types_that_can_only_be_read_are_rejected_in_objects_that_are_sent() {
    let object = |name: &str, ty: &str| {
        format!(
            "[types.{name}]\nkind = \"struct\"\ndoc = \"\"\nfields.x = {{ type = \"{ty}\", doc = \"\" }}\n"
        )
    };
    for ty in ["utc", "epoch_milliseconds", "[utc]"] {
        let types = object("Outer", "[Inner]") + &object("Inner", ty);
        let read = format!("functions.GetUsers.result = \"Outer\"\n{types}");
        crate::support::generate(crate::support::short(&["GetUsers()"]), &[&read]);
        let sent = format!("functions.SetUser.args.config = {{ type = \"Outer\", doc = \"\" }}\n{types}");
        assert_eq!(
            report(&[&sent]),
            [
                format!(
                    "a.toml:9:21: `{ty}` is not allowed here: the object is also sent, and this type can only be read"
                ),
                format!("\"{ty}\" <- not allowed here"),
                FITS.to_owned()
            ]
        );
    }
}

#[test]
fn fields_without_a_value_and_recursive_fields_are_rejected() {
    let object = |name: &str, field: &str| {
        format!(
            "[types.{name}]\nkind = \"struct\"\ndoc = \"\"\nfields.x = {{ type = \"{field}\", doc = \"\" }}\n"
        )
    };
    let with = |types: &str| format!("functions.GetUsers.result = \"A\"\n{types}");
    assert_eq!(
        report(&[&with(&object("A", "null"))])[0],
        "a.toml:5:21: `null` is not allowed here: the type of a field cannot be `null`"
    );
    for types in [object("A", "A"), object("A", "B") + &object("B", "A")] {
        let message = &report(&[&with(&types)])[0];
        assert!(message.ends_with("is not allowed here: an object cannot contain itself; use a list"));
    }
    let handle = handle("userName", "Instance", "instance").replace("of = \"string\"", "of = \"number\"");
    assert_eq!(
        report(&[&handle])[0],
        "a.toml:7:8: `InstanceId` is not allowed here: the type of a handle must be an id of strings"
    );
}

#[test]
fn the_argument_of_the_handle_must_have_the_type_of_the_handle() {
    let argument = "[functions.SetUser.args]\nuserName = { type = \"secret\", doc = \"\" }\n";
    let message = &report(&[&handle("userName", "Instance", "instance"), argument])[0];
    assert_eq!(
        message,
        "b.toml:2:21: `secret` is not allowed here: the handle fills in this argument and has another type"
    );
}
