//! A problem without its source text. The caller of the parser adds the text.

use std::ops::Range;

use crate::problem::Problem;

/// A problem and the places in the text that show it.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) problem: Problem,
    /// The last label is the place of the problem; the labels before it explain the problem. Without labels, the
    /// place is the whole text.
    pub(crate) labels: Vec<Label>,
}

/// A place in the text, and its explanation.
#[derive(Debug)]
#[cfg_attr(
    not(feature = "diagnostics"),
    expect(dead_code, reason = "only reports show labels")
)]
pub(crate) struct Label {
    /// The place in bytes.
    pub(crate) span: Range<usize>,
    pub(crate) text: String,
}

impl Failure {
    /// Creates a failure without labels. It is boxed because it is rare and passed through many results.
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
