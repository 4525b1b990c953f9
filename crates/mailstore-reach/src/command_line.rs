//! Formats commands in advice so that they can be pasted into a shell.

use std::env;

/// Returns a command with arguments quoted for a POSIX shell. `name` is the start of the command, such as `mailstore
/// metadata diff`.
pub fn command_line<A: AsRef<str>>(name: &str, arguments: &[A]) -> String {
    let arguments = arguments.iter().map(AsRef::as_ref);
    let quoted = shlex::try_join(arguments).expect("no argument of a program contains a NUL");
    format!("{name} {quoted}").trim_end().to_owned()
}

/// Returns the arguments of this run without `left_out`, and with `added` at the end.
pub fn arguments_of_this_run(left_out: &str, added: &[&str]) -> Vec<String> {
    let given = env::args_os().skip(1);
    let given = given.map(|argument| argument.to_string_lossy().into_owned());
    let kept = given.filter(|argument| argument != left_out || left_out.is_empty());
    kept.chain(added.iter().map(|added| (*added).to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_parses_the_same_arguments() {
        let arguments = ["--out", "my client/it's", "", "$HOME", "a\nb", "plain.json"];
        let line = command_line("cargo xtask", &arguments);
        let words = shlex::split(&line).expect("the command is quoted");
        assert_eq!(words[2..], arguments);
    }
}
