//! The consequence of all changes together for the version of a generated crate.

use std::fmt;

use serde::Serialize;

use super::change::Change;
use super::consequence::Consequence;

/// How the version of a generated crate has to change according to semantic versioning.
///
/// In a 0.x crate, `Major` increments the second number of the version, and any other change increments the third.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing changed.
    #[default]
    None,
    /// Generated files change, but their public interface does not.
    Patch,
    /// There are new methods or setters.
    Minor,
    /// Code that compiled before may fail to compile or may have another meaning.
    Major,
}

impl Verdict {
    /// Returns the verdict on all changes: the verdict on the most severe change. Adding a change never lowers it.
    pub fn of<'a>(changes: impl IntoIterator<Item = &'a Change>) -> Self {
        let verdicts = changes.into_iter().map(|change| change.generated.into());
        verdicts.max().unwrap_or_default()
    }

    /// Returns the verdict as a word: `none`, `patch`, `minor` or `major`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

impl From<Consequence> for Verdict {
    /// Returns the verdict on one change. A change without consequences is a patch.
    fn from(consequence: Consequence) -> Self {
        match consequence {
            Consequence::None => Self::Patch,
            Consequence::Additive => Self::Minor,
            Consequence::Breaking | Consequence::SilentDanger => Self::Major,
        }
    }
}

impl fmt::Display for Verdict {
    /// Writes the verdict as a word.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_severe_consequences_give_higher_verdicts() {
        let consequences = [
            Consequence::None,
            Consequence::Additive,
            Consequence::Breaking,
            Consequence::SilentDanger,
        ];
        assert!(consequences.is_sorted());
        assert!(consequences.map(Verdict::from).is_sorted());
        assert_eq!(Verdict::of([]), Verdict::None);
        assert!(Verdict::None < Verdict::from(Consequence::None));
    }

    #[test]
    fn display_and_json_use_the_same_words() {
        for verdict in [Verdict::None, Verdict::Patch, Verdict::Minor, Verdict::Major] {
            let json = serde_json::to_string(&verdict).unwrap();
            assert_eq!(json, format!("\"{verdict}\""));
        }
    }
}
