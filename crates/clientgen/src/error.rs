//! Errors in overlays, with their place and with advice.

use std::ops::Range;

use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};

use crate::model::Type;
use wire_values::{Printable, line_and_column, printable, same_length};

/// An error in an overlay: what is wrong, where, and what to do next.
///
/// It is a [`miette::Diagnostic`] with the text of the file and the place of the error.
#[derive(Debug, thiserror::Error)]
#[error("{}:{line}:{column}: {problem}", source_text.name())]
pub struct OverlayError {
    source_text: Box<NamedSource<String>>,
    span: Range<usize>,
    line: usize,
    column: usize,
    problem: Box<OverlayProblem>,
    /// The program whose README describes overlays.
    generator: &'static str,
}

/// The kinds of errors in an overlay.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OverlayProblem {
    /// The file is not valid TOML, has unknown members, or lacks required members.
    #[error("{}", printable(message))]
    Toml {
        /// The message of the parser.
        message: String,
    },
    /// An entry matches nothing in any dump.
    #[error("{} matches nothing in {}", printable(what), printable(where_))]
    MatchesNothing {
        /// The subject of the entry, such as `function GetUsrs`.
        what: String,
        /// The places that were searched, such as the names of the dumps.
        where_: String,
        /// The nearest name that exists.
        nearest: Option<String>,
    },
    /// No overlay defines a type with this name.
    #[error("there is no type `{}`", printable(name))]
    UnknownType {
        /// The name.
        name: String,
        /// The nearest name that exists.
        nearest: Option<String>,
    },
    /// Nothing uses a type or group.
    #[error("{} is never used", printable(what))]
    Unused {
        /// The unused definition, such as `type StoreId`.
        what: String,
    },
    /// A fact is stated in two places.
    #[error("{} is defined twice, first in {}", printable(what), printable(first))]
    SaidTwice {
        /// The fact, such as `type StoreId`.
        what: String,
        /// The first place: file, line and column.
        first: String,
    },
    /// A type or value is not allowed in this place.
    #[error("`{}` is not allowed here: {}", printable(ty), printable(reason))]
    Misfit {
        /// The type, the value or the argument.
        ty: String,
        /// The reason.
        reason: String,
    },
    /// A name cannot be used in Rust for this kind of item.
    #[error("`{}` cannot be the name of {what}: {reason}", printable(name))]
    BadName {
        /// The name.
        name: String,
        /// The kind of item, such as `a field`.
        what: &'static str,
        /// The reason.
        reason: &'static str,
    },
}

impl OverlayError {
    pub(crate) fn new(
        source: NamedSource<String>,
        problem: OverlayProblem,
        span: Range<usize>,
        generator: &'static str,
    ) -> Self {
        let (line, column) = line_and_column(source.inner(), span.start);
        let name = printable(source.name()).to_string();
        // A report prints the text around the error. The characters that it must not print are replaced.
        let shown: String = source.inner().chars().map(same_length).collect();
        let is_long = shown.lines().any(|line| line.len() > Printable::LONGEST);
        let source = NamedSource::new(name, if is_long { String::new() } else { shown });
        Self {
            source_text: Box::new(source),
            span,
            line,
            column,
            problem: Box::new(problem),
            generator,
        }
    }

    /// What is wrong.
    pub fn problem(&self) -> &OverlayProblem {
        &self.problem
    }

    /// The line of the error. The first line is 1.
    pub fn line(&self) -> usize {
        self.line
    }

    /// The column at which the error begins, in characters. The first column is 1.
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
        Some(Box::new(match &*self.problem {
            OverlayProblem::Toml { .. } => format!("the README of {} describes the format", self.generator),
            OverlayProblem::MatchesNothing { nearest, .. } => {
                did_you_mean(nearest, "remove the entry if the server no longer has it")
            }
            OverlayProblem::UnknownType { nearest, .. } => {
                let words = Type::words().collect::<Vec<_>>().join(", ");
                did_you_mean(
                    nearest,
                    &format!("types are {words}, a type of an overlay, or a list [T]"),
                )
            }
            OverlayProblem::Unused { .. } => "use it or remove it".to_owned(),
            OverlayProblem::SaidTwice { .. } => "keep one of the two definitions".to_owned(),
            OverlayProblem::Misfit { .. } => {
                format!(
                    "the README of {} describes which types are allowed where",
                    self.generator
                )
            }
            OverlayProblem::BadName { .. } => {
                "choose another name; for an argument, field or word, add `name = \"...\"` to its table"
                    .to_owned()
            }
        }))
    }

    /// Returns nothing for a file with very long lines, because a report prints whole lines.
    fn source_code(&self) -> Option<&dyn SourceCode> {
        let has_text = !self.source_text.inner().is_empty();
        has_text.then_some(&*self.source_text as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let words = match &*self.problem {
            OverlayProblem::Toml { .. } => "here",
            OverlayProblem::MatchesNothing { .. } => "matches nothing",
            OverlayProblem::UnknownType { .. } => "unknown type",
            OverlayProblem::Unused { .. } => "never used",
            OverlayProblem::SaidTwice { .. } => "defined again here",
            OverlayProblem::Misfit { .. } => "not allowed here",
            OverlayProblem::BadName { .. } => "this name",
        };
        let label = LabeledSpan::new_with_span(Some(words.to_owned()), self.span.clone());
        Some(Box::new(std::iter::once(label)))
    }
}

/// The name that is most similar to `name`. `None` if no name is similar.
pub(crate) fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<String> {
    names
        .map(|candidate| (strsim::jaro_winkler(name, candidate), candidate))
        .filter(|(likeness, _)| *likeness > 0.85)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate.to_owned())
}
