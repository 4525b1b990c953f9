//! A plan as text for people.

use std::fmt::Write as _;

use super::field::Field;
use super::plan::{Action, Change, FieldChange, Object, Plan};
use super::value::Value;

impl Plan {
    /// Returns the plan as text for people. Dangerous changes come first. Only fields that change are shown.
    pub fn to_text(&self) -> String {
        let mut text = format!(
            "{}, archive {}, read at {}\n",
            self.server, self.archive, self.read_at
        );
        let mut changes: Vec<&Change> = self.changes.iter().collect();
        changes.sort_by_key(|change| change.warnings.is_empty() && change.action != Action::Delete);
        for change in changes {
            change.write(&mut text);
        }
        if self.unchanged > 0 {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "= {} unchanged", self.unchanged);
        }
        let count = |action| self.allowed().filter(|change| change.action == action).count();
        let _ = writeln!(
            text,
            "Plan: {} to create, {} to change, {} to delete, {} blocked",
            count(Action::Create),
            count(Action::Change),
            count(Action::Delete),
            self.blocked().count()
        );
        text
    }
}

impl Change {
    fn write(&self, text: &mut String) {
        let sign = match (self.action, &self.object) {
            (_, Object::AmbiguousProfile { .. }) => "!",
            (Action::Create, _) => "+",
            (Action::Change, _) => "~",
            (Action::Delete, _) => "-",
            (Action::Replace, _) => "-/+",
        };
        let _ = writeln!(text, "{sign} {}", self.object);
        if let Some(reason) = &self.blocked {
            let _ = writeln!(text, "    BLOCKED: {}", mailstore_api::printable(reason));
        }
        for warning in &self.warnings {
            let _ = writeln!(text, "    WARNING: {warning}");
        }
        if let Object::NewProfile {
            owner,
            connector,
            details,
            ..
        } = &self.object
        {
            let _ = writeln!(text, "    owner: {}", mailstore_api::printable(owner));
            let _ = writeln!(text, "    connector: {}", mailstore_api::printable(connector));
            for (name, value) in details {
                let value = value.to_string();
                let _ = writeln!(
                    text,
                    "    details.{}: {}",
                    mailstore_api::printable(name),
                    mailstore_api::printable(&value)
                );
            }
        }
        // The fields of an object that is deleted only tell whether it has been changed since.
        let is_deleted = self.action == Action::Delete;
        for field in self.fields.iter().filter(|_| !is_deleted) {
            let _ = writeln!(text, "    {}: {}", field.field, field.to_text(self.action));
        }
        if let Some(source) = &self.password {
            let source = source.to_string();
            let _ = writeln!(text, "    password: from {}", mailstore_api::printable(&source));
        }
    }
}

impl FieldChange {
    fn to_text(&self, action: Action) -> String {
        if action == Action::Create {
            return self.after.to_string();
        }
        let Some(before) = &self.before else {
            return format!("{} (the value before is not known)", self.after);
        };
        let is_list = matches!(self.after, Value::List(_)) && !matches!(self.field, Field::Folder(_));
        if !is_list {
            return format!("{before} -> {}", self.after);
        }
        let (added, removed) = before.words_added_and_removed(&self.after);
        let added = added
            .iter()
            .map(|word| format!("+ {}", mailstore_api::printable(word)));
        let removed = removed
            .iter()
            .map(|word| format!("- {}", mailstore_api::printable(word)));
        added.chain(removed).collect::<Vec<String>>().join("  ")
    }
}
