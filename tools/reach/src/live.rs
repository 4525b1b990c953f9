//! A live server: its function list, its edition and its version.

use std::env::{self, VarError};
use std::error::Error as StdError;
use std::fmt;
use std::io::{self, IsTerminal};
use std::path::PathBuf;

use mailstore_codegen::input::read_bytes;
use mailstore_metadata::{Dump, Edition, Known};
use mailstore_transport::{Call, ConnectCause, Connection, Error, ErrorKind, Json, SecretString, Surface};
use miette::{Context, Diagnostic, IntoDiagnostic, Report, miette};

use crate::edition::{edition_parser, surface};

/// The variable that holds the password. Never an option: command lines are seen by everybody on the machine.
const PASSWORD: &str = "MAILSTORE_PASSWORD";

/// Where credentials come from.
const CREDENTIALS: &str =
    "`--user` or MAILSTORE_USER names the user; the password is in MAILSTORE_PASSWORD, or asked for.";

/// How to reach a server and whom to trust.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// Which product the server is; needed unless the port is the usual one of it (8463 server, 8474 spe).
    #[arg(long, value_parser = edition_parser())]
    pub edition: Option<Edition>,
    /// An administrator. The password is taken from MAILSTORE_PASSWORD, or asked for.
    #[arg(long, value_name = "NAME", env = "MAILSTORE_USER", default_value = "admin")]
    pub user: String,
    /// Trust the certificates in this PEM file, and no others: your own authority's, or the server's itself.
    #[arg(long, value_name = "FILE")]
    pub ca: Option<PathBuf>,
    /// Trust any certificate. An attacker on the network can then read the password, so only use it for a server on this machine or for a first try.
    #[arg(long)]
    pub insecure: bool,
    /// If it is known already.
    #[arg(skip)]
    pub password: Option<SecretString>,
}

impl Options {
    /// The options as they have to be given again on another command line for a server of this edition. The password is
    /// not among them.
    pub fn arguments(&self, edition: Edition) -> Vec<String> {
        let mut arguments = vec!["--edition".to_owned(), edition.as_str().to_owned()];
        arguments.extend(["--user".to_owned(), self.user.clone()]);
        if let Some(ca) = &self.ca {
            arguments.extend(["--ca".to_owned(), ca.display().to_string()]);
        }
        if self.insecure {
            arguments.push("--insecure".to_owned());
        }
        arguments
    }
}

/// What a server told of itself.
#[derive(Clone, Debug)]
pub struct Live {
    /// Its function list.
    pub dump: Dump,
    /// Which product it is.
    pub edition: Edition,
    /// Such as `24.4.0.22704`; or why it is not known.
    pub version: Result<String, String>,
}

/// Asks a server for its function list and its version. `address` is a host, `host:port` or `https://host:port`.
///
/// # Errors
/// Those of [`edition_at`], [`connect`] and [`ask`].
pub fn dump(address: &str, options: &Options) -> miette::Result<Live> {
    let edition = edition_at(address, options)?;
    let connection = connect(address, surface(edition), options)?;
    runtime()?.block_on(ask(&connection, edition))
}

/// Which product is at an address: what the options say, or what the port tells.
///
/// # Errors
/// The address is invalid, or neither the option nor the port gives the edition.
pub fn edition_at(address: &str, options: &Options) -> miette::Result<Edition> {
    // A wrong address is reported before a missing edition.
    let port = named_port(address)?;
    options.edition.map_or_else(|| usual_edition(port), Ok)
}

/// A read-only connection for the functions of `surface`. Nothing is sent yet, but the password may be asked for.
///
/// # Errors
/// The options are unusable, or there is no password.
pub fn connect(address: &str, surface: &'static Surface, options: &Options) -> miette::Result<Connection> {
    let mut builder = Connection::builder(surface, address)
        .danger_accept_invalid_certs(options.insecure)
        .read_only();
    if let Some(path) = &options.ca {
        let pem = read_bytes(path)
            .into_diagnostic()
            .wrap_err_with(|| format!("cannot read the certificate {}", path.display()))?;
        builder = builder.certificate_authority(pem);
    }
    let password = match &options.password {
        Some(password) => password.clone(),
        None => password(&options.user)?,
    };
    builder
        .credentials(&options.user, password)
        .build()
        .into_diagnostic()
}

