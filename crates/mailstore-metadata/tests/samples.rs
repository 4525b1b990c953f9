//! Tests of the dumps of the workspace, which are in canonical form.
//!
//! The dumps are outside this crate, so this file is not part of the published package.

use std::path::Path;

use mailstore_metadata::{Dump, Edition, low_level};
use sha2::{Digest, Sha256};

const SAMPLES: [(&str, usize); 3] = [
    ("server-9.json", 51),
    ("server-24.json", 89),
    ("spe-24.json", 122),
];

fn sample(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../metadata/mailstore")
        .join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn parse(name: &str, text: &str) -> Dump {
    Dump::parse(name, text.as_bytes()).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn samples_are_reproduced_byte_for_byte() {
    for (name, count) in SAMPLES {
        let text = sample(name);
        let dump = parse(name, &text);
        assert_eq!(dump.functions().len(), count, "{name}");
        assert_eq!(dump.canonical(), text, "{name}");
        let digest: String = Sha256::digest(&text)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(dump.digest().to_string(), digest, "{name}");
    }
}

/// A server sends a byte order mark and a single line.
#[test]
fn samples_are_the_same_in_the_form_of_a_server() {
    for (name, _) in SAMPLES {
        let text = sample(name);
        let compact: String = text.lines().flat_map(|line| line.trim().split(' ')).collect();
        let dump = parse(name, &format!("\u{feff}{compact}"));
        assert_eq!(dump.canonical(), text, "{name}");
    }
}

#[test]
fn samples_omit_the_low_level_operations() {
    for (name, _) in SAMPLES {
        let dump = parse(name, &sample(name));
        assert!(
            low_level()
                .iter()
                .all(|operation| dump.function(&operation.name).is_none()),
            "{name}"
        );
    }
}

/// Every truncation of a real dump is detected, and the reported place is in the remaining text.
#[test]
fn samples_truncated_anywhere_are_rejected() {
    let text = sample("server-9.json");
    let end = text.trim_end().len();
    for length in 0..end {
        let rest = &text[..length];
        let error = Dump::parse("cut.json", rest.as_bytes()).expect_err("the list is not closed");
        let line = rest.lines().nth(error.line() - 1).unwrap_or_default();
        assert!(
            error.column() <= line.chars().count().max(1),
            "{error} at {length}"
        );
    }
    assert!(Dump::parse("whole.json", &text.as_bytes()[..end]).is_ok());
}

#[test]
fn any_part_of_a_sample_determines_its_edition() {
    let editions = [Edition::Server, Edition::Server, Edition::Spe];
    for ((name, _), edition) in SAMPLES.into_iter().zip(editions) {
        let dump = parse(name, &sample(name));
        assert_eq!(Edition::of(&dump), Some(edition), "{name}");
        for function in dump.functions() {
            let part = dump.filter(|name| name == function.name);
            assert_eq!(Edition::of(&part), Some(edition), "{name}: {}", function.name);
        }
        assert!(dump.function(edition.info_function()).is_some(), "{name}");
    }
}
