//! Writes the output of the tools. The reader of standard output may close it early, as `head -1` does. This is not an
//! error.

use std::io::{self, Write as _};

use mailstore_transport::printable_lines;

/// Writes to standard output. Colours are used only if it is a terminal and `NO_COLOR` is not set.
///
/// # Errors
/// The output cannot be written. A closed output is not an error.
pub fn print(text: &str) -> io::Result<()> {
    print_while_read(text).map(drop)
}

/// Writes to standard output like [`print()`]. Returns `false` if the reader has closed it.
///
/// # Errors
/// The output cannot be written. A closed output is not an error.
pub fn print_while_read(text: &str) -> io::Result<bool> {
    let text = without_control(text);
    let mut output = anstream::stdout().lock();
    match output.write_all(text.as_bytes()).and_then(|()| output.flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(error),
    }
}

/// Writes a line of progress to standard output. Errors are ignored.
pub fn print_line(text: std::fmt::Arguments<'_>) {
    let _ = print(&format!("{text}\n"));
}

/// Writes a line to standard error. Errors are ignored.
pub fn print_error(text: std::fmt::Arguments<'_>) {
    let text = without_control(&text.to_string());
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

/// Returns the text without characters that could control a terminal. Line breaks, tabs and colours stay.
///
/// It is the last protection: errors and reports already show text from a server as
/// [`printable`](mailstore_transport::printable()).
fn without_control(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let mut shown = printable_lines(parts.next().unwrap_or_default());
    for part in parts {
        let colour = colour_at_start(part);
        shown.push_str(if colour > 0 { "\u{1b}" } else { r"\u{1b}" });
        shown.push_str(&part[..colour]);
        shown.push_str(&printable_lines(&part[colour..]));
    }
    shown
}

/// Returns the length of the rest of an escape sequence for a colour, such as `[1;31m`, or 0.
fn colour_at_start(text: &str) -> usize {
    let is_parameter = |c: char| c.is_ascii_digit() || c == ';';
    let Some(rest) = text.strip_prefix('[') else {
        return 0;
    };
    let parameters = rest.find(|c| !is_parameter(c)).unwrap_or(rest.len());
    if rest[parameters..].starts_with('m') {
        parameters + 2
    } else {
        0
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_colours_line_breaks_and_tabs_are_kept() {
        for (text, shown) in [
            ("a\n\tb", "a\n\tb"),
            ("\u{1b}[1;31mred\u{1b}[0m", "\u{1b}[1;31mred\u{1b}[0m"),
            ("\u{1b}[2J\u{1b}]0;title\u{7}", r"\u{1b}[2J\u{1b}]0;title\u{7}"),
            ("\u{1b}", r"\u{1b}"),
            ("a\rb\u{202e}", r"a\rb\u{202e}"),
        ] {
            assert_eq!(without_control(text), shown);
        }
    }
}
