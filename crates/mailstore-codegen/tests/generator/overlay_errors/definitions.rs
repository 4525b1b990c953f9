//! Type definitions that are rejected: wrong members, sets, and hand-written types.

use super::types::FITS;
use super::{README, report};

/// An overlay with these lines for a type `A`, which is the result of a function.
fn ty(lines: &str) -> String {
    format!("functions.GetUsers.result = \"A\"\n[types.A]\ndoc = \"\"\n{lines}\n")
}

const WORD: &str = "[types.Word]\nkind = \"enum\"\ndoc = \"\"\n[types.Word.values]\nlogin = \"\"\n";

/// A set with these words in `alone`.
fn set(alone: &str, empty: &str) -> String {
    ty(&format!(
        "kind = \"set\"\nitem = \"Word\"\nalone = {{ {alone} }}\nempty = \"{empty}\"\n{WORD}"
    ))
}

#[test]
fn a_type_has_only_the_members_of_its_kind() {
    for (lines, message) in [
        ("kind = \"enum\"", "an enum needs at least one of `values`"),
        (
            "kind = \"id\"\nvalues.a = \"\"",
            "only an enum can have `values` and `otherwise`",
        ),
        (
            "kind = \"struct\"\notherwise = { name = \"A\", type = \"B\", doc = \"\" }",
            "only an enum can have `values` and `otherwise`",
        ),
        (
            "kind = \"enum\"\nvalues.a = \"\"\nof = \"number\"",
            "only an id can have `of`",
        ),
        (
            "kind = \"id\"\nfields.a = { type = \"bool\", doc = \"\" }",
            "only a struct can have `fields`",
        ),
        ("kind = \"set\"", "a set needs `item`, `alone` and `empty`"),
        (
            "kind = \"set\"\nitem = \"Word\"\nalone.a = \"\"",
            "a set needs `item`, `alone` and `empty`",
        ),
        (
            "kind = \"set\"\nitem = \"Word\"\nempty = \"a\"",
            "a set needs `item`, `alone` and `empty`",
        ),
        (
            "kind = \"id\"\nitem = \"Word\"",
            "only a set can have `item`, `alone` and `empty`",
        ),
        (
            "kind = \"id\"\nalone.a = \"\"",
            "only a set can have `item`, `alone` and `empty`",
        ),
        (
            "kind = \"id\"\nempty = \"a\"",
            "only a set can have `item`, `alone` and `empty`",
        ),
        (
            "kind = \"parts\"",
            "a type of the kind `parts` is hand-written, so it needs `rust`",
        ),
        (
            "kind = \"parts\"\nrust = \"crate::A\"\nfields.a = { type = \"bool\", doc = \"\" }",
            "only a struct can have `fields`",
        ),
    ] {
        assert_eq!(
            report(&[&ty(lines)]),
            [
                format!("a.toml:2:8: type A: {message}"),
                "A <- here".to_owned(),
                README.to_owned()
            ],
            "{lines}"
        );
    }
}

#[test]
fn words_of_a_set_must_be_sendable_in_a_list() {
    let comma = "a word of a set cannot be empty or contain a comma, because commas separate words";
    for (alone, empty, message, marked) in [
        (
            "none = \"\"",
            "no",
            "a.toml:7:9: `empty` must be one of the words in `alone`",
            "\"no\"",
        ),
        (
            "none = \"\", \"a,b\" = \"\"",
            "none",
            &format!("a.toml:6:22: {comma}"),
            "\"a,b\"",
        ),
        (
            "none = \"\", \"\" = { name = \"B\", doc = \"\" }",
            "none",
            &format!("a.toml:6:22: {comma}"),
            "\"\"",
        ),
    ] {
        assert_eq!(
            report(&[&set(alone, empty)]),
            [message, &format!("{marked} <- here"), README]
        );
    }
    for word in ["\"a,b\" = \"\"", "\"\" = { name = \"B\", doc = \"\" }"] {
        assert_eq!(
            report(&[&(set("none = \"\"", "none") + word)])[0],
            "a.toml:5:8: `Word` is not allowed here: one of its words is empty or contains a comma; commas separate the words of a set"
        );
    }
}

