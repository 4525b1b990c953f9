//! The time stamp of a version of an object.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::invalid::Invalid;

/// The time at which a version of an object was made: `YYYYMMDDhhmmssffffff` in UTC, with 20 digits.
///
/// Stamps are ordered by time. The server and all clients compare them as text.
///
/// ```
/// use oaio_client::Stamp;
///
/// let stamp: Stamp = "20261122010447953010".parse()?;
/// assert!(stamp > Stamp::OLDEST);
/// assert_eq!(stamp.timestamp().to_string(), "2026-11-22T01:04:47.95301Z");
/// # Ok::<(), oaio_client::Invalid>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp([u8; Self::DIGITS]);

impl Stamp {
    const DIGITS: usize = 20;

    /// The oldest stamp that the Python client accepts.
    pub const OLDEST: Self = Self(*b"20221231111111012345");

    /// Returns the stamp of the current time on the clock of this machine.
    pub fn now() -> Self {
        Self::of(Timestamp::now())
    }

    /// Returns the stamp of a time. A time before [`OLDEST`](Self::OLDEST) or after the year 9999 becomes the nearest
    /// stamp. Fractions of a microsecond are cut off.
    pub fn of(time: Timestamp) -> Self {
        let time = time.to_zoned(TimeZone::UTC);
        let text = time.strftime("%Y%m%d%H%M%S%6f").to_string();
        <[u8; Self::DIGITS]>::try_from(text.as_bytes())
            .map(Self)
            .map_or(Self::OLDEST, |stamp| stamp.max(Self::OLDEST))
    }

    /// Returns the time.
    pub fn timestamp(self) -> Timestamp {
        // The parser has checked the date, so the fallback is never used.
        parse_time(self.as_str()).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// Returns the next stamp, which is one microsecond later.
    pub(crate) fn next(self) -> Self {
        let next = self.timestamp().checked_add(jiff::SignedDuration::from_micros(1));
        next.map_or(self, Self::of)
    }

    /// Returns the 20 digits.
    pub fn as_str(&self) -> &str {
        // Stamps contain only ASCII digits, so the fallback is never used.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl FromStr for Stamp {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let invalid = |problem: &str| {
            Invalid::new(format!(
                "the stamp {text:?} is invalid: {problem}. A stamp has 20 digits: YYYYMMDDhhmmssffffff, in UTC"
            ))
        };
        let digits = <[u8; Self::DIGITS]>::try_from(text.as_bytes());
        let digits = digits.map_err(|_| invalid("it does not have 20 digits"))?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err(invalid("it contains other characters than digits"));
        }
        if parse_time(text).is_none() {
            return Err(invalid("it is not a date and a time"));
        }
        let stamp = Self(digits);
        if stamp < Self::OLDEST {
            return Err(invalid(&format!("it is older than {}", Self::OLDEST)));
        }
        Ok(stamp)
    }
}

fn parse_time(text: &str) -> Option<Timestamp> {
    let civil = jiff::civil::DateTime::strptime("%Y%m%d%H%M%S%6f", text).ok()?;
    Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn invalid_stamps_are_rejected_with_the_format() {
        for text in [
            "",
            "2026112201044795301",
            "202611220104479530100",
            "2026-11-22T01:04:47Z",
            "20261322010447953010",
            "20260230010447953010",
            "20261122250447953010",
            "+0261122010447953010",
            "20221231111111012344",
            "２０２６１１２２０１０４４７９５３０１０",
        ] {
            let error = text.parse::<Stamp>().expect_err(text).to_string();
            assert!(error.contains("YYYYMMDDhhmmssffffff"), "{text}: {error}");
        }
    }

    proptest! {
        #[test]
        fn times_and_stamps_have_the_same_order(one in 1_672_500_000_000_000_i64..4_000_000_000_000_000, other in 1_672_500_000_000_000_i64..4_000_000_000_000_000) {
            let [one, other] = [one, other].map(|time| Timestamp::from_microsecond(time).unwrap());
            prop_assert_eq!(Stamp::of(one).cmp(&Stamp::of(other)), one.cmp(&other));
            prop_assert_eq!(Stamp::of(one).timestamp(), one);
            prop_assert_eq!(Stamp::of(one).as_str().parse::<Stamp>().unwrap(), Stamp::of(one));
        }

        #[test]
        fn any_text_is_a_stamp_or_an_error(text in "\\PC{0,24}|[0-9]{20}") {
            if let Ok(stamp) = text.parse::<Stamp>() {
                prop_assert_eq!(stamp.as_str(), &text);
                prop_assert_eq!(Stamp::of(stamp.timestamp()), stamp);
            }
        }
    }
}
