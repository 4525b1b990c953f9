//! Finds phrases that sentences of this project must not contain.
//!
//! `phrases.txt` lists them. Phrases are also found in names of tests, in upper case, and across line ends.

/// The list, with one phrase on each line. Lines that begin with `#` are comments.
const PHRASES: &str = include_str!("phrases.txt");

/// Returns the line number of each listed phrase in `text`, and the phrase.
pub(crate) fn find(text: &str) -> Vec<(usize, &'static str)> {
    let lines: Vec<String> = text.lines().map(words).collect();
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let next = lines.get(index + 1).map_or("", |next| next.as_str());
        let joined = format!(" {line} {next} ");
        let phrases = PHRASES.lines().filter(|phrase| !phrase.starts_with('#'));
        for phrase in phrases {
            // A phrase that begins on the next line is reported there.
            let starts = joined.find(&format!(" {phrase} "));
            if starts.is_some_and(|start| start < line.len()) {
                found.push((index + 1, phrase));
            }
        }
    }
    found
}

/// The words of a line in lower case, with one space between them.
fn words(line: &str) -> String {
    let words = line.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '"');
    let words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_phrase_is_found() {
        for phrase in PHRASES.lines().filter(|phrase| !phrase.starts_with('#')) {
            assert_eq!(find(&format!("/// First, {phrase}.")), [(1, phrase)]);
        }
    }

    #[test]
    fn a_phrase_is_found_in_names_and_across_lines() {
        let text = "fn a_call_that_Nobody_knows() {}\n/// Sent in\n/// earnest.\n";
        assert_eq!(find(text), [(1, "nobody knows"), (2, "in earnest")]);
    }

    #[test]
    fn parts_of_words_and_quoted_names_are_allowed() {
        assert_eq!(find("canewall, `rename(\"nobody\")`, else\n"), []);
    }
}
