//! The arguments of a call, as a user types them: `NAME=VALUE`, `NAME=@FILE`, `NAME=-` or `NAME==VALUE`.

use std::fs;
use std::io::{self, IsTerminal as _, Read as _};

use mailstore_api::{Argument, ArgumentKind, ExposeSecret as _, Function, SecretString};
use miette::{Context as _, IntoDiagnostic as _, Report, miette};

use crate::lookup::find;

/// An argument of a call with its value.
pub(crate) struct Given {
    pub(crate) argument: &'static Argument,
    pub(crate) value: SecretString,
    /// The file that contains the value. `-` is standard input.
    pub(crate) file: Option<String>,
}

impl Given {
    /// Returns the value as it is shown: secrets are hidden.
    pub(crate) fn shown(&self) -> &str {
        if self.argument.secret {
            "(hidden)"
        } else {
            self.value.expose_secret()
        }
    }
}

/// Reads and checks the arguments of a function. Prompts for a required secret that is missing, if `prompts` is true and
/// standard input is a terminal.
///
/// # Errors
/// An argument is unknown, given twice, missing or has an invalid value. A secret is on the command line.
pub(crate) fn read(
    function: &'static Function,
    words: &[String],
    prompts: bool,
) -> Result<Vec<Given>, Report> {
    let mut given: Vec<Given> = Vec::new();
    if words
        .iter()
        .filter(|word| matches!(word.split_once('='), Some((_, "-"))))
        .count()
        > 1
    {
        return Err(miette!("only one argument can be read from standard input"));
    }
    for word in words {
        let (name, value) = word.split_once('=').ok_or_else(|| {
            miette!(
                help = "Write it as `NAME=VALUE`.",
                "`{}` is not an argument",
                mailstore_reach::printable(word)
            )
        })?;
        let argument = find("argument", function.arguments, |argument| argument.name, name)
            .wrap_err_with(|| format!("{} cannot be called", function.name))?;
        if given.iter().any(|other| other.argument.name == argument.name) {
            return Err(miette!("the argument `{}` is given twice", argument.name));
        }
        given.push(one(argument, value)?);
    }
    for argument in function.arguments.iter().filter(|argument| !argument.nullable) {
        if given.iter().any(|given| given.argument.name == argument.name) {
            continue;
        }
        if argument.secret && prompts && io::stdin().is_terminal() {
            let value = rpassword::prompt_password(format!("{}: ", argument.name))
                .into_diagnostic()
                .wrap_err("cannot read from the terminal")?;
            given.push(Given {
                argument,
                value: value.into(),
                file: None,
            });
            continue;
        }
        return Err(miette!(
            help = format!("`mailstore describe {}` shows its arguments.", function.name),
            "{} needs the argument `{}`{}",
            function.name,
            argument.name,
            if argument.secret {
                ", which is a secret. Set it with `NAME=@FILE` or `NAME=-`"
            } else {
                ""
            },
        ));
    }
    Ok(given)
}

fn one(argument: &'static Argument, word: &str) -> Result<Given, Report> {
    let name = argument.name;
    let (value, file) = if let Some(literal) = word.strip_prefix('=') {
        (SecretString::from(literal), None)
    } else if let Some(path) = word.strip_prefix('@') {
        let text = fs::read_to_string(path).into_diagnostic().wrap_err_with(|| {
            format!(
                "cannot read the argument `{name}` from {}",
                mailstore_reach::printable(path)
            )
        })?;
        (without_line_end(text), Some(path.to_owned()))
    } else if word == "-" {
        let mut text = String::new();
        io::stdin()
            .read_to_string(&mut text)
            .into_diagnostic()
            .wrap_err_with(|| format!("cannot read the argument `{name}` from standard input"))?;
        (without_line_end(text), Some("-".to_owned()))
    } else {
        (SecretString::from(word), None)
    };
    if argument.secret && file.is_none() {
        return Err(miette!(
            help = format!("Use `{name}=@FILE`, or `{name}=-` to read it from standard input."),
            "the argument `{name}` is a secret: all users of this machine can see a command line",
        ));
    }
    check(argument, value.expose_secret())?;
    Ok(Given {
        argument,
        value,
        file,
    })
}

/// Removes one line end, which editors and `echo` add.
fn without_line_end(mut text: String) -> SecretString {
    if text.ends_with('\n') {
        text.pop();
        if text.ends_with('\r') {
            text.pop();
        }
    }
    text.into()
}

/// Checks that a value has the type of its argument.
fn check(argument: &Argument, value: &str) -> Result<(), Report> {
    let wanted = match argument.kind {
        ArgumentKind::String => return Ok(()),
        ArgumentKind::Number if value.parse::<i64>().is_ok() => return Ok(()),
        ArgumentKind::Number => "an integer",
        ArgumentKind::Bool if matches!(value, "true" | "false") => return Ok(()),
        ArgumentKind::Bool => "`true` or `false`",
        ArgumentKind::Json => match serde_json::from_str::<serde::de::IgnoredAny>(value) {
            Ok(_) => return Ok(()),
            Err(error) if argument.secret => {
                return Err(miette!(
                    "the argument `{}` is not JSON (line {})",
                    argument.name,
                    error.line()
                ));
            }
            Err(error) => return Err(miette!("the argument `{}` is not JSON: {error}", argument.name)),
        },
    };
    let value = if argument.secret {
        "(hidden)".to_owned()
    } else {
        mailstore_reach::printable(value).to_string()
    };
    Err(miette!(
        "the argument `{}` must be {wanted}, not `{value}`",
        argument.name
    ))
}
