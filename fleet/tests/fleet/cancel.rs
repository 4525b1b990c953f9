//! Cancelled calls.
