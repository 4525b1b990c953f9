//! Compares versions that consist of numbers, such as `9.0.13`.

use std::cmp::Ordering;

/// A version that consists of numbers, such as `9.0.13`. Missing numbers count as zero.
#[derive(Clone, Debug)]
pub(crate) struct Version {
    text: String,
    numbers: Vec<u64>,
}

impl Version {
    /// Returns `None` if the text does not consist of numbers with points between them.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let numbers: Vec<u64> = text.split('.').map(number).collect::<Option<_>>()?;
        let text = text.to_owned();
        Some(Self { text, numbers })
    }

    /// Returns the text of the version.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns whether this version is older than another.
    pub(crate) fn is_before(&self, other: &Self) -> bool {
        let count = self.numbers.len().max(other.numbers.len());
        let of = |version: &Self, place: usize| version.numbers.get(place).copied().unwrap_or(0);
        let orders = (0..count).map(|place| of(self, place).cmp(&of(other, place)));
        orders.fold(Ordering::Equal, Ordering::then) == Ordering::Less
    }
}

fn number(text: &str) -> Option<u64> {
    let is_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    is_digits.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        let version = |text| Version::parse(text).unwrap();
        for (older, newer) in [
            ("9.0.5", "9.0.6"),
            ("9.0.6", "9.0.13"),
            ("9.0", "9.0.1"),
            ("8.5.99", "9"),
        ] {
            assert!(version(older).is_before(&version(newer)), "{older} {newer}");
            assert!(!version(newer).is_before(&version(older)), "{older} {newer}");
        }
        assert!(!version("9.0.0").is_before(&version("9")) && !version("9").is_before(&version("9.0.0")));
    }

    #[test]
    fn a_text_with_other_characters_is_no_version() {
        for text in [
            "",
            "9.",
            ".9",
            "9.0a",
            "+9",
            "9..0",
            "9 .0",
            "99999999999999999999",
        ] {
            assert!(Version::parse(text).is_none(), "{text}");
        }
    }
}
