//! A number or a percentage on the command line.

use std::str::FromStr;

/// A number of things, or a percentage of all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Amount {
    Number(i64),
    Percent(i64),
}

impl Amount {
    /// Returns the number. A percentage is rounded up.
    pub(crate) fn of(self, all: i64) -> i64 {
        match self {
            Self::Number(number) => number,
            Self::Percent(percent) => {
                let number = (i128::from(all.max(0)) * i128::from(percent) + 99) / 100;
                i64::try_from(number).unwrap_or(i64::MAX)
            }
        }
    }
}

impl FromStr for Amount {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (digits, kind): (&str, fn(i64) -> Self) = match text.strip_suffix('%') {
            Some(digits) => (digits, Self::Percent),
            None => (text, Self::Number),
        };
        let number = digits.trim().parse::<u32>();
        let number = number.map_err(|_| format!("`{text}` is not a number or a percentage such as `90%`"))?;
        Ok(kind(number.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_is_rounded_up() {
        for (text, all, number) in [
            ("90%", 25, 23),
            ("100%", 25, 25),
            ("7", 25, 7),
            ("0%", 25, 0),
            ("90%", i64::MAX, 8_301_034_833_169_298_227),
        ] {
            assert_eq!(text.parse::<Amount>().expect(text).of(all), number, "{text}");
        }
        for text in ["", "%", "-1", "1.5", "ninety"] {
            assert!(text.parse::<Amount>().is_err(), "{text}");
        }
    }
}
