//! A month of a calendar.

use std::fmt;

use mailstore_api::civil::Date;
use serde::{Serialize, Serializer};

/// A month, such as `2026-11`.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Month {
    year: i16,
    month: i8,
}

impl Month {
    /// Returns the month of a day.
    pub fn of(day: Date) -> Self {
        Self {
            year: day.year(),
            month: day.month(),
        }
    }

    /// Returns the month before.
    pub fn before(self) -> Self {
        match self.month {
            1 => Self {
                year: self.year.saturating_sub(1),
                month: 12,
            },
            month => Self {
                month: month - 1,
                ..self
            },
        }
    }

    /// Returns the month for people, such as `Nov 2026`.
    pub fn title(self) -> String {
        const NAMES: [&str; 12] = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ];
        let name = usize::try_from(self.month - 1)
            .ok()
            .and_then(|index| NAMES.get(index));
        format!("{} {}", name.unwrap_or(&"?"), self.year)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn december_is_before_january() {
        let january = Month::of(Date::constant(2026, 1, 31));
        assert_eq!(january.before().to_string(), "2025-12");
        assert_eq!(january.before().before().title(), "Nov 2025");
        assert!(january.before() < january);
    }
}
