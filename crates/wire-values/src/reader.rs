//! Reads JSON values one after the other from their text, in one pass and without a copy of the text.
//!
//! The reader cuts the text into names and values (`scan.rs`) and checks what it reads: every name, every value that is
//! read, and what is between them. `serde_json` checks what is not simple: strings with escapes, numbers with fractions,
//! and arrays and objects that are skipped or kept as [`Json`].

use std::borrow::Cow;
use std::fmt;

use serde_json::value::RawValue;

use crate::json::{Json, kind_of, number_in};
use crate::problem::{Place, Problem};
use crate::scan;

/// Deeper values are kept as [`Json`], but not read as types.
const MAX_DEPTH: usize = 128;

/// A type that a result, or a part of one, can be read as.
///
/// ```
/// use wire_values::{FromJson, Json};
///
/// let sizes = Vec::<i64>::from_json(&serde_json::json!([1, 2]).into()).expect("an array of numbers");
/// assert_eq!(sizes, [1, 2]);
/// ```
///
/// [`from_json`](crate::from_json) reads one from a text, for tests. A type of your own is made of what other types, or
/// the methods of [`Reader`], read:
///
/// ```
/// use wire_values::{FromJson, Problem, Reader, from_json};
///
/// struct Name(String);
///
/// impl FromJson for Name {
///     fn read(reader: &mut Reader<'_>) -> Result<Self, Problem> {
///         reader.read().map(Self)
///     }
/// }
///
/// struct Percent(u8);
///
/// impl FromJson for Percent {
///     fn read(reader: &mut Reader<'_>) -> Result<Self, Problem> {
///         reader.number("a whole number up to 100", |digits| {
///             digits.parse().ok().filter(|number| *number <= 100).map(Self)
///         })
///     }
/// }
///
/// let names: Vec<Name> = from_json(r#"["jane"]"#)?;
/// assert_eq!(names[0].0, "jane");
/// let problem = from_json::<Vec<Percent>>("[7, 101]").map(drop).unwrap_err();
/// assert_eq!(problem.to_string(), "result[1]: expected a whole number up to 100, found a number");
/// # Ok::<(), Problem>(())
/// ```
///
/// [`Reader::json`] reads a value of which the type depends on its content.
pub trait FromJson: Sized {
    /// Reads the next value.
    ///
    /// # Errors
    /// The value has another shape; the [`Problem`] names the place.
    fn read(reader: &mut Reader<'_>) -> Result<Self, Problem>;

    /// Reads a value that is kept as [`Json`].
    ///
    /// # Errors
    /// The value has another shape; the [`Problem`] names the place.
    fn from_json(json: &Json) -> Result<Self, Problem> {
        Reader::new(json.text()).read()
    }

    /// What a member of this type is if its value cannot be read; `None` if that is a problem of the whole record.
    #[doc(hidden)]
    fn if_unreadable() -> Option<Self> {
        None
    }
}

/// Reads JSON values one after the other. [`FromJson::read`] gets a reader at the start of the value to read.
///
/// Each method reads one whole value. After an error, the place of the reader is not defined; the caller of
/// [`FromJson::read`] sets it.
pub struct Reader<'j> {
    text: &'j str,
    /// Everything before it has been read.
    place: usize,
    depth: usize,
}

impl<'j> Reader<'j> {
    /// A reader of JSON text. If the text is not valid JSON, reading returns a [`Problem`] where the reader notices it.
    pub fn new(text: &'j str) -> Self {
        Self {
            text,
            place: 0,
            depth: 0,
        }
    }

    /// Reads a value of this type.
    ///
    /// # Errors
    /// The value has another shape.
    pub fn read<T: FromJson>(&mut self) -> Result<T, Problem> {
        let start = self.start();
        let value = T::read(self)?;
        if self.place == start {
            self.skip()?;
        }
        Ok(value)
    }

    /// Whether the next value is `null`. Does not read it.
    pub fn is_null(&mut self) -> bool {
        self.peek() == Some(b'n')
    }

    /// Whether the next value is a number. Does not read it.
    pub fn is_number(&mut self) -> bool {
        matches!(self.peek(), Some(b'-' | b'0'..=b'9'))
    }

    /// Reads any value as [`Json`].
    ///
    /// # Errors
    /// There is no value, or it is not valid JSON.
    pub fn json(&mut self) -> Result<Json, Problem> {
        self.raw().map(Json::of_valid)
    }

    /// Reads a string. `what` says in an error what was expected, if the value is not a string or `read` returns `None`.
    ///
    /// # Errors
    /// The value is not a string, or `read` returned `None`.
    pub fn text<T>(&mut self, what: &str, read: impl FnOnce(&str) -> Option<T>) -> Result<T, Problem> {
        let start = self.start();
        match self.string().and_then(|text| read(&text)) {
            Some(value) => Ok(value),
            None => Err(self.expected(what, start)),
        }
    }

    /// Reads a number, or a string that contains a number and nothing else. `read` gets its digits as they were sent.
    ///
    /// # Errors
    /// The value is neither, or `read` returned `None`.
    pub fn number<T>(&mut self, what: &str, read: impl FnOnce(&str) -> Option<T>) -> Result<T, Problem> {
        let start = self.start();
        match self.scalar().and_then(number_in).and_then(read) {
            Some(value) => Ok(value),
            None => Err(self.expected(what, start)),
        }
    }

