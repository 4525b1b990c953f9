//! Additions to the overlays that resolve the differences.
//!
//! The result is a fragment of TOML to merge manually. Each table belongs in the table with the same name, and each
//! `doc` must be written.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use heck::{ToSnakeCase, ToUpperCamelCase};
use mailstore_codegen::model::{Api, Field, Type, TypeBody};

use crate::compare::Types;
use crate::finding::{Finding, FindingKind};
use crate::probe::{Outcome, Probe};
use crate::shape::{NumberForm, Object, Shape};
use crate::text::TextForm;

/// Maximum depth of types for nested objects; deeper objects are `json`.
const DEEPEST: usize = 3;

/// The placeholder for descriptions.
const TO_WRITE: &str = "...";

/// Returns the fragment as TOML. Comments list types that are written in Rust and differences that need a decision.
pub fn patch(probe: &Probe) -> String {
    let mut draft = Draft {
        types: Types::of(&probe.api),
        taken: type_names(&probe.api),
        tables: BTreeMap::new(),
        remarks: BTreeSet::new(),
    };
    for probed in &probe.functions {
        if let Outcome::Answered(answer) = &probed.outcome {
            for finding in &answer.findings {
                draft.add(&probed.function, finding, &probe.api);
            }
        }
    }
    for function in &probe.new {
        draft.remarks.insert(format!(
            "{function}: new on this server; the overlays do not contain it"
        ));
    }
    draft.text()
}

fn type_names(api: &Api) -> BTreeSet<String> {
    api.types
        .iter()
        .map(|definition| definition.name.clone())
        .collect()
}

struct Draft<'a> {
    types: Types<'a>,
    /// The names of types that are in use.
    taken: BTreeSet<String>,
    /// The entries by table and key. The value is TOML.
    tables: BTreeMap<String, BTreeMap<String, String>>,
    /// Differences that cannot be expressed as entries.
    remarks: BTreeSet<String>,
}

impl Draft<'_> {
    fn add(&mut self, function: &str, finding: &Finding, api: &Api) {
        match (&finding.what, &finding.member) {
            (FindingKind::Unseen, _) => {}
            (FindingKind::Unknown(shape), Some(member)) => {
                let stem = format!("{}{}", member.of, camel(&member.name));
                let table = format!("types.{}.fields", member.of);
                if self.is_by_hand(&member.of) {
                    self.remark(function, finding);
                    return;
                }
                let ty = self.type_of(&member.name, shape, &stem, 1);
                self.set(&table, &member.name, field(&ty, TO_WRITE));
            }
            (FindingKind::Missing { .. } | FindingKind::Null, Some(member)) => {
                match self.field(&member.of, &member.name) {
                    Some(known) if !self.is_by_hand(&member.of) => {
                        let table = format!("types.{}.fields", member.of);
                        self.set(&table, &member.name, sometimes(&known));
                    }
                    _ => self.remark(function, finding),
                }
            }
            (
                FindingKind::Words {
                    vocabulary,
                    words,
                    hidden,
                },
                _,
            ) => {
                if self.is_by_hand(vocabulary) || *hidden > 0 {
                    self.remark(function, finding);
                }
                if !self.is_by_hand(vocabulary) {
                    for word in words {
                        self.set(&format!("types.{vocabulary}.values"), word, quoted(TO_WRITE));
                    }
                }
            }
            (FindingKind::Untyped(shape), None) => self.add_result(function, finding, shape, api),
            _ => self.remark(function, finding),
        }
    }

    /// Adds a result without a type in the overlays: a value, or a list of values.
    fn add_result(&mut self, function: &str, finding: &Finding, shape: &Shape, api: &Api) {
        let known = api.functions().into_iter().find(|known| known.wire == function);
        let is_list = known.is_some_and(|known| matches!(known.result, Type::List(_)));
        let stem = function.strip_prefix("Get").unwrap_or(function);
        let stem = if is_list || shape.array.is_some() {
            singular(stem)
        } else {
            stem.to_owned()
        };
        let ty = self.type_of(function, shape, &camel(&stem), 0);
        if ty == "json" || ty == "[json]" {
            self.remark(function, finding);
            return;
        }
        let ty = if is_list { format!("[{ty}]") } else { ty };
        let table = format!("functions.{function}");
        self.set(&table, "result", quoted(&ty));
        self.set(&table, "evidence", quoted("observed"));
    }

    /// Returns a type expression for a shape. Objects become types whose names start with `stem`.
    fn type_of(&mut self, name: &str, shape: &Shape, stem: &str, depth: usize) -> String {
        let Shape {
            null: _,
            boolean,
            numbers,
            texts,
            array,
            object,
        } = shape;
        let kinds = [
            *boolean,
            !numbers.is_empty(),
            !texts.is_empty(),
            array.is_some(),
            object.is_some(),
        ];
        if kinds.iter().filter(|there| **there).count() != 1 {
            return "json".to_owned();
        }
        if let Some(array) = array {
            let item = self.type_of(name, &array.item, &singular(stem), depth);
            // Overlays cannot express a list of lists.
            return if item.starts_with('[') {
                "json".to_owned()
            } else {
                format!("[{item}]")
            };
        }
        if let Some(object) = object {
            return self.record(object, stem, depth);
        }
        let word = match () {
            () if *boolean => "bool",
            () if numbers.contains(&NumberForm::Fraction) => "json",
            () if !numbers.is_empty() => "number",
            () => text_type(name, texts),
        };
        word.to_owned()
    }

    /// Adds a new type for an object.
    fn record(&mut self, object: &Object, stem: &str, depth: usize) -> String {
        if object.members.is_empty() || object.hidden > 0 || depth >= DEEPEST {
            return "json".to_owned();
        }
        let numbered = (2..).map(|number: u32| format!("{stem}{number}"));
        let mut names = std::iter::once(stem.to_owned()).chain(numbered);
        let name = names.find(|name| !self.taken.contains(name)).unwrap_or_default();
        self.taken.insert(name.clone());
        let table = format!("types.{name}");
        self.set(&table, "kind", quoted("struct"));
        self.set(&table, "doc", quoted(TO_WRITE));
        self.set(&table, "evidence", quoted("observed"));
        for (wire, member) in &object.members {
            let ty = self.type_of(wire, &member.shape, &format!("{name}{}", camel(wire)), depth + 1);
            self.set(&format!("{table}.fields"), wire, field(&ty, TO_WRITE));
        }
        name
    }

    fn is_by_hand(&self, name: &str) -> bool {
        self.types
            .get(name)
            .is_none_or(|definition| definition.rust.is_some())
    }

    fn field(&self, of: &str, wire: &str) -> Option<Field> {
        match &self.types.get(of)?.body {
            TypeBody::Record { fields } => fields.iter().find(|field| field.wire == wire).cloned(),
            _ => None,
        }
    }

    fn remark(&mut self, function: &str, finding: &Finding) {
        let of = finding
            .member
            .as_ref()
            .map(|member| format!(" ({}.{})", member.of, member.name));
        let remark = format!(
            "{function}, {}{}: {}",
            finding.place(),
            of.unwrap_or_default(),
            finding.what
        );
        self.remarks.insert(remark);
    }

    /// Adds an entry to a table, unless the key already has one.
    fn set(&mut self, table: &str, key: &str, value: String) {
        let table = self.tables.entry(table.to_owned()).or_default();
        table.entry(key.to_owned()).or_insert(value);
    }

    fn text(&self) -> String {
        let mut text = String::from(
            "# Additions to the overlays that resolve the differences, guessed from shapes.\n\
             # Merge each table into the table with the same name in metadata/mailstore/overlay, write each doc, and run\n\
             # `cargo xtask codegen`.\n",
        );
        if !self.remarks.is_empty() {
            text.push_str(
                "\n# To decide manually: types that are written in Rust, and differences that a patch cannot express.\n",
            );
        }
        for remark in &self.remarks {
            let _ = writeln!(text, "# * {remark}");
        }
        for (table, entries) in &self.tables {
            let _ = write!(text, "\n[{table}]\n");
            for (key, value) in entries {
                let _ = writeln!(text, "{key} = {value}");
            }
        }
        text
    }
}

