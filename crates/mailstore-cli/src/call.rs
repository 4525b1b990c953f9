//! `mailstore call`: calls a function by its name.

use mailstore_api::{Call, ExposeSecret as _, Json};
use miette::miette;

use crate::exit::{Code, Failed};
use crate::lookup::find;
use crate::output::print;
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
    limits: wait::Limits,
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

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let edition = arguments.server.edition()?;
    let function = *find(
        "function",
        surface(edition).functions,
        |function| function.name,
        &arguments.function,
    )
    .map_err(Failed::usage)?;
    let given = arguments::read(function, &arguments.arguments, !arguments.dry_run).map_err(Failed::usage)?;
    let options = arguments.server.options()?;
    if arguments.dry_run {
        let origin = mailstore_reach::origin(arguments.server.address()?, edition).map_err(Failed::usage)?;
        return print(&curl::request(&origin, function, &given, options));
    }
    // The client would refuse the call, too, but only after the prompt for the password.
    if arguments.server.is_read_only()? && !function.effect.only_reads() {
        return Err(Failed::new(
            Code::Refused,
            miette!(
                help = "The option or the profile of the server sets it.",
                "{} may change something on the server, and --read-only is set",
                function.name
            ),
        ));
    }
    if !arguments.yes {
        confirm::confirm(function, &given)?;
    }
    let connection = arguments.server.connect(edition)?;
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
            if let Some(token) = task.detach() {
                token_file::leave_running(&token, options)?;
            }
            // Nothing is printed for this value.
            return Ok(Json::null());
        }
        wait::finish(task, arguments.limits).await
    });
    if let Err(failed) = &result
        && let Some(token) = &failed.token
        && let Err(unsaved) = token_file::leave_running(token, options)
    {
        // Both errors are shown. The exit code is that of the call.
        mailstore_reach::warn!("Error: {:?}", unsaved.report);
    }
    print_result(&result?, arguments.output)
}

/// Prints the result of a call. Nothing is printed for a function that returns nothing.
pub(crate) fn print_result(result: &Json, output: Output) -> Result<(), Failed> {
    if result.is_null() {
        return Ok(());
    }
    let text = mailstore_reach::printable_json(result.text());
    let text = match output {
        Output::Json => json_text::indented(&text),
        Output::Raw => text,
    };
    print(&format!("{text}\n"))
}