    /// Skips a value.
    ///
    /// # Errors
    /// There is no value, or it is not valid JSON.
    pub fn skip(&mut self) -> Result<(), Problem> {
        self.raw().map(drop)
    }

    /// Checks that nothing follows.
    ///
    /// # Errors
    /// There is more text.
    pub fn end(&mut self) -> Result<(), Problem> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(Problem::new("more text follows the value")),
        }
    }

    /// Reads the items of an array, each with `each`.
    pub(crate) fn items(
        &mut self,
        each: &mut dyn FnMut(&mut Self) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        let start = self.start();
        self.descend()?;
        if !self.accept(b'[') {
            return Err(self.expected("an array", start));
        }
        let mut is_more = !self.accept(b']');
        let mut index = 0;
        while is_more {
            each(self).map_err(|problem| problem.at(Place::Index(index)))?;
            index += 1;
            is_more = self.accept(b',');
            if !is_more && !self.accept(b']') {
                return Err(no_value());
            }
        }
        self.depth -= 1;
        Ok(())
    }

    /// Goes into an object. Returns the name of the first member.
    pub(crate) fn first_name(&mut self) -> Result<Option<Cow<'j, str>>, Problem> {
        let start = self.start();
        self.descend()?;
        if !self.accept(b'{') {
            return Err(self.expected("an object", start));
        }
        if self.accept(b'}') {
            return Ok(None);
        }
        self.name().map(Some)
    }

    /// Returns the name of the next member.
    #[inline]
    pub(crate) fn next_name(&mut self) -> Result<Option<Cow<'j, str>>, Problem> {
        if self.accept(b',') {
            return self.name().map(Some);
        }
        if self.accept(b'}') {
            return Ok(None);
        }
        Err(no_value())
    }

    #[inline]
    fn name(&mut self) -> Result<Cow<'j, str>, Problem> {
        self.start();
        let name = self.string().filter(|_| self.accept(b':'));
        name.ok_or_else(|| Problem::found("an object", "a member whose name is not a text"))
    }

    fn descend(&mut self) -> Result<(), Problem> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Problem::new("the value is nested too deeply"));
        }
        Ok(())
    }

    pub(crate) fn depth(&self) -> usize {
        self.depth
    }

    /// Leaves an object, or goes back to where the depth was this one.
    pub(crate) fn set_depth(&mut self, depth: usize) {
        self.depth = depth;
    }

    /// Where the next value begins.
    #[inline]
    pub(crate) fn start(&mut self) -> usize {
        self.place = scan::skip_blanks(self.text.as_bytes(), self.place);
        self.place
    }

    /// The next byte that is not white space.
    #[inline]
    fn peek(&mut self) -> Option<u8> {
        let start = self.start();
        self.text.as_bytes().get(start).copied()
    }

    /// Reads this byte, if it is the next one that is not white space.
    #[inline]
    fn accept(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.place += usize::from(is_next);
        is_next
    }

    /// Goes to a place where a value begins or has ended.
    pub(crate) fn rewind(&mut self, place: usize) {
        self.place = place;
    }

    /// Reads any value as its text.
    #[inline]
    pub(crate) fn raw(&mut self) -> Result<&'j str, Problem> {
        let text = self.cut()?;
        match text.as_bytes().first() {
            Some(b'"') if !text.contains('\\') => Ok(text),
            _ if scan::is_integer(text) || matches!(text, "null" | "true" | "false") => Ok(text),
            _ => match serde_json::from_str::<&RawValue>(text) {
                Ok(_) => Ok(text),
                Err(error) => Err(Problem::new(format!("invalid JSON: {error}"))),
            },
        }
    }

    /// Reads any value as its text, without checking that it is valid JSON.
    #[inline]
    pub(crate) fn cut(&mut self) -> Result<&'j str, Problem> {
        let start = self.start();
        let end = scan::value_end(self.text.as_bytes(), start).ok_or_else(no_value)?;
        self.place = end;
        self.text.get(start..end).ok_or_else(no_value)
    }

    /// Reads a value that is neither an array nor an object as its text.
    pub(crate) fn scalar(&mut self) -> Option<&'j str> {
        match self.peek() {
            Some(b'[' | b'{') | None => None,
            Some(_) => self.raw().ok(),
        }
    }

    /// Reads a string, if the next value is one.
    #[inline]
    pub(crate) fn string(&mut self) -> Option<Cow<'j, str>> {
        if self.peek() != Some(b'"') {
            return None;
        }
        let start = self.place;
        let quoted = scan::quoted(self.text.as_bytes(), start)?;
        self.place = quoted.end + 1;
        if quoted.is_escaped {
            let text = self.text.get(start..=quoted.end)?;
            return serde_json::from_str(text).ok().map(Cow::Owned);
        }
        self.text.get(start + 1..quoted.end).map(Cow::Borrowed)
    }

    /// The value that begins at this place is not what was expected.
    pub(crate) fn expected(&self, what: &str, start: usize) -> Problem {
        Problem::found(what, kind_of(self.text.get(start..).unwrap_or_default()))
    }
}

fn no_value() -> Problem {
    Problem::new("no value to read")
}

/// Without the text: it may hold secrets.
impl fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader")
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
#[allow(unreachable_pub, reason = "the macros are made for public types")]
mod tests;
