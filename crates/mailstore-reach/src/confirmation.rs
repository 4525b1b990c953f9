//! Which calls a user must confirm, and what the user types to do so.

use mailstore_transport::{Effect, printable};

/// Functions that may delete data, or send it elsewhere, if their arguments or the stored object say so. Their effect
/// does not show it: a job runs any command, a profile may delete mail from a mailbox or export the archive, and a
/// retention policy deletes mail later.
const DECIDED_BY_ARGUMENTS: [&str; 7] = [
    "CreateJob",
    "CreateProfile",
    "RunJobAsync",
    "RunProfile",
    "RunTemporaryProfile",
    "SetComplianceConfiguration",
    "SetRetentionPolicies",
];

/// Returns what a call of this function may do, if a user must confirm it.
pub fn danger(function: &str, effect: Effect) -> Option<&'static str> {
    match effect {
        _ if DECIDED_BY_ARGUMENTS.contains(&function) => {
            Some("It may delete data or send data to another server. This depends on its settings.")
        }
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
        let confirmed = Effect::ALL
            .into_iter()
            .filter(|effect| danger("GetUsers", *effect).is_some());
        let confirmed: Vec<Effect> = confirmed.collect();
        assert_eq!(confirmed, [Effect::Destructive, Effect::Unknown]);
    }

    #[test]
    fn functions_whose_arguments_decide_what_they_do_must_be_confirmed() {
        assert!(danger("CreateJob", Effect::Create).is_some());
        assert!(danger("RunJobAsync", Effect::Action).is_some());
        assert!(danger("CreateUser", Effect::Create).is_none());
    }

    #[test]
    fn the_text_is_the_first_argument_or_the_function() {
        assert_eq!(confirmation("DeleteUser", Some("anna")), "anna");
        assert_eq!(confirmation("DeleteUser", Some("\u{1b}[2J")), r"\u{1b}[2J");
        assert_eq!(confirmation("DeleteUser", Some(" ")), "DeleteUser");
        assert_eq!(confirmation("DeleteUser", None), "DeleteUser");
    }
}
