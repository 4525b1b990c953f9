//! The shape of values: the part of private responses that may be shown.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::Value;

use crate::private::Private;
use crate::text::TextForm;

/// Maximum number of names of a record. An object with more names is treated as a map, such as users by name.
const MOST_MEMBERS: usize = 40;

/// The shape of all values at one place. It contains no values, and only names that are not data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// Whether some values are null.
    pub null: bool,
    /// Whether some values are booleans.
    pub boolean: bool,
    /// The kinds of numbers.
    pub numbers: BTreeSet<NumberForm>,
    /// The forms of strings.
    pub texts: BTreeSet<TextForm>,
    /// The arrays.
    pub array: Option<Array>,
    /// The objects.
    pub object: Option<Object>,
}

/// The kind of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NumberForm {
    /// An integer that fits in 32 bits.
    Whole,
    /// An integer that does not fit in 32 bits.
    Large,
    /// Any other number.
    Fraction,
}

/// The shape of arrays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Array {
    /// The length of the shortest array.
    pub least: usize,
    /// The length of the longest array.
    pub most: usize,
    /// The shape of all elements.
    pub item: Box<Shape>,
}

/// The shape of objects.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Object {
    /// Members by name.
    pub members: BTreeMap<String, Member>,
    /// The number of names that look like data.
    pub hidden: usize,
    /// The shape of the values of these names.
    pub hidden_shape: Box<Shape>,
}

/// A member of objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The shape of its values.
    pub shape: Shape,
    /// Whether every object has the member.
    pub always: bool,
}

impl Shape {
    /// Returns the shape of all these values together.
    pub fn of(values: &[&Value], private: &Private) -> Self {
        let mut shape = Self::default();
        let mut arrays: Vec<&Vec<Value>> = Vec::new();
        let mut objects = Vec::new();
        for value in values {
            match value {
                Value::Null => shape.null = true,
                Value::Bool(_) => shape.boolean = true,
                Value::Number(number) => _ = shape.numbers.insert(NumberForm::of(number)),
                Value::String(text) => _ = shape.texts.insert(TextForm::of(text)),
                Value::Array(items) => arrays.push(items),
                Value::Object(members) => objects.push(members),
            }
        }
        let lengths = || arrays.iter().map(|items| items.len());
        shape.array = lengths().min().map(|least| Array {
            least,
            most: lengths().max().unwrap_or(least),
            item: Box::new(Self::of(
                &arrays.iter().copied().flatten().collect::<Vec<_>>(),
                private,
            )),
        });
        shape.object = (!objects.is_empty()).then(|| Object::of(&objects, private));
        shape
    }

    /// Returns whether the values have no shape: there are no values, only nulls, or only empty arrays.
    pub fn is_empty(&self) -> bool {
        let Self {
            null: _,
            boolean,
            numbers,
            texts,
            array,
            object,
        } = self;
        !boolean
            && numbers.is_empty()
            && texts.is_empty()
            && object.is_none()
            && array.as_ref().is_none_or(|array| array.item.is_empty())
    }
}

impl Object {
    fn of(objects: &[&serde_json::Map<String, Value>], private: &Private) -> Self {
        let mut by_name: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
        for (name, value) in objects.iter().copied().flatten() {
            by_name.entry(name).or_default().push(value);
        }
        let is_record = by_name.len() <= MOST_MEMBERS && !are_alike(&by_name);
        let mut members = BTreeMap::new();
        let mut hidden: Vec<&Value> = Vec::new();
        let mut names = 0;
        for (name, values) in by_name {
            if is_record && private.may_show(name) {
                let always = values.len() == objects.len();
                let shape = Shape::of(&values, private);
                members.insert(name.to_owned(), Member { shape, always });
            } else {
                names += 1;
                hidden.extend(values);
            }
        }
        Self {
            members,
            hidden: names,
            hidden_shape: Box::new(Shape::of(&hidden, private)),
        }
    }
}

/// Returns whether there are several members and all are objects with the same members. Such an object is a map of
/// similar things by name.
fn are_alike(by_name: &BTreeMap<&str, Vec<&Value>>) -> bool {
    let mut members = by_name.values().flatten().map(|value| {
        let object = value.as_object()?;
        Some(object.keys().collect::<BTreeSet<_>>())
    });
    let Some(Some(first)) = members.next() else {
        return false;
    };
    by_name.len() > 1 && !first.is_empty() && members.all(|other| other.as_ref() == Some(&first))
}

