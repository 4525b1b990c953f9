//! The commands of this program that its messages name.

use mailstore_reach::printable;

/// Returns a command of this program, so that it can be pasted into a shell.
pub(crate) fn command(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| printable(word).to_string()).collect();
    mailstore_reach::command_line("mailstore-fleet", &words)
}

/// Returns the command that explains a call and decides about it.
pub(crate) fn decide_command(key: &str) -> String {
    command(&["decide", key])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_key_stays_one_word_without_control_characters() {
        let text = decide_command("w:it's; rm -rf /\u{1b}[2J:");
        assert_eq!(text, r#"mailstore-fleet decide "w:it's; rm -rf /\\u{1b}[2J:""#);
    }
}
