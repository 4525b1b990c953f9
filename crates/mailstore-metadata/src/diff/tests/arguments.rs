//! Tests of added, removed and changed arguments.

use super::{changes, only};

#[test]
fn an_added_required_argument_breaks() {
    assert_eq!(
        changes("F a", "F a b:n"),
        ["new required argument `b: number` in 2nd place: Breaking, Breaking, built"]
    );
    assert_eq!(only("F a", "F a b:n").advice(), "Pass its value after `a`.");
    assert_eq!(
        only("F a?", "F b:n a?").advice(),
        "Pass its value before all other arguments."
    );
}

#[test]
fn an_added_optional_argument_adds_a_setter() {
    assert_eq!(
        changes("F a", "F a b?"),
        ["new optional argument `b?: string` in 2nd place: Additive, Additive"]
    );
}

#[test]
fn an_added_optional_argument_shifts_the_positional_arguments_after_it() {
    assert_eq!(
        changes("F a b?", "F a new? b?"),
        [
            "new optional argument `new?: string` in 2nd place: Additive, Breaking",
            "arguments shifted because others were added or removed: None, SilentDanger",
        ]
    );
    // A number is not accepted as a boolean, so the first call shows the error.
    assert_eq!(
        changes("F a b:n?", "F a new:b? b:n?"),
        ["new optional argument `new?: bool` in 2nd place: Additive, Breaking"]
    );
}

#[test]
fn a_removed_argument_breaks() {
    assert_eq!(
        changes("F a b:n", "F a"),
        ["required argument `b: number` removed from 2nd place: Breaking, Breaking, built"]
    );
    assert_eq!(
        changes("F a b?", "F a"),
        ["optional argument `b?: string` removed from 2nd place: Breaking, Breaking, built"]
    );
    assert_eq!(
        only("F a b?", "F a").meaning(),
        "The setter is removed. Calls that use it no longer compile."
    );
}

/// The number and the types of the arguments stay the same, so the compiler finds no error.
#[test]
fn a_required_argument_in_the_place_of_another_is_a_silent_danger() {
    let changes = changes("F from to", "F from owner");
    assert_eq!(
        changes,
        [
            "required argument `to: string` removed from 2nd place: Breaking, Breaking, built",
            "new required argument `owner: string` in 2nd place: Breaking, Breaking, built",
            "arguments shifted because others were added or removed: SilentDanger, SilentDanger",
        ]
    );
}

#[test]
fn a_probably_renamed_parameter_is_a_silent_danger() {
    assert_eq!(
        changes("F emailAddress", "F emailAddresses"),
        [
            "`emailAddress` likely renamed to `emailAddresses` (85 % similar): SilentDanger, SilentDanger, built"
        ]
    );
    assert_eq!(
        only("F emailAddress", "F emailAddresses").advice(),
        "Check that `emailAddresses` has the same meaning as `emailAddress`."
    );
}

#[test]
fn a_parameter_that_changes_only_in_case_is_the_same() {
    assert_eq!(
        changes("F timeZoneID", "F timeZoneId"),
        ["`timeZoneID` likely renamed to `timeZoneId` (100 % similar): None, None, built"]
    );
    assert_eq!(only("F timeZoneID", "F timeZoneId").advice(), "Nothing to do.");
}

#[test]
fn a_probably_renamed_setter_breaks() {
    assert_eq!(
        changes("F emailAddress?", "F emailAddresses?"),
        ["`emailAddress` likely renamed to `emailAddresses` (85 % similar): Breaking, SilentDanger, built"]
    );
    assert_eq!(
        only("F timeZoneID?", "F timeZoneId?").advice(),
        "Rename the setter in calls."
    );
}

#[test]
fn a_renamed_argument_can_become_required() {
    assert_eq!(
        changes("F emailAddress?", "F emailAddresses"),
        [
            "`emailAddress` likely renamed to `emailAddresses` (85 % similar): Breaking, SilentDanger, built",
            "`emailAddresses` became required: Breaking, Breaking, built",
        ]
    );
}

#[test]
fn an_argument_with_another_type_is_not_a_rename() {
    assert_eq!(changes("F emailAddress", "F emailAddresses:n").len(), 2);
}

#[test]
fn changed_types() {
    for (old, new, expected) in [
        ("F a", "F a:n", "from string to number: Breaking, Breaking, built"),
        ("F a", "F a:b", "from string to bool: Breaking, Breaking, built"),
        ("F a:n", "F a", "from number to string: Breaking, Additive"),
        ("F a:n", "F a:b", "from number to bool: Breaking, Breaking, built"),
        ("F a:b", "F a:n", "from bool to number: Breaking, Breaking, built"),
        ("F a:j", "F a:n", "from json to number: Breaking, Breaking, built"),
        // A generated client accepts any serialisable value, and a number is sent as the same text.
        ("F a:n", "F a:j", "from number to json: Additive, Additive"),
        ("F a:b?", "F a:j?", "from bool to json: Additive, Additive"),
        // A string is serialisable as well, but it is sent in quotes.
        (
            "F a",
            "F a:j",
            "from string to json: SilentDanger, SilentDanger, built",
        ),
        (
            "F a:j",
            "F a",
            "from json to string: SilentDanger, SilentDanger, built",
        ),
    ] {
        assert_eq!(changes(old, new), [format!("`a` changed its type {expected}")]);
    }
}

#[test]
fn an_argument_that_became_required_breaks() {
    assert_eq!(
        changes("F name type?", "F name type"),
        ["`type` became required: Breaking, Breaking, built"]
    );
    assert_eq!(
        only("F name type?", "F name type").advice(),
        "Pass the value after `name` instead of with the setter. Calls without the setter need a value."
    );
}

#[test]
fn an_argument_that_became_optional_breaks_only_generated_code() {
    assert_eq!(
        changes("F folder", "F folder?"),
        ["`folder` became optional: Breaking, Additive"]
    );
}

/// The number and the types of the parameters stay the same, but one of them is another argument.
#[test]
fn required_and_optional_arguments_that_swap_are_a_silent_danger() {
    assert_eq!(
        changes("F a b?", "F a? b"),
        [
            "`a` became optional: Breaking, Additive",
            "`b` became required: Breaking, Breaking, built",
            "arguments shifted because others were added or removed: SilentDanger, None",
        ]
    );
}
