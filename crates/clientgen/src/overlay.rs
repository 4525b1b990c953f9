//! Parses overlays: hand-written TOML files with facts that dumps lack.
//!
//! Several overlays may apply to one dump. Their entries for a function are merged. Facts that are stated twice and
//! entries that match nothing are errors.

pub(crate) mod check;
pub(crate) mod file;
mod key;

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use miette::NamedSource;
use toml::Spanned;

use crate::error::{OverlayError, OverlayProblem};
use crate::target::Target;
use file::{ArgumentEntry, CombineEntry, File, FunctionEntry, GroupEntry, Key, SurfaceEntry, TypeEntry};
use wire_values::line_and_column;

/// One overlay file.
#[derive(Clone)]
pub struct Overlay {
    target: &'static Target,
    name: Arc<str>,
    text: Arc<str>,
    file: Arc<File>,
    /// Whether the overlay gives way to the dump and to other overlays.
    gives_way: bool,
}

impl Overlay {
    /// Parses an overlay of a product. Errors contain `name`, such as its path.
    ///
    /// # Errors
    /// The text is not valid TOML, has unknown members, lacks required members, or contains names that Rust cannot use.
    /// Whether the overlay matches a dump is checked when it is used.
    pub fn parse(target: &'static Target, name: &str, text: &str) -> Result<Self, OverlayError> {
        let error = |(problem, span)| {
            let source = NamedSource::new(name, text.to_owned());
            OverlayError::new(source, problem, span, target.generator)
        };
        let file: File = toml::from_str(text).map_err(|found| {
            let message = found.message().trim().to_owned();
            error((OverlayProblem::Toml { message }, found.span().unwrap_or(0..0)))
        })?;
        check::check(target, &file).map_err(error)?;
        Ok(Self {
            target,
            name: name.into(),
            text: text.into(),
            file: Arc::new(file),
            gives_way: false,
        })
    }

    /// Makes the overlay give way to the dump and to other overlays. Entries for items that the dump does not have are
    /// ignored, and so are argument types that contradict the dump. If another overlay states the same fact, that
    /// overlay is used.
    ///
    /// Use it for facts about another version of the server than that of the dump.
    pub fn giving_way(mut self) -> Self {
        self.gives_way = true;
        self
    }

    pub(crate) fn gives_way(&self) -> bool {
        self.gives_way
    }

    pub(crate) fn file(&self) -> &File {
        &self.file
    }

    /// Whether this is the same overlay or a clone of it. An overlay that was parsed again is another one.
    pub(crate) fn is(&self, other: &Overlay) -> bool {
        Arc::ptr_eq(&self.file, &other.file)
    }

    pub(crate) fn error(&self, problem: OverlayProblem, span: Range<usize>) -> OverlayError {
        let source = NamedSource::new(&*self.name, self.text.to_string());
        OverlayError::new(source, problem, span, self.target.generator)
    }

    /// A place in the file as `file:line:column`.
    fn place(&self, span: Range<usize>) -> String {
        let (line, column) = line_and_column(&self.text, span.start);
        format!("{}:{line}:{column}", self.name)
    }
}

impl fmt::Debug for Overlay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Overlay")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// An entry of an overlay, and the overlay.
#[derive(Debug)]
pub(crate) struct Said<'a, T> {
    pub(crate) what: &'a T,
    pub(crate) overlay: &'a Overlay,
}

impl<T> Clone for Said<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Said<'_, T> {}

impl<'a, T> Said<'a, T> {
    /// A part of the entry, from the same overlay.
    pub(crate) fn with<U>(&self, part: &'a U) -> Said<'a, U> {
        Said {
            what: part,
            overlay: self.overlay,
        }
    }
}

impl<'a, T> Said<'a, Spanned<T>> {
    pub(crate) fn error(&self, problem: OverlayProblem) -> OverlayError {
        self.overlay.error(problem, self.what.span())
    }

    /// The error that this fact was already stated in the place `first`.
    pub(crate) fn twice<U>(&self, what: String, first: &Said<'a, Spanned<U>>) -> OverlayError {
        let first = first.overlay.place(first.what.span());
        self.error(OverlayProblem::SaidTwice { what, first })
    }
}

/// The overlays of a dump, as one.
#[derive(Clone, Copy)]
pub(crate) struct Overlays<'a>(pub(crate) &'a [Overlay]);

