//! Prints for the examples. The reader of standard output may go away at any moment (`| head -1`): that is not an error.

use std::io::{self, Write as _};

/// Writes a text to standard output. Ends the program if that fails, unless the reader has gone away.
pub(crate) fn print(text: &str) {
    let mut output = io::stdout().lock();
    match output.write_all(text.as_bytes()).and_then(|()| output.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            note(&format!("cannot write to standard output: {error}"));
            std::process::exit(1)
        }
        _ => {}
    }
}

/// Writes a line to standard error. A failure changes nothing.
pub(crate) fn note(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// Like `println!`, without a panic if the reader of standard output has gone away.
macro_rules! say {
    ($($text:tt)*) => { $crate::support::print(&format!("{}\n", format_args!($($text)*))) };
}
pub(crate) use say;
