//! `mailstore explore`: opens the API in the browser.

use std::fs;
use std::io::Write as _;

use mailstore_codegen::openapi::{Version, document};
use mailstore_codegen::{Generator, known_overlays};
use mailstore_explorer::{Explorer, Settings};
use mailstore_reach::Edition;
use miette::{IntoDiagnostic as _, miette};
use tempfile::TempDir;

use crate::exit::{Code, Failed};
use crate::output::print;
use crate::server::Server;
use crate::{stopped, wait};

/// Open the API of a server in the browser, to read about its functions and to call them.
///
/// A proxy on this machine holds the credentials and checks the certificate. It is read-only unless `--allow-writes` is
/// given. Ctrl-C ends it.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(flatten, next_help_heading = "Server")]
    server: Server,
    /// The instance that the forms contain at first. [env: MAILSTORE_INSTANCE]
    #[arg(long, value_name = "ID", help_heading = "Service Provider Edition")]
    instance: Option<String>,
    /// Allow functions that change the server. What may delete data must still be confirmed in the page.
    #[arg(long, help_heading = "Page")]
    allow_writes: bool,
    /// The TCP port of the page on 127.0.0.1. By default, a free one.
    #[arg(
        long,
        value_name = "PORT",
        default_value_t = 0,
        hide_default_value = true,
        help_heading = "Page"
    )]
    port: u16,
    /// Print the address of the page, but do not open the browser.
    #[arg(long, help_heading = "Page")]
    no_open: bool,
}

const EXAMPLES: &str = "\
Examples:
  mailstore explore
  mailstore explore --server mailstore.example.com:8463 --no-open
  mailstore explore --profile test --allow-writes";

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let server = &arguments.server;
    let edition = server.edition()?;
    if arguments.allow_writes && server.is_read_only()? {
        return Err(Failed::new(
            Code::Refused,
            miette!(
                help = "The option or the profile of the server sets it.",
                "`--allow-writes` has no effect, because --read-only is set"
            ),
        ));
    }
    let instance = server.instance_or(arguments.instance.as_deref())?;
    let settings = Settings {
        port: arguments.port,
        instance: instance.as_deref(),
    };
    let connection = if arguments.allow_writes {
        server.connect(edition)?
    } else {
        server.connect_read_only(edition)?
    };
    let document = document_of(edition)?;
    wait::runtime()?.block_on(async {
        let stopped = stopped::listen().await?;
        let explorer = Explorer::bind(connection, &document, settings).await;
        let explorer = explorer.into_diagnostic().map_err(Failed::work)?;
        // The file is removed when the explorer ends.
        let _opened = show(&explorer, arguments)?;
        let unfinished = explorer.run(stopped).await;
        let unfinished = unfinished.into_diagnostic().map_err(Failed::work)?;
        mailstore_reach::warn!("The explorer has ended.");
        for (sentence, calls) in [
            (
                "These calls may still be running on the server",
                &unfinished.running,
            ),
            ("The outcome of these calls is unknown", &unfinished.unknown),
        ] {
            if !calls.is_empty() {
                mailstore_reach::warn!("{sentence}: {}.", calls.join(", "));
            }
        }
        Ok(())
    })
}

/// Returns the OpenAPI document of the functions that this program knows.
fn document_of(edition: Edition) -> Result<String, Failed> {
    let dump = mailstore_sim::function_list(edition)
        .into_diagnostic()
        .map_err(Failed::work)?;
    let generated = Generator::new("")
        .single(dump, edition.as_str(), &known_overlays(edition))
        .into_diagnostic()
        .map_err(Failed::work)?;
    Ok(document(&generated, &generated.apis[0], Version::V3_1))
}

/// Prints the address of the page and opens it.
fn show(explorer: &Explorer, arguments: &Arguments) -> Result<Option<TempDir>, Failed> {
    let mode = if arguments.allow_writes {
        "with writes allowed"
    } else {
        "read-only"
    };
    print(&format!(
        "The explorer is running, {mode}, until you press Ctrl-C. Its address contains a secret:\n{}\n",
        explorer.secret_url()
    ))?;
    if arguments.no_open {
        return Ok(None);
    }
    let page = redirection(&explorer.secret_url())
        .into_diagnostic()
        .map_err(Failed::work)?;
    if open::that_detached(page.path().join(REDIRECTION)).is_err() {
        mailstore_reach::warn!("The browser cannot be started: open the address yourself.");
    }
    Ok(Some(page))
}

/// The file that leads the browser to the page.
const REDIRECTION: &str = "explorer.html";

/// Writes a page that leads to an address. All users of this machine can see the words with which a browser is started,
/// so the address is in a file that only this user may read.
fn redirection(address: &str) -> std::io::Result<TempDir> {
    let folder = tempfile::Builder::new().prefix("mailstore-").tempdir()?;
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(folder.path().join(REDIRECTION))?;
    writeln!(
        file,
        "<!doctype html><meta charset=\"utf-8\"><meta name=\"referrer\" content=\"no-referrer\">\
         <meta http-equiv=\"refresh\" content=\"0; url={address}\"><title>MailStore explorer</title>"
    )?;
    Ok(folder)
}
