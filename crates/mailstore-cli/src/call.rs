//! `mailstore call`: calls a function by its name.

use std::time::Duration;

use mailstore_api::{Call, Effect, ExposeSecret as _, Json, StatusToken};
use miette::{IntoDiagnostic as _, miette};

use crate::exit::{Code, Failed};
use crate::lookup::find;
use crate::server::{Server, surface};
use crate::{arguments, confirm, curl, json_text, token_file, wait};

/// Call a function of the server and print its result as JSON.
///
/// The log of a long call is printed to standard error. Ctrl-C asks the server to cancel the call.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    server: Server,
    /// The function, such as `VerifyStore` or `verify-store`.
    function: String,
    /// Arguments of the function: `NAME=VALUE`; `NAME=@FILE` reads the value from a file, `NAME=-` from standard input;
    /// `NAME==VALUE` takes a value that begins with `@`, `-` or `=`. Secrets are only read from files, from standard
    /// input or from a prompt.
    #[arg(value_name = "NAME=VALUE")]
    arguments: Vec<String>,
    /// Show the request, also as a `curl` command. Send nothing.
    #[arg(long)]
    dry_run: bool,
    /// Call functions that may delete data or lock users out without a question.
    #[arg(long)]
    yes: bool,
    /// Do not wait for the end of a long call. Save its token and print how to continue.
    #[arg(long)]
    detach: bool,
    /// The form of the result: indented JSON, or the JSON that the server sent.
    #[arg(long, value_enum, default_value_t)]
    output: Output,
    #[command(flatten)]
    limits: Limits,
}

const EXAMPLES: &str = "\
Examples:
  mailstore call --server mailstore.example.com:8463 GetServerInfo
  mailstore call --server mailstore.example.com:8463 verify-store id=3 includeIndexes=false
  mailstore call --server mailstore.example.com:8463 --dry-run SetUserPassword userName=anna password=@FILE";

/// The form of a result.
#[derive(Clone, Copy, Default, clap::ValueEnum)]
pub(crate) enum Output {
    #[default]
    Json,
    Raw,
}

/// The limits of the wait for a long call.
#[derive(clap::Args)]
pub(crate) struct Limits {
    /// Cancel the call if it has not ended after this time.
    #[arg(long, value_name = "SECONDS")]
    timeout: Option<u64>,
    /// Cancel the call if its status has not changed for this time.
    #[arg(long, value_name = "SECONDS")]
    stalled: Option<u64>,
}

impl Limits {
    fn durations(&self) -> wait::Limits {
        wait::Limits {
            total: self.timeout.map(Duration::from_secs),
            stalled: self.stalled.map(Duration::from_secs),
        }
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let surface = surface(arguments.server.edition()?);
    let function = *find(
        "function",
        surface.functions,
        |function| function.name,
        &arguments.function,
    )
    .map_err(Failed::usage)?;
    let given = arguments::read(function, &arguments.arguments, !arguments.dry_run).map_err(Failed::usage)?;
    if arguments.dry_run {
        let edition = arguments.server.edition()?;
        let origin = mailstore_reach::origin(&arguments.server.server, edition).map_err(Failed::usage)?;
        let text = curl::request(&origin, function, &given, &arguments.server.options);
        return mailstore_reach::print(&text)
            .into_diagnostic()
            .map_err(Failed::work);
    }
    if arguments.server.read_only && function.effect != Effect::Read {
        return Err(Failed::new(
            Code::Refused,
            miette!(
                "{} may change something on the server, and --read-only is set",
                function.name
            ),
        ));
    }
    if !arguments.yes {
        confirm::confirm(function, &given)?;
    }
    let connection = arguments.server.connect()?;
    let mut call = Call::<Json>::new(&connection, function.name);
    for given in given {
        let name = given.argument.name;
        // Errors hide the values that a call sends as secrets.
        call = if given.argument.secret {
            call.arg(name, given.value)
        } else {
            call.arg(name, given.value.expose_secret())
        };
    }
    let result = wait::runtime()?.block_on(async {
        let task = call.start().await?;
        if arguments.detach && task.token().is_some() {
            return Ok(Left::Running(task.detach()));
        }
        let limits = arguments.limits.durations();
        wait::finish(task, limits).await.map(Left::Ended)
    });
    let running = match &result {
        Ok(Left::Running(token)) => token.as_ref(),
        Ok(Left::Ended(_)) => None,
        Err(failed) => failed.token.as_deref(),
    };
    let saved = running.map_or(Ok(()), |token| {
        token_file::leave_running(token, &arguments.server.options)
    });
    let left = match (result, saved) {
        // Both errors are shown. The exit code is that of the call.
        (Err(failed), Err(unsaved)) => {
            mailstore_reach::warn!("Error: {:?}", unsaved.report);
            return Err(failed);
        }
        (result, saved) => saved.and(result)?,
    };
    match left {
        Left::Ended(result) => print(&result, arguments.output),
        Left::Running(_) => Ok(()),
    }
}

/// The state of a call when the command ends.
enum Left {
    Ended(Json),
    Running(Option<StatusToken>),
}

/// Prints the result of a call. Nothing is printed for a function that returns nothing.
pub(crate) fn print(result: &Json, output: Output) -> Result<(), Failed> {
    if result.is_null() {
        return Ok(());
    }
    let text = mailstore_reach::printable_json(result.text());
    let text = match output {
        Output::Json => json_text::indented(&text),
        Output::Raw => text,
    };
    mailstore_reach::print(&format!("{text}\n"))
        .into_diagnostic()
        .map_err(Failed::work)
}