impl<'a> Overlays<'a> {
    /// The surface. Only one overlay may have one, see [`Self::check_said_once`].
    pub(crate) fn surface(self) -> Option<Said<'a, SurfaceEntry>> {
        self.in_order().find_map(|overlay| {
            Some(Said {
                what: overlay.file().surface.as_ref()?,
                overlay,
            })
        })
    }

    /// All overlays. Those that give way are last.
    fn in_order(self) -> impl Iterator<Item = &'a Overlay> {
        let firm = self.0.iter().filter(|overlay| !overlay.gives_way);
        firm.chain(self.0.iter().filter(|overlay| overlay.gives_way))
    }

    pub(crate) fn group(self, name: &str) -> Option<&'a GroupEntry> {
        self.in_order()
            .find_map(|overlay| overlay.file().groups.get(name))
    }

    pub(crate) fn group_names(self) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .flat_map(|overlay| overlay.file().groups.keys())
            .map(|key| key.get_ref().as_str())
    }

    pub(crate) fn type_entry(self, name: &str) -> Option<Said<'a, TypeEntry>> {
        self.in_order().find_map(|overlay| {
            Some(Said {
                what: overlay.file().types.get(name)?,
                overlay,
            })
        })
    }

    pub(crate) fn type_names(self) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .flat_map(|overlay| overlay.file().types.keys())
            .map(|key| key.get_ref().as_str())
    }

    /// The names of the types that are generated even if no function uses them. An overlay that gives way keeps none.
    pub(crate) fn kept_types(self) -> impl Iterator<Item = &'a str> {
        let firm = self.0.iter().filter(|overlay| !overlay.gives_way);
        firm.flat_map(|overlay| &overlay.file().types)
            .filter(|(_, entry)| entry.keep)
            .map(|(key, _)| key.get_ref().as_str())
    }

    pub(crate) fn function(self, name: &'a str) -> FunctionFacts<'a> {
        let said = |overlay: &'a Overlay| {
            Some(Said {
                what: overlay.file().functions.get(name)?,
                overlay,
            })
        };
        FunctionFacts {
            name,
            entries: self.in_order().filter_map(said).collect(),
        }
    }

    /// Checks that there is at most one surface and that no group or type is defined twice.
    pub(crate) fn check_said_once(self) -> Result<(), OverlayError> {
        let mut said: BTreeMap<String, Said<'a, Key>> = BTreeMap::new();
        for overlay in self.0.iter().filter(|overlay| !overlay.gives_way) {
            let File {
                surface,
                groups,
                types,
                ..
            } = overlay.file();
            let surface = surface
                .iter()
                .map(|surface| ("the surface".to_owned(), &surface.name));
            let groups = groups.keys().map(|key| (format!("group {}", key.get_ref()), key));
            let types = types.keys().map(|key| (format!("type {}", key.get_ref()), key));
            for (what, key) in surface.chain(groups).chain(types) {
                let here = Said { what: key, overlay };
                if let Some(first) = said.get(&what) {
                    return Err(here.twice(what, first));
                }
                said.insert(what, here);
            }
        }
        Ok(())
    }
}

/// The entries of all overlays for one function.
pub(crate) struct FunctionFacts<'a> {
    name: &'a str,
    entries: Vec<Said<'a, FunctionEntry>>,
}

impl<'a> FunctionFacts<'a> {
    /// A member of the function. Only one overlay may have it.
    pub(crate) fn member<T>(
        &self,
        what: &str,
        member: impl Fn(&'a FunctionEntry) -> Option<&'a Spanned<T>>,
    ) -> Result<Option<Said<'a, Spanned<T>>>, OverlayError> {
        let given = |entry: &Said<'a, FunctionEntry>| Some(entry.with(member(entry.what)?));
        let mut given = self.entries.iter().filter_map(given);
        let first = given.next();
        match (&first, given.next()) {
            (Some(first), Some(second)) if !second.overlay.gives_way => {
                Err(second.twice(format!("{what} of function {}", self.name), first))
            }
            _ => Ok(first),
        }
    }

    /// The combined parameters.
    pub(crate) fn combined(&self) -> impl Iterator<Item = (Said<'a, Key>, Said<'a, CombineEntry>)> {
        let combined = |said: &Said<'a, FunctionEntry>| {
            let said = *said;
            let entries = said.what.combine.iter();
            entries.map(move |(key, entry)| (said.with(key), said.with(entry)))
        };
        self.entries.iter().flat_map(combined)
    }

    /// The entry for an argument. Only one overlay may have it.
    pub(crate) fn argument(&self, name: &str) -> Result<Option<Said<'a, ArgumentEntry>>, OverlayError> {
        self.member(&format!("argument {name}"), |entry| {
            entry.args.get(name).map(|entry| &entry.ty)
        })?;
        Ok(self
            .entries
            .iter()
            .find_map(|entry| Some(entry.with(entry.what.args.get(name)?))))
    }
}
