//! Values that arrive from Python: forms that JSON can hold are replaced by ordinary JSON.

use std::collections::HashSet;

use wire_values::Json;

use crate::form::{
    DEEPEST, KEPT, Problem, deeper, items, may_have_forms, members, quoted, string, write_list,
};

/// Replaces the forms that JSON can hold: whole numbers of any size, dates, sets and maps with text keys.
///
/// `$bytes`, `$float`, `$handle`, `$type` and maps with other keys stay. A map with one of these names as a key stays,
/// too, so that a form in the result is never a key of the module's own data.
///
/// Returns `None` if the value has no forms.
pub(crate) fn resolve(value: &Json) -> Result<Option<Json>, Problem> {
    if !may_have_forms(value.text()) {
        return Ok(None);
    }
    let mut out = String::with_capacity(value.text().len());
    write(&mut out, value.text(), DEEPEST)?;
    let resolved = out.parse().map_err(|error| format!("not JSON: {error}"))?;
    Ok(Some(resolved))
}

fn write(out: &mut String, text: &str, levels: usize) -> Result<(), Problem> {
    let text = text.trim();
    if !may_have_forms(text) {
        out.push_str(text);
        return Ok(());
    }
    let levels = deeper(levels)?;
    if text.starts_with('[') {
        return write_list(out, ['[', ']'], items(text)?, |out, item| {
            write(out, item, levels)
        });
    }
    if !text.starts_with('{') {
        out.push_str(text);
        return Ok(());
    }
    let members = members(text)?;
    match members.iter().find(|(name, _)| name.starts_with('$')) {
        Some((name, value)) => write_form(out, name, value, text, &members, levels),
        None => write_object(out, &members, levels),
    }
}

fn write_object(out: &mut String, members: &[(impl AsRef<str>, &str)], levels: usize) -> Result<(), Problem> {
    write_list(out, ['{', '}'], members, |out, (name, value)| {
        out.push_str(&quoted(name.as_ref()));
        out.push(':');
        write(out, value, levels)
    })
}

fn write_form(
    out: &mut String,
    name: &str,
    value: &str,
    whole: &str,
    members: &[(impl AsRef<str>, &str)],
    levels: usize,
) -> Result<(), Problem> {
    match name {
        "$int" => {
            let digits = string(value).filter(|text| is_whole_number(text));
            out.push_str(&digits.ok_or("`$int` has no digits")?);
            Ok(())
        }
        "$datetime" | "$date" | "$time" => {
            let text = string(value).ok_or_else(|| format!("`{name}` has no text"))?;
            out.push_str(&quoted(&text));
            Ok(())
        }
        "$set" => write_list(out, ['[', ']'], items(value)?, |out, item| {
            write(out, item, levels)
        }),
        "$map" => write_map(out, value, levels),
        "$handle" if members.iter().any(|(_, value)| may_have_forms(value)) => {
            write_object(out, members, levels)
        }
        "$handle" | "$bytes" | "$float" | "$type" => {
            out.push_str(whole);
            Ok(())
        }
        _ => Err(format!("unknown form `{name}`")),
    }
}

fn write_map(out: &mut String, pairs: &str, levels: usize) -> Result<(), Problem> {
    let pairs = items(pairs)?
        .into_iter()
        .map(|pair| match items(pair)?[..] {
            [key, value] => Ok((key, value)),
            _ => Err("`$map` has a pair with more or fewer than two parts".to_owned()),
        })
        .collect::<Result<Vec<_>, _>>()?;
    let names: Option<Vec<String>> = pairs.iter().map(|(key, _)| string(key)).collect();
    match names {
        Some(names) if can_be_keys(&names) => {
            let members: Vec<_> = names
                .into_iter()
                .zip(pairs.iter().map(|(_, value)| *value))
                .collect();
            write_object(out, &members, levels)
        }
        _ => {
            out.push_str("{\"$map\":");
            write_list(out, ['[', ']'], pairs, |out, (key, value)| {
                write_list(out, ['[', ']'], [key, value], |out, part| {
                    write(out, part, levels)
                })
            })?;
            out.push('}');
            Ok(())
        }
    }
}

/// Whether an object can have these keys. Python 2.7 has keys that differ there, and have the same text here.
fn can_be_keys(names: &[String]) -> bool {
    let mut seen = HashSet::new();
    names
        .iter()
        .all(|name| !KEPT.contains(&name.as_str()) && seen.insert(name))
}

