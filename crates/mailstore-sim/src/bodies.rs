//! Limits the memory of the request bodies of all connections together.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Maximum size of the bodies that all connections hold.
const LIMIT: usize = 64 * 1024 * 1024;

/// The size of the bodies that all connections hold, in bytes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bodies(Arc<AtomicUsize>);

/// The part of one body. Dropping it releases the memory.
#[derive(Debug)]
pub(crate) struct Held {
    bodies: Bodies,
    size: usize,
}

impl Bodies {
    /// Starts to hold a body.
    pub(crate) fn hold(&self) -> Held {
        Held {
            bodies: self.clone(),
            size: 0,
        }
    }
}

impl Held {
    /// Adds bytes to the body. Returns whether the limit allows it.
    pub(crate) fn grow(&mut self, size: usize) -> bool {
        let all = self.bodies.0.fetch_add(size, Ordering::AcqRel) + size;
        self.size += size;
        all <= LIMIT
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.bodies.0.fetch_sub(self.size, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_bodies_together_are_limited() {
        let bodies = Bodies::default();
        let (mut first, mut second) = (bodies.hold(), bodies.hold());
        assert!(first.grow(LIMIT / 2) && second.grow(LIMIT / 2));
        assert!(!second.grow(1));
        drop(second);
        assert!(first.grow(LIMIT / 2));
        drop(first);
        assert_eq!(bodies.0.load(Ordering::Acquire), 0);
    }
}
