//! Reads a job from a TOML file.

use mailstore_api::printable;
use mailstore_api::types::StoreState;
use mailstore_operations::toml_message;

use super::places::Places;
use super::problem::{Problem, WrongJob};
use super::size::MOST_OVERALL;
use super::{Job, waves};
use crate::place::Place;

/// The longest name of a job. Keys contain it.
const MAX_NAME: usize = 64;

impl Job {
    /// Parses a job, and checks everything that needs neither profiles nor functions.
    ///
    /// # Errors
    /// The file is not valid. The error has the line, the column and the field of each problem, and suggests similar
    /// names. It never contains a line of the file.
    pub fn from_toml(text: &str) -> Result<Self, WrongJob> {
        let places = Places::of(text);
        let mut job: Self = toml::from_str(text).map_err(|error| {
            let span = error.span();
            let field = span.as_ref().and_then(|span| places.field_around(span));
            let mut problem = Problem::new(field.unwrap_or_default(), toml_message(&error));
            problem.place = span.map(|span| wire_values::line_and_column(text, span.start));
            WrongJob::from(problem)
        })?;
        job.places = places;
        let problems = job.problems();
        if problems.is_empty() {
            Ok(job)
        } else {
            Err(job.error(problems))
        }
    }

    /// Adds the places in the file to problems.
    pub(super) fn error(&self, problems: Vec<Problem>) -> WrongJob {
        self.places.error(problems)
    }

    fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.version != 1 {
            let message = format!(
                "the version is {}, but this program only reads version 1",
                self.version
            );
            problems.push(Problem::new("version", message));
        }
        if !is_name(&self.name) {
            let message = format!(
                "a name has letters without accents, digits, `-`, `_` and `.`, and at most {MAX_NAME} of them"
            );
            problems.push(Problem::new("name", message));
        }
        for (field, limit) in [
            ("limits.overall", self.limits.overall),
            ("limits.per-server", self.limits.per_server),
        ] {
            if limit == 0 {
                problems.push(Problem::new(field, "the limit is at least 1"));
            }
        }
        if self.limits.overall > MOST_OVERALL {
            let message = format!("the limit is at most {MOST_OVERALL}");
            problems.push(Problem::new("limits.overall", message));
        }
        if let Err(problem) = Place::parse(&self.logs) {
            problems.push(Problem::new("logs", problem));
        }
        if self.targets.is_empty() {
            problems.push(Problem::new("target", "the job has no target"));
        }
        let states = self
            .for_each_store
            .iter()
            .flat_map(|stores| stores.states.iter().flatten());
        for (index, state) in states.enumerate() {
            check_state(index, state, &mut problems);
        }
        problems.extend(waves::problems(&self.waves));
        // The name of the window contains the name of the job.
        let name = if is_name(&self.name) { &self.name } else { "job" };
        problems.extend(self.window.problems(name));
        problems
    }
}

/// Whether a text can be part of a window, a file name and a URL as it is.
fn is_name(text: &str) -> bool {
    let is_valid = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    (1..=MAX_NAME).contains(&text.len()) && text.chars().all(is_valid) && !text.starts_with('.')
}

fn check_state(index: usize, state: &str, problems: &mut Vec<Problem>) {
    if StoreState::WORDS.contains(&state) {
        return;
    }
    let message = format!("a store has no state `{}`", printable(state));
    let known = mailstore_reach::nearest(state, StoreState::WORDS.iter().copied());
    problems.push(Problem::new(format!("for-each-store.states[{index}]"), message).with_suggestion(known));
}
