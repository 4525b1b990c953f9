//! The cause of an error.

use std::error::Error;

/// The error that led to another one.
pub(crate) type Cause = Box<dyn Error + Send + Sync>;
