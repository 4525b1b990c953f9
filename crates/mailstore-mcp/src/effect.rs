//! What the effect of a function means for assistants.

use mailstore_transport::Effect;
use rmcp::model::ToolAnnotations;

/// Returns whether a call needs a confirmation by the person at the terminal: it may delete or move data, lock users out,
/// or change data in a way that cannot be undone, its effect is unknown, or its arguments decide what it does.
pub fn needs_confirmation(function: &str, effect: Effect) -> bool {
    danger(function, effect).is_some()
}

/// Returns the hints of a tool. In the protocol, a tool that is not destructive only adds something, so a tool that
/// replaces a value is destructive, too.
///
/// A call of the effect `action` makes the server do anything, such as sending mail to another server.
pub(crate) fn hints(function: &str, effect: Effect) -> ToolAnnotations {
    let only_adds = matches!(effect, Effect::Read | Effect::Create) && !needs_confirmation(function, effect);
    let is_idempotent = matches!(effect, Effect::Read | Effect::Set | Effect::Replace);
    ToolAnnotations::new()
        .read_only(effect.only_reads())
        .destructive(!only_adds)
        .idempotent(is_idempotent)
        .open_world(matches!(effect, Effect::Action | Effect::Unknown))
}

/// Returns what a call may do, if a person must confirm it.
pub(crate) fn danger(function: &str, effect: Effect) -> Option<&'static str> {
    match effect {
        Effect::Maintenance => Some("It rewrites data. Some of the changes cannot be undone."),
        _ => mailstore_reach::danger(function, effect),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_call_with_a_confirmation_is_destructive_and_not_read_only() {
        for effect in Effect::ALL {
            let hints = hints("GetUsers", effect);
            assert_eq!(hints.read_only_hint, Some(effect == Effect::Read), "{effect}");
            if needs_confirmation("GetUsers", effect) {
                assert_eq!(hints.destructive_hint, Some(true), "{effect}");
                assert_eq!(hints.idempotent_hint, Some(false), "{effect}");
            }
        }
        assert!(needs_confirmation("X", Effect::Unknown));
        assert!(needs_confirmation("X", Effect::Destructive));
        assert!(!needs_confirmation("X", Effect::Set));
    }
}
