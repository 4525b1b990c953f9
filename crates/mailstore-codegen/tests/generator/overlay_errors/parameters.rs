//! Parameters that cannot be: combined and fixed arguments, and examples.

use super::types::FITS;
use super::{README, handle, report};

const PARTS: &str = "[types.Parts]\nkind = \"parts\"\ndoc = \"\"\nrust = \"crate::Parts\"\n";

/// Parameters of `SetUser`: name, type and arguments of each, from line 2 on.
fn combine(parameters: &[(&str, &str, &str)]) -> String {
    let line = |(name, ty, arguments): &(&str, &str, &str)| {
        format!("{name} = {{ type = \"{ty}\", arguments = [{arguments}], doc = \"\" }}\n")
    };
    let lines: String = parameters.iter().map(line).collect();
    format!("[functions.SetUser.combine]\n{lines}{PARTS}")
}

#[test]
fn parts_go_with_combine_alone() {
    let reason = "does not fit here: this stands for several arguments, so it goes with `combine` alone";
    let field = "[types.A]\nkind = \"struct\"\ndoc = \"\"\nfields.x = { doc = \"\", type = ";
    for (before, after) in [
        ("functions.GetUsers.result = ", ""),
        ("functions.SetUser.args.userName = { doc = \"\", type = ", " }"),
        (&format!("functions.GetUsers.result = \"A\"\n{field}"), " }"),
    ] {
        for ty in ["Parts", "[Parts]"] {
            let [message, label, help] = report(&[&format!("{before}\"{ty}\"{after}\n{PARTS}")]);
            assert!(message.ends_with(&format!("`{ty}` {reason}")), "{message}");
            assert_eq!(
                [label, help],
                [format!("\"{ty}\" <- does not fit"), FITS.to_owned()]
            );
        }
    }
}

#[test]
fn arguments_are_combined_in_parts() {
    let id = "[types.Id]\nkind = \"id\"\nof = \"string\"\ndoc = \"\"\n";
    for ty in ["string", "Id"] {
        assert_eq!(
            report(&[&(combine(&[("both", ty, "\"userName\", \"note\"")]) + id)]),
            [
                format!(
                    "a.toml:2:17: `{ty}` does not fit here: several arguments are combined in a type of the kind \
                     `parts`"
                ),
                format!("\"{ty}\" <- does not fit"),
                FITS.to_owned()
            ]
        );
    }
    assert_eq!(
        report(&[&combine(&[("both", "[Parts]", "\"note\"")])]),
        [
            "a.toml:2:17: there is no type `[Parts]`",
            "\"[Parts]\" <- no such type",
            "did you mean `Parts`?"
        ]
    );
}

#[test]
fn an_argument_is_combined_once() {
    let twice = "combined argument note of function SetUser is given twice, first in a.toml:2:";
    assert_eq!(
        report(&[&combine(&[("both", "Parts", "\"note\", \"on\", \"note\"")])]),
        [
            &format!("{twice}39").replace("combined", "a.toml:2:53: combined"),
            "\"note\" <- given again here",
            "say it in one place only"
        ]
    );
    let two = combine(&[("a", "Parts", "\"on\", \"note\""), ("b", "Parts", "\"note\"")]);
    assert_eq!(report(&[&two])[0], format!("a.toml:3:36: {twice}42"));
    // Also by two overlays.
    let [a, b] = ["a", "b"].map(|name| combine(&[(name, "Parts", "\"note\"")]));
    let b = b.replace(PARTS, "");
    assert_eq!(report(&[&a, &b])[0], format!("b.toml:2:36: {twice}36"));
}

#[test]
fn a_combined_parameter_names_arguments_that_exist() {
    assert_eq!(
        report(&[&combine(&[("both", "Parts", "\"note\", \"usrName\"")])]),
        [
            "a.toml:2:47: argument usrName of function SetUser matches nothing in dump.json",
            "\"usrName\" <- matches nothing",
            "did you mean `userName`?"
        ]
    );
    assert_eq!(
        report(&[&combine(&[("both", "Parts", "")])]),
        [
            "a.toml:2:1: `arguments` has to name the arguments that are combined",
            "both <- here",
            README
        ]
    );
}

