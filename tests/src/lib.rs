//! Values and calls that the tests of the workspace share.

#[rustfmt::skip]
pub mod every_call {
    //! Every function of all editions, called once.
    pub mod server;
    pub mod server_9;
    pub mod spe;
}
pub mod values;

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
