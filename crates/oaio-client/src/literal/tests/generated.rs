//! Tests with generated JSON values.

use super::*;

fn number() -> impl Strategy<Value = String> {
    "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?"
}

/// A JSON string with escapes, but without lone surrogates, which `Json` cannot compare.
fn string() -> impl Strategy<Value = String> {
    let plain = any::<String>().prop_map(|text| json!(text).to_string());
    let escaped = "\"([ -!#-\\[\\]-~üß€😀]|\\\\[\"\\\\/bfnrt]|\\\\u[0-9a-cA-CefEF][0-9a-fA-F]{3}|\\\\u[dD]83[dD]\\\\u[dD]E0[0-9]){0,20}\"";
    prop_oneof![plain, escaped]
}

fn any_json() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec!["null", "true", "false"]).prop_map(str::to_owned);
    let simple = prop_oneof![word, number(), string()];
    simple.prop_recursive(6, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(|items| format!("[{}]", items.join(" ,\n"))),
            prop::collection::btree_map(any::<String>(), inner, 0..6).prop_map(|members| {
                let members = members
                    .into_iter()
                    .map(|(name, value)| format!("{} :\t{value}", json!(name)));
                format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
            }),
        ]
    })
}

proptest! {
    #[test]
    fn json_that_is_written_is_read_again(json in any_json()) {
        let value: Json = json.parse().unwrap();
        let literal = written(&json);
        let again = read(&literal);
        prop_assert_eq!(&again.parse::<Json>().unwrap(), &value, "{}", literal);
        // The second literal is equal, so a record does not change when it is read and written.
        prop_assert_eq!(&written(&again), &literal);
        prop_assert!(!literal.contains(['\n', '\r']));
    }
}
