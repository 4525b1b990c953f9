//! What can be wrong with an overlay, each with its place and what to do.

use std::ops::Range;

use mailstore_metadata::line_and_column;
use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};

use crate::model::Type;

/// An overlay that cannot be used: what is wrong, where, and what to do about it.
///
/// As a [`miette::Diagnostic`] it carries the text of the file and the place in it.
#[derive(Debug, thiserror::Error)]
#[error("{}:{line}:{column}: {problem}", source_text.name())]
pub struct OverlayError {
    source_text: Box<NamedSource<String>>,
    span: Range<usize>,
    line: usize,
    column: usize,
    problem: OverlayProblem,
}

/// What is wrong with an overlay.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OverlayProblem {
    /// The file is no TOML, has members that overlays do not have, or lacks some that it needs.
    #[error("{message}")]
    Toml {
        /// What the parser says.
        message: String,
    },
    /// Something is said of a thing that no dump has.
    #[error("{what} matches nothing in {where_}")]
    MatchesNothing {
        /// What the entry is about, such as `function GetUsrs`.
        what: String,
        /// Where it was looked for.
        where_: String,
        /// The nearest name that exists.
        nearest: Option<String>,
    },
    /// A type is named that no overlay defines.
    #[error("there is no type `{name}`")]
    UnknownType {
        /// The name.
        name: String,
        /// The nearest name that exists.
        nearest: Option<String>,
    },
    /// A type or group is defined that nothing uses.
    #[error("{what} is used by nothing")]
    Unused {
        /// What is not used, such as `type StoreId`.
        what: String,
    },
    /// The same thing is said in two places.
    #[error("{what} is given twice, first in {first}")]
    SaidTwice {
        /// What is given.
        what: String,
        /// Where it is given first: file, line and column.
        first: String,
    },
    /// A type, or something that goes with a type, that cannot stand where it stands.
    #[error("`{ty}` does not fit here: {reason}")]
    Misfit {
        /// The type, the value or the argument.
        ty: String,
        /// Why not.
        reason: String,
    },
    /// A name that cannot be a Rust name of its kind.
    #[error("`{name}` cannot be the name of {what}: {reason}")]
    BadName {
        /// The name.
        name: String,
        /// What was to be named.
        what: &'static str,
        /// Why not.
        reason: &'static str,
    },
}

impl OverlayError {
    pub(crate) fn new(source: NamedSource<String>, problem: OverlayProblem, span: Range<usize>) -> Self {
        let (line, column) = line_and_column(source.inner(), span.start);
        Self {
            source_text: Box::new(source),
            span,
            line,
            column,
            problem,
        }
    }

    /// What is wrong.
    pub fn problem(&self) -> &OverlayProblem {
        &self.problem
    }

    /// The line it is in, from 1.
    pub fn line(&self) -> usize {
        self.line
    }

    /// The column it begins at, from 1, in characters.
    pub fn column(&self) -> usize {
        self.column
    }
}

impl Diagnostic for OverlayError {
    fn help<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        let did_you_mean = |nearest: &Option<String>, otherwise: &str| match nearest {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => otherwise.to_owned(),
        };
        Some(Box::new(match &self.problem {
            OverlayProblem::Toml { .. } => {
                "the format is described in the README of mailstore-codegen".to_owned()
            }
            OverlayProblem::MatchesNothing { nearest, .. } => {
                did_you_mean(nearest, "remove the entry if the server no longer has it")
            }
            OverlayProblem::UnknownType { nearest, .. } => {
                let words = Type::words().collect::<Vec<_>>().join(", ");
                did_you_mean(nearest, &format!("types are {words}, a type of an overlay, or [T]"))
            }
            OverlayProblem::Unused { .. } => "use it or remove it".to_owned(),
            OverlayProblem::SaidTwice { .. } => "say it in one place only".to_owned(),
            OverlayProblem::Misfit { .. } => {
                "what fits where is described in the README of mailstore-codegen".to_owned()
            }
            OverlayProblem::BadName { .. } => {
                "choose another name; an argument, field or word takes one as `name = \"...\"` beside its `doc`".to_owned()
            }
        }))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&*self.source_text)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let words = match &self.problem {
            OverlayProblem::Toml { .. } => "here",
            OverlayProblem::MatchesNothing { .. } => "matches nothing",
            OverlayProblem::UnknownType { .. } => "no such type",
            OverlayProblem::Unused { .. } => "used by nothing",
            OverlayProblem::SaidTwice { .. } => "given again here",
            OverlayProblem::Misfit { .. } => "does not fit",
            OverlayProblem::BadName { .. } => "this name",
        };
        let label = LabeledSpan::new_with_span(Some(words.to_owned()), self.span.clone());
        Some(Box::new(std::iter::once(label)))
    }
}

/// The name that is most like `name`, if one is like it at all.
pub(crate) fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<String> {
    names
        .map(|candidate| (strsim::jaro_winkler(name, candidate), candidate))
        .filter(|(likeness, _)| *likeness > 0.85)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate.to_owned())
}
