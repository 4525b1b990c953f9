//! JSON values that know their place in the text.
//!
//! `serde_json` does the parsing; its [`RawValue`] borrows from the input, so that a value's place is its
//! distance from the start. Raw values are scanned without recursion: depth costs no stack.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::error::Category;
use serde_json::value::RawValue;

use crate::failure::Failure;
use crate::problem::{Problem, cut};
use crate::text::floor_char_boundary;

/// A value in a text whose syntax was checked.
#[derive(Clone, Copy)]
pub(crate) struct Value<'a> {
    /// The value's own text, without white space around it.
    raw: &'a str,
    /// Where it starts in the whole text, in bytes.
    start: usize,
}

impl<'a> Value<'a> {
    /// The first value of a text; [`Value::check_end`] tells whether it is the only one.
    pub(crate) fn first(text: &'a str) -> Result<Self, Box<Failure>> {
        let whole = Value { raw: text, start: 0 };
        let mut parser = serde_json::Deserializer::from_str(text);
        let value = <&RawValue>::deserialize(&mut parser).map_err(|error| whole.syntax(&error))?;
        Ok(whole.child(value))
    }

    /// Checks that nothing but white space follows the value in the text it was read from.
    pub(crate) fn check_end(&self, text: &str) -> Result<(), Box<Failure>> {
        let rest = text[self.span().end..].trim_start_matches([' ', '\t', '\r', '\n']);
        if rest.is_empty() {
            return Ok(());
        }
        let at = text.len() - rest.len();
        Err(Failure::new(Problem::Trailing).label(at..at + 1, "text after the list"))
    }

    /// The bytes of the whole text that the value takes.
    pub(crate) fn span(&self) -> Range<usize> {
        self.start..self.start + self.raw.len()
    }

    /// The kind of value, as used in a sentence.
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

    /// The elements of an array; `what` is how an error calls the value, here and below.
    pub(crate) fn elements(
        self,
        what: impl Fn() -> String,
    ) -> Result<impl Iterator<Item = Value<'a>>, Box<Failure>> {
        if !self.is_array() {
            return Err(self.wrong_type(what(), "an array"));
        }
        let elements: Vec<&RawValue> = self.read()?;
        Ok(elements.into_iter().map(move |element| self.child(element)))
    }

    /// The members of an object, no name of which may occur twice.
    pub(crate) fn members(&self, what: impl Fn() -> String) -> Result<Members<'a>, Box<Failure>> {
        if !self.raw.starts_with('{') {
            return Err(self.wrong_type(what(), "an object"));
        }
        let Pairs(pairs) = self.read()?;
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
                    .label(key.span(), "and here again"));
            }
            members.insert(name, (key, value));
        }
        Ok(Members {
            object: *self,
            members,
        })
    }

    /// The text of a string, its escapes resolved.
    pub(crate) fn string(&self, what: impl Fn() -> String) -> Result<String, Box<Failure>> {
        if !self.raw.starts_with('"') {
            return Err(self.wrong_type(what(), "a string"));
        }
        self.unescaped()
    }

    fn unescaped(&self) -> Result<String, Box<Failure>> {
        serde_json::from_str(self.raw).map_err(|error| {
            // The syntax is right, so it is an escape that stands for no character: half a surrogate pair.
            let detail = detail(&error);
            Failure::new(Problem::Syntax {
                detail: detail.clone(),
            })
            .label(self.span(), detail)
        })
    }

    /// The place of some bytes of a string's text: exact if nothing is escaped, else that of the string.
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

    /// A part of this value that the parser borrowed from its text.
    fn child(&self, part: &'a RawValue) -> Value<'a> {
        let raw = part.get();
        let distance = raw.as_ptr().addr() - self.raw.as_ptr().addr();
        Value {
            raw,
            start: self.start + distance,
        }
    }

    /// What the parser found wrong in this value's text.
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
            // The parser has not read this one when it objects to it.
            at += self.raw[at - self.start..]
                .find(|character| character < ' ')
                .unwrap_or(0);
        }
        Failure::new(Problem::Syntax {
            detail: detail.clone(),
        })
        .label(at..at + 1, detail)
    }

    /// Where the parser stood: its lines count from 1, its columns are the bytes read of the line, so that
    /// the last one read is the one it objects to.
    fn offset_of(&self, error: &serde_json::Error) -> usize {
        let lines = self
            .raw
            .split_inclusive('\n')
            .take(error.line().saturating_sub(1));
        let line_start: usize = lines.map(str::len).sum();
        floor_char_boundary(self.raw, (line_start + error.column()).saturating_sub(1))
    }
}

/// What the parser says without its own account of the place.
fn detail(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    message.strip_suffix(&place).unwrap_or(&message).to_owned()
}

/// The members of one object.
pub(crate) struct Members<'a> {
    object: Value<'a>,
    /// Keys and values by name.
    members: HashMap<String, (Value<'a>, Value<'a>)>,
}

impl<'a> Members<'a> {
    /// The value of a member, also if it is null.
    pub(crate) fn get(&self, member: &str) -> Option<Value<'a>> {
        self.members.get(member).map(|&(_, value)| value)
    }

    /// The value of a member that may be left out, for which null is another way of saying it.
    pub(crate) fn optional(&self, member: &str) -> Option<Value<'a>> {
        self.get(member).filter(|value| !value.is_null())
    }

    /// The value of a member that must be there; `owner` is how an error calls the object.
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

/// An object's keys and values as they stand, repetitions included.
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
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(Pairs(pairs))
    }
}
