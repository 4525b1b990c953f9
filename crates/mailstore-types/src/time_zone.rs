//! The time zone of the dates in a call.

use std::borrow::Cow;
use std::fmt;

use wire_values::{FromJson, Json, Problem, Reader, ToArgument, ToJson, Unsendable};

/// A time zone of the server, as a Windows id such as `W. Europe Standard Time` (documented).
///
/// `get_time_zones` lists the zones of the server. The server does not accept names of the IANA database, such as
/// `Europe/Berlin`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeZone(Cow<'static, str>);

impl TimeZone {
    /// The server's own time zone: `$Local` (documented).
    pub const SERVER_LOCAL: Self = Self(Cow::Borrowed("$Local"));

    /// Coordinated universal time, with its Windows id.
    pub const UTC: Self = Self(Cow::Borrowed("UTC"));

    /// Creates the zone with this Windows id. The id is not validated, because the zones depend on the server.
    pub fn new(id: &str) -> Self {
        Self(Cow::Owned(id.to_owned()))
    }

    /// Returns the id.
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
                "the time zone is empty: use a Windows id such as `W. Europe Standard Time`, or `$Local`",
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

/// Never fails, because the zones depend on the server.
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
