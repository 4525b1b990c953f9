//! Reads JSON values one after the other from their text, in one pass and without copying the text.
//!
//! The reader cuts the text into names and values (`scan.rs`). It validates every name, every value that it reads, and
//! the characters between them. `serde_json` validates complex values: strings with escapes, numbers with fractions,
//! and arrays and objects that are skipped or kept as [`Json`].

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde_json::value::RawValue;

use crate::json::{Json, kind_of, number_in};
use crate::problem::{Place, Problem};
use crate::scan;

/// Maximum depth of values that are read as types. Deeper values can only be kept as [`Json`].
const MAX_DEPTH: usize = 128;

/// A type that a result or a part of a result can be decoded into.
///
/// ```
/// use wire_values::{FromJson, Json};
///
/// let sizes = Vec::<i64>::from_json(&serde_json::json!([1, 2]).into()).expect("an array of numbers");
/// assert_eq!(sizes, [1, 2]);
/// ```
///
/// [`from_json`](crate::from_json) decodes a value from JSON text, for tests. To implement this trait for your own
/// type, read values of other types or call the methods of [`Reader`]:
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
/// If the type of a value depends on its content, read it with [`Reader::json`].
pub trait FromJson: Sized {
    /// Reads the next value.
    ///
    /// # Errors
    /// The value has another shape. The [`Problem`] names the place.
    fn read(reader: &mut Reader<'_>) -> Result<Self, Problem>;

    /// Reads a value that is kept as [`Json`].
    ///
    /// # Errors
    /// The value has another shape. The [`Problem`] names the place.
    fn from_json(json: &Json) -> Result<Self, Problem> {
        Reader::new(json.text()).read()
    }

    /// Decodes the value at this place of a text by keeping the text, as [`Json`] does. Other types return the text.
    #[doc(hidden)]
    fn keep(text: String, _place: Range<usize>) -> Result<Result<Self, Problem>, String> {
        Err(text)
    }

    /// Returns the value of a member of this type if its JSON value cannot be decoded. `None` means that the whole
    /// record cannot be decoded.
    #[doc(hidden)]
    fn if_unreadable() -> Option<Self> {
        None
    }
}

/// Reads JSON values one after the other. [`FromJson::read`] gets a reader at the start of the value to read.
///
/// Each method reads one whole value. After an error, the place of the reader is undefined. The caller of
/// [`FromJson::read`] then sets the place.
pub struct Reader<'j> {
    text: &'j str,
    /// Everything before it has been read.
    place: usize,
    depth: usize,
}

impl<'j> Reader<'j> {
    /// Creates a reader of JSON text. If the text is invalid, reading returns a [`Problem`] at the invalid place.
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

    /// Returns whether the next value is `null`. Does not read the value.
    pub fn is_null(&mut self) -> bool {
        self.peek() == Some(b'n')
    }

    /// Returns whether the next value is a number. Does not read the value.
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

    /// Reads a string. `what` describes the expected value in the error.
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

    /// Reads a number, or a string that contains only a number. `read` gets the digits as they were sent.
    ///
    /// # Errors
    /// The value is neither of them, or `read` returned `None`.
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

    /// Checks that nothing follows the last value.
    ///
    /// # Errors
    /// More text follows.
    pub fn end(&mut self) -> Result<(), Problem> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(Problem::new("more text follows the value")),
        }
    }

    /// Reads an array. Calls `each` to read each item.
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

    /// Enters an object. Returns the name of the first member.
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
        name.ok_or_else(|| Problem::found("an object", "a member whose name is not a string"))
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

    /// Sets the depth, after leaving an object or going back to an earlier place.
    pub(crate) fn set_depth(&mut self, depth: usize) {
        self.depth = depth;
    }

    /// Returns the place where the next value begins.
    #[inline]
    pub(crate) fn start(&mut self) -> usize {
        self.place = scan::skip_blanks(self.text.as_bytes(), self.place);
        self.place
    }

    /// Returns the next byte that is not white space.
    #[inline]
    fn peek(&mut self) -> Option<u8> {
        let start = self.start();
        self.text.as_bytes().get(start).copied()
    }

    /// Reads this byte if it is the next byte that is not white space. Returns whether it was.
    #[inline]
    fn accept(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.place += usize::from(is_next);
        is_next
    }

    /// Moves the reader to a place where a value begins or ends.
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

    /// Reads any value as its text, without validation.
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

    /// Reads the next value if it is a string.
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

    /// Creates the problem for the unexpected value that begins at this place.
    pub(crate) fn expected(&self, what: &str, start: usize) -> Problem {
        Problem::found(what, kind_of(self.text.get(start..).unwrap_or_default()))
    }
}

fn no_value() -> Problem {
    Problem::new("no value to read")
}

/// Omits the text, because it may contain secrets.
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
