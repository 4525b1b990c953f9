//! Prints the output of the examples. A closed standard output, as with `| head -1`, is not an error.

use std::io::{self, Write as _};

use mailstore_api::{printable, printable_lines};

/// Writes a string to standard output. If this fails, it ends the program, unless the output was closed.
///
/// Text from a server is data: characters that could control the terminal are shown as escapes.
pub(crate) fn print(text: &str) {
    let mut output = io::stdout().lock();
    let text = printable_lines(text);
    match output.write_all(text.as_bytes()).and_then(|()| output.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            note(&format!("cannot write to standard output: {error}"));
            std::process::exit(1)
        }
        _ => {}
    }
}

/// Writes a line to standard error. Ignores errors.
pub(crate) fn note(line: &str) {
    let _ = writeln!(io::stderr(), "{}", printable(line).whole());
}

/// Like `println!`, but does not panic if standard output was closed.
macro_rules! say {
    ($($text:tt)*) => { $crate::support::print(&format!("{}\n", format_args!($($text)*))) };
}
pub(crate) use say;
