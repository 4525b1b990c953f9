//! Runs the target `overlay` with libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    mailstore_fuzz_targets::overlay(bytes);
});
