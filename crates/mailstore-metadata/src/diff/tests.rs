//! Tests of every kind of change and its consequences.

mod arguments;
mod functions;
mod order;

use super::{Change, Diff};
use crate::{Argument, ArgumentKind, Dump, Function, Known};

/// Creates a dump from lines such as `Name path/ id:n name text?`: a function, its path if any, and its arguments.
/// Arguments are strings unless `:n`, `:b` or `:j` follows, and optional if a question mark follows.
fn dump(lines: &[&str]) -> Dump {
    Dump::from_functions(lines.iter().map(|line| function(line)).collect()).unwrap()
}

fn function(line: &str) -> Function {
    let mut words = line.split(' ');
    let name = words.next().unwrap().to_owned();
    let mut path = None;
    let mut arguments = Vec::new();
    for word in words {
        if word.ends_with('/') {
            path = Some(word.to_owned());
        } else {
            arguments.push(argument(word));
        }
    }
    Function {
        name,
        arguments,
        path,
    }
}

fn argument(word: &str) -> Argument {
    let (word, nullable) = word.strip_suffix('?').map_or((word, false), |word| (word, true));
    let (name, kind) = match word.split_once(':') {
        None => (word, ArgumentKind::String),
        Some((name, "n")) => (name, ArgumentKind::Number),
        Some((name, "b")) => (name, ArgumentKind::Bool),
        Some((name, _)) => (name, ArgumentKind::Json),
    };
    Argument {
        name: name.to_owned(),
        kind,
        nullable,
    }
}

/// Describes the changes from one line to another: the change, the consequence for generated clients, the consequence
/// for positional bindings, and `built` if programs that were built before may fail.
fn changes(old: &str, new: &str) -> Vec<String> {
    let (old, new) = (dump(&[old]), dump(&[new]));
    let diff = Diff::between(&old, &new);
    assert_eq!(diff.apply(&old).unwrap(), new);
    diff.changes().iter().map(line).collect()
}

fn line(change: &Change) -> String {
    let built = if change.breaks_built_programs {
        ", built"
    } else {
        ""
    };
    format!("{change}: {:?}, {:?}{built}", change.generated, change.positional)
}

/// Returns the only change from one line to another.
fn only(old: &str, new: &str) -> Change {
    let diff = Diff::between(&dump(&[old]), &dump(&[new]));
    assert_eq!(diff.changes().len(), 1, "{:#?}", diff.changes());
    diff.changes()[0].clone()
}

#[test]
fn a_dump_does_not_differ_from_itself() {
    let dump = dump(&["A x y? z:n", "B api/ x"]);
    let diff = Diff::between(&dump, &dump);
    assert!(diff.is_empty());
    assert_eq!(diff.verdict().to_string(), "none");
    assert_eq!(diff.apply(&dump).unwrap(), dump);
}

#[test]
fn a_diff_applies_only_to_its_old_dump() {
    let (old, new) = (dump(&["A"]), dump(&["A x"]));
    let error = Diff::between(&old, &new).apply(&new).unwrap_err();
    assert_eq!((error.expected, error.found), (old.digest(), new.digest()));
}

#[test]
fn changes_are_sorted_and_found_by_function() {
    let diff = Diff::between(&dump(&["A x", "C", "D y"]), &dump(&["A", "B", "D"]));
    let names: Vec<&str> = diff
        .changes()
        .iter()
        .map(|change| change.function.as_str())
        .collect();
    assert_eq!(names, ["A", "B", "C", "D"]);
    assert_eq!(diff.changes_of("C").len(), 1);
    assert_eq!(diff.changes_of("E").len(), 0);
    assert_eq!(
        (
            diff.before().functions,
            diff.before().arguments,
            diff.after().functions
        ),
        (3, 2, 3)
    );
}

#[test]
fn functions_with_unknown_types_are_not_compared() {
    let known = |text: &str| Dump::parse_known("test.json", text.as_bytes()).unwrap();
    let old = known(r#"[{"name": "A"}, {"name": "B"}]"#);
    let date = r#"[{"name": "at", "type": "date", "nullable": true}]"#;
    let new = known(&format!(
        r#"[{{"name": "A"}}, {{"name": "B", "args": {date}}}, {{"name": "C", "args": {date}}}]"#
    ));
    let diff = Diff::between_known(&old, &new);
    assert_eq!(diff.changes(), []);
    assert!(!diff.is_empty());
    let names: Vec<&str> = diff
        .not_compared()
        .iter()
        .map(|left_out| left_out.function.as_str())
        .collect();
    assert_eq!(names, ["B", "C"]);
    assert_eq!(diff.before().functions, 1);
    assert!(Diff::between_known(&old, &Known::from(dump(&["A", "B"]))).is_empty());
}
