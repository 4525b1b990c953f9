//! Questions to the user on the terminal.

use std::io::{self, BufRead as _, Write as _};

use miette::{Context as _, IntoDiagnostic as _, miette};

use crate::exit::{Code, Failed};

/// Asks for a line. An empty line is the default, or the question is asked again.
///
/// # Errors
/// The input ends.
pub(crate) fn line(question: &str, default: Option<&str>) -> Result<String, Failed> {
    loop {
        let prompt = match default {
            Some(default) => format!("{question} [{}]: ", mailstore_reach::printable(default)),
            None => format!("{question}: "),
        };
        let answer = answer(&prompt)?;
        match (answer.trim(), default) {
            ("", None) => {}
            ("", Some(default)) => return Ok(default.to_owned()),
            (answer, _) => return Ok(answer.to_owned()),
        }
    }
}

/// Asks a question that only the word `yes` confirms.
///
/// # Errors
/// The user typed something else.
pub(crate) fn confirm(question: &str) -> Result<(), Failed> {
    if answer(&format!("{question} Type `yes` to continue: "))?.trim() == "yes" {
        return Ok(());
    }
    Err(Failed::new(
        Code::Refused,
        miette!("not confirmed: nothing was stored, and no password was sent"),
    ))
}

fn answer(prompt: &str) -> Result<String, Failed> {
    let mut line = String::new();
    let read = io::stderr()
        .write_all(prompt.as_bytes())
        .and_then(|()| io::stdin().lock().read_line(&mut line));
    let read = read
        .into_diagnostic()
        .wrap_err("cannot ask on the terminal")
        .map_err(Failed::work)?;
    if read == 0 {
        return Err(Failed::new(
            Code::Refused,
            miette!("the input ended: nothing was stored"),
        ));
    }
    Ok(line)
}
