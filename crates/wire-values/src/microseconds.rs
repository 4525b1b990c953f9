//! Moments that a server sends as microseconds since 1970.

use std::fmt;

use jiff::Timestamp;

use crate::argument::Unsendable;
use crate::decode::whole;
use crate::encode::ToJson;
use crate::json::Json;
use crate::problem::Problem;
use crate::reader::{FromJson, Reader};

/// A moment that a server sends as whole microseconds since 1970-01-01 in UTC. The field is the moment.
///
/// ```
/// use wire_values::{Microseconds, from_json};
///
/// let moment: Microseconds = from_json("1714645804000001")?;
/// assert_eq!(moment.0.to_string(), "2024-05-02T10:30:04.000001Z");
/// # Ok::<(), wire_values::Problem>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Microseconds(pub Timestamp);

impl From<Microseconds> for Timestamp {
    fn from(moment: Microseconds) -> Self {
        moment.0
    }
}

impl fmt::Display for Microseconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromJson for Microseconds {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Problem> {
        reader.number("microseconds since 1970-01-01", |digits| {
            Timestamp::from_microsecond(whole(digits)?).ok().map(Self)
        })
    }
}

impl ToJson for Microseconds {
    fn to_json(&self) -> Result<Json, Unsendable> {
        Ok(Json::from(self.0.as_microsecond()))
    }
}

crate::serialize!(Microseconds);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::from_json;

    #[test]
    fn moments_are_read_and_written_as_microseconds() {
        let moment: Microseconds = from_json("1714645804000001").unwrap();
        assert_eq!(moment.0.subsec_microsecond(), 1);
        assert_eq!(moment.to_json().unwrap().text(), "1714645804000001");
        assert_eq!(from_json::<Option<Microseconds>>("null").unwrap(), None);
    }

    #[test]
    fn numbers_beyond_the_calendar_and_other_values_are_rejected() {
        for text in ["9223372036854775807", "1.5", "true", r#""2024-05-02""#] {
            assert!(from_json::<Microseconds>(text).is_err(), "{text}");
        }
    }
}
