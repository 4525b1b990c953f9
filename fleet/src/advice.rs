//! What messages have in common: commands that can be pasted into a shell, and texts that fit into a line.

use mailstore_reach::{command_line, printable};

/// The length of a text of a server or the engine in a message, in characters.
const LONGEST: usize = 300;

/// Returns a command of this program, so that it can be pasted into a shell.
pub(crate) fn command(words: &[&str]) -> String {
    let words: Vec<String> = words
        .iter()
        .map(|word| printable(word).whole().to_string())
        .collect();
    command_line("mailstore-fleet", &words)
}

/// Returns the command that explains a call and decides about it.
pub(crate) fn decide_command(key: &str) -> String {
    command(&["decide", key])
}

/// Returns the command that lets the engine continue a workflow. `admin` is the address of its administration.
pub(crate) fn resume_command(admin: &str, invocation: &str) -> String {
    let url = format!("{}/invocations/{invocation}/resume", admin.trim_end_matches('/'));
    command_line("curl -X PATCH", &[printable(&url).to_string()])
}

/// Returns a text without control characters. Of a long text, it returns the beginning.
pub(crate) fn short(text: &str) -> String {
    let mut shown = printable(text).to_string();
    if let Some((end, _)) = shown.char_indices().nth(LONGEST) {
        shown.truncate(end);
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_after_its_control_characters_were_replaced() {
        assert_eq!(short("a\nb"), r"a\nb");
        let shown = short(&"ä\u{1b}".repeat(1000));
        assert_eq!(shown.chars().count(), LONGEST + 1);
        assert!(shown.ends_with('…') && !shown.contains('\u{1b}'), "{shown}");
    }

    #[test]
    fn a_hostile_key_stays_one_word_without_control_characters() {
        let text = decide_command("w:it's; rm -rf /\u{1b}[2J:");
        assert_eq!(text, r#"mailstore-fleet decide "w:it's; rm -rf /\\u{1b}[2J:""#);
    }
}
