//! A JSON value that is read piece by piece from its text, without a copy of the text.
//!
//! The tokens come from `jiter`. The text is known to be valid JSON: [`Json`] and the envelope check it. This file adds
//! what `jiter` does not have: going back to the beginning of a value, and values nested deeper than it accepts.

use std::fmt;

use jiter::{Jiter, Peek};
use serde_json::value::RawValue;

use crate::json::{Json, kind_of, number_in};
use crate::problem::{Place, Problem};

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
        Reader::of_valid(json.text()).read()
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
    /// Where `tokens` begins in the text.
    base: usize,
    tokens: Jiter<'j>,
    depth: usize,
}

impl<'j> Reader<'j> {
    /// A reader of a string that is valid JSON. If it is not, reading returns a [`Problem`] where the reader notices it.
    pub fn of_valid(text: &'j str) -> Self {
        Self {
            text,
            base: 0,
            tokens: Jiter::new(text.as_bytes()),
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
        if self.place() == start {
            self.skip()?;
        }
        Ok(value)
    }

    /// Whether the next value is `null`. Does not read it.
    pub fn is_null(&mut self) -> bool {
        matches!(self.tokens.peek(), Ok(Peek::Null))
    }

    /// Whether the next value is a number. Does not read it.
    pub fn is_number(&mut self) -> bool {
        self.tokens.peek().is_ok_and(|peek| peek.is_num())
    }

    /// Reads any value as [`Json`].
    ///
    /// # Errors
    /// There is no value: one was read already.
    pub fn json(&mut self) -> Result<Json, Problem> {
        self.raw().map(Json::of_valid)
    }

    /// Reads a text. `what` says in an error what was expected, if the value is not a text or `read` returns `None`.
    ///
    /// # Errors
    /// The value is not a text, or `read` returned `None`.
    pub fn text<T>(&mut self, what: &str, read: impl FnOnce(&str) -> Option<T>) -> Result<T, Problem> {
        let start = self.start();
        match self.string().and_then(read) {
            Some(value) => Ok(value),
            None => Err(self.expected(what, start)),
        }
    }

    /// Reads a number, or a text that holds a number and nothing else. `read` gets its digits as they were sent.
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
    /// There is no value: one was read already.
    pub fn skip(&mut self) -> Result<(), Problem> {
        let start = self.start();
        if self.tokens.next_skip().is_ok() {
            return Ok(());
        }
        // `jiter` refuses values that are nested deeply, and halves of surrogate pairs.
        let rest = self.text.get(start..).unwrap_or_default();
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<&RawValue>();
        match values.next() {
            Some(Ok(_)) => {
                let length = values.byte_offset();
                self.rewind(start + length);
                Ok(())
            }
            _ => Err(Problem::new("no value to read")),
        }
    }

    /// Reads the items of an array, each with `each`.
    pub(crate) fn items(
        &mut self,
        each: &mut dyn FnMut(&mut Self) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        let start = self.start();
        self.descend()?;
        let Ok(mut item) = self.tokens.next_array() else {
            return Err(self.expected("an array", start));
        };
        let mut index = 0;
        while item.is_some() {
            each(self).map_err(|problem| problem.at(Place::Index(index)))?;
            index += 1;
            item = self
                .tokens
                .array_step()
                .map_err(|_| self.expected("an array", start))?;
        }
        self.depth -= 1;
        Ok(())
    }

    /// Goes into an object. Returns the name of the first member.
    pub(crate) fn first_name(&mut self) -> Result<Option<&str>, Problem> {
        let start = self.start();
        self.descend()?;
        let text = self.text;
        match self.tokens.next_object() {
            Ok(name) => Ok(name),
            Err(_) => Err(Problem::found(
                "an object",
                kind_of(text.get(start..).unwrap_or_default()),
            )),
        }
    }

    /// Returns the name of the next member.
    pub(crate) fn next_name(&mut self) -> Result<Option<&str>, Problem> {
        self.tokens
            .next_key()
            .map_err(|_| Problem::found("an object", "a member whose name is not a text"))
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
    pub(crate) fn start(&mut self) -> usize {
        // Skips blanks; that nothing follows is found when it is read.
        _ = self.tokens.peek();
        self.place()
    }

    fn place(&self) -> usize {
        self.base + self.tokens.current_index()
    }

    /// Goes to a place where a value begins or has ended.
    pub(crate) fn rewind(&mut self, place: usize) {
        self.base = place;
        self.tokens = Jiter::new(self.text.get(place..).unwrap_or_default().as_bytes());
    }

    /// Reads any value as its text.
    pub(crate) fn raw(&mut self) -> Result<&'j str, Problem> {
        let start = self.start();
        self.skip()?;
        Ok(self.text.get(start..self.place()).unwrap_or_default())
    }

    /// Reads a value that is neither an array nor an object as its text.
    pub(crate) fn scalar(&mut self) -> Option<&'j str> {
        match self.tokens.peek() {
            Ok(Peek::Array | Peek::Object) | Err(_) => None,
            Ok(_) => self.raw().ok(),
        }
    }

    /// Reads a text, if it is one.
    pub(crate) fn string(&mut self) -> Option<&str> {
        match self.tokens.peek() {
            Ok(Peek::String) => self.tokens.known_str().ok(),
            _ => None,
        }
    }

    /// The value that begins at this place is not what was expected.
    pub(crate) fn expected(&self, what: &str, start: usize) -> Problem {
        Problem::found(what, kind_of(self.text.get(start..).unwrap_or_default()))
    }
}

/// Without the text: it may hold secrets.
impl fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader")
            .field("place", &self.place())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
#[allow(unreachable_pub, reason = "the macros are made for public types")]
mod tests;
