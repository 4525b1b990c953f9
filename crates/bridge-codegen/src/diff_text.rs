//! Writes differences as text.

use std::fmt;

use crate::consequence::Consequence;
use crate::diff::Diff;

impl fmt::Display for Diff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let version =
            |version: &Option<String>| version.clone().unwrap_or_else(|| "unknown version".to_owned());
        writeln!(f, "{} -> {}", version(&self.old), version(&self.new))?;
        for change in &self.changes {
            let (item, name) = (change.item.as_str(), &change.name);
            write!(f, "  {item} {name}: {}", change.what)?;
            match change.consequence {
                Consequence::None => writeln!(f)?,
                other => writeln!(f, " ({})", other.as_str())?,
            }
        }
        f.write_str(match self.verdict {
            _ if self.changes.is_empty() => "The lists have no differences.",
            Consequence::None => "Programs that were compiled with the older list work with the newer one.",
            Consequence::Review => {
                "Calls are accepted. Review the marked changes: they may change what calls mean."
            }
            Consequence::Breaks => "Programs that use the marked functions, constants or classes break.",
        })
    }
}
