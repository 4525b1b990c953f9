//! Misbehaving on purpose: which fault meets which request.
//!
//! A [`Fault`] is what goes wrong, a [`Rule`] says when, and an [`Injection`] is a rule at work in a simulator.

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
