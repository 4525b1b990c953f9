//! The words of a comparison that all reports for people share.

use mailstore_operations::{Change, Comparison, Difference, Field, Side, Unknown, What};
use mailstore_reach::printable;
use serde_json::Value;

/// Changes of the same kind in the same archive.
pub(super) struct Group<'a> {
    pub(super) title: String,
    pub(super) changes: Vec<&'a Change>,
}

/// Returns the changes by archive and kind, in the order of the comparison.
pub(super) fn groups(comparison: &Comparison) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for change in &comparison.changes {
        let title = if change.kind == Change::ARCHIVE {
            "instances".to_owned()
        } else {
            format!("{}/{}", change.archive, change.kind)
        };
        match groups.iter_mut().find(|group| group.title == title) {
            Some(group) => group.changes.push(change),
            None => groups.push(Group {
                title,
                changes: vec![change],
            }),
        }
    }
    groups
}

/// Returns the sign of a change: `+`, `-` or `~`.
pub(super) fn sign(change: &Change) -> char {
    match change.what {
        What::Added { .. } => '+',
        What::Removed { .. } => '-',
        What::Changed { .. } | What::MaybeRenamed { .. } => '~',
    }
}

/// Returns the name of the object of a change. An only object is named after its kind.
pub(super) fn name(change: &Change) -> String {
    let name = match &change.object {
        Some(name) => name,
        None if change.kind == Change::ARCHIVE => &change.archive,
        None => &change.kind,
    };
    printable(name).to_string()
}

/// Returns what is said after the name of the object.
pub(super) fn remark(change: &Change) -> Option<String> {
    match &change.what {
        What::MaybeRenamed { from, because, .. } => Some(format!(
            "maybe renamed from {}: {}",
            printable(from),
            printable(because)
        )),
        What::Added { .. } | What::Removed { .. } | What::Changed { .. } => None,
    }
}

/// Returns the names of the members of a change, and how they differ. Those of an added object are its members that
/// have a value.
pub(super) fn members(change: &Change) -> Vec<(String, String)> {
    let fields = match &change.what {
        What::Changed { fields } | What::MaybeRenamed { fields, .. } => fields,
        What::Added { value } => return of_added(value, change),
        What::Removed { .. } => return Vec::new(),
    };
    fields
        .iter()
        .map(|field| (member_name(field), difference(field)))
        .collect()
}

fn of_added(value: &Value, change: &Change) -> Vec<(String, String)> {
    let members = value.as_object().into_iter().flatten();
    let has_value = |value: &Value| match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty() && Some(text) != change.object.as_ref(),
        Value::Array(elements) => !elements.is_empty(),
        other => Difference::secret_is_set(other) != Some(false),
    };
    members
        .filter(|(_, value)| has_value(value))
        .map(|(name, value)| (printable(name).to_string(), shown(value)))
        .collect()
}

fn member_name(field: &Field) -> String {
    if field.name.is_empty() {
        return "value".to_owned();
    }
    printable(&field.name).to_string()
}

fn difference(field: &Field) -> String {
    match &field.difference {
        Difference::Value { old, new } => {
            let shown = |value: &Option<Value>| value.as_ref().map_or_else(|| "(absent)".to_owned(), shown);
            format!("{} -> {}", shown(old), shown(new))
        }
        Difference::Elements { added, removed } => {
            let added = added.iter().map(|element| format!("+ {}", shown(element)));
            let removed = removed.iter().map(|element| format!("- {}", shown(element)));
            added.chain(removed).collect::<Vec<String>>().join("  ")
        }
        Difference::First { old_first, new_first } => {
            format!("first: {} -> {}", shown(old_first), shown(new_first))
        }
    }
}

fn shown(value: &Value) -> String {
    match Difference::secret_is_set(value) {
        Some(true) => "(secret)".to_owned(),
        Some(false) => "(no secret)".to_owned(),
        None => printable(&value.to_string()).to_string(),
    }
}

/// Returns one line about an export.
pub(super) fn side(side: &Side) -> String {
    let version = side.server_version.as_deref().unwrap_or("unknown version");
    format!(
        "{}, version {}, read at {}",
        printable(&side.server),
        printable(version),
        printable(&side.time)
    )
}

/// Returns why something could not be compared.
pub(super) fn reasons(unknown: &Unknown) -> String {
    let of = |name: &str, reason: &Option<String>| {
        let reason = reason.as_deref()?;
        Some(format!("not in the {name} export: {}", printable(reason)))
    };
    let reasons = [of("old", &unknown.old), of("new", &unknown.new)];
    reasons.into_iter().flatten().collect::<Vec<String>>().join("; ")
}

/// Returns the last line: the numbers of changes.
pub(super) fn summary(comparison: &Comparison) -> String {
    let count = |sign_of: fn(&What) -> bool| {
        comparison
            .changes
            .iter()
            .filter(|change| sign_of(&change.what))
            .count()
    };
    format!(
        "{} added, {} removed, {} changed, {} maybe renamed, {} unknown",
        count(|what| matches!(what, What::Added { .. })),
        count(|what| matches!(what, What::Removed { .. })),
        count(|what| matches!(what, What::Changed { .. })),
        count(|what| matches!(what, What::MaybeRenamed { .. })),
        comparison.unknown.len()
    )
}
