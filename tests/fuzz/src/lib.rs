//! Fuzz targets. Each is a function that gives one input to the code under test, and panics if a property does not hold.
//!
//! The test of this package runs all targets on stable Rust, with the saved inputs and with changed ones.
//! `README.md` lists the properties.

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

/// A target.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The name of the target and of its folder of saved inputs.
    pub name: &'static str,
    /// Runs one input. Returns whether it is valid.
    pub run: fn(&[u8]) -> bool,
}

impl Target {
    const fn new(name: &'static str, run: fn(&[u8]) -> bool) -> Self {
        Self { name, run }
    }
}

/// Every target.
pub const TARGETS: [Target; 7] = [
    Target::new("dump", dump),
    Target::new("envelope", envelope),
    Target::new("form", form),
    Target::new("log", log),
    Target::new("overlay", overlay),
    Target::new("results", results),
    Target::new("token", token),
];
