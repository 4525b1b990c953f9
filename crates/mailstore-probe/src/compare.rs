//! Compares a response with the model. All values at one place are compared together.

use std::collections::{BTreeMap, BTreeSet};

use mailstore_codegen::model::{Api, Field, Shape as Kind, Type, TypeBody, TypeDef};
use mailstore_transport::civil::{DateTime, Time};
use serde_json::Value;

use crate::finding::{Finding, FindingKind, Member};
use crate::private::Private;
use crate::shape::Shape;

/// The types of an API by name.
pub(crate) struct Types<'a>(BTreeMap<&'a str, &'a TypeDef>);

impl<'a> Types<'a> {
    /// Returns the types that the functions of the API use.
    pub(crate) fn of(api: &'a Api) -> Self {
        Self(
            api.types
                .iter()
                .map(|definition| (definition.name.as_str(), definition))
                .collect(),
        )
    }

    /// Returns the definition of a type.
    pub(crate) fn get(&self, name: &str) -> Option<&'a TypeDef> {
        self.0.get(name).copied()
    }

    /// Returns the definition and the members of a type if it is an object with members.
    fn fields(&self, ty: &Type) -> Option<(&'a TypeDef, &'a [Field])> {
        let Type::Named { name, .. } = ty else { return None };
        let definition = self.get(name)?;
        match &definition.body {
            TypeBody::Record { fields } => Some((definition, fields)),
            _ => None,
        }
    }

    /// Records every string of a value that is not a word of a vocabulary as private.
    pub(crate) fn note_texts(&self, ty: &Type, value: &Value, private: &mut Private) {
        match (ty, value) {
            (
                Type::Named {
                    shape: Kind::Words | Kind::Set,
                    ..
                },
                _,
            ) => {}
            (_, Value::String(text)) => private.add(text),
            (ty, Value::Array(items)) => {
                let item = match ty {
                    Type::List(item) => item,
                    _ => &Type::Json,
                };
                items
                    .iter()
                    .for_each(|value| self.note_texts(item, value, private));
            }
            (ty, Value::Object(members)) => {
                let fields = self.fields(ty).map_or(&[][..], |(_, fields)| fields);
                for (name, value) in members {
                    let field = fields.iter().find(|field| field.wire == *name);
                    self.note_texts(field.map_or(&Type::Json, |field| &field.ty), value, private);
                }
            }
            _ => {}
        }
    }
}

/// Compares a result with its type.
pub(crate) fn compare(ty: &Type, result: &Value, types: &Types<'_>, private: &Private) -> Vec<Finding> {
    let mut comparison = Comparison {
        types,
        private,
        findings: Vec::new(),
    };
    comparison.values(ty, &[result], "", None);
    comparison.findings
}

struct Comparison<'a> {
    types: &'a Types<'a>,
    private: &'a Private,
    findings: Vec<Finding>,
}