fn is_whole_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let has_leading_zero = digits.len() > 1 && digits.starts_with('0');
    !digits.is_empty() && !has_leading_zero && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn resolve_all(value: Json) -> Result<Json, Problem> {
        let resolved = resolve(&value)?;
        Ok(resolved.unwrap_or(value))
    }

    fn resolved(text: &str) -> String {
        resolve_all(text.parse().unwrap()).unwrap().text().to_owned()
    }

    #[test]
    fn forms_that_json_can_hold_become_ordinary_json() {
        for (form, plain) in [
            (r#"{"$int":"-123456789012345678901"}"#, "-123456789012345678901"),
            (
                r#"{"$datetime":"2026-05-02T10:30:04"}"#,
                r#""2026-05-02T10:30:04""#,
            ),
            (r#"{"$date":"2026-05-02"}"#, r#""2026-05-02""#),
            (r#"{"$time":"10:30:04"}"#, r#""10:30:04""#),
            (r#"{"$set":[1,{"$int":"2"}]}"#, "[1,2]"),
            (r#"{"$map":[["$id",{"$set":[]}],["b",2]]}"#, r#"{"$id":[],"b":2}"#),
            (r#"[{"a":{"$set":[null]}}, 1.50]"#, r#"[{"a":[null]},1.50]"#),
        ] {
            assert_eq!(resolved(form), plain);
        }
    }

    #[test]
    fn other_forms_stay_and_cannot_be_imitated() {
        for text in [
            r#"{"$bytes":"AAA="}"#,
            r#"{"$float":"nan"}"#,
            r#"{"$type":"a.B","text":"<b>"}"#,
            r#"{"$map":[["$bytes","AAA="]]}"#,
            r#"{"$map":[["$handle",1],["class","A"]]}"#,
            r#"{"$map":[[1,2],["a",{"$float":"inf"}]]}"#,
            r#"{"$map":[["a",1],["a",2]]}"#,
        ] {
            assert_eq!(resolved(text), text);
        }
        let handle = r#"{"$handle":7,"class":"A","snapshot":{"getTime":{"$int":"1"}}}"#;
        assert_eq!(
            resolved(handle),
            r#"{"$handle":7,"class":"A","snapshot":{"getTime":1}}"#
        );
        assert_eq!(
            resolved("[ 1e5, 12345678901234567890 ]"),
            "[ 1e5, 12345678901234567890 ]"
        );
    }

    #[test]
    fn invalid_forms_are_errors() {
        for text in [
            r#"{"$int":"1e5"}"#,
            r#"{"$int":"007"}"#,
            r#"{"$int":7}"#,
            r#"{"$set":{}}"#,
            r#"{"$map":[[1]]}"#,
            r#"{"$map":{"a":1}}"#,
            r#"{"$date":1}"#,
            r#"{"$new":1}"#,
        ] {
            assert!(resolve_all(text.parse().unwrap()).is_err(), "{text}");
        }
        let deep = format!("{}{{\"$int\":\"1\"}}{}", "[".repeat(1000), "]".repeat(1000));
        assert!(resolve_all(deep.parse().unwrap()).is_err());
    }

    /// A value and its form on the wire, as Python writes it.
    fn value() -> impl Strategy<Value = (Value, Value)> {
        let leaf = prop_oneof![
            any::<i64>().prop_map(|number| (json!(number), json!(number))),
            any::<u64>().prop_map(|number| (json!(number), json!({"$int": number.to_string()}))),
            any::<String>().prop_map(|text| (json!(text), json!(text))),
            "[0-9]{4}".prop_map(|text| (json!(text), json!({"$date": text}))),
            "[A-Z]{4}".prop_map(|text| (json!({"$bytes": text}), json!({"$bytes": text}))),
        ];
        leaf.prop_recursive(4, 32, 5, |inner| {
            let list = prop::collection::vec(inner.clone(), 0..5);
            let members = prop::collection::btree_map("\\$?[a-z]{1,2}", inner, 0..5);
            prop_oneof![
                list.clone().prop_map(|list| list.into_iter().unzip::<_, _, Vec<_>, Vec<_>>()).prop_map(|(plain, form)| (json!(plain), json!(form))),
                list.prop_map(|list| list.into_iter().unzip::<_, _, Vec<_>, Vec<_>>()).prop_map(|(plain, form)| (json!(plain), json!({"$set": form}))),
                members.prop_map(|members| {
                    let plain = members.iter().map(|(name, (plain, _))| (name.clone(), plain.clone()));
                    let plain = Value::Object(plain.collect());
                    let form = match members.keys().any(|name| name.starts_with('$')) {
                        true => json!({"$map": members.iter().map(|(name, (_, form))| json!([name, form])).collect::<Vec<_>>()}),
                        false => Value::Object(members.into_iter().map(|(name, (_, form))| (name, form)).collect()),
                    };
                    (plain, form)
                }),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_value_is_resolved((plain, form) in value()) {
            prop_assert_eq!(resolve_all(Json::from(form)).unwrap(), Json::from(plain));
        }

        #[test]
        fn no_line_causes_a_panic(text in "[\\[\\]{}:,\"$a-z0-9 ]{0,40}") {
            if let Ok(json) = text.parse() {
                let _ = resolve(&json);
            }
        }
    }
}
