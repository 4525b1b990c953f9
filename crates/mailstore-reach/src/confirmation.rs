//! Which calls a user must confirm, and what the user types to do so.

use mailstore_metadata::INSTANCE_ARGUMENT;
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

/// Returns the text that a user types to confirm a call. `required` are the names and values of its required arguments
/// that are not secret, in their order.
///
/// It is the value of the first one. The instance counts only if there is no other one, because it is the same for
/// many calls. Without a value, it is the name of the function.
pub fn confirmation<'a>(function: &str, required: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut instance = None;
    let mut required = required.into_iter();
    let first = required.find_map(|(name, value)| {
        if name == INSTANCE_ARGUMENT {
            instance = Some(value);
            return None;
        }
        Some(value)
    });
    first
        .or(instance)
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
        let text = |value| confirmation("DeleteUser", [("userName", value), ("id", "7")]);
        assert_eq!(text("anna"), "anna");
        assert_eq!(text("\u{1b}[2J"), r"\u{1b}[2J");
        assert_eq!(text(" "), "DeleteUser");
        assert_eq!(confirmation("DeleteUser", []), "DeleteUser");
    }

    #[test]
    fn the_instance_is_the_text_only_if_there_is_no_other_argument() {
        let instance = ("instanceID", "example");
        let arguments = [instance, ("userName", "anna")];
        assert_eq!(confirmation("DeleteUser", arguments), "anna");
        assert_eq!(confirmation("DeleteInstance", [instance]), "example");
    }
}