/// Asks a server for its function list and its version. The surface of the connection has to know the function that
/// tells the version.
///
/// The version is asked for also because it needs credentials, which the list of MailStore Server does not: a wrong
/// password is found out. Nothing is sent that could change the server.
///
/// # Errors
/// The server cannot be reached, refuses the credentials, is of another edition, or its answer is no function list.
/// That the version is not to be had is no error.
pub async fn ask(connection: &Connection, edition: Edition) -> miette::Result<Live> {
    let answer = connection.metadata().await.map_err(explain)?;
    let dump = Dump::parse(&name_of(connection), &answer)?;
    refuse_other_edition(&dump, edition)?;
    let version = version(connection, edition).await?;
    Ok(Live {
        dump,
        edition,
        version,
    })
}

/// Asks a server for its function list alone, and passes over what this program does not understand of it.
///
/// # Errors
/// As [`dump`]. That the credentials are good is not found out with MailStore Server, which gives the list to anybody.
pub fn known(address: &str, options: &Options) -> miette::Result<Known> {
    let edition = edition_at(address, options)?;
    let connection = connect(address, surface(edition), options)?;
    let answer = runtime()?.block_on(connection.metadata()).map_err(explain)?;
    let known = Dump::parse_known(&name_of(&connection), &answer)?;
    refuse_other_edition(&known.dump, edition)?;
    Ok(known)
}

fn runtime() -> miette::Result<tokio::runtime::Runtime> {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().build().into_diagnostic()
}

fn name_of(connection: &Connection) -> String {
    format!("get-metadata of {}", connection.origin())
}

/// An address as `https://host:port`, with the usual port of the edition if it names none.
///
/// # Errors
/// The address is invalid.
pub fn origin(address: &str, edition: Edition) -> miette::Result<String> {
    let connection = Connection::builder(surface(edition), address)
        .credentials("", "")
        .build()
        .into_diagnostic()?;
    Ok(connection.origin().to_owned())
}

/// The port in an address; `None` if it names none.
fn named_port(address: &str) -> miette::Result<Option<u16>> {
    if address.contains('@') {
        miette::bail!(
            help = CREDENTIALS,
            "the address contains credentials, which would end up in logs"
        );
    }
    static NO_PORT: Surface = Surface::new("none", "a server not yet known", "", 0, "", &[]);
    let connection = Connection::builder(&NO_PORT, address)
        .credentials("", "")
        .build()
        .into_diagnostic()?;
    let port = connection.origin().rsplit(':').next();
    Ok(port.and_then(|port| port.parse().ok()).filter(|port| *port != 0))
}

fn usual_edition(port: Option<u16>) -> miette::Result<Edition> {
    let usual = |edition: &Edition| Some(edition.port()) == port;
    Edition::ALL.into_iter().find(usual).ok_or_else(|| {
        miette!(
            help = "Say `--edition server` for MailStore Server or `--edition spe` for the Service Provider Edition.",
            "the address does not tell which product the server is"
        )
    })
}

/// From the environment, or from a prompt on the terminal.
fn password(user: &str) -> miette::Result<SecretString> {
    match env::var(PASSWORD) {
        Ok(password) if !password.is_empty() => return Ok(password.into()),
        Err(VarError::NotUnicode(_)) => miette::bail!("{PASSWORD} is not text in UTF-8"),
        Ok(_) | Err(VarError::NotPresent) => {}
    }
    if !io::stdin().is_terminal() {
        miette::bail!(
            help = format!("Set {PASSWORD}, or run the command in a terminal, which asks for it."),
            "there is no password for {user}"
        );
    }
    let password = rpassword::prompt_password(format!("Password of {user}: "))
        .into_diagnostic()
        .wrap_err("cannot ask for the password")?;
    Ok(password.into())
}

