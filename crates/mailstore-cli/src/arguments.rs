//! The arguments of a call, as a user types them: `NAME=VALUE`, `NAME=@FILE`, `NAME=-` or `NAME==VALUE`.

use std::collections::HashSet;
use std::io::{self, IsTerminal as _, Read as _};
use std::{env, fs};

use mailstore_api::{ExposeSecret as _, SecretString};
use mailstore_codegen::model::{Argument, Function};
use mailstore_reach::{Catalog, check_value, find, is_instance, is_secret};
use miette::{Context as _, IntoDiagnostic as _, Report, miette};

/// Where the values of secret arguments come from.
#[derive(clap::Args, Clone, Default)]
pub(crate) struct Secrets {
    /// Read an argument, such as a password, from a file. `-` is standard input. One line end at the end is removed.
    #[arg(long, value_name = "NAME=FILE", help_heading = "Secrets")]
    secret_file: Vec<String>,
    /// Read an argument, such as a password, from an environment variable.
    #[arg(long, value_name = "NAME=VARIABLE", help_heading = "Secrets")]
    secret_env: Vec<String>,
}

impl Secrets {
    /// Reads the secrets of all functions that have an argument with one of the names. Standard input is not a source.
    ///
    /// # Errors
    /// A secret is given twice or cannot be read.
    pub(crate) fn values(&self) -> Result<Vec<(String, SecretString)>, Report> {
        let files = self.secret_file.iter();
        let files = files.map(|word| split(word, Source::of_file));
        let variables = self.secret_env.iter();
        let variables = variables.map(|word| split(word, Source::Variable));
        let mut values: Vec<(String, SecretString)> = Vec::new();
        for word in files.chain(variables) {
            let (name, source) = word?;
            if values.iter().any(|(other, _)| other.eq_ignore_ascii_case(name)) {
                return Err(miette!(
                    "the secret `{}` is given twice",
                    mailstore_reach::printable(name)
                ));
            }
            if matches!(source, Source::StandardInput) {
                return Err(miette!(
                    "the secret `{}` cannot be read from standard input, which is used for other data",
                    mailstore_reach::printable(name)
                ));
            }
            values.push((name.to_owned(), source.read(name)?.0));
        }
        Ok(values)
    }
}

/// An argument of a call with its value.
pub(crate) struct Given<'a> {
    pub(crate) argument: &'a Argument,
    pub(crate) value: SecretString,
    /// The file that contains the value. `-` is standard input.
    pub(crate) file: Option<String>,
}

impl Given<'_> {
    /// Returns the value as it is shown: secrets are hidden.
    pub(crate) fn shown(&self) -> &str {
        if is_secret(self.argument) {
            "(hidden)"
        } else {
            self.value.expose_secret()
        }
    }
}

