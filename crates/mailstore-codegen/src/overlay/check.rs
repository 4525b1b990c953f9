//! What can be wrong with an overlay as it stands, whatever dump it is used with.

use std::ops::Range;

use toml::Spanned;

use super::file::{File, HandleEntry, Key, Kind, TypeEntry};
use crate::error::OverlayProblem;
use crate::names::{is_camel, is_keyword, is_snake};
use crate::reserved;

/// What is wrong, and where.
pub(super) type Fault = (OverlayProblem, Range<usize>);

pub(crate) const NOT_SNAKE: &str =
    "it has to be snake case, that is a small letter, then small letters, digits and single `_`";
pub(crate) const NOT_CAMEL: &str =
    "it has to be upper camel case, that is a capital letter, then letters and digits";
const TAKEN: &str = "generated code uses that name itself";

pub(super) fn check(file: &File) -> Result<(), Fault> {
    if let Some(surface) = &file.surface {
        let name = surface.name.get_ref();
        name_is(
            is_snake(name) && !is_keyword(name),
            &surface.name,
            "an edition",
            NOT_SNAKE,
        )?;
        name_is(name != "types", &surface.name, "an edition", TAKEN)?;
        surface.handle.as_ref().map_or(Ok(()), check_handle)?;
    }
    for key in file.groups.keys() {
        name_is(is_snake(key.get_ref()), key, "a group", NOT_SNAKE)?;
        name_is(
            !reserved::MODULES.contains(&key.get_ref().as_str()),
            key,
            "a group",
            TAKEN,
        )?;
    }
    for (key, entry) in &file.types {
        check_type_name(key, "a type")?;
        check_members(key, entry)?;
    }
    let arguments = file
        .functions
        .values()
        .flat_map(|function| function.args.values());
    let fields = file.types.values().flat_map(|entry| entry.fields.values());
    let named = arguments
        .map(|argument| (&argument.name, "an argument"))
        .chain(fields.map(|field| (&field.name, "a field")));
    for (name, what) in named {
        if let Some(name) = name {
            name_is(is_snake(name.get_ref()), name, what, NOT_SNAKE)?;
        }
    }
    Ok(())
}

fn check_handle(handle: &HandleEntry) -> Result<(), Fault> {
    check_type_name(&handle.name, "a handle")?;
    let method = handle.method.get_ref();
    name_is(is_snake(method), &handle.method, "a method", NOT_SNAKE)?;
    name_is(
        !reserved::METHODS.contains(&method.as_str()),
        &handle.method,
        "a method",
        TAKEN,
    )
}

fn check_type_name(name: &Spanned<String>, what: &'static str) -> Result<(), Fault> {
    name_is(is_camel(name.get_ref()), name, what, NOT_CAMEL)?;
    name_is(
        !reserved::TYPES.contains(&name.get_ref().as_str()),
        name,
        what,
        TAKEN,
    )
}

/// A type has the members of its kind, and no others.
fn check_members(key: &Key, entry: &TypeEntry) -> Result<(), Fault> {
    let fault = |message: &str| {
        let message = format!("type {}: {message}", key.get_ref());
        Err((OverlayProblem::Toml { message }, key.span()))
    };
    let TypeEntry {
        kind,
        of,
        values,
        otherwise,
        fields,
        ..
    } = entry;
    match kind {
        Kind::Enum if values.is_empty() => return fault("an enum needs `values`, at least one"),
        Kind::Struct if fields.is_empty() => return fault("a struct needs `fields`, at least one"),
        _ => {}
    }
    if of.is_some() && *kind != Kind::Id {
        return fault("only an id has `of`");
    }
    if (otherwise.is_some() || !values.is_empty()) && *kind != Kind::Enum {
        return fault("only an enum has `values` and `otherwise`");
    }
    if !fields.is_empty() && *kind != Kind::Struct {
        return fault("only a struct has `fields`");
    }
    Ok(())
}

fn name_is(
    good: bool,
    name: &Spanned<String>,
    what: &'static str,
    reason: &'static str,
) -> Result<(), Fault> {
    if good {
        return Ok(());
    }
    let problem = OverlayProblem::BadName {
        name: name.get_ref().clone(),
        what,
        reason,
    };
    Err((problem, name.span()))
}