impl NumberForm {
    fn of(number: &serde_json::Number) -> Self {
        match number.as_i64() {
            Some(whole) if i32::try_from(whole).is_ok() => Self::Whole,
            Some(_) => Self::Large,
            None if number.is_u64() => Self::Large,
            None => Self::Fraction,
        }
    }
}

/// Writes the shape on one line, such as `array of 3 (object { id: integer, name: string or null })`.
impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts: Vec<String> = Vec::new();
        parts.extend(self.numbers.iter().map(ToString::to_string));
        parts.extend(self.boolean.then(|| "true or false".to_owned()));
        parts.extend(self.texts.iter().map(ToString::to_string));
        parts.extend(self.array.as_ref().map(ToString::to_string));
        parts.extend(self.object.as_ref().map(ToString::to_string));
        parts.extend(self.null.then(|| "null".to_owned()));
        if parts.is_empty() {
            parts.push("nothing".to_owned());
        }
        f.write_str(&parts.join(" or "))
    }
}

impl fmt::Display for NumberForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Whole => "integer",
            Self::Large => "integer beyond 32 bits",
            Self::Fraction => "number with a fraction",
        })
    }
}

impl fmt::Display for Array {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { least, most, item } = self;
        match (least == most, *most) {
            (_, 0) => return f.write_str("array of 0"),
            (true, _) => write!(f, "array of {most}")?,
            (false, _) => write!(f, "array of {least} to {most}")?,
        }
        write!(f, " ({item})")
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let member = |(name, member): (&String, &Member)| {
            let sometimes = if member.always { "" } else { " in some" };
            format!("{name}{sometimes}: {}", member.shape)
        };
        let mut members: Vec<String> = self.members.iter().map(member).collect();
        if self.hidden > 0 {
            members.push(format!("<name> ({} of them): {}", self.hidden, self.hidden_shape));
        }
        if members.is_empty() {
            return f.write_str("object without members");
        }
        write!(f, "object {{ {} }}", members.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(values: &[Value], names: &[&str]) -> String {
        let private = Private::of(names.iter().copied());
        Shape::of(&values.iter().collect::<Vec<_>>(), &private).to_string()
    }

    #[test]
    fn values_are_merged_and_not_shown() {
        let shape = shown(
            &[
                json!([{"id": 1, "at": "2026-05-02T10:30:04"}, {"id": null, "at": ""}, {"id": 3_000_000_000_i64}]),
                json!([]),
            ],
            &[],
        );
        assert_eq!(
            shape,
            "array of 0 to 3 (object { at in some: string (empty) or string (date and time), \
             id: integer or integer beyond 32 bits or null })"
        );
        assert_eq!(
            shown(&[json!(true), json!(1.5)], &[]),
            "number with a fraction or true or false"
        );
        assert_eq!(shown(&[], &[]), "nothing");
    }

    #[test]
    fn names_that_look_like_data_are_counted_and_not_shown() {
        let shape = shown(
            &[json!({"jane.doe": 1, "Jane": 2, "host-1": 3, "size": 4})],
            &["jane"],
        );
        assert_eq!(shape, "object { size: integer, <name> (3 of them): integer }");
        let many: serde_json::Map<String, Value> = (0..60).map(|n| (format!("user{n}"), json!(n))).collect();
        assert_eq!(
            shown(&[Value::Object(many)], &[]),
            "object { <name> (60 of them): integer }"
        );
    }

    #[test]
    fn names_of_similar_objects_are_not_shown() {
        let shape = shown(&[json!({"anna": {"size": 1}, "bert": {"size": 2}})], &[]);
        assert_eq!(shape, "object { <name> (2 of them): object { size: integer } }");
        let shape = shown(&[json!({"anna": {"size": 1}, "bert": {"name": 2}})], &[]);
        assert!(shape.contains("anna"), "{shape}");
    }

    #[test]
    fn nulls_and_empty_arrays_are_an_empty_shape() {
        let private = Private::default();
        for value in [json!(null), json!([]), json!([null, []])] {
            assert!(Shape::of(&[&value], &private).is_empty(), "{value}");
        }
        assert!(!Shape::of(&[&json!([{}])], &private).is_empty());
    }
}