/// The functions that tell the version are there in one edition and not in the other.
fn refuse_other_edition(dump: &Dump, edition: Edition) -> miette::Result<()> {
    let lists = |edition: Edition| dump.function(edition.info_function()).is_some();
    let other = Edition::ALL
        .into_iter()
        .find(|other| *other != edition && lists(*other));
    match other {
        Some(other) if !lists(edition) => Err(miette!(
            help = format!("Say `--edition {}` if it is the server you mean.", other.as_str()),
            "the server is not {} but {}: it has a function {}",
            edition.title(),
            other.title(),
            other.info_function()
        )),
        _ => Ok(()),
    }
}

/// The version, or in words why it is not known. Refused credentials are an error.
async fn version(connection: &Connection, edition: Edition) -> miette::Result<Result<String, String>> {
    let function = edition.info_function();
    let info = match Call::<Json>::new(connection, function).await {
        Ok(info) => info,
        Err(error) if error.is_auth() => return Err(explain(error)),
        Err(error) => return Ok(Err(error.to_string())),
    };
    let version: Option<String> = info.get("version").and_then(|version| version.decode().ok());
    Ok(version
        .filter(|version| is_plausible(version))
        .ok_or_else(|| format!("{function}: the result has no `version` that looks like one")))
}

/// A version is shown and saved, and comes from outside. It begins with a digit; a name does not.
fn is_plausible(version: &str) -> bool {
    (1..=64).contains(&version.len())
        && version.starts_with(|c: char| c.is_ascii_digit())
        && version.chars().all(|c| c.is_ascii_graphic() || c == ' ')
}

/// An error of the transport, and what to do about it on this command line.
#[derive(Debug)]
struct Failed {
    error: Error,
    help: Option<&'static str>,
}

/// The error, with what to do about it on a command line that has these [`Options`].
pub fn explain(error: Error) -> Report {
    let help = match error.kind() {
        ErrorKind::Connect {
            cause: ConnectCause::Untrusted,
            ..
        } => Some("`--ca FILE` trusts a certificate of your own; `--insecure` trusts any, for a first try."),
        ErrorKind::Unauthorized | ErrorKind::Forbidden => Some(CREDENTIALS),
        _ => None,
    };
    Report::new(Failed { error, help })
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl StdError for Failed {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.error.source()
    }
}

impl Diagnostic for Failed {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_tells_the_edition_if_it_is_a_usual_one() {
        let edition = |address: &str| named_port(address).and_then(usual_edition).ok();
        assert_eq!(edition("mailstore.example.com:8463"), Some(Edition::Server));
        assert_eq!(edition("https://mailstore.example.com:8474/"), Some(Edition::Spe));
        assert_eq!(edition("[::1]:8474"), Some(Edition::Spe));
        for address in [
            "mailstore.example.com",
            "::8463",
            "https://host",
            "host:443",
            "host:9000",
        ] {
            assert_eq!(edition(address), None, "{address}");
        }
    }

    #[test]
    fn a_wrong_address_is_refused_and_no_password_in_it_is_shown() {
        for address in ["", "http://host", "host/path", "https://admin:hunter2@host:8463"] {
            let error = named_port(address).expect_err(address);
            assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
        }
    }

    #[test]
    fn what_cannot_be_a_version_is_none() {
        assert!(is_plausible("24.4.0.22704") && is_plausible("9.0 beta 2"));
        for version in [
            "",
            "hunter2",
            "24\u{1b}[2J",
            "24\n",
            "\u{202e}24",
            &"9".repeat(65),
        ] {
            assert!(!is_plausible(version), "{version:?}");
        }
    }
}
