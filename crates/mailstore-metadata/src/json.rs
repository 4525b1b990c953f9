//! JSON values with their places in the text.
//!
//! `serde_json` parses the text. Its [`RawValue`] borrows from the input, so the place of a value is its distance
//! from the start. Raw values are scanned without recursion, so deep nesting uses no stack.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;
use serde_json::value::RawValue;

use crate::failure::Failure;
use crate::problem::{Problem, cut};
use wire_values::floor_char_boundary;

/// See [`crate::Dump::MAX_ENTRIES`].
pub(crate) const MAX_ENTRIES: usize = 20_000;

/// A value in a text whose syntax is valid.
#[derive(Clone, Copy)]
pub(crate) struct Value<'a> {
    /// The text of the value, without surrounding white space.
    raw: &'a str,
    /// The offset of the value in the whole text, in bytes.
    start: usize,
}

impl<'a> Value<'a> {
    /// Parses the first value of a text. [`Value::check_end`] checks that nothing follows it.
    pub(crate) fn first(text: &'a str) -> Result<Self, Box<Failure>> {
        let whole = Value { raw: text, start: 0 };
        let mut parser = serde_json::Deserializer::from_str(text);
        let value = <&RawValue>::deserialize(&mut parser).map_err(|error| whole.syntax(&error))?;
        Ok(whole.child(value))
    }

    /// Checks that only white space follows the value in the text.
    pub(crate) fn check_end(&self, text: &str) -> Result<(), Box<Failure>> {
        let rest = text[self.span().end..].trim_start_matches([' ', '\t', '\r', '\n']);
        if rest.is_empty() {
            return Ok(());
        }
        let at = text.len() - rest.len();
        Err(Failure::new(Problem::Trailing).label(at..at + 1, "text after the list"))
    }

    /// Returns the range of bytes that the value takes in the whole text.
    pub(crate) fn span(&self) -> Range<usize> {
        self.start..self.start + self.raw.len()
    }

    /// Returns the kind of value, for use in a sentence.
    pub(crate) fn kind(&self) -> &'static str {
        match self.raw.as_bytes().first() {
            Some(b'[') => "an array",
            Some(b'{') => "an object",
            Some(b'"') => "a string",
            Some(b't' | b'f') => "a boolean",
            Some(b'n') => "null",
            _ => "a number",
        }
    }

    pub(crate) fn is_array(&self) -> bool {
        self.raw.starts_with('[')
    }

    pub(crate) fn is_null(&self) -> bool {
        self.raw == "null"
    }

    /// Returns the elements of an array. `what` names the value in errors, as in the other methods.
    pub(crate) fn elements(
        self,
        what: impl Fn() -> String,
    ) -> Result<impl Iterator<Item = Value<'a>>, Box<Failure>> {
        if !self.is_array() {
            return Err(self.wrong_type(what(), "an array"));
        }
        let Elements(elements) = self.read()?;
        self.check_count(elements.len(), what)?;
        Ok(elements.into_iter().map(move |element| self.child(element)))
    }

    /// Returns the members of an object. A name that occurs twice is an error.
    pub(crate) fn members(&self, what: impl Fn() -> String) -> Result<Members<'a>, Box<Failure>> {
        if !self.raw.starts_with('{') {
            return Err(self.wrong_type(what(), "an object"));
        }
        let Pairs(pairs) = self.read()?;
        self.check_count(pairs.len(), &what)?;
        let mut members: HashMap<String, (Value<'a>, Value<'a>)> = HashMap::with_capacity(pairs.len());
        for (key, value) in pairs {
            let (key, value) = (self.child(key), self.child(value));
            let name = key.unescaped()?;
            if let Some((first, _)) = members.get(&name) {
                let problem = Problem::DuplicateMember {
                    owner: what(),
                    member: cut(&name),
                };
                return Err(Failure::new(problem)
                    .label(first.span(), "first here")
                    .label(key.span(), "here again"));
            }
            members.insert(name, (key, value));
        }
        Ok(Members {
            object: *self,
            members,
        })
    }

    fn check_count(&self, count: usize, what: impl Fn() -> String) -> Result<(), Box<Failure>> {
        if count <= MAX_ENTRIES {
            return Ok(());
        }
        let problem = Problem::TooMany {
            owner: what(),
            limit: MAX_ENTRIES,
        };
        Err(Failure::new(problem).label(self.span().start..self.span().start + 1, "too many entries"))
    }

    /// Returns the content of a string, with its escapes resolved.
    pub(crate) fn string(&self, what: impl Fn() -> String) -> Result<String, Box<Failure>> {
        if !self.raw.starts_with('"') {
            return Err(self.wrong_type(what(), "a string"));
        }
        self.unescaped()
    }

    fn unescaped(&self) -> Result<String, Box<Failure>> {
        serde_json::from_str(self.raw).map_err(|error| {
            // The syntax is valid, so the cause is an escape of half a surrogate pair.
            let detail = detail(&error);
            Failure::new(Problem::Syntax {
                detail: detail.clone(),
            })
            .label(self.span(), detail)
        })
    }

    /// Returns the place of some bytes of a string's content, or the place of the whole string if it contains
    /// escapes.
    pub(crate) fn span_within_string(&self, bytes: Range<usize>) -> Range<usize> {
        if self.raw.contains('\\') {
            return self.span();
        }
        let text = self.start + 1;
        text + bytes.start..text + bytes.end
    }

    pub(crate) fn boolean(&self, what: impl Fn() -> String) -> Result<bool, Box<Failure>> {
        match self.raw {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(self.wrong_type(what(), "true or false")),
        }
    }

    fn wrong_type(&self, what: String, expected: &'static str) -> Box<Failure> {
        let found = self.kind();
        Failure::new(Problem::WrongType {
            what,
            expected,
            found,
        })
        .label(self.span(), format!("this is {found}"))
    }

    fn read<T: Deserialize<'a>>(&self) -> Result<T, Box<Failure>> {
        serde_json::from_str(self.raw).map_err(|error| self.syntax(&error))
    }

    /// Returns a part of this value, which the parser borrowed from its text, with its place.
    fn child(&self, part: &'a RawValue) -> Value<'a> {
        let raw = part.get();
        let distance = raw.as_ptr().addr() - self.raw.as_ptr().addr();
        Value {
            raw,
            start: self.start + distance,
        }
    }

    /// Converts an error of the JSON parser for the text of this value.
    fn syntax(&self, error: &serde_json::Error) -> Box<Failure> {
        if error.classify() == Category::Eof {
            let end = self.raw.trim_end().len();
            let last = self.raw[..end].chars().next_back().map_or(0, char::len_utf8);
            let span = self.start + end - last..self.start + end;
            return Failure::new(Problem::Truncated).label(span, "the text ends here");
        }
        let detail = detail(error);
        let mut at = self.start + self.offset_of(error);
        if detail.starts_with("control character") {
            // The parser has not consumed the control character that it rejects.
            at += self.raw[at - self.start..]
                .find(|character| character < ' ')
                .unwrap_or(0);
        }
        Failure::new(Problem::Syntax {
            detail: detail.clone(),
        })
        .label(at..at + 1, detail)
    }

    /// Returns the offset of the byte that the parser rejects. Its lines count from 1; its columns are the number of
    /// bytes read of the line, so the last byte read is the rejected one.
    fn offset_of(&self, error: &serde_json::Error) -> usize {
        let lines = self
            .raw
            .split_inclusive('\n')
            .take(error.line().saturating_sub(1));
        let line_start: usize = lines.map(str::len).sum();
        floor_char_boundary(self.raw, (line_start + error.column()).saturating_sub(1))
    }
}

