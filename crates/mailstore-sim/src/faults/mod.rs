//! Injected faults.
//!
//! A [`Fault`] is a kind of failure. A [`Rule`] is a fault with the requests to which it applies. An [`Injection`] is
//! an active rule of a simulator.

mod fault;
mod grammar;
mod injection;
mod phase;
mod rule;
mod wrong_rule;

pub use fault::Fault;
pub(crate) use fault::{Cut, Kind, Point};
pub use injection::Injection;
pub(crate) use injection::{Faults, Occasion, Report};
pub use phase::Phase;
pub use rule::Rule;
pub use wrong_rule::WrongRule;
