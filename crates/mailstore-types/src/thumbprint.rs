//! The thumbprint of a certificate.

use std::borrow::Cow;

crate::text::text! {
    /// SHA-1 thumbprint of a certificate: 40 upper-case hexadecimal digits without separators (observed).
    ///
    /// Parsing accepts digits in any case, and ignores white space, colons, hyphens and the invisible marks that
    /// certificate dialogs of Windows add.
    Thumbprint,
    "thumbprint",
    "expected 40 hexadecimal digits, the SHA-1 hash of a certificate",
    |text| {
        let separators = |c: char| c.is_whitespace() || matches!(c, ':' | '-' | '\u{200e}' | '\u{200f}' | '\u{feff}');
        let digits = text.replace(separators, "").to_ascii_uppercase();
        let good = digits.len() == 40 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        good.then_some(Cow::Owned(digits))
    }
}

#[cfg(test)]
mod tests {
    use super::Thumbprint;

    const PLAIN: &str = "0123456789ABCDEF0123456789ABCDEF01234567";

    #[test]
    fn thumbprints_are_parsed_in_all_usual_formats() {
        for text in [
            PLAIN,
            "0123456789abcdef0123456789abcdef01234567",
            "\u{200e}01 23 45 67 89 ab cd ef 01 23 45 67 89 ab cd ef 01 23 45 67",
            "01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67",
        ] {
            assert_eq!(text.parse::<Thumbprint>().unwrap().as_str(), PLAIN);
        }
    }

    #[test]
    fn other_hashes_are_rejected() {
        let sha256 = "0".repeat(64);
        for bad in ["", "0123", &PLAIN[1..], &PLAIN.replace('0', "G"), &sha256] {
            assert!(bad.parse::<Thumbprint>().is_err(), "{bad}");
        }
    }
}
