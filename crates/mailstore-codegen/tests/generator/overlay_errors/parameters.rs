//! Combined arguments, fixed arguments and examples that are rejected.

use super::types::FITS;
use super::{README, handle, report};

const PARTS: &str = "[types.Parts]\nkind = \"parts\"\ndoc = \"\"\nrust = \"crate::Parts\"\n";

/// Combined parameters of `SetUser`, given by name, type and arguments. The first one is on line 2.
fn combine(parameters: &[(&str, &str, &str)]) -> String {
    let line = |(name, ty, arguments): &(&str, &str, &str)| {
        format!("{name} = {{ type = \"{ty}\", arguments = [{arguments}], doc = \"\" }}\n")
    };
    let lines: String = parameters.iter().map(line).collect();
    format!("[functions.SetUser.combine]\n{lines}{PARTS}")
}

#[test]
fn only_combine_can_use_parts() {
    let reason = "is not allowed here: a type of the kind `parts` combines several arguments, so only `combine` can use it";
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
                [format!("\"{ty}\" <- not allowed here"), FITS.to_owned()]
            );
        }
    }
}

#[test]
fn the_type_of_a_combined_parameter_must_be_parts() {
    let id = "[types.Id]\nkind = \"id\"\nof = \"string\"\ndoc = \"\"\n";
    for ty in ["string", "Id"] {
        assert_eq!(
            report(&[&(combine(&[("both", ty, "\"userName\", \"note\"")]) + id)]),
            [
                format!(
                    "a.toml:2:17: `{ty}` is not allowed here: the type of a combined parameter must have the \
                     kind `parts`"
                ),
                format!("\"{ty}\" <- not allowed here"),
                FITS.to_owned()
            ]
        );
    }
    assert_eq!(
        report(&[&combine(&[("both", "[Parts]", "\"note\"")])]),
        [
            "a.toml:2:17: there is no type `[Parts]`",
            "\"[Parts]\" <- unknown type",
            "did you mean `Parts`?"
        ]
    );
}

#[test]
fn an_argument_cannot_be_combined_twice() {
    let twice = "combined argument note of function SetUser is defined twice, first in a.toml:2:";
    assert_eq!(
        report(&[&combine(&[("both", "Parts", "\"note\", \"on\", \"note\"")])]),
        [
            &format!("{twice}39").replace("combined", "a.toml:2:53: combined"),
            "\"note\" <- defined again here",
            "keep one of the two definitions"
        ]
    );
    let two = combine(&[("a", "Parts", "\"on\", \"note\""), ("b", "Parts", "\"note\"")]);
    assert_eq!(report(&[&two])[0], format!("a.toml:3:36: {twice}42"));
    // The two entries may be in different overlays.
    let [a, b] = ["a", "b"].map(|name| combine(&[(name, "Parts", "\"note\"")]));
    let b = b.replace(PARTS, "");
    assert_eq!(report(&[&a, &b])[0], format!("b.toml:2:36: {twice}36"));
}

#[test]
fn the_arguments_of_a_combined_parameter_must_exist() {
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
            "a.toml:2:1: `arguments` must list the arguments to combine",
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
                "a.toml:2:1: `{name}` cannot be the name of a parameter: it must be"
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
fn the_argument_of_the_handle_cannot_be_combined_or_fixed() {
    let handle = handle("userName", "Instance", "instance");
    let fixed = "[functions.SetUser.args]\nuserName = { type = \"InstanceId\", doc = \"\", fixed = \"a\" }\n";
    for (overlay, place, marked) in [
        (combine(&[("both", "Parts", "\"userName\"")]), "2:39", "userName"),
        (fixed.to_owned(), "2:53", "a"),
    ] {
        assert_eq!(
            report(&[&handle, &overlay]),
            [
                format!("b.toml:{place}: `{marked}` is not allowed here: the handle fills in this argument"),
                format!("\"{marked}\" <- not allowed here"),
                FITS.to_owned()
            ]
        );
    }
}

#[test]
fn a_fixed_value_must_have_the_type_of_its_argument() {
    let boolean = "a boolean must be `true` or `false`";
    let number = "the type in the dump is `number`, and this is not a whole number";
    let json = "only strings, numbers and booleans can be fixed";
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
                format!("a.toml:2:{column}: `{value}` is not allowed here: {reason}"),
                format!("\"{value}\" <- not allowed here"),
                FITS.to_owned()
            ]
        );
    }
}

/// The error points to the type, because the value may be a real secret.
#[test]
fn a_fixed_secret_is_rejected_and_not_shown() {
    let overlay =
        "[functions.SetUser.args]\nuserName = { type = \"secret\", doc = \"\", fixed = \"hunter2\" }\n";
    let report = report(&[overlay]);
    assert_eq!(
        report[..2],
        [
            "a.toml:2:21: `secret` is not allowed here: a secret cannot be `fixed`, because it would be part of the generated code",
            "\"secret\" <- not allowed here"
        ]
    );
}

#[test]
fn a_fixed_argument_cannot_be_combined() {
    let fixed = "[functions.SetUser.args]\non = { type = \"bool\", doc = \"\", fixed = \"true\" }\n";
    assert_eq!(
        report(&[&combine(&[("both", "Parts", "\"on\"")]), fixed])[..2],
        [
            "b.toml:2:41: `true` is not allowed here: a combined parameter sends this argument",
            "\"true\" <- not allowed here"
        ]
    );
    assert_eq!(
        report(&[&fixed.replace("doc = \"\"", "doc = \"\", name = \"always\"")]),
        [
            "a.toml:2:40: a `fixed` argument is never a parameter, so remove its `name`",
            "\"always\" <- here",
            README
        ]
    );
}

/// A fence would end the code block of the docs.
#[test]
fn an_example_with_fences_is_rejected() {
    for example in ["```", "let x = 1;\n```\n# Heading", "// ````"] {
        assert_eq!(
            report(&[&format!("functions.GetUsers.example = '''{example}'''")]),
            [
                "a.toml:1:30: an example must be Rust code without fences".to_owned(),
                format!("'''{example}''' <- here"),
                README.to_owned()
            ]
        );
    }
}
