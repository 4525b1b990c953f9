//! How large the simulated Service Provider Edition of the rows `operations` is.

/// How many instances are measured.
#[derive(Clone, Copy)]
pub(crate) struct Sizes {
    pub(crate) instances: usize,
    /// The users of each instance.
    pub(crate) users: usize,
    /// The days in the history that the report is made of.
    pub(crate) days: usize,
}