/// Where a value comes from.
enum Source<'a> {
    /// The text of the command line. It is not checked if the user wrote `NAME==VALUE`.
    Literal {
        text: &'a str,
        is_checked: bool,
    },
    File(&'a str),
    StandardInput,
    Variable(&'a str),
}

impl<'a> Source<'a> {
    /// Parses what follows `NAME=`.
    fn of_word(word: &'a str) -> Self {
        if let Some(text) = word.strip_prefix('=') {
            Self::Literal {
                text,
                is_checked: false,
            }
        } else if let Some(path) = word.strip_prefix('@') {
            Self::File(path)
        } else if word == "-" {
            Self::StandardInput
        } else {
            Self::Literal {
                text: word,
                is_checked: true,
            }
        }
    }

    fn of_file(path: &'a str) -> Self {
        if path == "-" {
            Self::StandardInput
        } else {
            Self::File(path)
        }
    }

    /// Returns the value, and the file that contains it. `name` is the name of the argument, for errors.
    fn read(&self, name: &str) -> Result<(SecretString, Option<String>), Report> {
        Ok(match *self {
            Source::Literal { text, .. } => (SecretString::from(text), None),
            Source::File(path) => {
                let text = fs::read_to_string(path).into_diagnostic().wrap_err_with(|| {
                    let path = mailstore_reach::printable(path);
                    format!("cannot read the argument `{name}` from {path}")
                })?;
                (without_line_end(text), Some(path.to_owned()))
            }
            Source::StandardInput => {
                let mut text = String::new();
                io::stdin()
                    .read_to_string(&mut text)
                    .into_diagnostic()
                    .wrap_err_with(|| format!("cannot read the argument `{name}` from standard input"))?;
                (without_line_end(text), Some("-".to_owned()))
            }
            Source::Variable(variable) => {
                let text = env::var(variable).into_diagnostic().wrap_err_with(|| {
                    let variable = mailstore_reach::printable(variable);
                    format!("cannot read the argument `{name}` from the environment variable {variable}")
                })?;
                (text.into(), None)
            }
        })
    }
}

/// Reads and checks the arguments of a function. Prompts for a required secret that is missing, if `prompts` is true and
/// standard input is a terminal. The instance may be missing, because an option can give it.
///
/// # Errors
/// An argument is unknown, given twice, missing or has an invalid value. A secret is on the command line.
pub(crate) fn read<'a>(
    catalog: &'a Catalog,
    function: &'a Function,
    words: &[String],
    secrets: &Secrets,
    prompts: bool,
) -> Result<Vec<Given<'a>>, Report> {
    let words = words.iter().map(|word| split(word, Source::of_word));
    let files = secrets.secret_file.iter();
    let files = files.map(|word| split(word, Source::of_file));
    let variables = secrets.secret_env.iter();
    let variables = variables.map(|word| split(word, Source::Variable));
    let mut sources: Vec<(&Argument, Source<'_>)> = Vec::new();
    let mut names = HashSet::new();
    for word in words.chain(files).chain(variables) {
        let (name, source) = word?;
        let argument = find("argument", &function.arguments, |argument| &argument.wire, name)
            .wrap_err_with(|| format!("{} cannot be called", function.wire))?;
        if !names.insert(&argument.wire) {
            return Err(miette!("the argument `{}` is given twice", argument.wire));
        }
        sources.push((argument, source));
    }
    let is_input = |(_, source): &&(&Argument, Source<'_>)| matches!(source, Source::StandardInput);
    if sources.iter().filter(is_input).count() > 1 {
        return Err(miette!("only one argument can be read from standard input"));
    }
    let mut given = Vec::new();
    for (argument, source) in sources {
        given.push(one(catalog, argument, &source)?);
    }
    for argument in &function.arguments {
        if names.contains(&argument.wire) {
            continue;
        }
        if let Some(fixed) = &argument.fixed {
            given.push(Given {
                argument,
                value: fixed.as_str().into(),
                file: None,
            });
        } else if argument.is_required() && !is_instance(argument) {
            given.push(missing(function, argument, prompts)?);
        }
    }
    Ok(given)
}

/// Splits `NAME=VALUE`.
fn split<'a>(
    word: &'a str,
    source: impl FnOnce(&'a str) -> Source<'a>,
) -> Result<(&'a str, Source<'a>), Report> {
    let (name, value) = word.split_once('=').ok_or_else(|| {
        miette!(
            help = "Write it as `NAME=VALUE`.",
            "`{}` is not an argument",
            mailstore_reach::printable(word)
        )
    })?;
    Ok((name, source(value)))
}

/// Prompts for a secret. Any other missing argument is an error.
fn missing<'a>(function: &Function, argument: &'a Argument, prompts: bool) -> Result<Given<'a>, Report> {
    let name = &argument.wire;
    if !is_secret(argument) {
        return Err(miette!(
            help = format!("`mailstore describe {}` shows its arguments.", function.wire),
            "{} needs the argument `{name}`",
            function.wire,
        ));
    }
    if !prompts || !io::stdin().is_terminal() {
        return Err(miette!(
            help = format!("Use `--secret-file {name}=FILE` or `--secret-env {name}=VARIABLE`."),
            "{} needs the argument `{name}`, which is a secret",
            function.wire,
        ));
    }
    let value = rpassword::prompt_password(format!("{name}: "))
        .into_diagnostic()
        .wrap_err("cannot read from the terminal")?;
    Ok(Given {
        argument,
        value: value.into(),
        file: None,
    })
}

/// Reads and checks one argument.
fn one<'a>(catalog: &Catalog, argument: &'a Argument, source: &Source<'_>) -> Result<Given<'a>, Report> {
    let name = &argument.wire;
    if matches!(source, Source::Literal { .. }) && is_secret(argument) {
        return Err(miette!(
            help = format!(
                "Use `--secret-file {name}=FILE`, `--secret-env {name}=VARIABLE`, or `{name}=-` to read it from standard input."
            ),
            "the argument `{name}` is a secret: all users of this machine can see a command line",
        ));
    }
    let (value, file) = source.read(name)?;
    let is_checked = !matches!(
        source,
        Source::Literal {
            is_checked: false,
            ..
        }
    );
    let otherwise = format!("`{name}==VALUE` sends another value.");
    check_value(
        catalog,
        argument,
        value.expose_secret(),
        is_checked.then_some(&otherwise),
    )?;
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
