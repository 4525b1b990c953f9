//! `mailstore mcp`: offers the functions of a server to an assistant.

use mailstore_mcp::{ControllingTerminal, Settings, Tools};
use miette::{IntoDiagnostic as _, miette};
use tokio::io::{copy, duplex, stdin, stdout};
use tokio::select;

use crate::arguments::Secrets;
use crate::exit::{Code, Failed};
use crate::presses::Presses;
use crate::server::{Server, builder};
use crate::{catalog, live, wait};

/// Offer the functions of a server as tools to an assistant, with the Model Context Protocol on standard input and
/// output.
///
/// The program that runs the assistant starts this command. Only functions that read are offered, until you allow more.
/// The command ends when its standard input is closed or Ctrl-C is pressed. Then it cancels running calls and waits for
/// their end. A second Ctrl-C ends it at once.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
#[command(mut_arg("secret_file", |file| file.value_name("FUNCTION.NAME=FILE").help(SECRET_FILE)))]
#[command(mut_arg("secret_env", |variable| variable.value_name("FUNCTION.NAME=VARIABLE").help(SECRET_ENV)))]
pub(crate) struct Arguments {
    #[command(flatten, next_help_heading = "Server")]
    server: Server,
    /// The instance for calls that name none. [env: MAILSTORE_INSTANCE]
    #[arg(long, value_name = "ID", help_heading = "Service Provider Edition")]
    instance: Option<String>,
    #[command(flatten)]
    secrets: Secrets,
    /// Also offer functions that change something. Functions that may destroy something need a token, which is printed on
    /// the terminal.
    #[arg(long, conflicts_with = "read_only", help_heading = "Tools")]
    allow_writes: bool,
    /// Offer only functions whose names match one of these patterns, such as `Get*,VerifyStore`.
    #[arg(long, value_name = "PATTERNS", value_delimiter = ',', help_heading = "Tools")]
    functions: Vec<String>,
    /// Offer the functions of the server's own list instead of those of the built-in list.
    #[arg(long, help_heading = "Tools")]
    live: bool,
    /// Cut results that have more bytes.
    #[arg(long, value_name = "BYTES", default_value_t = Settings::MAX_RESULT as u32, value_parser = clap::value_parser!(u32).range(1000..=10_000_000), help_heading = "Tools")]
    max_result: u32,
    #[command(flatten)]
    limits: wait::Limits,
}

/// How many bytes of messages are read before they are used.
const BUFFER: usize = 64 * 1024;

/// The help of two common options. Here, their values name a function, and standard input has the protocol.
const SECRET_FILE: &str =
    "Read an argument of a function, such as a password, from a file. One line end at the end is removed";
const SECRET_ENV: &str = "Read an argument of a function, such as a password, from an environment variable";

const EXAMPLES: &str = "\
Examples:
  mailstore mcp --profile production
  mailstore mcp --profile production --allow-writes --functions 'Get*,VerifyStore'";

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let server = &arguments.server;
    let edition = server.edition()?;
    let settings = arguments.settings()?;
    let mut options = server.options()?.clone();
    let password = options
        .find_password()
        .map_err(|report| Failed::new(Code::Credentials, report))?;
    let settings = settings.login(options.user_name(), &password);
    options.password = Some(password);
    let builder = builder(server.address()?, edition, &options)?;
    let builder = if arguments.allow_writes {
        builder
    } else {
        builder.read_only()
    };
    let connection = builder.build()?;
    let catalog = if arguments.live {
        live::catalog(&connection, edition)?
    } else {
        catalog::built_in(edition)?
    };
    let tools = Tools::new(connection, catalog, settings, ControllingTerminal);
    if tools.is_empty() {
        return Err(Failed::usage(miette!(
            help = "`mailstore functions` lists the functions. Without `--allow-writes`, only those that read are offered.",
            "no function matches `--functions`"
        )));
    }
    let outcomes = tools.outcomes();
    let runtime = wait::runtime()?;
    let served = runtime.block_on(serve(tools));
    // After Ctrl-C, a read of standard input goes on, and nothing can stop it.
    runtime.shutdown_background();
    let unknown = outcomes.unknown();
    if !unknown.is_empty() {
        mailstore_reach::warn!("The outcome of these calls is unknown: {}.", unknown.join(", "));
    }
    served
}

/// Serves the client until standard input ends. The first Ctrl-C does the same as the end of standard input, and the
/// second one ends at once.
async fn serve(tools: Tools) -> Result<(), Failed> {
    let presses = Presses::listen().await?;
    let (mut first, mut second) = (presses.clone(), presses);
    let (input, mut messages) = duplex(BUFFER);
    // The input ends when `messages` is dropped.
    tokio::spawn(async move {
        let mut standard_input = stdin();
        select! {
            _ = copy(&mut standard_input, &mut messages) => {}
            () = first.reach(1) => {}
        }
    });
    select! {
        served = tools.serve(input, stdout()) => served.into_diagnostic().map_err(Failed::work),
        () = second.reach(2) => Err(Failed::new(
            Code::Cancelled,
            miette!("Ctrl-C was pressed twice, so the end of running calls was not awaited"),
        )),
    }
}

impl Arguments {
    fn settings(&self) -> Result<Settings, Failed> {
        let mut settings = Settings::read_only()
            .max_result(self.max_result as usize)
            .limits(self.limits.for_assistants());
        if self.allow_writes {
            if self.server.is_read_only()? {
                return Err(Failed::new(
                    Code::Refused,
                    miette!(
                        help = "Leave out `--allow-writes`, or choose a profile without `read-only`.",
                        "the profile of the server is read-only, and --allow-writes is set"
                    ),
                ));
            }
            settings = settings.allow_writes();
        }
        if !self.functions.is_empty() {
            settings = settings
                .functions(&self.functions)
                .into_diagnostic()
                .map_err(Failed::usage)?;
        }
        if let Some(id) = self.server.instance_or(self.instance.as_deref())? {
            settings = settings.instance(id);
        }
        for (name, value) in self.secrets.values().map_err(Failed::usage)? {
            let Some((function, argument)) = name.split_once('.') else {
                return Err(Failed::usage(miette!(
                    help = "Name the function, too: `--secret-env CreateUser.password=VARIABLE`.",
                    "the secret `{}` belongs to no function",
                    mailstore_reach::printable(&name)
                )));
            };
            settings = settings.secret(function, argument, value);
        }
        Ok(settings)
    }
}
