//! Tests of added, removed and renamed functions, and of changed paths.

use super::super::{Consequence, Diff, Verdict, What};
use super::{changes, dump, line, only};

fn lines(old: &[&str], new: &[&str]) -> Vec<String> {
    let (old, new) = (dump(old), dump(new));
    let diff = Diff::between(&old, &new);
    assert_eq!(diff.apply(&old).unwrap(), new);
    let lines = diff.changes().iter();
    lines
        .map(|change| format!("{} {}", change.function, line(change)))
        .collect()
}

#[test]
fn an_added_function_adds_a_method() {
    assert_eq!(
        lines(&[], &["GetX id:n"]),
        ["GetX new function with `id: number`: Additive, Additive"]
    );
    let diff = Diff::between(&dump(&[]), &dump(&["GetX"]));
    assert_eq!(diff.verdict(), Verdict::Minor);
    assert_eq!(diff.changes()[0].advice(), "Nothing to do.");
}

#[test]
fn a_removed_function_breaks() {
    assert_eq!(
        lines(&["GetX id:n"], &[]),
        ["GetX function with `id: number` removed: Breaking, Breaking, built"]
    );
    assert_eq!(
        Diff::between(&dump(&["GetX"]), &dump(&[])).verdict(),
        Verdict::Major
    );
}

#[test]
fn a_probable_rename_includes_the_similarity() {
    assert_eq!(
        lines(&["GetUserInfo name"], &["GetUsersInfo name"]),
        ["GetUsersInfo likely renamed from `GetUserInfo` (95 % similar): Breaking, Breaking, built"]
    );
}

#[test]
fn a_renamed_function_can_have_other_changes() {
    assert_eq!(
        lines(&["GetUserInfo api/ name x y?"], &["GetUsersInfo name y x?"]),
        [
            "GetUsersInfo likely renamed from `GetUserInfo` (95 % similar): Breaking, Breaking, built",
            "GetUsersInfo path changed from `api/` to the default `api/invoke/`: None, None, built",
            "GetUsersInfo `y` became required: Breaking, Breaking, built",
            "GetUsersInfo `x` became optional: Breaking, Additive",
            "GetUsersInfo `y` moved from 3rd to 2nd place: SilentDanger, SilentDanger",
        ]
    );
}

#[test]
fn dissimilar_functions_are_removed_and_added() {
    assert_eq!(
        lines(&["GetMessages folder"], &["SetMessages folder"]),
        [
            "GetMessages function with `folder: string` removed: Breaking, Breaking, built",
            "SetMessages new function with `folder: string`: Additive, Additive",
        ]
    );
}

#[test]
fn a_new_path_breaks_only_built_programs() {
    let change = only("GetX", "GetX api/");
    assert_eq!(
        (change.generated, change.positional, change.breaks_built_programs),
        (Consequence::None, Consequence::None, true)
    );
    assert_eq!(Verdict::of([&change]), Verdict::Patch);
    assert_eq!(change.advice(), "Regenerate the client and rebuild programs.");
}

#[test]
fn an_explicit_default_path_is_the_same_address() {
    let change = only("GetX", "GetX api/invoke/");
    assert!(matches!(change.what, What::PathChanged { .. }));
    assert!(!change.breaks_built_programs);
    assert_eq!(change.meaning(), "The address stays the same.");
    assert_eq!(changes("GetX api/", "GetX api/").len(), 0);
}
