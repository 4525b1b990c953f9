//! What the effect of a function means for assistants.

use mailstore_transport::Effect;
use rmcp::model::ToolAnnotations;

/// Returns whether a call needs a confirmation by the person at the terminal: it may delete or move data, lock users out,
/// or change data in a way that cannot be undone, or its effect is unknown.
pub fn needs_confirmation(effect: Effect) -> bool {
    !matches!(
        effect,
        Effect::Read | Effect::Set | Effect::Replace | Effect::Create | Effect::Action
    )
}

/// Returns the hints of a tool. In the protocol, a tool that is not destructive only adds something, so a tool that
/// replaces a value is destructive, too.
pub(crate) fn hints(effect: Effect) -> ToolAnnotations {
    let only_adds = matches!(effect, Effect::Read | Effect::Create | Effect::Action);
    let is_idempotent = matches!(effect, Effect::Read | Effect::Set | Effect::Replace);
    ToolAnnotations::new()
        .read_only(effect.only_reads())
        .destructive(!only_adds)
        .idempotent(is_idempotent)
        .open_world(false)
}

/// Returns what a call may do, for the person who confirms it.
pub(crate) fn danger(effect: Effect) -> &'static str {
    match effect {
        Effect::Destructive => "It may delete or move data, or lock users out.",
        Effect::Maintenance => "It rewrites data. Some of the changes cannot be undone.",
        _ => "Its effect is unknown: it may delete data.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_call_with_a_confirmation_is_destructive_and_not_read_only() {
        for effect in Effect::ALL {
            let hints = hints(effect);
            assert_eq!(hints.read_only_hint, Some(effect == Effect::Read), "{effect}");
            if needs_confirmation(effect) {
                assert_eq!(hints.destructive_hint, Some(true), "{effect}");
                assert_eq!(hints.idempotent_hint, Some(false), "{effect}");
            }
        }
        assert!(needs_confirmation(Effect::Unknown));
        assert!(needs_confirmation(Effect::Destructive));
        assert!(!needs_confirmation(Effect::Set));
    }
}
