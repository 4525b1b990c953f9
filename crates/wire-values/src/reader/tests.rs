//! Tests of reading values one after the other, also with types of a user and with members that are read again.

use proptest::prelude::*;

use super::*;
use crate::{Unknown, from_json};

#[derive(Debug, PartialEq)]
struct Item {
    name: String,
    size: Option<i64>,
    unknown: Unknown,
}
crate::record!(Item { name = "name", size = "size" });

/// A type that accepts every value without reading it.
#[derive(Debug, PartialEq)]
struct Ignored;

impl FromJson for Ignored {
    fn read(_: &mut Reader<'_>) -> Result<Self, Problem> {
        Ok(Self)
    }
}

#[derive(Debug)]
struct Tree {
    children: Vec<Tree>,
    unknown: Unknown,
}
crate::record!(Tree { children = "children" });

fn kept(item: &Item) -> Vec<String> {
    let members = item.unknown().iter();
    members.map(|(name, json)| format!("{name}={json}")).collect()
}

#[test]
fn the_value_of_a_type_that_reads_nothing_is_skipped() {
    let read: Vec<Ignored> = from_json(r#"[{"a": [1]}, "]", 3]"#).unwrap();
    assert_eq!(read.len(), 3);
}

#[test]
fn a_type_that_reads_two_values_causes_a_problem() {
    #[derive(Debug)]
    struct Greedy;

    impl FromJson for Greedy {
        fn read(reader: &mut Reader<'_>) -> Result<Self, Problem> {
            reader.skip()?;
            reader.skip().map(|()| Self)
        }
    }
    for text in ["1", "[1, 2]", r#"{"name": 1, "size": 2}"#] {
        assert!(from_json::<Greedy>(text).is_err());
        assert!(from_json::<Vec<Greedy>>(&format!("[{text}]")).is_err());
    }
}

#[test]
fn reading_continues_after_a_member_that_cannot_be_decoded() {
    for odd in [
        "{}",
        r#"[1, {"size": "]}"}]"#,
        r#""\ud83d""#,
        r#"{"size":{"size":[[]]}}"#,
    ] {
        let text = format!(r#"[{{"size" : {odd} , "name":"a"}}, {{"name":"b","size":2}}]"#);
        let items: Vec<Item> = from_json(&text).unwrap();
        assert_eq!(kept(&items[0]), [format!("size={odd}")]);
        assert_eq!(items[0].unknown().unreadable().collect::<Vec<_>>(), ["size"]);
        assert_eq!((&*items[1].name, items[1].size), ("b", Some(2)));
    }
}

#[test]
fn repeated_members_are_kept_if_the_last_one_cannot_be_decoded() {
    let item: Item = from_json(r#"{"size":1,"x":0,"name":"a","size":"big"}"#).unwrap();
    assert_eq!(kept(&item), ["size=1", "x=0", r#"size="big""#]);
    assert_eq!(item.unknown().unreadable().collect::<Vec<_>>(), ["size"]);
    let item: Item = from_json(r#"{"size":"big","x":0,"name":7,"size":1,"name":"a"}"#).unwrap();
    assert_eq!((item.size, kept(&item)), (Some(1), vec!["x=0".to_owned()]));
    let problem = from_json::<Vec<Item>>(r#"[{"name":"a","name":7}]"#).unwrap_err();
    assert_eq!(problem.path(), "result[0].name");
}

#[test]
fn names_of_members_may_be_escaped() {
    let item: Item = from_json(r#"{"n\u0061me":"a","\u0078":1}"#).unwrap();
    assert_eq!((&*item.name, kept(&item)), ("a", vec!["x=1".to_owned()]));
}

#[test]
fn the_depth_is_limited_for_types_but_not_for_json() {
    let nest = |levels: usize| {
        format!(
            "{}{}{}",
            r#"{"children":["#.repeat(levels),
            "",
            "]}".repeat(levels)
        )
    };
    assert!(from_json::<Tree>(&nest(60)).unwrap().unknown().is_empty());
    let problem = from_json::<Tree>(&nest(100_000)).unwrap_err();
    assert!(problem.to_string().ends_with("the value is nested too deeply"));
    let deep = format!(r#"[{{"name":"a","x":{}}}, {{"name":"b"}}]"#, nest(100_000));
    let items: Vec<Item> = from_json(&deep).unwrap();
    assert_eq!(items[0].unknown().get("x").unwrap().text(), nest(100_000));
    assert_eq!(items[1].name, "b");
}

#[test]
fn unreadable_members_of_many_records_do_not_add_to_the_depth() {
    let text = format!("[{}]", vec![r#"{"name":"a","size":{"b":[[1]]}}"#; 1000].join(","));
    assert_eq!(from_json::<Vec<Item>>(&text).unwrap().len(), 1000);
}

fn value() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("\"a\\\"]}\"".to_owned()),
        "-?[1-9][0-9]{0,30}",
        "\"[a-z {}\\[\\]:,]{0,6}\"",
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4)
                .prop_map(|items| format!("[ {}]", items.join(" ,"))),
            proptest::collection::vec(("\"[a-c]\"", inner), 0..4).prop_map(|members| {
                let members = members.iter().map(|(name, value)| format!("{name} : {value}"));
                format!("{{{} }}", members.collect::<Vec<_>>().join(", "))
            }),
        ]
    })
}

proptest! {
    /// Compares the members from one pass with members that are decoded one by one.
    #[test]
    fn one_pass_reads_all_members_of_an_object(
        members in proptest::collection::vec(("name|size|x|y", value()), 0..8)
    ) {
        let text: Vec<_> = members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
        let text = format!("{{{}}}", text.join(","));
        let last = |wanted: &str| members.iter().rev().find(|(name, _)| name == wanted);
        let name = last("name").and_then(|(_, value)| from_json::<String>(value).ok());
        let size = last("size").and_then(|(_, value)| from_json::<Option<i64>>(value).ok());
        let is_kept = |name: &str| match name {
            "name" => false,
            "size" => size.is_none(),
            _ => true,
        };
        let expected = members.iter().filter(|(name, _)| is_kept(name));
        let expected: Vec<_> = expected.map(|(name, value)| format!("{name}={value}")).collect();
        match (from_json::<Item>(&text), name) {
            (Ok(item), Some(name)) => {
                prop_assert_eq!(&item.name, &name);
                prop_assert_eq!(item.size, size.flatten());
                prop_assert_eq!(kept(&item), expected);
            }
            (read, name) => prop_assert!(read.is_err() && name.is_none(), "{}", text),
        }
    }

    #[test]
    fn invalid_json_is_read_without_a_panic(text in "[\\[\\]{}:,\"\\\\ a0u.é-]{0,24}") {
        let read = |text: &str| {
            _ = Reader::new(text).read::<Vec<Item>>();
            _ = Reader::new(text).read::<Vec<Option<i64>>>();
            _ = Reader::new(text).read::<Unknown>();
            _ = Reader::new(text).skip();
        };
        read(&text);
        read(&format!("[{{\"name\":{text}"));
    }

    /// The reader validates the text that it reads, so the text is not parsed twice.
    #[test]
    fn text_that_serde_json_rejects_is_rejected(text in value(), place in any::<prop::sample::Index>(), other in "[\\[\\]{}:,\"\\\\ a0-9u.\t-]?") {
        let mut text = format!("[{{\"name\": \"a\", \"size\": -7, \"x\" :{text}}}]");
        let places: Vec<usize> = text.char_indices().map(|(place, _)| place).collect();
        let place = *place.get(&places);
        let end = place + text[place..].chars().next().map_or(0, char::len_utf8);
        text.replace_range(place..end, &other);
        let is_json = serde_json::from_str::<&serde_json::value::RawValue>(&text).is_ok();
        prop_assert!(is_json || from_json::<Vec<Item>>(&text).is_err(), "{}", text);
        prop_assert_eq!(from_json::<Json>(&text).is_ok(), is_json);
        prop_assert_eq!(from_json::<Vec<Unknown>>(&text).is_ok(), text.starts_with('[') && is_json && from_json::<Vec<Json>>(&text).is_ok_and(|items| items.iter().all(|item| item.text().starts_with('{'))));
    }

    #[test]
    fn the_end_of_a_value_is_the_same_as_in_serde_json(text in value(), after in "[ ,\\]}]{0,3}") {
        let text = format!("{text}{after}");
        let mut values = serde_json::Deserializer::from_str(&text).into_iter::<serde_json::Value>();
        prop_assert!(values.next().is_some_and(|value| value.is_ok()));
        let end = scan::value_end(text.as_bytes(), 0);
        prop_assert_eq!(end, Some(values.byte_offset()));
    }
}
