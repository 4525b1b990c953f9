//! Patterns for names, such as `cust-*`.

use std::borrow::Cow;

use globset::{Glob, GlobMatcher};
use mailstore_api::printable;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;

use super::problem::Problem;

/// Patterns for names, of which there is at least one. Upper and lower case are different.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Vec<String>")]
pub struct Patterns(Vec<GlobMatcher>);

impl Patterns {
    /// Returns whether a name matches one of the patterns.
    pub fn matches(&self, name: &str) -> bool {
        self.0.iter().any(|glob| glob.is_match(name))
    }

    /// Adds a problem for each pattern that matches none of the names. `what` is the kind of the names, such as
    /// `profile`.
    pub(super) fn check(&self, field: &str, what: &str, names: &[&str], problems: &mut Vec<Problem>) {
        for (index, glob) in self.0.iter().enumerate() {
            if names.iter().any(|name| glob.is_match(name)) {
                continue;
            }
            let pattern = glob.glob().glob();
            let message = format!("no {what} matches `{}`", printable(pattern));
            let known = mailstore_reach::nearest(pattern, names.iter().copied());
            problems.push(Problem::new(format!("{field}[{index}]"), message).with_suggestion(known));
        }
    }
}

impl TryFrom<Vec<String>> for Patterns {
    type Error = String;

    fn try_from(patterns: Vec<String>) -> Result<Self, String> {
        if patterns.is_empty() {
            return Err("the list of patterns is empty".to_owned());
        }
        let compiled = patterns.iter().map(|pattern| {
            let glob = Glob::new(pattern);
            let glob =
                glob.map_err(|error| format!("`{}` is not a pattern: {}", printable(pattern), error.kind()))?;
            Ok(glob.compile_matcher())
        });
        compiled.collect::<Result<_, String>>().map(Self)
    }
}

impl JsonSchema for Patterns {
    fn schema_name() -> Cow<'static, str> {
        "Patterns".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({
            "description": "Patterns for names, such as `cust-*`. Upper and lower case are different.",
            "type": "array",
            "items": { "type": "string" },
            "minItems": 1
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn patterns(words: &[&str]) -> Result<Patterns, String> {
        Patterns::try_from(words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn a_name_matches_one_of_the_patterns() {
        let patterns = patterns(&["cust-*", "demo"]).unwrap();
        for (name, is_match) in [
            ("cust-1", true),
            ("demo", true),
            ("Demo", false),
            ("demo2", false),
        ] {
            assert_eq!(patterns.matches(name), is_match, "{name}");
        }
    }

    #[test]
    fn a_pattern_without_a_match_is_a_problem_with_a_suggestion() {
        let mut problems = Vec::new();
        let names = ["berlin", "bonn"];
        let patterns = patterns(&["b*", "berlim", "x\u{1b}"]).unwrap();
        patterns.check("target[0].profiles", "profile", &names, &mut problems);
        let shown: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            shown,
            [
                "`target[0].profiles[1]`: no profile matches `berlim`. Did you mean `berlin`?",
                r"`target[0].profiles[2]`: no profile matches `x\u{1b}`",
            ]
        );
    }

    #[test]
    fn wrong_patterns_are_refused() {
        assert!(patterns(&[]).unwrap_err().contains("is empty"));
        assert!(
            patterns(&["a[", "b"])
                .unwrap_err()
                .starts_with("`a[` is not a pattern")
        );
    }
}
