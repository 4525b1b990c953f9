//! Types that do not exist, or do not fit where they stand.

use mailstore_codegen::OverlayProblem;

use super::{error_of, handle, report};

const TYPES: &str = "type expressions are described in the README of mailstore-codegen";

#[test]
fn types_that_do_not_exist() {
    let result =
        |ty: &str| format!("functions.GetUsers.result = {ty:?}\n[types.User]\nkind = \"id\"\ndoc = \"\"");
    assert_eq!(
        report(&[&result("[Usr]")]),
        [
            "a.toml:1:29: there is no type `Usr`",
            "\"[Usr]\" <- no such type",
            "did you mean `User`?"
        ]
    );
    assert_eq!(report(&[&result("strng")])[2], "did you mean `string`?");
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
        assert_eq!(reason, "a list cannot hold lists");
    }
}

#[test]
fn types_that_do_not_fit() {
    let types = "[types.Number]\nkind = \"id\"\ndoc = \"\"\n[types.Word]\nkind = \"enum\"\ndoc = \"\"\nvalues = { a = \"\" }\n\
                 [types.Object]\nkind = \"struct\"\ndoc = \"\"\nfields = { a = { type = \"bool\", doc = \"\" } }\n";
    for (argument, ty, reason) in [
        (
            "userName",
            "Number",
            "the dump says `string`, and this is sent as `number`",
        ),
        (
            "userName",
            "json",
            "the dump says `string`, and this is sent as `json`",
        ),
        (
            "storeId",
            "[string]",
            "the dump says `number`, and this is sent as `string`",
        ),
        (
            "storeId",
            "Word",
            "the dump says `number`, and this is sent as `string`",
        ),
        (
            "config",
            "secret",
            "the dump says `json`, and this is sent as `string`",
        ),
        (
            "on",
            "string",
            "the dump says `bool`, and this is sent as `string`",
        ),
        ("userName", "null", "an argument has a value"),
        ("userName", "Object", "an object cannot be an argument"),
        ("config", "Object", "an object cannot be an argument"),
        (
            "userName",
            "[Object]",
            "a list argument holds texts, words or ids",
        ),
        (
            "userName",
            "[secret]",
            "a list argument holds texts, words or ids",
        ),
        (
            "userName",
            "[number]",
            "a list argument holds texts, words or ids",
        ),
        ("userName", "[null]", "a list holds something"),
    ] {
        let overlay =
            format!("[functions.SetUser.args]\n{argument} = {{ type = \"{ty}\", doc = \"\" }}\n{types}");
        let column = argument.len() + 13;
        assert_eq!(
            report(&[&overlay]),
            [
                format!("a.toml:2:{column}: `{ty}` does not fit here: {reason}"),
                format!("\"{ty}\" <- does not fit"),
                TYPES.to_owned()
            ]
        );
    }
}

#[test]
fn fields_that_cannot_be() {
    let object = |name: &str, field: &str| {
        format!(
            "[types.{name}]\nkind = \"struct\"\ndoc = \"\"\nfields.x = {{ type = \"{field}\", doc = \"\" }}\n"
        )
    };
    let with = |types: &str| format!("functions.GetUsers.result = \"A\"\n{types}");
    assert_eq!(
        report(&[&with(&object("A", "null"))])[0],
        "a.toml:5:21: `null` does not fit here: a field has a value"
    );
    for types in [object("A", "A"), object("A", "B") + &object("B", "A")] {
        let message = &report(&[&with(&types)])[0];
        assert!(
            message.ends_with("does not fit here: an object cannot hold itself, only a list of its kind")
        );
    }
    let handle = handle("userName", "Instance", "instance").replace("of = \"string\"", "of = \"number\"");
    assert_eq!(
        report(&[&handle])[0],
        "a.toml:7:8: `InstanceId` does not fit here: a handle is made from an id of texts"
    );
}

#[test]
fn the_argument_of_the_handle_has_the_type_of_the_handle() {
    let argument = "[functions.SetUser.args]\nuserName = { type = \"secret\", doc = \"\" }\n";
    let message = &report(&[&handle("userName", "Instance", "instance"), argument])[0];
    assert_eq!(
        message,
        "b.toml:2:21: `secret` does not fit here: the handle fills this argument in, and has another type"
    );
}
