//! Checks an overlay without a dump.

use std::ops::Range;

use toml::Spanned;

use super::file::{File, FunctionEntry, HandleEntry, Key, Kind, TypeEntry};
use crate::error::OverlayProblem;
use crate::names::{is_camel, is_keyword, is_snake};
use crate::reserved;
use crate::target::Target;

/// A problem and its place.
pub(super) type Fault = (OverlayProblem, Range<usize>);

pub(crate) const NOT_SNAKE: &str =
    "it must be snake case: a lower-case letter, then lower-case letters, digits and single `_`";
pub(crate) const NOT_CAMEL: &str =
    "it must be upper camel case: an upper-case letter, then letters and digits";
const TAKEN: &str = "generated code already uses this name";
const DEVICE: &str = "Windows reserves this file name for a device";

pub(super) fn check(target: &Target, file: &File) -> Result<(), Fault> {
    if let Some(surface) = &file.surface {
        let name = surface.name.get_ref();
        name_is(
            is_snake(name) && !is_keyword(name),
            &surface.name,
            "an edition",
            NOT_SNAKE,
        )?;
        name_is(name != "types", &surface.name, "an edition", TAKEN)?;
        name_is(!reserved::is_device(name), &surface.name, "an edition", DEVICE)?;
        surface
            .handle
            .as_ref()
            .map_or(Ok(()), |handle| check_handle(target, handle))?;
    }
    for key in file.groups.keys() {
        name_is(is_snake(key.get_ref()), key, "a group", NOT_SNAKE)?;
        name_is(
            reserved::modules(target).all(|taken| taken != key.get_ref()),
            key,
            "a group",
            TAKEN,
        )?;
        name_is(!reserved::is_device(key.get_ref()), key, "a group", DEVICE)?;
    }
    for (key, entry) in &file.types {
        check_type_name(target, key, "a type")?;
        check_members(key, entry)?;
        check_path(key, entry)?;
    }
    file.functions.values().try_for_each(check_function)?;
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

fn check_handle(target: &Target, handle: &HandleEntry) -> Result<(), Fault> {
    check_type_name(target, &handle.name, "a handle")?;
    let method = handle.method.get_ref();
    name_is(is_snake(method), &handle.method, "a method", NOT_SNAKE)?;
    name_is(
        reserved::methods(target).all(|taken| taken != method),
        &handle.method,
        "a method",
        TAKEN,
    )
}

fn check_function(function: &FunctionEntry) -> Result<(), Fault> {
    for (key, entry) in &function.combine {
        name_is(is_snake(key.get_ref()), key, "a parameter", NOT_SNAKE)?;
        if entry.arguments.is_empty() {
            return fault("`arguments` must list the arguments to combine", key);
        }
    }
    for argument in function.args.values() {
        if let (Some(name), Some(_)) = (&argument.name, &argument.fixed) {
            return fault(
                "a `fixed` argument is never a parameter, so remove its `name`",
                name,
            );
        }
    }
    match &function.example {
        Some(example) if example.get_ref().contains("```") => {
            fault("an example must be Rust code without fences", example)
        }
        _ => Ok(()),
    }
}

fn check_type_name(target: &Target, name: &Spanned<String>, what: &'static str) -> Result<(), Fault> {
    name_is(is_camel(name.get_ref()), name, what, NOT_CAMEL)?;
    name_is(
        reserved::types(target).all(|taken| taken != name.get_ref()),
        name,
        what,
        TAKEN,
    )
}

/// Checks that a type has the required members of its kind and no members of other kinds.
fn check_members(key: &Key, entry: &TypeEntry) -> Result<(), Fault> {
    let wrong = |message: &str| fault(&format!("type {}: {message}", key.get_ref()), key);
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
        Kind::Enum if values.is_empty() => return wrong("an enum needs at least one of `values`"),
        Kind::Parts if rust.is_none() => {
            return wrong("a type of the kind `parts` is hand-written, so it needs `rust`");
        }
        Kind::Set if item.is_none() || alone.is_empty() || empty.is_none() => {
            return wrong("a set needs `item`, `alone` and `empty`");
        }
        _ => {}
    }
    if (item.is_some() || !alone.is_empty() || empty.is_some()) && *kind != Kind::Set {
        return wrong("only a set can have `item`, `alone` and `empty`");
    }
    if let Some(empty) = empty
        && !alone.contains_key(empty.get_ref().as_str())
    {
        return fault("`empty` must be one of the words in `alone`", empty);
    }
    if let Some(word) = alone.keys().find(|word| !can_be_listed(word.get_ref())) {
        return fault(NOT_LISTED, word);
    }
    if of.is_some() && *kind != Kind::Id {
        return wrong("only an id can have `of`");
    }
    if (otherwise.is_some() || !values.is_empty()) && *kind != Kind::Enum {
        return wrong("only an enum can have `values` and `otherwise`");
    }
    if !fields.is_empty() && *kind != Kind::Struct {
        return wrong("only a struct can have `fields`");
    }
    Ok(())
}

/// Whether a word can be sent in a list that is separated by commas.
pub(crate) fn can_be_listed(word: &str) -> bool {
    !word.is_empty() && !word.contains(',')
}

const NOT_LISTED: &str = "a word of a set cannot be empty or contain a comma, because commas separate words";

/// Checks that the path of a hand-written type ends with the name of the type in the overlay.
fn check_path(key: &Key, entry: &TypeEntry) -> Result<(), Fault> {
    let Some(path) = &entry.rust else {
        return Ok(());
    };
    let name = key.get_ref();
    let in_module = path.get_ref().strip_suffix(name.as_str());
    let module = in_module.and_then(|module| module.strip_suffix("::"));
    let is_module = |module: &str| {
        let mut below = module.strip_prefix("crate::").unwrap_or(module).split("::");
        module == "crate" || below.all(|segment| is_snake(segment) && !is_keyword(segment))
    };
    if module.is_some_and(is_module) {
        return Ok(());
    }
    fault(
        &format!("`rust` must be a path to the type, such as `my_crate::{name}` or `crate::{name}`"),
        path,
    )
}

fn fault<T>(message: &str, place: &Spanned<T>) -> Result<(), Fault> {
    let message = message.to_owned();
    Err((OverlayProblem::Toml { message }, place.span()))
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
