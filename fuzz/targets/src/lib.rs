//! Fuzz targets. Each is a function that gives one input to the code under test, and panics if a property does not hold.
//!
//! The test of this package runs all targets on stable Rust, with the saved inputs and with changed ones.
//! `fuzz/README.md` explains how to run them with a fuzzer.

mod client;
mod dump;
mod envelope;
mod form;
mod log;
mod overlay;
mod results;
mod shown;
mod token;

pub use dump::dump;
pub use envelope::envelope;
pub use form::form;
pub use log::log;
pub use overlay::overlay;
pub use results::results;
pub use token::token;

/// Every target with its name, which is also the name of its folder of saved inputs.
pub const TARGETS: [(&str, fn(&[u8]) -> bool); 7] = [
    ("dump", dump),
    ("envelope", envelope),
    ("form", form),
    ("log", log),
    ("overlay", overlay),
    ("results", results),
    ("token", token),
];
