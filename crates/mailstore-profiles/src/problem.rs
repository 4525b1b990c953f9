//! Why the profiles cannot be used.

use miette::Report;

/// Why the profiles cannot be used.
#[derive(Debug)]
pub enum Problem {
    /// The user made a mistake, or the file is damaged.
    Usage(Report),
    /// The file cannot be found or written.
    Work(Report),
}

impl From<Problem> for Report {
    fn from(problem: Problem) -> Self {
        match problem {
            Problem::Usage(report) | Problem::Work(report) => report,
        }
    }
}
