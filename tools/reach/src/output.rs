//! Writes the output of the tools. The reader of standard output may close it early, as `head -1` does. This is not an
//! error.

use std::io::{self, Write as _};

/// Writes to standard output. Colours are used only if it is a terminal and `NO_COLOR` is not set.
///
/// # Errors
/// The output cannot be written. A closed output is not an error.
pub fn print(text: &str) -> io::Result<()> {
    let mut output = anstream::stdout().lock();
    match output.write_all(text.as_bytes()).and_then(|()| output.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}

/// Writes a line of progress to standard output. Errors are ignored.
pub fn print_line(text: std::fmt::Arguments<'_>) {
    let _ = print(&format!("{text}\n"));
}

/// Writes a line to standard error. Errors are ignored.
pub fn print_error(text: std::fmt::Arguments<'_>) {
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

/// Configures error reports without line wrapping, so that a command in advice can be copied as a whole.
pub fn keep_commands_on_one_line() {
    let set = miette::set_hook(Box::new(|_| {
        Box::new(miette::MietteHandlerOpts::new().wrap_lines(false).build())
    }));
    // An error means that another handler is already set. It is kept.
    drop(set);
}

/// Like `println!`, without a panic if standard output is closed.
#[macro_export]
macro_rules! say {
    ($($text:tt)*) => { $crate::print_line(format_args!($($text)*)) };
}

/// Like `eprintln!`, without a panic if standard error is closed.
#[macro_export]
macro_rules! warn {
    ($($text:tt)*) => { $crate::print_error(format_args!($($text)*)) };
}
