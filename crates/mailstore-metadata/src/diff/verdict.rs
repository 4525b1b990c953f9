//! What all changes together mean for the version of a generated crate.

use std::fmt;

use serde::Serialize;

use super::change::Change;
use super::consequence::Consequence;

/// How the version of a generated crate has to change, as semantic versioning has it.
///
/// A crate of version 0.x, for which a minor version may break, raises the second number for `Major` and the third
/// for anything less.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing changed.
    #[default]
    None,
    /// Generated files change, their interface does not.
    Patch,
    /// There is more to call or to set.
    Minor,
    /// Code that compiled may not compile, or may mean something else.
    Major,
}

impl Verdict {
    /// The verdict on these changes together: the gravest of all, so that a further change never lowers it.
    pub fn of<'a>(changes: impl IntoIterator<Item = &'a Change>) -> Self {
        let verdicts = changes.into_iter().map(|change| change.generated.into());
        verdicts.max().unwrap_or_default()
    }

    /// The word for it: `none`, `patch`, `minor` or `major`.
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
    /// The verdict on one change. A change without consequence is a change all the same: a patch.
    fn from(consequence: Consequence) -> Self {
        match consequence {
            Consequence::None => Self::Patch,
            Consequence::Additive => Self::Minor,
            Consequence::Breaking | Consequence::SilentDanger => Self::Major,
        }
    }
}

impl fmt::Display for Verdict {
    /// Writes the word.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn graver_consequences_give_graver_verdicts() {
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
    fn verdicts_are_shown_as_they_are_in_json() {
        for verdict in [Verdict::None, Verdict::Patch, Verdict::Minor, Verdict::Major] {
            let json = serde_json::to_string(&verdict).unwrap();
            assert_eq!(json, format!("\"{verdict}\""));
        }
    }
}