/// Returns the entry for an unknown member. One server is not enough evidence that the member is always present.
fn field(ty: &str, doc: &str) -> String {
    format!("{{ type = {}, doc = {} }}", quoted(ty), quoted(doc))
}

/// Returns the entry for a known member that is optional.
fn sometimes(known: &Field) -> String {
    let name = known.name.as_str();
    let name = (name != known.wire.to_snake_case()).then(|| format!("name = {}, ", quoted(name)));
    format!(
        "{{ type = {}, {}always = false, doc = {} }}",
        quoted(&expression(&known.ty)),
        name.unwrap_or_default(),
        quoted(&known.doc)
    )
}

/// Returns a string as a TOML string on one line.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => _ = write!(quoted, "\\u{:04X}", u32::from(c)),
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

fn text_type(name: &str, forms: &BTreeSet<TextForm>) -> &'static str {
    let name = name.to_lowercase();
    // An empty value may have any type.
    let mut forms = forms.iter().filter(|form| **form != TextForm::Empty);
    match (forms.next(), forms.next()) {
        _ if ["password", "secret", "token", "passphrase"]
            .iter()
            .any(|word| name.contains(word)) =>
        {
            "secret"
        }
        (Some(TextForm::DateTime), None) if name.ends_with("utc") => "utc",
        (Some(TextForm::DateTime), None) => "datetime",
        (Some(TextForm::Time), None) => "time",
        _ => "string",
    }
}

/// Returns a type in the notation of overlays.
fn expression(ty: &Type) -> String {
    let word = match ty {
        Type::List(item) => return format!("[{}]", expression(item)),
        Type::Named { name, .. } => name,
        Type::Null => "null",
        Type::String => "string",
        Type::Number => "number",
        Type::Bool => "bool",
        Type::Secret => "secret",
        Type::DateTime => "datetime",
        Type::Time => "time",
        Type::Utc => "utc",
        Type::EpochMilliseconds => "epoch_milliseconds",
        Type::Seconds => "seconds",
        Type::Port => "port",
        _ => "json",
    };
    word.to_owned()
}

fn camel(name: &str) -> String {
    name.to_upper_camel_case()
}

/// Guesses the singular of a plural.
fn singular(name: &str) -> String {
    let ends = [
        ("ies", "y"),
        ("sses", "ss"),
        ("xes", "x"),
        ("ss", "ss"),
        ("us", "us"),
        ("s", ""),
    ];
    ends.iter()
        .find_map(|(end, instead)| Some(format!("{}{instead}", name.strip_suffix(end)?)))
        .unwrap_or_else(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_singular_of_a_plural_is_guessed() {
        for (several, one) in [
            ("ActiveSessions", "ActiveSession"),
            ("StoreIndexes", "StoreIndex"),
            ("Policies", "Policy"),
            ("Status", "Status"),
            ("Folder", "Folder"),
        ] {
            assert_eq!(singular(several), one);
        }
    }

    #[test]
    fn strings_are_quoted_as_toml() {
        let text = "a \"quoted\" \\ back\nslash";
        let table: toml::Table =
            toml::from_str(&format!("doc = {}", quoted(text))).expect("the string is quoted as TOML");
        assert_eq!(table["doc"].as_str(), Some(text));
    }
}
