//! The clicks of the page that changed something.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use crate::refusal::Refusal;

/// The numbers of the clicks. Browsers repeat some requests by themselves, and a repeated one has the same number.
#[derive(Debug, Default)]
pub(crate) struct Clicks(Mutex<HashSet<Vec<u8>>>);

impl Clicks {
    /// The longest number, in bytes.
    const LONGEST: usize = 64;

    /// Remembers the number of a click. Returns whether it was not known. Programs that are not browsers send none.
    ///
    /// # Errors
    /// The number is too long.
    pub(crate) fn is_new(&self, number: Option<&[u8]>) -> Result<bool, Refusal> {
        let Some(number) = number else {
            return Ok(true);
        };
        if number.len() > Self::LONGEST {
            return Err(Refusal::Form("The number of the request is too long.".to_owned()));
        }
        // A panic leaves the set whole.
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(seen.insert(number.to_vec()))
    }
}
