//! How the tools of this workspace reach a server: which product it is, who asks, and whom to trust.
//!
//! `cargo xtask fetch` and `cargo xtask probe` take the same options and explain the same errors.

mod edition;
mod live;

pub use edition::Edition;
pub use live::{Live, Options, ask, connect, dump, edition_at, explain, known};
