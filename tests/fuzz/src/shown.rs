//! Checks what a person sees of an error.

use std::error::Error;

/// Panics if a text of the error or of its causes can control a terminal or is empty.
///
/// Line breaks are allowed, because reports have several lines.
pub(crate) fn assert_shown(error: &(dyn Error + 'static)) {
    let mut next = Some(error);
    while let Some(error) = next {
        for text in [error.to_string(), format!("{error:?}")] {
            assert!(!text.is_empty(), "an error without a text");
            let control = text.chars().find(|letter| letter.is_control() && *letter != '\n');
            assert_eq!(control, None, "a control character in {text:?}");
        }
        next = error.source();
    }
}
