//! Tests that results with null, absent or new members are decoded without loss.

use std::collections::BTreeSet;

use mailstore_api::ErrorKind;
use serde_json::json;

use super::ask::feed;
use super::published::{NOVELTY, Published, paths, remove};

/// Published members without a typed field: function and name.
///
/// The members of `details` of a profile are not listed, because `details` is one field with JSON.
const WITHOUT_FIELD: [(&str, &str); 1] = [
    // A guess of one third party that was never confirmed: the number of messages may have another name.
    ("GetFolderStatistics", "count"),
];

/// Returns the names of all members without a field, at any depth.
fn unknown_members(text: &str) -> BTreeSet<&str> {
    let sets = text.split("unknown: {").skip(1);
    let names = sets.flat_map(|rest| rest.split('}').next().unwrap().split(", "));
    names
        .map(|name| name.trim_matches('"'))
        .filter(|name| !name.is_empty())
        .collect()
}

#[tokio::test]
async fn every_member_and_every_word_of_the_samples_is_known() {
    for fed in feed(|published| published.samples.clone()).await {
        let expected: BTreeSet<&str> = WITHOUT_FIELD
            .into_iter()
            .filter(|(function, _)| *function == fed.function)
            .map(|(_, name)| name)
            .collect();
        assert_eq!(unknown_members(fed.text()), expected, "{fed}");
        assert!(!fed.text().contains("Unknown("), "{fed}: {}", fed.text());
    }
}

/// Removing a member must change the decoded result or cause an error. Otherwise, no type decodes it.
#[tokio::test]
async fn every_member_of_the_samples_is_decoded() {
    let without_each = |published: &Published| {
        let results = published.samples.iter().flat_map(|sample| {
            let without = paths(sample).into_iter().map(|path| {
                let mut result = sample.clone();
                remove(&mut result, &path);
                result
            });
            std::iter::once(sample.clone()).chain(without)
        });
        results.collect()
    };
    let mut fed = feed(without_each).await.into_iter().peekable();
    let mut members = 0;
    while let Some(whole) = fed.next() {
        for path in paths(&whole.result) {
            let without = fed.next().unwrap();
            let name = path.rsplit('.').next().unwrap();
            match &without.read {
                Ok(text) => assert_ne!(text, whole.text(), "removing {path} has no effect in {without}"),
                Err(error) => {
                    assert!(matches!(error.kind(), ErrorKind::Decode { .. }), "{error}");
                    let place = format!(".{name}: expected ");
                    assert!(error.to_string().contains(&place), "{path}: {error}");
                }
            }
            members += 1;
        }
    }
    assert!(members > 200, "{members}");
}

#[tokio::test]
async fn optional_members_may_be_missing() {
    for fed in feed(Published::minimal).await {
        assert!(unknown_members(fed.text()).is_empty(), "{fed}: {}", fed.text());
    }
    for fed in feed(Published::with_one_missing).await {
        assert!(!fed.text().contains("Unknown("), "{fed}");
    }
}

#[tokio::test]
async fn a_new_member_is_kept_at_every_place() {
    let fed = feed(Published::with_a_new_member).await;
    assert!(fed.len() > 50, "{}", fed.len());
    for fed in fed {
        assert!(
            fed.text().contains(&format!("{NOVELTY:?}")),
            "{fed}: {}",
            fed.text()
        );
    }
}

#[tokio::test]
async fn a_list_may_be_empty() {
    let empty = |published: &Published| match published.samples[0].is_array() {
        true => vec![json!([])],
        false => Vec::new(),
    };
    for fed in feed(empty).await {
        assert_eq!(fed.text(), "[]", "{fed}");
    }
}
