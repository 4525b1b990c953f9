//! Tests of comparisons with random documents.

use mailstore_api::Edition;
use proptest::prelude::*;
use serde_json::json;

use super::*;

/// Creates an export of a MailStore Server with these users and jobs.
fn export(users: &[Value], jobs: &[Value]) -> Export {
    let now = "2026-05-02T07:41:02Z".parse().unwrap();
    let mut documents: Vec<(Place, Value)> = users
        .iter()
        .map(|user| {
            (
                Place::user("server", user["userName"].as_str().unwrap()),
                user.clone(),
            )
        })
        .collect();
    documents.push((Place::kind("server", "jobs"), jobs.to_vec().into()));
    Export::of_documents(Edition::Server, now, documents)
}

fn compared(old: &Export, new: &Export) -> Comparison {
    Comparison::between(old, new, ["old", "new"])
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (0..5).prop_map(Value::from),
        "[a-c]{0,2}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("id|name|folder|[a-c]", inner, 0..4)
                .prop_map(|members| members.into_iter().collect()),
        ]
    })
}

fn users() -> impl Strategy<Value = Vec<Value>> {
    let users =
        prop::collection::btree_map("[a-d]", (values(), prop::collection::vec("[a-d]@x", 0..3)), 0..4);
    users.prop_map(|users| {
        let users = users.into_iter();
        users
            .map(|(name, (other, addresses))| json!({ "userName": name, "emailAddresses": addresses, "other": other }))
            .collect()
    })
}

fn jobs() -> impl Strategy<Value = Vec<Value>> {
    let job =
        ("[a-c]", 0..4, values()).prop_map(|(name, id, other)| json!({ "name": name, "id": id, "x": other }));
    prop::collection::vec(job, 0..5)
}

/// Reverses all lists except addresses, whose first element has a meaning.
fn reversed(value: &mut Value) {
    match value {
        Value::Array(elements) => {
            elements.reverse();
            elements.iter_mut().for_each(reversed);
        }
        Value::Object(members) => {
            let others = members.iter_mut().filter(|(name, _)| *name != "emailAddresses");
            others.for_each(|(_, member)| reversed(member));
        }
        _ => {}
    }
}

proptest! {
    #[test]
    fn an_export_does_not_differ_from_itself(users in users(), jobs in jobs()) {
        let export = export(&users, &jobs);
        let comparison = compared(&export, &export);
        prop_assert!(comparison.is_empty() && comparison.unknown.is_empty(), "{:?}", comparison);
    }

    #[test]
    fn the_order_of_lists_is_no_difference(users in users(), jobs in jobs()) {
        let old = export(&users, &jobs);
        let turned = |list: Vec<Value>| -> Vec<Value> {
            let mut list = Value::from(list);
            reversed(&mut list);
            list.as_array().unwrap().clone()
        };
        let new = export(&turned(users), &turned(jobs));
        prop_assert_eq!(old.documents().collect::<Vec<_>>(), new.documents().collect::<Vec<_>>());
        prop_assert!(compared(&old, &new).is_empty());
    }

    #[test]
    fn every_difference_is_found_in_both_directions(
        old_users in users(), new_users in users(), old_jobs in jobs(), new_jobs in jobs()
    ) {
        let (old, new) = (export(&old_users, &old_jobs), export(&new_users, &new_jobs));
        let (there, back) = (compared(&old, &new), compared(&new, &old));
        prop_assert_eq!(there.changes.len(), back.changes.len());
        let mut without_duplicates = [&old, &new].map(|export| -> Vec<(String, Value)> {
            let texts = export.documents();
            texts.map(|(path, text)| (path, deduplicated(serde_json::from_str(text).unwrap()))).collect()
        });
        let [old, new] = &mut without_duplicates;
        prop_assert_eq!(there.is_empty(), old == new, "{:?}", there);
    }
}

/// Removes repeated scalars from lists inside of documents, because lists are compared as sets.
fn deduplicated(document: Value) -> Value {
    fn inner(value: Value) -> Value {
        match value {
            Value::Array(elements) => {
                let mut kept: Vec<Value> = Vec::new();
                for element in elements.into_iter().map(inner) {
                    if !kept.contains(&element) {
                        kept.push(element);
                    }
                }
                kept.into()
            }
            Value::Object(members) => members
                .into_iter()
                .map(|(name, member)| (name, inner(member)))
                .collect(),
            other => other,
        }
    }
    match document {
        Value::Array(rows) => rows.into_iter().map(inner).collect(),
        other => inner(other),
    }
}

#[test]
fn a_user_with_two_possible_partners_is_not_renamed() {
    let user = |name: &str| json!({ "userName": name, "emailAddresses": ["a@x"] });
    let renamed = compared(&export(&[user("a")], &[]), &export(&[user("b")], &[]));
    assert!(
        matches!(renamed.changes[0].what, What::MaybeRenamed { .. }),
        "{renamed:?}"
    );
    let ambiguous = compared(&export(&[user("a")], &[]), &export(&[user("b"), user("c")], &[]));
    assert_eq!(ambiguous.changes.len(), 3, "{ambiguous:?}");
}

#[test]
fn objects_of_the_same_name_are_paired_by_their_id() {
    let job = |id: i32, x: i32| json!({ "name": "a", "id": id, "x": x });
    let comparison = compared(
        &export(&[], &[job(1, 1), job(2, 2)]),
        &export(&[], &[job(2, 3), job(1, 1)]),
    );
    assert_eq!(comparison.changes.len(), 1, "{comparison:?}");
    let What::Changed { fields } = &comparison.changes[0].what else {
        panic!("{comparison:?}")
    };
    assert_eq!(fields[0].name, "x");
}
