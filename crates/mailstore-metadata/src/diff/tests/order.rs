//! Tests of arguments in another order.

use super::super::{Consequence, Verdict, What};
use super::{changes, only};

#[test]
fn required_arguments_of_one_type_that_swap_are_a_silent_danger() {
    let change = only("F from to", "F to from");
    assert_eq!(
        (change.generated, change.positional, change.breaks_built_programs),
        (Consequence::SilentDanger, Consequence::SilentDanger, false)
    );
    assert!(
        change
            .meaning()
            .contains("values go to the wrong arguments: from `from` to `to`, from `to` to `from`."),
        "{}",
        change.meaning()
    );
    assert_eq!(Verdict::of([&change]), Verdict::Major);
}

#[test]
fn required_arguments_of_different_types_that_swap_break() {
    assert_eq!(
        changes("F id:n all:b", "F all:b id:n"),
        ["`all` moved from 2nd to 1st place: Breaking, Breaking"]
    );
}

/// Only the string goes to the place of the number; the number does not go to the place of the string.
#[test]
fn generated_code_checks_types_and_positional_strings_accept_any_value() {
    assert_eq!(
        changes("F id:n name", "F name id:n"),
        ["`name` moved from 2nd to 1st place: Breaking, Breaking"]
    );
    assert_eq!(
        changes("F id:n? name?", "F name?"),
        [
            "optional argument `id?: number` removed from 1st place: Breaking, Breaking, built",
            "arguments shifted because others were added or removed: None, SilentDanger",
        ]
    );
}

#[test]
fn moved_optional_arguments_affect_only_positional_bindings() {
    let change = only("F id:n a? b? name?", "F id:n name? a? b?");
    assert_eq!(
        (change.generated, change.positional, change.severity()),
        (
            Consequence::None,
            Consequence::SilentDanger,
            Consequence::SilentDanger
        )
    );
    assert_eq!(Verdict::of([&change]), Verdict::Patch);
    assert_eq!(change.to_string(), "`name` moved from 4th to 2nd place");
    let What::Reordered { order, .. } = &change.what else {
        panic!("{change:?}");
    };
    assert_eq!(order, &["id", "name", "a", "b"]);
    assert_eq!(
        change.meaning(),
        "With bindings in which every argument is positional, such as the vendor's Python wrapper, calls still \
         run, but values go to the wrong arguments: from `a` to `name`, from `b` to `a`, from `name` to `b`. Generated \
         clients are not affected: they set optional arguments by name, and the required arguments keep their order."
    );
}

/// The compiler reports the missing argument, but not the two that swapped.
#[test]
fn a_swap_beside_an_error_is_still_a_silent_danger() {
    assert_eq!(
        changes("F from to", "F to from owner"),
        [
            "new required argument `owner: string` in 3rd place: Breaking, Breaking, built",
            "`to` moved from 2nd to 1st place: SilentDanger, SilentDanger",
        ]
    );
}

#[test]
fn moving_an_optional_argument_past_required_ones_does_not_affect_generated_code() {
    assert_eq!(
        changes("F a:n b:b?", "F b:b? a:n"),
        ["`b` moved from 2nd to 1st place: None, Breaking"]
    );
    assert_eq!(only("F a:n b:b?", "F b:b? a:n").advice(), "Nothing to do.");
}

#[test]
fn renamed_arguments_keep_their_place() {
    assert_eq!(changes("F userName a", "F userNames a").len(), 1);
    assert_eq!(
        changes("F userName a", "F a userNames"),
        [
            "`userName` likely renamed to `userNames` (88 % similar): SilentDanger, SilentDanger, built",
            "`a` moved from 2nd to 1st place: SilentDanger, SilentDanger",
        ]
    );
}
