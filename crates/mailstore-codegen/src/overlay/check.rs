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
        check_path(key, entry)?;
    }
    for function in file.functions.values() {
        for key in function.combine.keys() {
            name_is(is_snake(key.get_ref()), key, "a parameter", NOT_SNAKE)?;
        }
        if let Some(example) = &function.example
            && example.get_ref().contains("```")
        {
            let message = "an example is Rust code alone, without fences".to_owned();
            return Err((OverlayProblem::Toml { message }, example.span()));
        }
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
        item,
        alone,
        empty,
        rust,
        ..
    } = entry;
    match kind {
        Kind::Enum if values.is_empty() => return fault("an enum needs `values`, at least one"),
        Kind::Parts if rust.is_none() => return fault("`parts` are written by hand, so they need `rust`"),
        Kind::Set if item.is_none() || alone.is_empty() || empty.is_none() => {
            return fault("a set needs `item`, `alone` and `empty`");
        }
        _ => {}
    }
    if (item.is_some() || !alone.is_empty() || empty.is_some()) && *kind != Kind::Set {
        return fault("only a set has `item`, `alone` and `empty`");
    }
    if let Some(empty) = empty
        && !alone.contains_key(empty.get_ref().as_str())
    {
        return fault("`empty` has to be one of the words that stand `alone`");
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

/// A type that is written by hand has the same name there as in the overlay.
fn check_path(key: &Key, entry: &TypeEntry) -> Result<(), Fault> {
    let Some(path) = &entry.rust else {
        return Ok(());
    };
    let parsed: Option<syn::Path> = syn::parse_str(path.get_ref()).ok();
    let ends_in_name = parsed.is_some_and(|path| {
        path.segments.len() > 1
            && path
                .segments
                .last()
                .is_some_and(|last| last.ident == key.get_ref())
    });
    if ends_in_name {
        return Ok(());
    }
    let message = format!(
        "`rust` has to be a path to the type, such as `my_crate::{}`",
        key.get_ref()
    );
    Err((OverlayProblem::Toml { message }, path.span()))
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
