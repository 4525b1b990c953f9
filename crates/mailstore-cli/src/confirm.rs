//! Asks before a call that destroys something.

use std::io::{self, BufRead as _, IsTerminal as _};

use mailstore_codegen::model::Function;
use mailstore_reach::is_secret;
use miette::miette;

use crate::arguments::Given;
use crate::exit::{Code, Failed};
use crate::instances::Chosen;

/// Asks the user to type the target of a dangerous call. Other calls need no confirmation.
///
/// # Errors
/// The user typed something else, or standard input is not a terminal.
pub(crate) fn confirm(
    function: &Function,
    given: &[Given<'_>],
    instances: Option<&Chosen>,
) -> Result<(), Failed> {
    let Some(danger) = mailstore_reach::danger(&function.wire, function.effect) else {
        return Ok(());
    };
    let target = target(function, given, instances);
    let refused = |report| Failed::new(Code::Refused, report);
    if !io::stdin().is_terminal() || given.iter().any(|given| given.file.as_deref() == Some("-")) {
        return Err(refused(miette!(
            help = "Add `--yes` to call it without a question.",
            "{} must be confirmed. {danger}",
            function.wire
        )));
    }
    mailstore_reach::warn!("{}: {danger}\nType `{target}` to continue:", function.wire);
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line);
    if read.is_ok() && line.trim_end_matches(['\r', '\n']) == target {
        return Ok(());
    }
    Err(refused(miette!("not confirmed: nothing was sent")))
}

/// Returns the text that names the target of a call: the instances if there are several, or what
/// [`mailstore_reach::confirmation`] chooses.
fn target(function: &Function, given: &[Given<'_>], instances: Option<&Chosen>) -> String {
    if let Some(Chosen::Many(patterns)) = instances {
        return mailstore_reach::printable(&patterns.join(",")).to_string();
    }
    let required = function
        .arguments
        .iter()
        .filter(|argument| !argument.nullable && !is_secret(argument))
        .filter_map(|argument| given.iter().find(|given| given.argument.wire == argument.wire))
        .map(|given| (given.argument.wire.as_str(), given.shown()));
    mailstore_reach::confirmation(&function.wire, required)
}