#[test]
fn a_word_of_a_set_cannot_be_defined_twice() {
    assert_eq!(
        report(&[&set("none = \"\", Login = \"\"", "none")]),
        [
            "a.toml:6:22: word Login of A is defined twice, first in a.toml:12:1",
            "Login <- defined again here",
            "keep one of the two definitions"
        ]
    );
    for (alone, name) in [
        ("none = \"\", of = \"\"", "of"),
        ("none = \"\", nothing = { name = \"Of\", doc = \"\" }", "Of"),
        ("none = \"\", zero = { name = \"None\", doc = \"\" }", "None"),
    ] {
        let message = &report(&[&set(alone, "none")])[0];
        assert!(
            message.ends_with(&format!(
                "`{name}` cannot be the name of a variant: another variant has this name, or every type of this \
                 kind has a variant with this name"
            )),
            "{message}"
        );
    }
}

#[test]
fn the_item_of_a_set_must_be_a_generated_enum() {
    let item = |item: &str, more: &str| {
        let lines = format!(
            "kind = \"set\"\nitem = \"{item}\"\nalone.b = \"\"\nempty = \"b\"\n[types.B]\ndoc = \"\"\n{more}"
        );
        report(&[&ty(&lines)])
    };
    let by_hand = "kind = \"enum\"\nvalues.a = \"\"\nrust = \"crate::B\"";
    for (name, more) in [
        ("B", "kind = \"id\""),
        ("B", by_hand),
        ("[B]", "kind = \"enum\"\nvalues.a = \"\""),
        ("A", "kind = \"id\""),
        ("string", "kind = \"id\""),
    ] {
        assert_eq!(
            item(name, more),
            [
                format!(
                    "a.toml:5:8: `{name}` is not allowed here: the `item` of a set must be a generated enum, not a \
                     hand-written type"
                ),
                format!("\"{name}\" <- not allowed here"),
                FITS.to_owned()
            ]
        );
    }
    assert_eq!(item("C", "kind = \"id\"")[0], "a.toml:5:8: there is no type `C`");
}

#[test]
fn the_type_of_otherwise_must_be_a_generated_id_of_strings() {
    for (ty_of_other, more) in [
        ("string", ""),
        ("B", "of = \"number\""),
        ("B", "of = \"string\"\nrust = \"crate::B\""),
    ] {
        let lines = format!(
            "kind = \"enum\"\nvalues.a = \"\"\notherwise = {{ name = \"C\", type = \"{ty_of_other}\", doc = \"\" }}\n\
             [types.B]\nkind = \"id\"\ndoc = \"\"\n{more}"
        );
        assert_eq!(
            report(&[&ty(&lines)])[0],
            format!(
                "a.toml:6:34: `{ty_of_other}` is not allowed here: the `type` of `otherwise` must be a generated \
                 id of strings, not a hand-written type"
            )
        );
    }
}

#[test]
fn the_path_of_a_hand_written_type_ends_with_its_name() {
    for path in [
        "",
        "A",
        "::A",
        "my_crate::B",
        "my_crate::A<u8>",
        "my_crate::B<A>::A",
        "self::A",
        "super::A",
        "my_crate::super::A",
        "crate::crate::A",
        "type::A",
        "my_crate ::A",
        "my_crate::A ",
        "MyCrate::A",
        "my_crate::{A}",
        "a, b::A",
        "a::A as B; mod evil; use a::A",
        "my-crate::A",
    ] {
        let lines = format!("kind = \"id\"\nrust = \"{path}\"");
        assert_eq!(
            report(&[&ty(&lines)]),
            [
                "a.toml:5:8: `rust` must be a path to the type, such as `my_crate::A` or `crate::A`"
                    .to_owned(),
                format!("\"{path}\" <- here"),
                README.to_owned()
            ]
        );
    }
}