/// Returns the parser's message without the place that it contains.
fn detail(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    message.strip_suffix(&place).unwrap_or(&message).to_owned()
}

/// The members of one object.
pub(crate) struct Members<'a> {
    object: Value<'a>,
    /// The keys and values, by name.
    members: HashMap<String, (Value<'a>, Value<'a>)>,
}

impl<'a> Members<'a> {
    /// Returns the value of a member, even if it is null.
    pub(crate) fn get(&self, member: &str) -> Option<Value<'a>> {
        self.members.get(member).map(|&(_, value)| value)
    }

    /// Returns the value of an optional member. Null counts as missing.
    pub(crate) fn optional(&self, member: &str) -> Option<Value<'a>> {
        self.get(member).filter(|value| !value.is_null())
    }

    /// Returns the value of a required member. `owner` names the object in errors.
    pub(crate) fn required(
        &self,
        member: &'static str,
        owner: impl Fn() -> String,
    ) -> Result<Value<'a>, Box<Failure>> {
        self.get(member).ok_or_else(|| {
            Failure::new(Problem::Missing {
                owner: owner(),
                member,
            })
            .label(self.object.span(), format!("{member:?} is missing here"))
        })
    }
}

/// The first elements of an array: one more than the limit at most.
struct Elements<'a>(Vec<&'a RawValue>);

impl<'de> Deserialize<'de> for Elements<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(ElementsVisitor)
    }
}

struct ElementsVisitor;

impl<'de> Visitor<'de> for ElementsVisitor {
    type Value = Elements<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Elements<'de>, A::Error> {
        let mut elements = Vec::new();
        while elements.len() <= MAX_ENTRIES
            && let Some(element) = sequence.next_element()?
        {
            elements.push(element);
        }
        while sequence.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Elements(elements))
    }
}

/// The first keys and values of an object in the order of the text, including duplicates: one more than the limit at
/// most.
struct Pairs<'a>(Vec<(&'a RawValue, &'a RawValue)>);

impl<'de> Deserialize<'de> for Pairs<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PairsVisitor)
    }
}

struct PairsVisitor;

impl<'de> Visitor<'de> for PairsVisitor {
    type Value = Pairs<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs<'de>, A::Error> {
        let mut pairs = Vec::new();
        while pairs.len() <= MAX_ENTRIES
            && let Some(pair) = map.next_entry()?
        {
            pairs.push(pair);
        }
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Pairs(pairs))
    }
}
