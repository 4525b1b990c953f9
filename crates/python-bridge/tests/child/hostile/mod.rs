//! The faults of Python modules, with a module that has them all. Each fault has a test here or in a neighbouring file.
//!
//! | Fault | Tests |
//! | --- | --- |
//! | prints in the stream | `streams` |
//! | encoding | `streams::text_survives_an_ascii_locale`, `values` |
//! | full pipe of the standard error | `streams::a_megabyte_on_the_standard_error_does_not_block` |
//! | ended processes that were not waited for, and orphans | `scene` (after every test), `orphans`, `endings`, `exits` |
//! | exceptions and exits | `exceptions`, `exits` |
//! | numbers, bytes, keys, times | `values` |
//! | objects | `objects`, `handles` |
//! | one client on the loopback address, which proves that it knows the token | `loopback`, `strangers` |
//! | evaluation of names | `names`, `calls::names_outside_the_list_are_refused_on_both_sides` |
//! | versions | `names::a_missing_function_is_known_before_it_is_called`, `start::hello_says_what_was_started` |
//! | long calls | `endings::a_timeout_ends_python`, `exits::a_process_that_stopped_itself_is_ended`, `waits` |
//! | secrets in errors, logs and lists of processes | `secrets`, `canaries`, `events` |

mod exceptions;
mod exits;
mod names;
mod objects;
mod streams;
mod values;
mod waits;

use std::path::{Path, PathBuf};

use python_bridge::{Argument, ArgumentKind, Builder, Class, Connection, Effect, Function, Surface};

use crate::support::interpreter;

const fn any(name: &'static str) -> Argument {
    Argument::new(name, ArgumentKind::Any)
}

macro_rules! functions {
    ($($text:literal $effect:ident [$($argument:literal),*])*) => {
        Surface::new("hostile", "Hostile").functions(&[$(
            &const {
                const ARGUMENTS: &[Argument] = &[$(any($argument)),*];
                Function::new($text).effect(Effect::$effect).arguments(ARGUMENTS)
            }
        ),*])
    };
}

static SURFACE: Surface = functions! {
    "alive" Read []
    "bad_moment" Read []
    "bad_subclasses" Read []
    "called" Read []
    "child_descriptors" Read []
    "closes_everything" Action []
    "closes_output" Action []
    "contains_itself" Read []
    "dies" Action ["status"]
    "echo" Read ["value"]
    "enormous_integer" Read []
    "exits" Action []
    "floods_errors" Read ["size"]
    "forks" Action []
    "generator" Read []
    "interrupts" Action []
    "is_signalled" Action []
    "job" Read ["name"]
    "jobs" Read ["count"]
    "leaves_thread" Action []
    "lone_surrogate" Read []
    "long_text" Read []
    "name_of" Read ["job"]
    "nasty" Read []
    "nasty_class" Read []
    "nested" Read ["depth"]
    "not_there" Read []
    "prints" Read ["text"]
    "prints_from_c" Read []
    "raises" Read []
    "raises_long" Read []
    "raises_unprintable" Read []
    "reads_input" Read []
    "really_interrupts" Action []
    "recurses" Read []
    "replaces_itself" Action []
    "same" Read ["value", "number"]
    "starts_child" Read []
    "stops_itself" Action []
    "values" Read []
    "waits" Action ["path"]
    "writes_to_descriptor" Read []
};

/// Calls that only read.
static READING: Surface = functions! {
    "dies" Read ["status"]
    "stops_itself" Read []
    "waits" Read ["path"]
};

const JOB: Class = Class::new("MJob")
    .snapshot(&["getName", "getPriority", "getParent"])
    .methods(&["getName", "setName", "getPriority", "exits"]);

fn modules() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/bridge/python")
}

fn builder() -> Builder {
    interpreter()
        .module("hostile")
        .module_path(modules())
        .surface(&SURFACE)
        .constants(["LIMIT", "NAMES"])
        .classes(&[JOB])
}

async fn open() -> Connection {
    builder().spawn().await.expect("the hostile module starts")
}
