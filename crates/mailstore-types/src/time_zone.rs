//! The time zone that dates of a call are in.

use std::borrow::Cow;
use std::fmt;

use wire_values::{FromJson, Json, Problem, Reader, ToArgument, ToJson, Unsendable};

/// A time zone of the server: an id that Windows gives it, such as `W. Europe Standard Time` (documented).
///
/// The server lists those that it knows with `get_time_zones`. They are not the names of the IANA database, such as
/// `Europe/Berlin`, which the server does not know.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeZone(Cow<'static, str>);

impl TimeZone {
    /// The zone that the server itself is in, whichever that is: `$Local` (documented).
    pub const SERVER_LOCAL: Self = Self(Cow::Borrowed("$Local"));

    /// Coordinated universal time, as Windows calls it.
    pub const UTC: Self = Self(Cow::Borrowed("UTC"));

    /// The zone with this Windows id. Whether there is one, only the server knows.
    pub fn new(id: &str) -> Self {
        Self(Cow::Owned(id.to_owned()))
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for TimeZone {
    fn from(id: &str) -> Self {
        Self::new(id)
    }
}

impl AsRef<str> for TimeZone {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl ToArgument for TimeZone {
    fn to_argument(&self) -> Result<Cow<'_, str>, Unsendable> {
        if self.0.trim().is_empty() {
            return Err(Unsendable::form(
                "a time zone is a Windows id such as `W. Europe Standard Time`, or `$Local`",
            ));
        }
        Ok(Cow::Borrowed(&self.0))
    }
}

impl ToJson for TimeZone {
    fn to_json(&self) -> Result<Json, Unsendable> {
        Ok(self.as_str().into())
    }
}

wire_values::serialize!(TimeZone);

/// Never fails: only the server knows which zones there are.
impl std::str::FromStr for TimeZone {
    type Err = std::convert::Infallible;

    fn from_str(id: &str) -> Result<Self, Self::Err> {
        Ok(Self::new(id))
    }
}

impl FromJson for TimeZone {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Problem> {
        String::read(reader).map(|id| Self(Cow::Owned(id)))
    }
}
