//! Creates the handle: the type that adds one argument to every call.

use super::types::{TypeUse, bad_name, misfit};
use crate::error::OverlayError;
use crate::model::{Handle, Shape, Type};
use crate::names::{Name, Scope};
use crate::overlay::Overlays;
use crate::reserved;

pub(super) fn handle(overlays: Overlays<'_>, used: &mut TypeUse) -> Result<Option<Handle>, OverlayError> {
    let Some(surface) = overlays.surface() else {
        return Ok(None);
    };
    let Some(entry) = &surface.what.handle else {
        return Ok(None);
    };
    let ty = surface.with(&entry.ty);
    let id = overlays.type_of(ty)?;
    if !matches!(
        id,
        Type::Named {
            shape: Shape::TextId,
            ..
        }
    ) {
        return Err(misfit(ty, "the type of a handle must be an id of strings"));
    }
    // The handle belongs to no topic, so its type is in the shared module.
    used.note_sent(&id, reserved::SHARED_TYPES);
    let reason = "a type has this name";
    let mut types = Scope::without(overlays.type_names());
    let name = types
        .claim_exactly(entry.name.get_ref())
        .ok_or_else(|| bad_name(surface.with(&entry.name), "a handle", reason))?;
    Ok(Some(Handle {
        argument: entry.argument.get_ref().clone(),
        name,
        method: Name::given(entry.method.get_ref()),
        id,
        doc: entry.doc.clone(),
    }))
}
