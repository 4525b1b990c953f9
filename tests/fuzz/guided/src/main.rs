//! Runs one fuzz target with libFuzzer, which searches for inputs that reach new code.
//!
//! The environment variable `FUZZ_TARGET` contains the name of the target.
//! The arguments are those of libFuzzer, such as a folder of inputs and `-max_total_time=60`.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use mailstore_fuzz_targets::{TARGETS, Target};

/// The target that `FUZZ_TARGET` names.
static TARGET: LazyLock<Target> = LazyLock::new(|| {
    let name = std::env::var("FUZZ_TARGET").expect("FUZZ_TARGET contains the name of a target");
    TARGETS
        .into_iter()
        .find(|target| target.name == name)
        .unwrap_or_else(|| panic!("there is no target `{name}`"))
});

fuzz_target!(|input: &[u8]| {
    (TARGET.run)(input);
});
