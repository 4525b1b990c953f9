//! Random functions for property tests.

// Each test file uses only a part of this module.
#![allow(dead_code)]

use mailstore_metadata::{Argument, ArgumentKind, Function};
use proptest::prelude::*;
use proptest::sample::select;

/// Any valid name.
const NAME: &str = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,12}";

/// A few names, some of them similar, so that two random dumps have many names in common.
const FEW_FUNCTIONS: &str = "(GetUser|GetUsers|GetUserX|SetUser|Run)";
const FEW_ARGUMENTS: &str = "(userName|userNames|username|a|b|c|d)";

pub(crate) fn kind() -> impl Strategy<Value = ArgumentKind> {
    select(vec![
        ArgumentKind::String,
        ArgumentKind::Number,
        ArgumentKind::Bool,
        ArgumentKind::Json,
    ])
}

fn argument(names: &'static str) -> impl Strategy<Value = Argument> {
    (names, kind(), any::<bool>()).prop_map(|(name, kind, nullable)| Argument { name, kind, nullable })
}

/// Creates arguments with distinct names in any order.
fn arguments(names: &'static str) -> impl Strategy<Value = Vec<Argument>> {
    let sorted = prop::collection::vec(argument(names), 0..6).prop_map(|mut arguments| {
        arguments.sort_by(|a, b| a.name.cmp(&b.name));
        arguments.dedup_by(|a, b| a.name == b.name);
        arguments
    });
    sorted.prop_shuffle()
}

fn path() -> impl Strategy<Value = String> {
    prop::collection::vec(NAME, 1..4).prop_map(|segments| segments.join("/") + "/")
}

fn function(names: &'static str, arguments_names: &'static str) -> impl Strategy<Value = Function> {
    let path = proptest::option::of(path());
    (names, arguments(arguments_names), path).prop_map(|(name, arguments, path)| Function {
        name,
        arguments,
        path,
    })
}

fn different(names: &'static str, argument_names: &'static str) -> impl Strategy<Value = Vec<Function>> {
    prop::collection::vec(function(names, argument_names), 0..8).prop_map(|mut functions| {
        functions.sort_by(|a, b| a.name.cmp(&b.name));
        functions.dedup_by(|a, b| a.name == b.name);
        functions
    })
}

/// Creates functions with distinct names, sorted by name.
pub(crate) fn functions() -> impl Strategy<Value = Vec<Function>> {
    different(NAME, NAME)
}

/// Like `functions`, but with only a few names.
pub(crate) fn alike_functions() -> impl Strategy<Value = Vec<Function>> {
    different(FEW_FUNCTIONS, FEW_ARGUMENTS)
}
