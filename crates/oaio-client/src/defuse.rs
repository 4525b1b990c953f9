//! Replaces the characters that file names and URLs cannot contain by characters that look like them.
//!
//! The table is that of the Python client (observed for all characters up to U+FFFF).

/// Replaces `://`, which the table below cannot express.
const SCHEME: (&str, &str) = ("://", "\u{2afb}");

/// The characters that are replaced, and their look-alikes. Control characters are not in this table, except DEL.
const LOOK_ALIKES: [(char, char); 28] = [
    (' ', '\u{2423}'),
    ('"', '\u{ff02}'),
    ('#', '\u{fe5f}'),
    ('$', '\u{fe69}'),
    ('%', '\u{fe6a}'),
    ('&', '\u{fe60}'),
    ('\'', '\u{2018}'),
    ('(', '\u{27ee}'),
    (')', '\u{27ef}'),
    ('*', '\u{fe61}'),
    ('+', '\u{fe62}'),
    (',', '\u{fe50}'),
    ('/', '\u{2044}'),
    (':', '\u{fe55}'),
    (';', '\u{fe54}'),
    ('<', '\u{27e8}'),
    ('=', '\u{fe66}'),
    ('>', '\u{27e9}'),
    ('?', '\u{fe56}'),
    ('@', '\u{fe6b}'),
    ('[', '\u{27e6}'),
    ('\\', '\u{fe68}'),
    (']', '\u{27e7}'),
    ('^', '\u{ff3e}'),
    ('{', '\u{fe5b}'),
    ('|', '\u{964}'),
    ('}', '\u{fe5c}'),
    ('\u{7f}', '\u{2421}'),
];

/// The look-alikes of the control characters up to U+001F have the same order and begin here.
const CONTROL_PICTURES: u32 = 0x2400;

/// Returns the text with look-alikes instead of the characters that file names and URLs cannot contain.
pub(crate) fn defuse(text: &str) -> String {
    let (scheme, look_alike) = SCHEME;
    let text = text.replace(scheme, look_alike);
    text.chars().map(defused).collect()
}

/// Returns the text with the original characters instead of the look-alikes. It is the inverse of [`defuse`] for text
/// that contained no look-alike.
pub(crate) fn restore(text: &str) -> String {
    let (scheme, look_alike) = SCHEME;
    let text: String = text.chars().map(restored).collect();
    text.replace(look_alike, scheme)
}

fn defused(character: char) -> char {
    if character < ' ' {
        return char::from_u32(CONTROL_PICTURES + u32::from(character)).unwrap_or(character);
    }
    let found = LOOK_ALIKES.iter().find(|(original, _)| *original == character);
    found.map_or(character, |(_, look_alike)| *look_alike)
}

fn restored(character: char) -> char {
    let control = u32::from(character).checked_sub(CONTROL_PICTURES);
    if let Some(control) = control.and_then(char::from_u32).filter(|control| *control < ' ') {
        return control;
    }
    let found = LOOK_ALIKES
        .iter()
        .find(|(_, look_alike)| *look_alike == character);
    found.map_or(character, |(original, _)| *original)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn characters_become_the_look_alikes_of_the_python_client() {
        for (text, defused) in [
            ("", ""),
            (".", "."),
            ("..", ".."),
            ("CON", "CON"),
            ("azAZ09!-._~`", "azAZ09!-._~`"),
            ("\0\u{1}\u{7}\t\n\r\u{1f} \u{7f}", "\u{2400}␁␇␉␊␍\u{241f}␣␡"),
            ("\"#$%&'()*+,", "＂﹟﹩﹪﹠‘⟮⟯﹡﹢﹐"),
            ("/:;<=>?@", "⁄﹕﹔⟨﹦⟩﹖﹫"),
            ("[\\]^{|}", "⟦﹨⟧＾﹛।﹜"),
            (":///", "⫻⁄"),
            ("://://", "⫻⫻"),
            ("a:/b", "a﹕⁄b"),
            ("⁄⫻␣", "⁄⫻␣"),
            (
                "\u{80}\u{85}\u{9f}\u{a0}ü☃😀\u{2420}\u{2424}",
                "\u{80}\u{85}\u{9f}\u{a0}ü☃😀\u{2420}\u{2424}",
            ),
        ] {
            assert_eq!(defuse(text), defused, "{text:?}");
        }
    }

    #[test]
    fn look_alikes_are_restored() {
        assert_eq!(
            restore("demo⫻alice﹫dev1⁄first␣note␊"),
            "demo://alice@dev1/first note\n"
        );
        assert_eq!(restore("⁄"), "/");
        assert_eq!(restore("\u{2420}\u{2424}ü"), "\u{2420}\u{2424}ü");
    }

    proptest! {
        #[test]
        fn text_without_look_alikes_is_restored(text in any::<String>().prop_map(|text| restore(&text))) {
            prop_assert_eq!(restore(&defuse(&text)), text);
        }

        #[test]
        fn defused_text_stays_the_same(text in "(://|\\PC|[\\x00-\\x7f]){0,40}") {
            let once = defuse(&text);
            prop_assert_eq!(defuse(&once), once);
        }
    }
}
