//! Writes a function list in its canonical form, which makes its history readable.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::list::BridgeDump;

impl BridgeDump {
    /// Returns the canonical text: sorted, with one line for each function, constant and class, and a line feed at the
    /// end. Parsing it gives an equal list.
    pub fn canonical(&self) -> String {
        let mut text = String::from("{\n");
        member(&mut text, "format", &self.format);
        member(&mut text, "module", &self.module);
        member(&mut text, "version", &self.version);
        member(&mut text, "python", &self.python);
        if let Some(source) = &self.source {
            member(&mut text, "source", source);
        }
        let functions = self.functions.iter().map(json).collect();
        block(&mut text, "functions", ('[', ']'), functions);
        text.push_str(",\n");
        let constants = self.constants.iter();
        let constants = constants.map(|(name, value)| format!("{}: {}", json(name), json(&sorted(value))));
        block(&mut text, "constants", ('{', '}'), constants.collect());
        text.push_str(",\n");
        let classes = self.classes.iter();
        let classes = classes.map(|(name, members)| format!("{}: {}", json(name), json(members)));
        block(&mut text, "classes", ('{', '}'), classes.collect());
        text.push_str("\n}\n");
        text
    }

    /// Returns the SHA-256 of the canonical text as 64 lower-case hexadecimal digits.
    pub fn digest(&self) -> String {
        let mut digits = String::new();
        for byte in Sha256::digest(self.canonical().as_bytes()) {
            _ = write!(digits, "{byte:02x}");
        }
        digits
    }
}

fn member(text: &mut String, name: &str, value: &impl Serialize) {
    text.push_str(&format!("  {}: {},\n", json(name), json(value)));
}

fn block(text: &mut String, name: &str, (open, close): (char, char), lines: Vec<String>) {
    text.push_str(&format!("  {}: {open}", json(name)));
    if !lines.is_empty() {
        text.push_str("\n    ");
        text.push_str(&lines.join(",\n    "));
        text.push_str("\n  ");
    }
    text.push(close);
}

/// One line of JSON with a space after each comma and colon.
fn json<T: Serialize + ?Sized>(value: &T) -> String {
    let mut bytes = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, Spaced);
    value
        .serialize(&mut serializer)
        .expect("the parts of a list have text keys and no other writer than memory");
    String::from_utf8(bytes).expect("serde_json writes UTF-8")
}

/// A value whose members are sorted, whatever features `serde_json` has.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Vec<(&String, &Value)> = members.iter().collect();
            members.sort_by_key(|(name, _)| *name);
            let members = members.into_iter();
            Value::Object(
                members
                    .map(|(name, value)| (name.clone(), sorted(value)))
                    .collect(),
            )
        }
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        other => other.clone(),
    }
}

struct Spaced;

impl serde_json::ser::Formatter for Spaced {
    fn begin_array_value<W: ?Sized + std::io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> std::io::Result<()> {
        writer.write_all(if first { b"" } else { b", " })
    }

    fn begin_object_key<W: ?Sized + std::io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> std::io::Result<()> {
        writer.write_all(if first { b"" } else { b", " })
    }

    fn begin_object_value<W: ?Sized + std::io::Write>(&mut self, writer: &mut W) -> std::io::Result<()> {
        writer.write_all(b": ")
    }
}
