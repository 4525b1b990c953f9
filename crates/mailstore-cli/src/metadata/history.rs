//! `mailstore metadata history`: prints the history of one function or of all functions in saved function lists.

use std::path::PathBuf;

use mailstore_metadata::Diff;
use mailstore_metadata::diff::What;

use super::saved::{SavedDump, built_in, in_folder};
use crate::exit::Failed;
use crate::output::print;

/// Show how a function changed from version to version of each edition. Without a name, count the functions.
///
/// The function lists are those of this program, or those in a folder.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  mailstore metadata history
  mailstore metadata history VerifyStore")]
pub(crate) struct Arguments {
    /// The name of the function, such as AttachStore.
    function: Option<String>,
    /// A folder with saved function lists, in place of the lists of this program. Their names are
    /// `<edition>-<version>.json`, such as `server-24.json`.
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let saved = match &arguments.folder {
        Some(folder) => in_folder(folder).map_err(Failed::usage)?,
        None => built_in().map_err(Failed::work)?,
    };
    print(&match &arguments.function {
        None => summary(&saved),
        Some(function) => history(&saved, function).map_err(Failed::usage)?,
    })
}

/// The saved dumps of each edition, from the oldest to the newest.
fn editions(saved: &[SavedDump]) -> impl Iterator<Item = &[SavedDump]> {
    saved.chunk_by(|a, b| a.edition == b.edition)
}

/// Each dump of an edition with its diff from the previous dump.
fn steps(edition: &[SavedDump]) -> impl Iterator<Item = (&SavedDump, Option<Diff>)> {
    let before = std::iter::once(None).chain(edition.iter().map(Some));
    edition.iter().zip(before).map(|(saved, before)| {
        let diff = before.map(|before| Diff::between(&before.dump, &saved.dump));
        (saved, diff)
    })
}

fn summary(saved: &[SavedDump]) -> String {
    let mut text =
        "edition  version  functions  arguments   added  removed  renamed  changed  file\n".to_owned();
    for (saved, diff) in editions(saved).flat_map(steps) {
        let functions = saved.dump.functions();
        let arguments: usize = functions.iter().map(|function| function.arguments.len()).sum();
        let counts = match diff {
            None => format!("{0:>6}  {0:>7}  {0:>7}  {0:>7}", "-"),
            Some(diff) => Counts::of(&diff).to_string(),
        };
        text += &format!(
            "{:<8} {:>7}  {:>9}  {arguments:>9}  {counts}  {}\n",
            saved.edition,
            saved.version,
            functions.len(),
            mailstore_reach::printable(&saved.file)
        );
    }
    text + "\nchanged: functions that both versions have but that differ\n"
}

/// The numbers of functions that were added, removed and changed.
#[derive(Default)]
struct Counts {
    added: usize,
    removed: usize,
    renamed: usize,
    changed: usize,
}

impl Counts {
    fn of(diff: &Diff) -> Self {
        let mut counts = Self::default();
        for changes in diff.changes().chunk_by(|a, b| a.function == b.function) {
            let count = match changes[0].what {
                What::FunctionAdded { .. } => &mut counts.added,
                What::FunctionRemoved { .. } => &mut counts.removed,
                What::FunctionRenamed { .. } => &mut counts.renamed,
                _ => &mut counts.changed,
            };
            *count += 1;
        }
        counts
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            added,
            removed,
            renamed,
            changed,
        } = self;
        write!(f, "{added:>6}  {removed:>7}  {renamed:>7}  {changed:>7}")
    }
}

const FIRST_SEEN: &str = "first seen";
const NOT_THERE: &str = "not there";

fn history(saved: &[SavedDump], function: &str) -> miette::Result<String> {
    if saved.iter().all(|saved| saved.dump.function(function).is_none()) {
        let names = saved.iter().flat_map(|saved| saved.dump.functions());
        let names = names.map(|function| function.name.as_str());
        let help = match mailstore_reach::nearest(function, names) {
            Some(name) => format!("Did you mean `{name}`?"),
            None => {
                "`mailstore metadata history` lists the versions, and `mailstore metadata show server-24` the functions of one."
                    .to_owned()
            }
        };
        miette::bail!(help = help, "no saved version has a function {function:?}");
    }
    let mut text = format!("{function}\n");
    for edition in editions(saved) {
        text += &format!("\n{}\n", edition[0].edition);
        for (saved, diff) in steps(edition) {
            let mut label = saved.version.to_string();
            for line in events(saved, diff.as_ref(), function) {
                text += &format!("  {label:<7} {line}\n");
                label.clear();
            }
        }
        if let Some(last) = edition
            .last()
            .filter(|last| last.dump.function(function).is_some())
        {
            text += &format!("  still there with {}\n", last.version);
        }
    }
    Ok(text)
}

