//! `mailstore call`: calls a function by its name.

use clap_complete::engine::ArgValueCompleter;
use mailstore_api::{Connection, Json};
use miette::miette;

use crate::arguments::{self, Secrets};
use crate::exit::{Code, Failed};
use crate::format::FormatOptions;
use crate::instances::{self, Chosen, Instances};
use crate::job::Job;
use crate::output::print;
use crate::presses::Presses;
use crate::progress::Progress;
use crate::server::Server;
use crate::{catalog, completions, confirm, curl, fan_out, live, token_file, wait};

/// Call a function of the server and print its result.
///
/// The log of a long call is printed to standard error. Ctrl-C asks the server to cancel the call.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The function, such as `VerifyStore` or `verify-store`.
    #[arg(add = ArgValueCompleter::new(completions::functions))]
    function: String,
    /// Arguments of the function: `NAME=VALUE`; `NAME=@FILE` reads the value from a file, `NAME=-` from standard input;
    /// `NAME==VALUE` sends any value, also one that begins with `@`, `-` or `=`. Secrets are only read from files, from
    /// environment variables, from standard input or from a prompt.
    #[arg(value_name = "NAME=VALUE", add = ArgValueCompleter::new(completions::arguments))]
    arguments: Vec<String>,
    #[command(flatten)]
    options: CallOptions,
}

const EXAMPLES: &str = "\
Examples:
  mailstore call --server mailstore.example.com:8463 GetServerInfo
  mailstore call --server mailstore.example.com:8463 verify-store id=3 includeIndexes=false
  mailstore call --server mailstore.example.com:8463 --dry-run SetUserPassword userName=anna --secret-file password=FILE";

/// The options of a call.
#[derive(clap::Args, Clone)]
pub(crate) struct CallOptions {
    #[command(flatten, next_help_heading = "Server")]
    pub(crate) server: Server,
    #[command(flatten)]
    pub(crate) instances: Instances,
    #[command(flatten)]
    secrets: Secrets,
    /// Use the function list of the server instead of the built-in one. Functions of newer versions then work too.
    #[arg(long, help_heading = "Call")]
    live: bool,
    /// Show the request, also as a `curl` command. Send nothing.
    #[arg(long, help_heading = "Call")]
    dry_run: bool,
    /// Call functions that may delete data or lock users out without a question.
    #[arg(long, help_heading = "Call")]
    yes: bool,
    /// Do not wait for the end of a long call. Save its token and print how to continue.
    #[arg(long, help_heading = "Long calls")]
    pub(crate) detach: bool,
    #[command(flatten)]
    pub(crate) format: FormatOptions,
    #[command(flatten)]
    pub(crate) limits: wait::Limits,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    call(&arguments.options, &arguments.function, &arguments.arguments)
}

/// Calls a function. `words` are its arguments, as a user types them.
pub(crate) fn call(options: &CallOptions, name: &str, words: &[String]) -> Result<(), Failed> {
    let edition = options.server.edition()?;
    let connected = options
        .live
        .then(|| options.server.connect(edition))
        .transpose()?;
    let catalog = match &connected {
        Some(connection) => live::catalog(connection, edition)?,
        None => catalog::built_in(edition)?,
    };
    let function = catalog.function(name).map_err(Failed::usage)?;
    // A wrong option is an error before the user is asked for a secret.
    let format = options.format.format()?;
    let mut given = arguments::read(&catalog, function, words, &options.secrets, !options.dry_run)
        .map_err(Failed::usage)?;
    let chosen = options.instances.choose(function, &given, &options.server)?;
    if let Some(Chosen::One(id)) = &chosen {
        given.extend(instances::as_argument(function, id));
    }
    if options.dry_run {
        let origin = mailstore_reach::origin(options.server.address()?, edition).map_err(Failed::usage)?;
        let request = curl::request(&origin, function, &given);
        let command = curl::command(&origin, function, &given, options.server.options()?);
        return print(&format!("{request}\n{command}\n"));
    }
    // The client would refuse the call, too, but only after the prompt for the password.
    if options.server.is_read_only()? && !function.effect.only_reads() {
        return Err(Failed::new(
            Code::Refused,
            miette!(
                help = "The option or the profile of the server sets it.",
                "{} may change something on the server, and --read-only is set",
                function.wire
            ),
        ));
    }
    if !options.yes {
        confirm::confirm(function, &given, chosen.as_ref())?;
    }
    let connection = match connected {
        Some(connection) => connection,
        None => options.server.connect(edition)?,
    };
    let job = Job {
        function,
        given: &given,
        fields: catalog.fields(function),
        server: &options.server,
        limits: options.limits,
    };
    if let Some(Chosen::Many(patterns)) = chosen {
        return fan_out::run(
            &connection,
            &job,
            &patterns,
            usize::from(options.instances.parallel),
            &format,
        );
    }
    let result = one(&connection, &job, options.detach)?;
    format.print(&result, job.fields, job.is_unique())
}

/// Sends one call and returns its result.
fn one(connection: &Connection, job: &Job<'_>, detach: bool) -> Result<Json, Failed> {
    let server = job.server.options()?;
    let result = wait::runtime()?.block_on(async {
        let mut presses = Presses::listen().await?;
        let task = job.start(connection, job.on(connection), &mut presses).await?;
        if detach && task.token().is_some() {
            if let Some(token) = task.detach() {
                token_file::leave_running(&token, server)?;
            }
            // Nothing is printed for this value.
            return Ok(Json::null());
        }
        let progress = Progress::new(&job.function.wire);
        wait::finish(task, job.limits, &progress, &mut presses).await
    });
    if let Err(failed) = &result
        && let Some(token) = &failed.token
        && let Err(unsaved) = token_file::leave_running(token, server)
    {
        // Both errors are shown. The exit code is that of the call.
        mailstore_reach::warn!("Error: {:?}", unsaved.report);
    }
    result
}
