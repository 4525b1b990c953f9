//! The form of a document that does not depend on order or time.

use std::cmp::Ordering;

use serde_json::Value;

use super::kind::Kind;
use crate::redact;

/// The members that identify an object in a list, the most specific first.
const IDENTITIES: [&str; 8] = [
    "id",
    "ID",
    "jobId",
    "instanceID",
    "userName",
    "serverName",
    "folder",
    "name",
];
/// The list whose first element has a meaning: it is the primary address.
const FIRST_MATTERS: &str = "emailAddresses";

/// Returns the document for the result of a function: without secrets and volatile members, in canonical order.
pub(crate) fn document(mut value: Value, kind: &Kind) -> Value {
    match &mut value {
        Value::Array(rows) => rows.iter_mut().for_each(|row| remove(row, kind.volatile)),
        other => remove(other, kind.volatile),
    }
    redact(&mut value);
    sort(&mut value, kind.identity);
    value
}

/// Returns the text of a document: two blanks for each level, LF at the end of lines. Characters that could control a
/// terminal are escaped.
pub(crate) fn text(document: &Value) -> String {
    mailstore_api::printable_json(&format!("{document:#}\n"))
}

/// Sorts members by name, and lists by the identity of their elements. `identity` is that of the outermost list.
pub(crate) fn sort(value: &mut Value, identity: &[&str]) {
    value.sort_all_objects();
    sort_lists(value, identity, false);
}

/// Returns the member that identifies the elements of these lists of objects. Each element has it, and no two elements
/// of a list have the same value.
pub(crate) fn identity_in(lists: [&[Value]; 2]) -> Option<&'static str> {
    let is_identity = |member: &&str| {
        lists.iter().all(|list| {
            let mut values: Vec<String> = Vec::with_capacity(list.len());
            for element in *list {
                match element.get(*member) {
                    Some(value @ (Value::String(_) | Value::Number(_))) => values.push(value.to_string()),
                    _ => return false,
                }
            }
            values.sort();
            values.windows(2).all(|pair| pair[0] != pair[1])
        })
    };
    IDENTITIES.into_iter().find(is_identity)
}

/// Returns whether the first element of the list in this member has a meaning.
pub(crate) fn first_matters(member: &str) -> bool {
    member == FIRST_MATTERS
}

fn remove(row: &mut Value, members: &[&str]) {
    for path in members {
        match path.split_once('.') {
            Some((outer, inner)) => {
                if let Some(outer) = row.get_mut(outer) {
                    remove(outer, &[inner]);
                }
            }
            None => {
                if let Value::Object(row) = row {
                    row.remove(*path);
                }
            }
        }
    }
}

fn sort_lists(value: &mut Value, identity: &[&str], keep_first: bool) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                sort_lists(member, &[], first_matters(name));
            }
        }
        Value::Array(elements) => {
            elements
                .iter_mut()
                .for_each(|element| sort_lists(element, &[], false));
            let guessed = identity_in([elements, &[]]);
            let identity = if identity.is_empty() {
                guessed.as_slice()
            } else {
                identity
            };
            let rest = elements.len().min(usize::from(keep_first));
            elements[rest..].sort_by_cached_key(|element| Key::of(element, identity));
        }
        _ => {}
    }
}

/// What a list is sorted by: the identity, then the text of the element.
#[derive(Eq, PartialEq)]
struct Key(Vec<Value>, String);

impl Key {
    fn of(element: &Value, identity: &[&str]) -> Self {
        let members = identity.iter().map(|member| element.get(member).cloned());
        let mut values: Vec<Value> = members.map(Option::unwrap_or_default).collect();
        if element.is_number() {
            values.push(element.clone());
        }
        Self(values, element.to_string())
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        let members = self
            .0
            .iter()
            .zip(&other.0)
            .map(|(one, other)| by_value(one, other));
        let identity = members.fold(self.0.len().cmp(&other.0.len()), Ordering::then);
        identity.then_with(|| self.1.cmp(&other.1))
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Numbers are in numeric order and before all other values.
fn by_value(one: &Value, other: &Value) -> Ordering {
    match (one.as_i64(), other.as_i64()) {
        (Some(one), Some(other)) => one.cmp(&other),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => one.to_string().cmp(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::export::kind::kinds_of;
    use crate::export::place::SERVER;

    fn kind(name: &str) -> &'static Kind {
        kinds_of(SERVER).find(|kind| kind.name == name).unwrap()
    }

    #[test]
    fn documents_are_sorted_and_have_no_volatile_members() {
        let stores = json!([
            { "id": 10, "name": "b", "statisticsCount": 5, "unknown": [3, 20, 1] },
            { "name": "a", "id": 2, "error": "x", "unknown": [{ "id": 2 }, { "id": 1 }] },
        ]);
        assert_eq!(
            text(&document(stores, kind("stores"))),
            r#"[
  {
    "id": 2,
    "name": "a",
    "unknown": [
      {
        "id": 1
      },
      {
        "id": 2
      }
    ]
  },
  {
    "id": 10,
    "name": "b",
    "unknown": [
      1,
      3,
      20
    ]
  }
]
"#
        );
    }

    #[test]
    fn volatile_members_in_objects_are_removed() {
        let info =
            json!({ "userName": "a", "systemProperties": { "processors": [], "operatingSystem": "x" } });
        let kind = kinds_of(super::super::place::PLATFORM).next().unwrap();
        assert_eq!(
            document(info, kind),
            json!({ "systemProperties": { "operatingSystem": "x" } })
        );
    }

    #[test]
    fn the_first_address_stays_first() {
        let mut user = json!({ "emailAddresses": ["z@a", "b@a", "a@a"], "privileges": ["z", "b", "a"] });
        sort(&mut user, &[]);
        assert_eq!(
            user,
            json!({ "emailAddresses": ["z@a", "a@a", "b@a"], "privileges": ["a", "b", "z"] })
        );
    }

    #[test]
    fn text_cannot_control_a_terminal() {
        assert_eq!(text(&json!("\u{1b}\u{202e}")), "\"\\u001b\\u202e\"\n");
    }
}
