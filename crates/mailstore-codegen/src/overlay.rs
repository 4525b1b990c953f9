//! An overlay: what a dump cannot say, written by hand in TOML.
//!
//! Several overlays may speak of one dump. What they say of the same function is put together; saying the same
//! thing twice is an error, and so is saying something of nothing.

pub(crate) mod file;

use std::fmt;
use std::ops::Range;

use miette::NamedSource;
use toml::Spanned;

use crate::error::{OverlayError, OverlayProblem};
use file::{ArgumentEntry, File, FunctionEntry, GroupEntry, SurfaceEntry, TypeEntry};

/// One overlay file.
#[derive(Clone)]
pub struct Overlay {
    name: String,
    text: String,
    file: std::sync::Arc<File>,
}

impl Overlay {
    /// Reads an overlay. `name` is what errors call it, such as its path.
    ///
    /// # Errors
    /// The text is no TOML, or has members that overlays do not have.
    pub fn parse(name: &str, text: &str) -> Result<Self, OverlayError> {
        let file = toml::from_str(text).map_err(|error| {
            let problem = OverlayProblem::Toml {
                message: error.message().trim().to_owned(),
            };
            let span = error.span().unwrap_or(0..0);
            OverlayError::new(NamedSource::new(name, text.to_owned()), problem, span)
        })?;
        Ok(Self {
            name: name.to_owned(),
            text: text.to_owned(),
            file: std::sync::Arc::new(file),
        })
    }

    pub(crate) fn file(&self) -> &File {
        &self.file
    }

    pub(crate) fn error(&self, problem: OverlayProblem, span: Range<usize>) -> OverlayError {
        OverlayError::new(NamedSource::new(&self.name, self.text.clone()), problem, span)
    }
}

impl fmt::Debug for Overlay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Overlay")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// Something that an overlay says, and where.
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

impl<T> Said<'_, Spanned<T>> {
    pub(crate) fn error(&self, problem: OverlayProblem) -> OverlayError {
        self.overlay.error(problem, self.what.span())
    }
}

/// All that several overlays say.
#[derive(Clone, Copy)]
pub(crate) struct Overlays<'a>(pub(crate) &'a [Overlay]);

impl<'a> Overlays<'a> {
    pub(crate) fn surface(self) -> Option<Said<'a, SurfaceEntry>> {
        self.0.iter().find_map(|overlay| {
            Some(Said {
                what: overlay.file().surface.as_ref()?,
                overlay,
            })
        })
    }

    pub(crate) fn group(self, name: &str) -> Option<&'a GroupEntry> {
        self.0.iter().find_map(|overlay| overlay.file().groups.get(name))
    }

    pub(crate) fn type_entry(self, name: &str) -> Option<Said<'a, TypeEntry>> {
        self.0.iter().find_map(|overlay| {
            Some(Said {
                what: overlay.file().types.get(name)?,
                overlay,
            })
        })
    }

    pub(crate) fn type_names(self) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .flat_map(|overlay| overlay.file().types.keys().map(|key| key.get_ref().as_str()))
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
            entries: self.0.iter().filter_map(said).collect(),
        }
    }

    /// No type is defined twice.
    pub(crate) fn check_types(self) -> Result<(), OverlayError> {
        for (index, overlay) in self.0.iter().enumerate() {
            for key in overlay.file().types.keys() {
                let name = key.get_ref();
                if self.0[..index]
                    .iter()
                    .any(|earlier| earlier.file().types.contains_key(name.as_str()))
                {
                    let problem = OverlayProblem::SaidTwice {
                        what: format!("type {name}"),
                    };
                    return Err(overlay.error(problem, key.span()));
                }
            }
        }
        Ok(())
    }
}

/// All that the overlays say of one function.
pub(crate) struct FunctionFacts<'a> {
    name: &'a str,
    entries: Vec<Said<'a, FunctionEntry>>,
}

impl<'a> FunctionFacts<'a> {
    /// One member, which only one overlay may give.
    pub(crate) fn member<T>(
        &self,
        what: &str,
        member: impl Fn(&'a FunctionEntry) -> Option<&'a Spanned<T>>,
    ) -> Result<Option<Said<'a, Spanned<T>>>, OverlayError> {
        let mut found = None;
        for entry in &self.entries {
            let Some(value) = member(entry.what) else { continue };
            let said = Said {
                what: value,
                overlay: entry.overlay,
            };
            if found.is_some() {
                let what = format!("{what} of function {}", self.name);
                return Err(said.error(OverlayProblem::SaidTwice { what }));
            }
            found = Some(said);
        }
        Ok(found)
    }

    pub(crate) fn argument(&self, name: &str) -> Result<Option<Said<'a, ArgumentEntry>>, OverlayError> {
        let mut found = None;
        for entry in &self.entries {
            let Some((key, value)) = entry.what.args.get_key_value(name) else {
                continue;
            };
            if found.is_some() {
                let what = format!("argument {name} of function {}", self.name);
                return Err(entry
                    .overlay
                    .error(OverlayProblem::SaidTwice { what }, key.span()));
            }
            found = Some(Said {
                what: value,
                overlay: entry.overlay,
            });
        }
        Ok(found)
    }
}
