//! Definitions of types that cannot be: members of another kind, sets, and types written by hand.

use super::types::FITS;
use super::{README, report};

/// A type `A` that a function answers, with these lines.
fn ty(lines: &str) -> String {
    format!("functions.GetUsers.result = \"A\"\n[types.A]\ndoc = \"\"\n{lines}\n")
}

const WORD: &str = "[types.Word]\nkind = \"enum\"\ndoc = \"\"\n[types.Word.values]\nlogin = \"\"\n";

/// A set of words, with these words that stand alone.
fn set(alone: &str, empty: &str) -> String {
    ty(&format!(
        "kind = \"set\"\nitem = \"Word\"\nalone = {{ {alone} }}\nempty = \"{empty}\"\n{WORD}"
    ))
}

#[test]
fn a_type_has_the_members_of_its_kind() {
    for (lines, message) in [
        ("kind = \"enum\"", "an enum needs `values`, at least one"),
        (
            "kind = \"id\"\nvalues.a = \"\"",
            "only an enum has `values` and `otherwise`",
        ),
        (
            "kind = \"struct\"\notherwise = { name = \"A\", type = \"B\", doc = \"\" }",
            "only an enum has `values` and `otherwise`",
        ),
        (
            "kind = \"enum\"\nvalues.a = \"\"\nof = \"number\"",
            "only an id has `of`",
        ),
        (
            "kind = \"id\"\nfields.a = { type = \"bool\", doc = \"\" }",
            "only a struct has `fields`",
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
            "only a set has `item`, `alone` and `empty`",
        ),
        (
            "kind = \"id\"\nalone.a = \"\"",
            "only a set has `item`, `alone` and `empty`",
        ),
        (
            "kind = \"id\"\nempty = \"a\"",
            "only a set has `item`, `alone` and `empty`",
        ),
        (
            "kind = \"parts\"",
            "parts are written by hand, so they need `rust`",
        ),
        (
            "kind = \"parts\"\nrust = \"crate::A\"\nfields.a = { type = \"bool\", doc = \"\" }",
            "only a struct has `fields`",
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
fn words_of_a_set_can_be_sent_among_others() {
    let comma = "a word of a set is not empty and has no comma, as commas separate words";
    for (alone, empty, message, marked) in [
        (
            "none = \"\"",
            "no",
            "a.toml:7:9: `empty` has to be one of the words that stand `alone`",
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
            "a.toml:5:8: `Word` does not fit here: a word of it is empty or has a comma, and commas separate words"
        );
    }
}

#[test]
fn words_of_a_set_mean_one_thing() {
    assert_eq!(
        report(&[&set("none = \"\", Login = \"\"", "none")]),
        [
            "a.toml:6:22: word Login of A is given twice, first in a.toml:12:1",
            "Login <- given again here",
            "say it in one place only"
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
                "`{name}` cannot be the name of a variant: another variant, or one that every type of this kind has, \
                 is called so"
            )),
            "{message}"
        );
    }
}

#[test]
fn a_set_is_of_words_that_are_generated() {
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
                    "a.toml:5:8: `{name}` does not fit here: the words of a set are of an enum, and not of one written \
                     by hand"
                ),
                format!("\"{name}\" <- does not fit"),
                FITS.to_owned()
            ]
        );
    }
    assert_eq!(item("C", "kind = \"id\"")[0], "a.toml:5:8: there is no type `C`");
}

#[test]
fn other_words_are_held_by_a_text_id_that_is_generated() {
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
                "a.toml:6:34: `{ty_of_other}` does not fit here: the words that are not in the table are held by an id \
                 of texts, and not by one written by hand"
            )
        );
    }
}

#[test]
fn a_type_written_by_hand_is_at_the_end_of_a_path() {
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
                "a.toml:5:8: `rust` has to be a path to the type, such as `my_crate::A` or `crate::A`"
                    .to_owned(),
                format!("\"{path}\" <- here"),
                README.to_owned()
            ]
        );
    }
}
