//! Comma-separated values that a spreadsheet can open. The reports have them in common.

use csv::{QuoteStyle, WriterBuilder};

/// Writes a header and rows as comma-separated values. Each row has as many cells as the header. Text is quoted.
///
/// Text of a server must go through [`without_formula`] first.
pub fn rows<const N: usize>(header: &[&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let mut writer = WriterBuilder::new()
        .quote_style(QuoteStyle::NonNumeric)
        .from_writer(Vec::new());
    let written = "a vector can be written, and every record has the same length";
    writer.write_record(header).expect(written);
    for row in rows {
        writer.write_record(row).expect(written);
    }
    let bytes = writer.into_inner().expect("a vector can be written");
    String::from_utf8(bytes).expect("only text was written")
}

/// Returns text that no spreadsheet runs as a formula. Spreadsheets ignore blanks at the beginning, and some read
/// full-width signs like others.
pub fn without_formula(text: &str) -> String {
    let begins = text
        .trim_start()
        .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if begins || text.starts_with(['\t', '\r', '\n']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_begins_like_a_formula_gets_an_apostrophe() {
        for text in [
            "=cmd|' /C calc'!A0",
            "+1",
            "-1",
            "@SUM(A1)",
            " =1",
            "\t=1",
            "\r1",
            "＝1",
        ] {
            assert_eq!(without_formula(text), format!("'{text}"), "{text:?}");
        }
        for text in ["", "ACME", "a=b", "1-2", "'=1", "Müller & Söhne"] {
            assert_eq!(without_formula(text), text, "{text:?}");
        }
    }
}
