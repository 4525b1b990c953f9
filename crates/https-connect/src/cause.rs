//! The cause of an error.

use std::error::Error;

/// The error that led to another one.
pub type Cause = Box<dyn Error + Send + Sync>;
