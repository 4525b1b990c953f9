//! Compares the members of two objects.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::change::{Difference, Field};
use crate::export::{first_matters, identity_in};
use crate::redact::secret_is_set;

/// Returns the members that differ, in the order of their names.
pub(super) fn fields(old: &Value, new: &Value) -> Vec<Field> {
    let mut found = Vec::new();
    compare("", old, new, &mut found);
    found
}

/// Adds the differences between two values. `path` is the path of the values.
fn compare(path: &str, old: &Value, new: &Value, found: &mut Vec<Field>) {
    if old == new {
        return;
    }
    match (old, new) {
        (Value::Object(old_members), Value::Object(new_members))
            if secret_is_set(old).is_none() && secret_is_set(new).is_none() =>
        {
            compare_members(path, old_members, new_members, found);
        }
        (Value::Array(old), Value::Array(new)) => compare_lists(path, old, new, found),
        _ => found.push(value(path, Some(old), Some(new))),
    }
}

fn compare_members(path: &str, old: &Map<String, Value>, new: &Map<String, Value>, found: &mut Vec<Field>) {
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    for name in names {
        let path = if path.is_empty() {
            name.clone()
        } else {
            format!("{path}.{name}")
        };
        match (old.get(name), new.get(name)) {
            (Some(old), Some(new)) => compare(&path, old, new, found),
            (old, new) => found.push(value(&path, old, new)),
        }
    }
}

fn value(path: &str, old: Option<&Value>, new: Option<&Value>) -> Field {
    Field {
        name: path.to_owned(),
        difference: Difference::Value {
            old: old.cloned(),
            new: new.cloned(),
        },
    }
}

/// Compares lists as sets. Objects are compared by their identity, if they have one.
fn compare_lists(path: &str, old: &[Value], new: &[Value], found: &mut Vec<Field>) {
    let identity = identity_in([old, new]);
    let key = |element: &Value| match identity {
        Some(member) => element.get(member).unwrap_or(element).to_string(),
        None => element.to_string(),
    };
    let by_key = |list: &[Value]| -> BTreeMap<String, Value> {
        list.iter()
            .map(|element| (key(element), element.clone()))
            .collect()
    };
    let (old_elements, new_elements) = (by_key(old), by_key(new));
    let only_in = |one: &BTreeMap<String, Value>, other: &BTreeMap<String, Value>| -> Vec<Value> {
        let only = one.iter().filter(|(key, _)| !other.contains_key(*key));
        only.map(|(_, element)| element.clone()).collect()
    };
    let (added, removed) = (
        only_in(&new_elements, &old_elements),
        only_in(&old_elements, &new_elements),
    );
    let is_same_set = added.is_empty() && removed.is_empty();
    let member = path.rsplit('.').next().unwrap_or(path);
    let mut add = |difference| {
        found.push(Field {
            name: path.to_owned(),
            difference,
        })
    };
    if !is_same_set {
        add(Difference::Elements { added, removed });
    }
    if let (true, Some(old), Some(new)) = (first_matters(member), old.first(), new.first())
        && old != new
        && (is_same_set || old_elements.contains_key(&key(new)) || new_elements.contains_key(&key(old)))
    {
        add(Difference::First {
            old_first: old.clone(),
            new_first: new.clone(),
        });
    }
    for (key, old) in &old_elements {
        if let Some(new) = new_elements.get(key) {
            let name = identity
                .and_then(|member| old.get(member))
                .map_or_else(String::new, label);
            compare(&format!("{path}[{name}]"), old, new, found);
        }
    }
}

/// Returns a value as a part of a name.
pub(super) fn label(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(old: Value, new: Value) -> Value {
        serde_json::to_value(fields(&old, &new)).unwrap()
    }

    #[test]
    fn only_members_that_differ_are_listed() {
        assert_eq!(
            shown(
                json!({ "a": 1, "b": { "c": true, "d": null }, "gone": [] }),
                json!({ "a": 1, "b": { "c": false, "d": null }, "new": "" })
            ),
            json!([
                { "name": "b.c", "old": true, "new": false },
                { "name": "gone", "old": [] },
                { "name": "new", "new": "" },
            ])
        );
    }

    #[test]
    fn absent_null_and_empty_values_differ() {
        for (old, new) in [
            (json!({}), json!({ "a": null })),
            (json!({ "a": null }), json!({ "a": "" })),
            (json!({ "a": [] }), json!({ "a": null })),
            (json!({ "a": 1 }), json!({ "a": "1" })),
        ] {
            assert_eq!(fields(&old, &new).len(), 1, "{old} {new}");
        }
    }

    #[test]
    fn lists_are_sets() {
        assert_eq!(
            shown(json!({ "a": [1, 2, 2] }), json!({ "a": [2, 1] })),
            json!([])
        );
        assert_eq!(
            shown(json!({ "a": ["x", "y"] }), json!({ "a": ["z", "y"] })),
            json!([{ "name": "a", "added": ["z"], "removed": ["x"] }])
        );
    }

    #[test]
    fn objects_in_lists_are_compared_by_their_identity() {
        assert_eq!(
            shown(
                json!({ "rights": [{ "folder": "a", "privileges": ["read"] }, { "folder": "b" }] }),
                json!({ "rights": [{ "folder": "c" }, { "folder": "a", "privileges": ["read", "write"] }] })
            ),
            json!([
                { "name": "rights", "added": [{ "folder": "c" }], "removed": [{ "folder": "b" }] },
                { "name": "rights[a].privileges", "added": ["write"], "removed": [] },
            ])
        );
    }

    #[test]
    fn another_primary_address_is_a_difference() {
        let user = |addresses: &[&str]| json!({ "emailAddresses": addresses });
        assert_eq!(
            shown(user(&["a", "b", "c"]), user(&["b", "a", "c"])),
            json!([{ "name": "emailAddresses", "old_first": "a", "new_first": "b" }])
        );
        assert_eq!(shown(user(&["a", "b", "c"]), user(&["a", "c", "b"])), json!([]));
        assert_eq!(
            shown(user(&["a"]), user(&["b"])),
            json!([{ "name": "emailAddresses", "added": ["b"], "removed": ["a"] }])
        );
    }

    #[test]
    fn a_secret_is_one_value() {
        let (set, absent) = (json!({ "secret": "set" }), json!({ "secret": "absent" }));
        assert_eq!(
            shown(json!({ "password": absent }), json!({ "password": set })),
            json!([{ "name": "password", "old": absent, "new": set }])
        );
    }
}