/// The changes of a function in a version. `diff` is the diff from the previous version, if one is saved.
fn events(saved: &SavedDump, diff: Option<&Diff>, name: &str) -> Vec<String> {
    let function = saved.dump.function(name);
    let Some(diff) = diff else {
        return vec![match function {
            Some(function) => format!(
                "{FIRST_SEEN} (no older version is saved): {}",
                function.signature()
            ),
            None => NOT_THERE.to_owned(),
        }];
    };
    let changes = diff.changes_of(name);
    let renamed = diff.changes().iter().find_map(|change| match &change.what {
        What::FunctionRenamed { from, likeness } if from == name => Some(format!(
            "likely renamed to `{}` ({likeness} % similar)",
            change.function
        )),
        _ => None,
    });
    let mut events: Vec<String> = changes
        .iter()
        .map(|change| match &change.what {
            What::FunctionRemoved { .. } => "gone".to_owned(),
            What::FunctionAdded { signature } => format!("{FIRST_SEEN}: {}", signature.signature()),
            _ => change.to_string(),
        })
        .collect();
    events.extend(renamed);
    if events.is_empty() {
        let state = if function.is_some() {
            "unchanged"
        } else {
            NOT_THERE
        };
        events.push(state.to_owned());
    }
    events
}

#[cfg(test)]
mod tests {
    use super::*;

    fn saved() -> Vec<SavedDump> {
        let id = r#"[{"name": "id", "type": "number", "nullable": false}]"#;
        let optional = r#"[{"name": "id", "type": "number", "nullable": true}]"#;
        vec![
            SavedDump::sample("server", "9", "[]"),
            SavedDump::sample(
                "server",
                "24",
                &format!(r#"[{{"name": "GetStores", "args": {id}}}]"#),
            ),
            SavedDump::sample(
                "server",
                "24.4",
                &format!(r#"[{{"name": "GetStores", "args": {id}}}]"#),
            ),
            SavedDump::sample(
                "server",
                "25",
                &format!(r#"[{{"name": "GetAllStores", "args": {optional}}}]"#),
            ),
            SavedDump::sample("server", "26.1", "[]"),
            SavedDump::sample(
                "spe",
                "24",
                &format!(r#"[{{"name": "GetStores", "args": {id}}}]"#),
            ),
        ]
    }

    #[test]
    fn added_changed_and_removed_functions_are_shown() {
        assert_eq!(
            history(&saved(), "GetStores").expect("some dumps have it"),
            "\
GetStores

server
  9       not there
  24      first seen: GetStores(id: number)
  24.4    unchanged
  25      likely renamed to `GetAllStores` (87 % similar)
  26.1    not there

spe
  24      first seen (no older version is saved): GetStores(id: number)
  still there with 24
"
        );
        assert_eq!(
            history(&saved(), "GetAllStores").expect("one dump has it"),
            "\
GetAllStores

server
  9       not there
  24      not there
  24.4    not there
  25      likely renamed from `GetStores` (87 % similar)
          `id` became optional
  26.1    gone

spe
  24      not there
"
        );
    }

    #[test]
    fn changes_are_counted_for_each_version() {
        assert_eq!(
            summary(&saved()),
            "\
edition  version  functions  arguments   added  removed  renamed  changed  file
server         9          0          0       -        -        -        -  server-9.json
server        24          1          1       1        0        0        0  server-24.json
server      24.4          1          1       0        0        0        0  server-24.4.json
server        25          1          1       0        0        1        0  server-25.json
server      26.1          0          0       0        1        0        0  server-26.1.json
spe           24          1          1       -        -        -        -  spe-24.json

changed: functions that both versions have but that differ
"
        );
    }
}
