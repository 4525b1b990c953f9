//! A problem on its way to the caller, while only the parser knows the text.

use std::ops::Range;

use crate::problem::Problem;

/// A problem and the places in the text that show it.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) problem: Problem,
    /// The last one is the place of the problem, those before explain it. Without any, it is the whole text.
    pub(crate) labels: Vec<Label>,
}

/// A place in the text, and what to say about it.
#[derive(Debug)]
#[cfg_attr(
    not(feature = "diagnostics"),
    expect(dead_code, reason = "only reports say something about a place")
)]
pub(crate) struct Label {
    /// In bytes.
    pub(crate) span: Range<usize>,
    pub(crate) text: String,
}

impl Failure {
    /// Boxed, since it travels through results that are nearly always fine.
    pub(crate) fn new(problem: Problem) -> Box<Self> {
        Box::new(Self {
            problem,
            labels: Vec::new(),
        })
    }

    /// Adds a place.
    pub(crate) fn label(mut self: Box<Self>, span: Range<usize>, text: impl Into<String>) -> Box<Self> {
        self.labels.push(Label {
            span,
            text: text.into(),
        });
        self
    }
}