impl Comparison<'_> {
    /// Compares all values at one place. The caller decides whether null is allowed.
    fn values(&mut self, ty: &Type, values: &[&Value], path: &str, member: Option<&Member>) {
        match ty {
            Type::Null | Type::Json => {
                let shape = self.shape(values);
                if !shape.is_empty() {
                    self.find(path, member, FindingKind::Untyped(shape));
                }
                return;
            }
            _ if member.is_none() && values.iter().any(|value| value.is_null()) => {
                self.find(path, None, FindingKind::Null);
            }
            _ => {}
        }
        let there = values.iter().copied().filter(|value| !value.is_null());
        let (fitting, others): (Vec<&Value>, Vec<&Value>) = there.partition(|value| self.fits(ty, value));
        if !others.is_empty() {
            let (expected, found) = (self.expected(ty), self.shape(&others));
            self.find(path, member, FindingKind::Other { expected, found });
        }
        match ty {
            Type::List(item) => {
                let items: Vec<&Value> = fitting
                    .iter()
                    .filter_map(|value| value.as_array())
                    .flatten()
                    .collect();
                self.values(item, &items, &format!("{path}[]"), None);
            }
            Type::Named { name, .. } => self.named(name, &fitting, path, member),
            _ => {}
        }
    }

    fn named(&mut self, name: &str, values: &[&Value], path: &str, member: Option<&Member>) {
        let Some(definition) = self.types.get(name) else {
            return;
        };
        match &definition.body {
            TypeBody::Record { fields } => self.record(name, fields, values, path),
            TypeBody::Words {
                words,
                otherwise: None,
            } => {
                let known: Vec<&str> = words.iter().map(|word| word.wire.as_str()).collect();
                self.words(name, &known, values, path, member);
            }
            TypeBody::Set { item, alone, .. } => {
                let mut known: Vec<&str> = alone.iter().map(|word| word.wire.as_str()).collect();
                if let Some(TypeBody::Words { words, .. }) = self.types.get(item).map(|item| &item.body) {
                    known.extend(words.iter().map(|word| word.wire.as_str()));
                }
                self.words(item, &known, values, path, member);
            }
            _ => {}
        }
    }

    fn record(&mut self, name: &str, fields: &[Field], values: &[&Value], path: &str) {
        let objects: Vec<_> = values.iter().filter_map(|value| value.as_object()).collect();
        if objects.is_empty() {
            return;
        }
        for field in fields {
            let (path, member) = place(path, name, &field.wire);
            let there: Vec<&Value> = objects
                .iter()
                .filter_map(|object| object.get(&field.wire))
                .collect();
            let absent = objects.len() - there.len();
            if field.always && absent > 0 {
                let of = objects.len();
                self.find(&path, Some(&member), FindingKind::Missing { absent, of });
            } else if there.is_empty() {
                self.find(&path, Some(&member), FindingKind::Unseen);
            }
            if field.always && there.iter().any(|value| value.is_null()) {
                self.find(&path, Some(&member), FindingKind::Null);
            }
            self.values(&field.ty, &there, &path, Some(&member));
        }
        let known: BTreeSet<&str> = fields.iter().map(|field| field.wire.as_str()).collect();
        // The unknown members are treated as one object, so the rules that hide names apply to them.
        let rest: Vec<Value> = objects
            .into_iter()
            .map(|object| {
                let rest = object.iter().filter(|(name, _)| !known.contains(name.as_str()));
                rest.map(|(name, value)| (name.clone(), value.clone())).collect()
            })
            .collect();
        let Some(rest) = self.shape(&rest.iter().collect::<Vec<_>>()).object else {
            return;
        };
        for (wire, unknown) in rest.members {
            let (path, member) = place(path, name, &wire);
            self.find(&path, Some(&member), FindingKind::Unknown(unknown.shape));
        }
        if rest.hidden > 0 {
            let (count, shape) = (rest.hidden, *rest.hidden_shape);
            self.find(path, None, FindingKind::UnknownNames { count, shape });
        }
    }

    fn words(&mut self, name: &str, known: &[&str], values: &[&Value], path: &str, member: Option<&Member>) {
        let is_known = |word: &&str| known.iter().any(|known| known.eq_ignore_ascii_case(word));
        let unknown: BTreeSet<&str> = values
            .iter()
            .flat_map(|value| words_in(value))
            .filter(|word| !is_known(word))
            .collect();
        if unknown.is_empty() {
            return;
        }
        let (shown, hidden): (Vec<&str>, Vec<&str>) =
            unknown.into_iter().partition(|word| self.private.may_show(word));
        let what = FindingKind::Words {
            vocabulary: name.to_owned(),
            words: shown.into_iter().map(str::to_owned).collect(),
            hidden: hidden.len(),
        };
        self.find(path, member, what);
    }

    /// Returns whether a value has the JSON type of its model type. Its elements are compared later.
    fn fits(&self, ty: &Type, value: &Value) -> bool {
        let text = value.as_str();
        match ty {
            Type::Null | Type::Json => true,
            Type::String | Type::Secret => text.is_some(),
            Type::Number | Type::EpochMilliseconds => value.is_i64(),
            Type::Bool => value.is_boolean(),
            Type::DateTime | Type::Utc => {
                text.is_some_and(|text| text.trim_end_matches('Z').parse::<DateTime>().is_ok())
            }
            Type::Time => text.is_some_and(|text| text.parse::<Time>().is_ok()),
            Type::Seconds => value.is_u64(),
            Type::Port => value.as_u64().is_some_and(|port| u16::try_from(port).is_ok()),
            Type::List(_) => value.is_array(),
            Type::Named { shape, .. } => match shape {
                Kind::NumberId => value.is_i64(),
                Kind::TextId | Kind::Words => text.is_some(),
                Kind::AnyId => text.is_some() || value.is_i64(),
                Kind::Record => value.is_object(),
                Kind::Set => {
                    let mut items = value.as_array().into_iter().flatten();
                    text.is_some() || value.is_array() && items.all(Value::is_string)
                }
                Kind::Parts => false,
            },
            // A type that is unknown to this program cannot be compared.
            _ => true,
        }
    }

    fn expected(&self, ty: &Type) -> String {
        let word = match ty {
            Type::String | Type::Secret => "string",
            Type::Number => "integer",
            Type::EpochMilliseconds => "integer (milliseconds since 1970)",
            Type::Bool => "true or false",
            Type::DateTime | Type::Utc => "string (date and time)",
            Type::Time => "string (time of day)",
            Type::Seconds => "integer (seconds)",
            Type::Port => "integer (port)",
            Type::List(_) => "array",
            Type::Named { name, shape, .. } => {
                let word = match shape {
                    Kind::NumberId => "integer",
                    Kind::TextId | Kind::Words => "string",
                    Kind::AnyId => "string or integer",
                    Kind::Record => "object",
                    Kind::Set => "array of strings",
                    Kind::Parts => "something else",
                };
                return format!("{word} ({name})");
            }
            _ => "something else",
        };
        word.to_owned()
    }

    fn shape(&self, values: &[&Value]) -> Shape {
        Shape::of(values, self.private)
    }

    fn find(&mut self, path: &str, member: Option<&Member>, what: FindingKind) {
        self.findings.push(Finding {
            path: path.to_owned(),
            member: member.cloned(),
            what,
        });
    }
}

/// Returns the words of a vocabulary: one string, an array of strings, or a comma-separated string, as older versions
/// write sets.
fn words_in(value: &Value) -> Vec<&str> {
    match value {
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        value => {
            let words = value.as_str().into_iter().flat_map(|text| text.split(','));
            words.map(str::trim).collect()
        }
    }
}

fn place(path: &str, of: &str, name: &str) -> (String, Member) {
    let dot = if path.is_empty() { "" } else { "." };
    let member = Member {
        of: of.to_owned(),
        name: name.to_owned(),
    };
    (format!("{path}{dot}{name}"), member)
}
