//! Runs every target with the saved inputs, and with inputs that are changed from them.

use std::fs;
use std::path::Path;

use mailstore_fuzz_targets::{TARGETS, Target};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, TestRunner};

/// Changed inputs of each target. `PROPTEST_CASES` sets another number.
const CASES: u32 = 200;

fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    let files = fs::read_dir(&folder).expect("every target has saved inputs");
    let mut paths: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
    paths.sort();
    paths
        .iter()
        .map(|path| fs::read(path).expect("an input"))
        .collect()
}

#[test]
fn every_target_runs_with_its_saved_inputs_and_accepts_some() {
    for Target { name, run } in TARGETS {
        let inputs = corpus(name);
        assert!(inputs.len() >= 3, "{name} has {} saved inputs", inputs.len());
        let valid = inputs.iter().filter(|input| run(input)).count();
        assert!(valid > 0, "no saved input of {name} is valid");
        run(&[]);
    }
}

/// One change of an input.
#[derive(Clone, Debug)]
enum Edit {
    Remove(Index, usize),
    Insert(Index, Vec<u8>),
    Replace(Index, u8),
    /// Copies a part of the input to another place.
    Copy(Index, usize, Index),
}

/// Strings with a meaning in JSON, TOML, forms or logs.
const MEANINGFUL: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "\"",
    ":",
    ",",
    "null",
    "true",
    "1e999",
    "-0",
    "\\u0000",
    "\\ud800",
    "\r",
    "\n",
    "\r\n",
    "\0",
    "=",
    "&",
    "%",
    "+",
    "\u{feff}",
    "\u{202e}",
    "\u{1b}[2J",
    "'",
    "[[",
    "]]",
    "18446744073709551616",
];

/// Bytes to insert.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        3 => prop::sample::select(MEANINGFUL).prop_map(|text| text.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 1..8),
    ]
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let edit = prop_oneof![
        (any::<Index>(), 1_usize..40).prop_map(|(at, length)| Edit::Remove(at, length)),
        (any::<Index>(), bytes()).prop_map(|(at, bytes)| Edit::Insert(at, bytes)),
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Edit::Replace(at, byte)),
        (any::<Index>(), 1_usize..60, any::<Index>())
            .prop_map(|(from, length, to)| Edit::Copy(from, length, to)),
    ];
    prop::collection::vec(edit, 0..6)
}

fn edited(mut input: Vec<u8>, edits: &[Edit]) -> Vec<u8> {
    for edit in edits {
        let place = |index: &Index| index.index(input.len() + 1);
        match edit {
            Edit::Remove(at, length) => {
                let start = place(at);
                input.drain(start..(start + length).min(input.len()));
            }
            Edit::Insert(at, bytes) => {
                let at = place(at);
                input.splice(at..at, bytes.iter().copied());
            }
            Edit::Replace(at, byte) => {
                let at = place(at);
                if let Some(old) = input.get_mut(at) {
                    *old = *byte;
                }
            }
            Edit::Copy(from, length, to) => {
                let (start, to) = (place(from), place(to));
                let part = input[start..(start + length).min(input.len())].to_vec();
                input.splice(to..to, part);
            }
        }
    }
    input
}

/// Runs one target with changed inputs.
fn run_changed(name: &str) {
    let target = TARGETS
        .into_iter()
        .find(|target| target.name == name)
        .expect("the name of a target");
    let saved = corpus(name);
    let default = Config::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() {
        default.cases
    } else {
        CASES
    };
    let config = Config {
        cases,
        failure_persistence: None,
        ..default
    };
    let inputs = (any::<Index>(), edits()).prop_map(|(which, edits)| {
        let input = saved[which.index(saved.len())].clone();
        edited(input, &edits)
    });
    TestRunner::new(config)
        .run(&inputs, |input| {
            (target.run)(&input);
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{name}: {error}"));
}

macro_rules! changed_inputs {
    ($($test:ident: $target:literal)*) => {
        $(#[test]
        fn $test() {
            run_changed($target);
        })*

        #[test]
        fn every_target_runs_with_changed_inputs() {
            assert_eq!(TARGETS.map(|target| target.name), [$($target),*]);
        }
    };
}
changed_inputs! {
    changed_function_lists: "dump"
    changed_responses: "envelope"
    changed_forms: "form"
    changed_logs: "log"
    changed_overlays: "overlay"
    changed_results: "results"
    changed_tokens: "token"
}
