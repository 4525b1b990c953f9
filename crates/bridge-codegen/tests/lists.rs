//! Function lists: parsing, the canonical form, and the lists of this crate.

use bridge_codegen::{BridgeDump, Product};
use proptest::prelude::*;

fn list(functions: &str) -> String {
    format!(
        r#"{{"format": 1, "module": "m", "version": null, "python": "3.11.7", "functions": [{functions}],
            "constants": {{"B": {{"y": 1, "x": [2]}}, "A": null}}, "classes": {{"C": ["b", "a"]}}}}"#
    )
}

fn error(text: &str) -> String {
    BridgeDump::parse("list.json", text.as_bytes())
        .expect_err("the list is invalid")
        .to_string()
}

#[test]
fn invalid_lists_are_rejected_with_a_place() {
    let function = |text: &str| error(&list(text));
    let cases = [
        (error("{"), "list.json:1:1: EOF while parsing an object"),
        (
            error("7"),
            "list.json:1:1: invalid type: integer `7`, expected a function list",
        ),
        (
            error(&list("").replace("\"format\": 1", "\"format\": 2")),
            "this program reads format 1, and the list has format 2",
        ),
        (
            error(&list("").replace("\"python\"", "\"pythons\"")),
            "unknown field `pythons`",
        ),
        (function(r#"{"name": "f"}"#), "missing field `parameters`"),
        (
            function(r#"{"name": "_f", "parameters": null}"#),
            r#""_f" cannot be a name here"#,
        ),
        (
            function(r#"{"name": "a..f", "parameters": null}"#),
            r#""a..f" cannot be a name here"#,
        ),
        (
            function(r#"{"name": "f", "parameters": null}, {"name": "f", "parameters": null}"#),
            "function `f` is listed twice",
        ),
        (
            function(r#"{"name": "f", "parameters": [{"name": "a"}, {"name": "a"}]}"#),
            "parameter `a` is listed twice",
        ),
        (
            function(r#"{"name": "f", "parameters": [{"name": "a b"}]}"#),
            r#""a b" cannot be the name of a parameter"#,
        ),
        (
            function(r#"{"name": "f", "parameters": [{"name": "a", "kind": "any"}]}"#),
            "unknown variant `any`",
        ),
        (
            error(&list("").replace("\"A\"", "\"B\"")),
            "constant `B` is listed twice",
        ),
        (
            error(&list("").replace("\"a\"]", "\"b\"]")),
            "member `b` is listed twice",
        ),
    ];
    for (found, expected) in cases {
        assert!(found.starts_with("list.json:"), "{found}");
        assert!(found.contains(expected), "{found}\nlacks\n{expected}");
    }
    let second_line = error(&list("\n  {\"name\": \"\", \"parameters\": null}"));
    assert!(second_line.starts_with("list.json:2:"), "{second_line}");
    let bytes = BridgeDump::parse("list.json", b"{\"\xff").expect_err("invalid");
    assert_eq!(bytes.to_string(), "list.json:1:3: the text is not UTF-8");
    let large = vec![b' '; BridgeDump::MAX_BYTES + 1];
    assert!(BridgeDump::parse("list.json", &large).is_err());
}

#[test]
fn a_report_shows_the_place_only_in_short_lines_of_printable_text() {
    let report = |text: &str| {
        let error = BridgeDump::parse("list\u{1b}.json", text.as_bytes()).expect_err("the list is invalid");
        let mut report = String::new();
        let handler = miette::NarratableReportHandler::new();
        handler
            .render_report(&mut report, &error)
            .expect("a string grows");
        report
    };
    let shown = report("{\n  \"format\": 2\n}");
    assert!(shown.contains("\"format\": 2\n"), "{shown}");
    let function = r#"{"name": "someFunction", "parameters": null},"#;
    let long = report(&list(&format!("{}7", function.repeat(1000))));
    assert!(long.contains("function `someFunction` is listed twice"), "{long}");
    assert!(!long.contains("\"name\"") && long.len() < 300, "{long}");
    let hostile = report("{\n\u{1b}[2J}");
    assert!(hostile.contains("list\\u{1b}.json:2:1"), "{hostile}");
    for text in [shown, long, hostile] {
        assert!(!text.contains('\u{1b}'), "{text:?}");
    }
}

#[test]
fn the_canonical_form_is_sorted_and_has_one_function_a_line() {
    let text = list(
        r#"{"parameters": [{"default": "1", "name": "x"}], "name": "b"}, {"name": "a", "parameters": null}"#,
    );
    let parsed = BridgeDump::parse("list.json", text.as_bytes()).expect("a list");
    let expected = r#"{
  "format": 1,
  "module": "m",
  "version": null,
  "python": "3.11.7",
  "functions": [
    {"name": "a", "parameters": null},
    {"name": "b", "parameters": [{"name": "x", "default": "1"}]}
  ],
  "constants": {
    "A": null,
    "B": {"x": [2], "y": 1}
  },
  "classes": {
    "C": ["a", "b"]
  }
}
"#;
    assert_eq!(parsed.canonical(), expected);
    let again = BridgeDump::parse("again", expected.as_bytes()).expect("a list");
    assert_eq!(
        (again.digest(), again.canonical()),
        (parsed.digest(), expected.to_owned())
    );
}

#[test]
fn the_lists_and_overlays_of_this_crate_are_valid_and_complete() {
    for product in Product::ALL {
        for (name, list) in product.lists() {
            assert_eq!(list.module, product.module(), "{name}");
            assert!(list.functions.iter().all(|function| function.evidence.is_some()));
        }
        let lists = product.lists();
        let (name, newest) = lists.last().expect("a list");
        let generated = product
            .generate(name, newest, &product.overlays(), "")
            .expect("overlays that match");
        for function in generated.apis[0].catalog() {
            let effect = function.effect;
            assert_ne!(
                effect,
                bridge_codegen::model::Effect::Unknown,
                "{}",
                function.wire
            );
        }
    }
    let count = |product: Product| product.lists().pop().map(|(_, list)| list.functions.len());
    assert_eq!(count(Product::Muster), Some(101));
    assert_eq!(count(Product::Jetstream), Some(63));
}

#[test]
fn functions_of_the_same_name_become_two_methods() {
    let lists = Product::Muster.lists();
    let (name, list) = &lists[0];
    let generated = Product::Muster
        .generate(name, list, &Product::Muster.overlays(), "")
        .expect("a client");
    let listing = generated.listing();
    for method in [
        "Client::chunk_get_history(&self, job_id: JobId, chunk_id: &ChunkId) -> Vec<HistoryChunk>  // chunkGetHistory, read",
        "Client::chunk_get_job_history(&self, job_id: JobId) -> Vec<HistoryChunk>  // chunkGetHistory, read",
        "Client::backup_get_boundaries(&self) -> BackupBoundaries",
    ] {
        assert!(listing.contains(method), "{method}\n{listing}");
    }
}

#[test]
fn the_catalog_names_the_parameters_that_functions_fill() {
    let text = r#"{"format": 1, "module": "MDispatcherAPI", "version": null, "python": null, "functions": [
            {"name": "jobGet", "parameters": [{"name": "id"}]},
            {"name": "jobRead", "parameters": [{"name": "id"}, {"name": "job", "out": "MJob"}]}
        ], "constants": {}, "classes": {}}"#;
    let list = BridgeDump::parse("list.json", text.as_bytes()).expect("a list");
    let generated = Product::Muster
        .generate("list.json", &list, &[], "")
        .expect("a client");
    let catalog = generated.tree.get("catalog.rs").expect("a catalog");
    assert!(
        catalog.contains(r#".out(&[OutParameter::new(1, "MJob")])"#),
        "{catalog}"
    );
    assert_eq!(catalog.matches(".out(").count(), 1);
    assert_eq!(catalog.matches(".arguments(").count(), 2);
}

#[test]
fn a_dump_without_parameters_takes_those_of_the_documentation() {
    let text = r#"{"format": 1, "module": "MDispatcherAPI", "version": "9.0.14", "python": "3.3.7",
        "functions": [
            {"name": "jobGet", "parameters": [{"name": "args", "kind": "var_positional"}], "doc_sha": "00"},
            {"name": "chunkGetHistory", "parameters": null},
            {"name": "jobArchive", "parameters": null}
        ], "constants": {}, "classes": {}}"#;
    let list = BridgeDump::parse("site.json", text.as_bytes()).expect("a list");
    let mut completed = list.clone();
    assert_eq!(completed.complete(&Product::Muster.lists()[0].1), 2);
    let keys: Vec<&str> = completed
        .functions
        .iter()
        .map(|function| function.key())
        .collect();
    assert_eq!(
        keys,
        ["chunkGetHistory", "chunkGetJobHistory", "jobArchive", "jobGet"]
    );
    assert_eq!(
        completed
            .function("jobGet")
            .and_then(|found| found.doc_sha.as_deref()),
        Some("00")
    );
    let generated = Product::Muster
        .generate_for_site("site.json", list, "")
        .expect("a client");
    let api = &generated.apis[0];
    assert_eq!((api.functions().len(), api.catalog().len()), (3, 4));
    let other = Product::Jetstream.generate_for_site("site.json", completed, "");
    let other = other.expect_err("the list of another module").to_string();
    assert_eq!(
        other,
        "site.json is the list of the module `MDispatcherAPI`, and this client needs that of `jetstream`"
    );
}

fn parameters() -> impl Strategy<Value = String> {
    let parameter = (0_u8..4, proptest::option::of("[0-9a-z' ]{0,3}"), 0_usize..4);
    proptest::option::of(proptest::collection::vec(parameter, 0..4)).prop_map(|parameters| match parameters {
        None => "null".to_owned(),
        Some(parameters) => {
            let kinds = ["positional", "keyword", "var_positional", "var_keyword"];
            let parameters = parameters.into_iter().map(|(name, default, kind)| {
                let default = default.map_or_else(String::new, |text| format!(r#", "default": "{text}""#));
                format!(r#"{{"name": "p{name}"{default}, "kind": "{}"}}"#, kinds[kind])
            });
            format!("[{}]", parameters.collect::<Vec<_>>().join(", "))
        }
    })
}

proptest! {
    #[test]
    fn parsing_never_panics(text in ".{0,200}", bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
        drop(BridgeDump::parse("list", text.as_bytes()));
        drop(BridgeDump::parse("list", list(&text).as_bytes()));
        drop(BridgeDump::parse("list", &bytes));
    }

    #[test]
    fn a_damaged_list_never_panics(place in 0_usize..4000, byte: u8) {
        let mut bytes = Product::Jetstream.lists()[1].1.canonical().into_bytes();
        bytes[place] = byte;
        if let Ok(list) = BridgeDump::parse("list", &bytes) {
            drop(list.listing("list"));
        }
        bytes.truncate(place);
        prop_assert!(BridgeDump::parse("list", &bytes).is_err());
    }

    #[test]
    fn the_canonical_form_is_stable_and_generates(functions in proptest::collection::vec(parameters(), 0..4)) {
        let functions = functions.iter().enumerate();
        let functions = functions.map(|(place, parameters)| format!(r#"{{"name": "f{}", "parameters": {parameters}}}"#, 9 - place));
        let text = list(&functions.collect::<Vec<_>>().join(","));
        if let Ok(parsed) = BridgeDump::parse("list", text.as_bytes()) {
            let canonical = parsed.canonical();
            let again = BridgeDump::parse("list", canonical.as_bytes()).expect("the canonical form is a list");
            prop_assert_eq!(again.canonical(), canonical);
            prop_assert_eq!(&again, &parsed);
            prop_assert!(parsed.diff(&again).changes.is_empty());
            prop_assert_eq!(parsed.listing("list").functions().len(), parsed.functions.len());
        }
    }
}
