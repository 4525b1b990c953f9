//! The saved function lists and the overlays that are compiled into this program.

#[rustfmt::skip]
mod table;

use miette::miette;

pub(crate) use self::table::FILES;

/// Returns a file by its path below `metadata/mailstore` in the repository.
pub(crate) fn read(path: &str) -> miette::Result<String> {
    let file = FILES.iter().find(|(name, _)| *name == path);
    file.map(|(_, text)| (*text).to_owned())
        .ok_or_else(|| miette!("this program has no file {path}"))
}

/// Returns the function lists: the name of the file, such as `server-24.json`, and its text.
pub(crate) fn lists() -> impl Iterator<Item = (&'static str, &'static str)> {
    FILES.iter().copied().filter(|(name, _)| name.ends_with(".json"))
}

/// Returns the function list with this name, such as `server-24`.
pub(crate) fn list(name: &str) -> Option<&'static str> {
    let found = lists().find(|(file, _)| file.strip_suffix(".json") == Some(name));
    found.map(|(_, text)| text)
}

/// Returns the names of the function lists.
pub(crate) fn names() -> Vec<&'static str> {
    lists()
        .filter_map(|(file, _)| file.strip_suffix(".json"))
        .collect()
}
