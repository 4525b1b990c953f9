//! Differences between function lists, and whether they break calls.

use bridge_codegen::{BridgeDump, Consequence, Product};

fn list(parameters: &str, rest: &str) -> BridgeDump {
    let text = format!(
        r#"{{"format": 1, "module": "m", "version": "1", "python": null, "functions":
            [{{"name": "f", "parameters": {parameters}}}], {rest}}}"#
    );
    BridgeDump::parse("list", text.as_bytes()).expect("a list")
}

/// The changes of the parameters, each with its consequence.
fn changes(old: &str, new: &str) -> Vec<(String, Consequence)> {
    let rest = r#""constants": {}, "classes": {}"#;
    let diff = list(old, rest).diff(&list(new, rest));
    let changes = diff.changes.into_iter();
    changes.map(|change| (change.what, change.consequence)).collect()
}

#[test]
fn changed_parameters_are_judged_as_clients_send_them() {
    use Consequence::{Breaks, None, Review};
    type Case = (&'static str, &'static str, &'static [(&'static str, Consequence)]);
    let cases: &[Case] = &[
        (r#"[{"name":"a"}]"#, r#"[{"name":"a"}]"#, &[]),
        (
            r#"[]"#,
            r#"[{"name":"a"}]"#,
            &[("parameter a added, which is required", Breaks)],
        ),
        (
            r#"[]"#,
            r#"[{"name":"a","default":"1"}]"#,
            &[("parameter a added, whose default is 1", None)],
        ),
        (r#"[{"name":"a"}]"#, r#"[]"#, &[("parameter a removed", Breaks)]),
        (
            r#"[{"name":"a"}]"#,
            r#"[{"name":"args","kind":"var_positional"},{"name":"k","kind":"keyword","default":"1"}]"#,
            &[("parameter k added, whose default is 1", None)],
        ),
        (
            r#"[{"name":"a","default":"1"}]"#,
            r#"[]"#,
            &[("parameter a removed", Breaks)],
        ),
        (
            r#"[{"name":"a","default":"1"}]"#,
            r#"[{"name":"b","default":"1"},{"name":"k","kind":"var_keyword"}]"#,
            &[("parameter b added, whose default is 1", None)],
        ),
        (
            r#"[{"name":"a"}]"#,
            r#"[{"name":"b"}]"#,
            &[("parameter a is now called b", Review)],
        ),
        (
            r#"[{"name":"a"},{"name":"b"}]"#,
            r#"[{"name":"b"},{"name":"a"}]"#,
            &[
                ("parameter a has another place", Breaks),
                ("parameter b has another place", Breaks),
            ],
        ),
        (
            r#"[{"name":"a"}]"#,
            r#"[{"name":"a","kind":"keyword"}]"#,
            &[("parameter a is now sent by name only", Breaks)],
        ),
        (r#"[{"name":"a","kind":"keyword"}]"#, r#"[{"name":"a"}]"#, &[]),
        (
            r#"[{"name":"a","default":"1"}]"#,
            r#"[{"name":"a"}]"#,
            &[("parameter a is now required", Breaks)],
        ),
        (
            r#"[{"name":"a","default":"1"}]"#,
            r#"[{"name":"a","default":"2"}]"#,
            &[("default of parameter a was 1 and is 2", Review)],
        ),
        (
            r#"[{"name":"a"}]"#,
            r#"[{"name":"a","default":"2"}]"#,
            &[("parameter a is now optional, and its default is 2", None)],
        ),
        (
            r#"[{"name":"a"},{"name":"b","default":"1"}]"#,
            r#"[{"name":"b"}]"#,
            &[
                ("parameter a is now called b", Review),
                ("parameter b has the place of another parameter", Breaks),
            ],
        ),
        (
            r#"[{"name":"o","out":"A"},{"name":"a"}]"#,
            r#"[{"name":"o","out":"A"},{"name":"a"},{"name":"p","out":"B"}]"#,
            &[(
                "the function fills A at place 0, B at place 2, and not A at place 0",
                Breaks,
            )],
        ),
        (
            r#"[{"name":"o","out":"A"},{"name":"a"}]"#,
            r#"[{"name":"a"},{"name":"o","out":"A"}]"#,
            &[("the function fills A at place 1, and not A at place 0", Breaks)],
        ),
        (
            r#"null"#,
            r#"[{"name":"a"}]"#,
            &[("parameters are now known", Review)],
        ),
        (
            r#"[{"name":"a"}]"#,
            r#"null"#,
            &[("parameters are no longer known", Review)],
        ),
    ];
    for (old, new, expected) in cases {
        let found = changes(old, new);
        let found: Vec<(&str, Consequence)> = found
            .iter()
            .map(|(what, consequence)| (what.as_str(), *consequence))
            .collect();
        assert_eq!(found, *expected, "{old} -> {new}");
    }
}

#[test]
fn a_constant_and_a_class_may_have_the_same_name() {
    let old = list("null", r#""constants": {"A": 1}, "classes": {"B": []}"#);
    let new = list(
        "null",
        r#""constants": {"A": 1, "B": 2}, "classes": {"A": [], "B": []}"#,
    );
    let changes = old.diff(&new).to_string();
    assert!(
        changes.contains("constant B: added") && changes.contains("class A: added"),
        "{changes}"
    );
}

#[test]
fn functions_with_the_same_name_are_found_in_a_list_that_does_not_tell_them_apart() {
    let functions = |functions: &str| {
        let text = format!(
            r#"{{"format": 1, "module": "m", "version": "1", "python": null, "constants": {{}}, "classes": {{}},
                "functions": [{functions}]}}"#
        );
        BridgeDump::parse("list", text.as_bytes()).expect("a list")
    };
    let documented = functions(
        r#"{"name": "f", "parameters": [{"name": "a"}]}, {"name": "f", "overload": "g", "parameters": []}"#,
    );
    let changes = |newer: &BridgeDump| -> Vec<String> {
        let changes = documented.diff(newer).changes.into_iter();
        changes
            .map(|change| {
                format!(
                    "{}: {} ({})",
                    change.name,
                    change.what,
                    change.consequence.as_str()
                )
            })
            .collect()
    };
    // A dump of a binding of C++ has one function, without parameters.
    assert_eq!(
        changes(&functions(r#"{"name": "f", "parameters": null}"#)),
        [
            "f: parameters are no longer known (review)",
            "g: parameters are no longer known (review)"
        ]
    );
    assert_eq!(
        changes(&functions(r#"{"name": "f", "parameters": [{"name": "a"}]}"#)),
        ["g: removed (breaks calls)"]
    );
    // Programs call it by the other name.
    assert_eq!(
        changes(&functions(
            r#"{"name": "f", "parameters": [{"name": "a"}]}, {"name": "g", "parameters": []}"#
        )),
        ["g: the function f is now called g (breaks calls)"]
    );
}

#[test]
fn constants_and_classes_are_compared() {
    let old = list(
        "null",
        r#""constants": {"A": 1, "B": 2, "C": null}, "classes": {"K": ["a", "b"], "L": []}"#,
    );
    let new = list(
        "null",
        r#""constants": {"A": 3, "C": 1, "D": 4}, "classes": {"K": ["b", "c"], "M": [], "A": []}"#,
    );
    let expected = "1 -> 1
  constant A: value was 1 and is 3 (review)
  constant B: removed (breaks calls)
  constant C: value is now known: 1
  constant D: added
  class A: added
  class K: member a removed (breaks calls)
  class K: member c added
  class L: removed (breaks calls)
  class M: added
Programs that use the marked functions, constants or classes break.";
    let diff = old.diff(&new);
    assert_eq!(diff.to_string(), expected);
    assert_eq!(diff.verdict, Consequence::Breaks);
    assert_eq!(
        old.diff(&old).to_string(),
        "1 -> 1\nThe lists have no differences."
    );
}

#[test]
fn the_json_form_has_the_verdict_and_the_changes() {
    let rest = r#""constants": {}, "classes": {}"#;
    let diff = list("[]", rest).diff(&list(r#"[{"name":"a"}]"#, rest));
    let json = serde_json::to_value(&diff).expect("JSON");
    assert_eq!(
        json,
        serde_json::json!({
            "old": "1", "new": "1", "verdict": "breaks",
            "changes": [{
                "item": "function", "name": "f", "what": "parameter a added, which is required", "consequence": "breaks",
            }],
        })
    );
}

#[test]
fn functions_that_were_added_since_the_first_list_break_nothing() {
    let lists = Product::Jetstream.lists();
    let diff = lists[0].1.diff(&lists[1].1);
    let functions = diff
        .changes
        .iter()
        .filter(|change| change.item == bridge_codegen::Item::Function);
    let consequences: Vec<Consequence> = functions.map(|change| change.consequence).collect();
    assert!(!consequences.is_empty());
    assert!(
        consequences
            .iter()
            .all(|consequence| *consequence == Consequence::None)
    );
}
