//! Finds the Pythons of this machine, for tests of the bridge to Python modules.

mod check;
mod python;

pub use check::check_bridge;
pub use python::Python;