#[test]
fn names_of_combined_parameters() {
    for name in ["Both", "self", "\"a b\""] {
        let message = &report(&[&combine(&[(name, "Parts", "\"note\"")])])[0];
        let name = name.trim_matches('"');
        assert!(
            message.starts_with(&format!(
                "a.toml:2:1: `{name}` cannot be the name of a parameter: it has to be"
            )),
            "{message}"
        );
    }
    let taken = combine(&[("user", "Parts", "\"note\"")])
        + "[functions.SetUser.args]\nuserName = { type = \"string\", name = \"user\", doc = \"\" }\n";
    assert_eq!(
        report(&[&taken])[0],
        "a.toml:8:38: `user` cannot be the name of an argument: another argument or a method of every request has this \
         name"
    );
    let [a, b] = [("note", PARTS), ("on", "")].map(|(argument, types)| {
        combine(&[("both", "Parts", &format!("{argument:?}"))]).replace(PARTS, types)
    });
    assert_eq!(
        report(&[&a, &b])[0],
        "b.toml:2:1: `both` cannot be the name of a parameter: another parameter has this name"
    );
}

#[test]
fn the_argument_of_the_handle_is_neither_combined_nor_fixed() {
    let handle = handle("userName", "Instance", "instance");
    let fixed = "[functions.SetUser.args]\nuserName = { type = \"InstanceId\", doc = \"\", fixed = \"a\" }\n";
    for (overlay, place, marked) in [
        (combine(&[("both", "Parts", "\"userName\"")]), "2:39", "userName"),
        (fixed.to_owned(), "2:53", "a"),
    ] {
        assert_eq!(
            report(&[&handle, &overlay]),
            [
                format!("b.toml:{place}: `{marked}` does not fit here: the handle fills this argument in"),
                format!("\"{marked}\" <- does not fit"),
                FITS.to_owned()
            ]
        );
    }
}

#[test]
fn fixed_values_are_of_the_type_of_the_argument() {
    let boolean = "a boolean is `true` or `false`";
    let number = "the dump says `number`, and this is no whole one";
    let json = "only a text, a number or a boolean can be fixed";
    for (argument, ty, value, reason) in [
        ("on", "bool", "", boolean),
        ("on", "bool", "True", boolean),
        ("on", "bool", "1", boolean),
        ("storeId", "number", "", number),
        ("storeId", "number", "1.5", number),
        ("storeId", "number", "+7", number),
        ("storeId", "number", "9223372036854775808", number),
        ("storeId", "seconds", "5s", number),
        ("config", "json", "{}", json),
    ] {
        let overlay = format!(
            "[functions.SetUser.args]\n{argument} = {{ type = \"{ty}\", doc = \"\", fixed = \"{value}\" }}\n"
        );
        let column = 35 + argument.len() + ty.len();
        assert_eq!(
            report(&[&overlay]),
            [
                format!("a.toml:2:{column}: `{value}` does not fit here: {reason}"),
                format!("\"{value}\" <- does not fit"),
                FITS.to_owned()
            ]
        );
    }
}

/// The error points at the type: the value may be one.
#[test]
fn a_fixed_secret_is_refused_and_not_shown() {
    let overlay =
        "[functions.SetUser.args]\nuserName = { type = \"secret\", doc = \"\", fixed = \"hunter2\" }\n";
    let report = report(&[overlay]);
    assert_eq!(
        report[..2],
        [
            "a.toml:2:21: `secret` does not fit here: a secret is never `fixed`: it has no place in a program",
            "\"secret\" <- does not fit"
        ]
    );
}

#[test]
fn a_fixed_argument_cannot_be_combined() {
    let fixed = "[functions.SetUser.args]\non = { type = \"bool\", doc = \"\", fixed = \"true\" }\n";
    assert_eq!(
        report(&[&combine(&[("both", "Parts", "\"on\"")]), fixed])[..2],
        [
            "b.toml:2:41: `true` does not fit here: a combined parameter sends this argument",
            "\"true\" <- does not fit"
        ]
    );
    assert_eq!(
        report(&[&fixed.replace("doc = \"\"", "doc = \"\", name = \"always\"")]),
        [
            "a.toml:2:40: a `fixed` argument is never a parameter, so it needs no `name`",
            "\"always\" <- here",
            README
        ]
    );
}

/// It would end the block of code that it is put into.
#[test]
fn an_example_has_no_fences() {
    for example in ["```", "let x = 1;\n```\n# Heading", "// ````"] {
        assert_eq!(
            report(&[&format!("functions.GetUsers.example = '''{example}'''")]),
            [
                "a.toml:1:30: an example is Rust code alone, without fences".to_owned(),
                format!("'''{example}''' <- here"),
                README.to_owned()
            ]
        );
    }
}
