//! Durations on the command line, such as `26h` or `7d`.

use mailstore_api::jiff::{SignedDuration, Span, SpanRelativeTo};

/// Parses a duration with its unit. A day has 24 hours.
pub(crate) fn parse(text: &str) -> Result<SignedDuration, String> {
    let wrong = || format!("`{text}` is not a duration: write for example `90m`, `26h` or `7d`");
    let span: Span = text.parse().map_err(|_| wrong())?;
    let duration = span
        .to_duration(SpanRelativeTo::days_are_24_hours())
        .map_err(|_| wrong())?;
    if duration <= SignedDuration::ZERO || duration > LONGEST {
        return Err(format!("`{text}` must be longer than 0 and at most 3650 days"));
    }
    Ok(duration)
}

const LONGEST: SignedDuration = SignedDuration::from_hours(3650 * 24);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_units() {
        let hours = SignedDuration::from_hours;
        for (text, duration) in [
            ("26h", hours(26)),
            ("7d", hours(168)),
            ("1d 2h", hours(26)),
            ("90m", hours(1) + hours(1) / 2),
        ] {
            assert_eq!(parse(text), Ok(duration), "{text}");
        }
        for text in ["26", "", "0h", "-1h", "1 year ago", "4000d", "1mo", "h"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
