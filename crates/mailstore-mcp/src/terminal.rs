//! The terminal on which confirmation tokens are printed.

use std::fs::OpenOptions;
use std::io::{self, Write as _};

/// Shows text to the person at the computer, and to nothing else.
///
/// Standard output and standard error are not a terminal in this sense, because the program that started the assistant
/// reads them.
pub trait Terminal: Send + Sync {
    /// Shows lines of text.
    ///
    /// # Errors
    /// There is no terminal. The person cannot confirm the call then, and the call is refused.
    fn show(&self, text: &str) -> io::Result<()>;
}

/// The terminal that controls this process: `/dev/tty` on Unix, `CONOUT$` on Windows.
///
/// It is opened for each text, so that a terminal that is closed is noticed.
#[derive(Clone, Copy, Debug, Default)]
pub struct ControllingTerminal;

impl ControllingTerminal {
    const PATH: &str = if cfg!(windows) { "CONOUT$" } else { "/dev/tty" };
}

impl Terminal for ControllingTerminal {
    fn show(&self, text: &str) -> io::Result<()> {
        // Windows opens a console only for reading and writing.
        let mut terminal = OpenOptions::new()
            .read(cfg!(windows))
            .write(true)
            .open(Self::PATH)?;
        // A program on the same terminal may have switched off the conversion of line ends.
        let text = format!("\r\n{}\r\n", text.replace('\n', "\r\n"));
        terminal.write_all(text.as_bytes())?;
        terminal.flush()
    }
}
