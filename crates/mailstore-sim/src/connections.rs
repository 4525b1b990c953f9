//! Counts connections.

use std::sync::atomic::{AtomicUsize, Ordering};

/// The numbers of accepted and open connections, and the maximum number of concurrently open connections.
#[derive(Debug, Default)]
pub(crate) struct Connections {
    accepted: AtomicUsize,
    open: AtomicUsize,
    peak: AtomicUsize,
}

/// An open connection. Dropping it marks the connection as closed.
pub(crate) struct Open<'a>(&'a Connections);

impl Connections {
    /// Counts a connection that was just accepted. Only one thread accepts connections, so the peak is exact.
    pub(crate) fn accept(&self) -> Open<'_> {
        self.accepted.fetch_add(1, Ordering::AcqRel);
        let open = self.open.fetch_add(1, Ordering::AcqRel) + 1;
        self.peak.fetch_max(open, Ordering::AcqRel);
        Open(self)
    }

    pub(crate) fn accepted(&self) -> usize {
        self.accepted.load(Ordering::Acquire)
    }

    pub(crate) fn open(&self) -> usize {
        self.open.load(Ordering::Acquire)
    }

    pub(crate) fn peak(&self) -> usize {
        self.peak.load(Ordering::Acquire)
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::AcqRel);
    }
}
