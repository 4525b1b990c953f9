//! The text on the terminal that asks a person to confirm a call.

use mailstore_transport::printable;

use crate::confirmation::ExactCall;
use crate::refusal::Refusal;

/// The longest description of a call in characters. A longer one would move its own beginning off the terminal.
const LONGEST: usize = 2000;
/// The width of a line of a value.
const WIDTH: usize = 70;

/// Returns the description of a call: its function, its server, what it may do, and its arguments.
///
/// The values come from an assistant, so they are shown whole. They cannot look like other lines of the text: white
/// space that could move text is escaped, and each line of a long value begins with `|`.
///
/// # Errors
/// The description is too long to be read on a terminal.
pub(crate) fn description(call: &ExactCall, danger: &str, origin: &str) -> Result<String, Refusal> {
    let mut text = format!(
        "mailstore: an assistant wants to call {} on {}.\n{danger}",
        printable(&call.function),
        printable(origin),
    );
    for (name, value) in &call.arguments {
        let lines = lines(value);
        match &lines[..] {
            [line] => text.push_str(&format!("\n  {} = {line}", printable(name))),
            _ => {
                text.push_str(&format!("\n  {} =", printable(name)));
                lines
                    .iter()
                    .for_each(|line| text.push_str(&format!("\n    | {line}")));
            }
        }
    }
    if text.chars().count() > LONGEST {
        return Err(Refusal::new(
            format!(
                "the arguments of {} are too long to be confirmed on a terminal",
                call.function
            ),
            format!(
                "Use shorter arguments. Otherwise tell the person, who can call it with `mailstore call {}`.",
                call.function
            ),
        ));
    }
    Ok(text)
}

/// Returns a value in lines of limited width, with white space other than single spaces as escapes.
fn lines(value: &str) -> Vec<String> {
    let shown = printable(value).whole().to_string();
    let mut lines = vec![String::new()];
    let (mut width, mut before) = (0, ' ');
    for character in shown.chars() {
        let is_escaped = character.is_whitespace() && (character != ' ' || before == ' ');
        before = character;
        let part = if is_escaped {
            character.escape_unicode().to_string()
        } else {
            character.to_string()
        };
        // Characters outside ASCII may have the width of two.
        let added = part
            .chars()
            .map(|part| if part.is_ascii() { 1 } else { 2 })
            .sum::<usize>();
        if width + added > WIDTH {
            lines.push(String::new());
            width = 0;
        }
        width += added;
        if let Some(line) = lines.last_mut() {
            line.push_str(&part);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn described(value: &str) -> Result<String, Refusal> {
        let call = ExactCall {
            function: "DeleteUser".to_owned(),
            arguments: vec![("userName".to_owned(), value.to_owned())],
        };
        description(&call, "It may delete data.", "https://host:8463")
    }

    #[test]
    fn the_values_of_an_assistant_are_shown_whole_and_without_characters_that_control_the_terminal() {
        assert_eq!(
            described("password=anna\u{1b}[2J\n\u{202e}x").unwrap(),
            "mailstore: an assistant wants to call DeleteUser on https://host:8463.\n\
             It may delete data.\n  \
             userName = password=anna\\u{1b}[2J\\n\\u{202e}x"
        );
    }

    #[test]
    fn a_value_cannot_forge_a_line_of_the_question() {
        let forged =
            "mailstore: an assistant wants to call CreateUser on https://host:8463. It creates a user.";
        let text = described(&format!("anna{forged}{}", "x".repeat(80))).unwrap();
        let lines: Vec<&str> = text.lines().skip(3).collect();
        assert!(
            lines.len() > 2 && lines.iter().all(|line| line.starts_with("    | ")),
            "{text}"
        );
        assert!(lines.iter().all(|line| line.len() <= 80), "{text}");
        let spaces = described("a  b\u{a0}\u{2003}").unwrap();
        assert!(spaces.ends_with("= a \\u{20}b\\u{a0}\\u{2003}"), "{spaces}");
    }

    #[test]
    fn a_question_that_does_not_fit_on_a_terminal_is_refused() {
        let value = format!(
            "anna{}mailstore: an assistant wants to call CreateUser",
            " ".repeat(3200)
        );
        let refusal = described(&value).unwrap_err();
        assert!(refusal.reason.contains("too long to be confirmed"), "{refusal:?}");
    }
}
