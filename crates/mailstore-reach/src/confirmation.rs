//! Which calls a user must confirm, and what the user types to do so.

use mailstore_transport::{Effect, printable};

/// Returns what a call with this effect may do, if a user must confirm it.
pub fn danger(effect: Effect) -> Option<&'static str> {
    match effect {
        Effect::Destructive => Some("It may delete or move data, or lock users out."),
        Effect::Unknown => Some("Its effect is unknown: it may delete data."),
        _ => None,
    }
}

/// Returns the text that a user types to confirm a call: the value of its first required argument that is not a
/// secret, or the name of the function. `first` is that value.
pub fn confirmation(function: &str, first: Option<&str>) -> String {
    first
        .map(|value| printable(value).to_string())
        .filter(|value| !value.trim().is_empty())
        .unwrap_or_else(|| function.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_that_destroy_and_calls_with_an_unknown_effect_must_be_confirmed() {
        let confirmed = Effect::ALL.into_iter().filter(|effect| danger(*effect).is_some());
        let confirmed: Vec<Effect> = confirmed.collect();
        assert_eq!(confirmed, [Effect::Destructive, Effect::Unknown]);
    }

    #[test]
    fn the_text_is_the_first_argument_or_the_function() {
        assert_eq!(confirmation("DeleteUser", Some("anna")), "anna");
        assert_eq!(confirmation("DeleteUser", Some("\u{1b}[2J")), r"\u{1b}[2J");
        assert_eq!(confirmation("DeleteUser", Some(" ")), "DeleteUser");
        assert_eq!(confirmation("DeleteUser", None), "DeleteUser");
    }
}
