//! The shell of a page that loads nothing, and the numbers, times and names on it. The reports have it in common.

use humansize::{BINARY, format_size_i};
use mailstore_api::jiff::tz::TimeZone;
use mailstore_api::{Timestamp, printable};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::Size;

const STYLE: &str = include_str!("page/style.css");

/// Nothing is loaded: no script, no picture, no font, and no style from elsewhere.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// Writes one HTML page that needs nothing else: it has no script and requests nothing.
///
/// The page has a light and a dark form, as the reader has chosen in the browser, and a form for printing.
pub fn page(title: &str, body: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                meta name="color-scheme" content="light dark";
                title { (shown(title)) }
                style { (PreEscaped(STYLE)) }
            }
            body { (body) }
        }
    };
    let mut text = page.into_string();
    text.push('\n');
    text
}

/// Text of a server without characters that control the direction of writing or are invisible.
pub fn shown(text: &str) -> String {
    printable(text).to_string()
}

/// The number of characters from which a name has its text as a title too, because a table shows only its beginning.
const LONG: usize = 60;

/// A name of a server, whose direction of writing does not change the text around it.
pub fn name(text: &str) -> Markup {
    let shown = shown(text);
    let title = (shown.chars().count() > LONG).then_some(&shown);
    html! { bdi title=[title] { (shown) } }
}

/// A number with commas, such as `1,234,567`.
pub fn grouped<N: ToString>(number: N) -> String {
    let text = number.to_string();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("−", digits),
        None => ("", text.as_str()),
    };
    let mut grouped = sign.to_owned();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A size such as `1.50 GiB`. No line ends between the number and the unit.
pub fn size(size: Size) -> String {
    format_size_i(size.bytes(), BINARY)
        .replace('-', "−")
        .replace(' ', "\u{a0}")
}

/// A moment in UTC, in minutes.
pub fn moment(moment: Timestamp) -> String {
    TimeZone::UTC
        .to_datetime(moment)
        .strftime("%Y-%m-%d %H:%M UTC")
        .to_string()
}

/// A total with its title.
pub fn tile(title: &str, value: &str, is_bad: bool, notes: &Markup) -> Markup {
    html! {
        div.tile {
            div.muted { (title) }
            div.value.bad[is_bad] { (value) }
            (notes)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (-1_234_567, "−1,234,567"),
            (i64::MAX, "9,223,372,036,854,775,807"),
        ] {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn sizes_have_binary_units() {
        assert_eq!(size(Size::from_mb(1536)), "1.50\u{a0}GiB");
        assert_eq!(size(Size::from_bytes(-1024)), "−1\u{a0}KiB");
    }
}
