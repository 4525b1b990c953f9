//! A live server: its function list, its edition and its version.

use std::error::Error as StdError;
use std::fmt;

use mailstore_codegen::input::read_bytes;
use mailstore_metadata::{Dump, Edition, Known};
use mailstore_transport::{Builder, Call, ConnectCause, Connection, Error, ErrorKind, Json, Surface};
use miette::{Context, Diagnostic, IntoDiagnostic, Report, miette};

use crate::address::origin_with;
use crate::edition::surface;
use crate::options::Options;

/// The advice on credentials.
const CREDENTIALS: &str = "Set the user with `--user` or MAILSTORE_USER. The password is read from MAILSTORE_PASSWORD or from the terminal.";

/// Maximum size of a response. It is the limit of a function list, which is the largest response that most tools need.
const MAX_RESPONSE: u64 = Dump::MAX_BYTES as u64;

/// The information that a server returned.
#[derive(Clone, Debug)]
pub struct Live {
    /// The function list.
    pub dump: Dump,
    /// The edition.
    pub edition: Edition,
    /// The version, such as `24.4.0.22704`, or the reason why it is unknown.
    pub version: Result<String, String>,
}

/// Fetches the function list and the version of a server. `address` is a host, `host:port` or `https://host:port`.
///
/// # Errors
/// Returns the errors of [`edition_at`], [`connect`] and [`ask`].
pub fn dump(address: &str, options: &Options) -> miette::Result<Live> {
    let edition = edition_at(address, options)?;
    let connection = connect(address, surface(edition), options)?;
    runtime()?.block_on(ask(&connection, edition))
}

/// Returns the edition of the server at an address: from the options, or from the port.
///
/// # Errors
/// The address is invalid, or neither the option nor the port gives the edition.
pub fn edition_at(address: &str, options: &Options) -> miette::Result<Edition> {
    // An invalid address is reported before a missing edition.
    let usual = usual_edition(address)?;
    options.with_environment()?.edition.or(usual).ok_or_else(|| {
        miette!(
            help = "Add `--edition server` for MailStore Server or `--edition spe` for the Service Provider Edition.",
            "the address does not determine the product"
        )
    })
}

/// Returns the edition whose default port the address has.
///
/// # Errors
/// The address is invalid.
pub fn usual_edition(address: &str) -> miette::Result<Option<Edition>> {
    let port = named_port(address)?;
    Ok(Edition::ALL
        .into_iter()
        .find(|edition| Some(edition.port()) == port))
}

/// Starts to connect for the functions of `surface`. Prompts for the password if necessary, but sends nothing.
///
/// # Errors
/// A certificate cannot be read, or there is no password.
pub fn builder(
    address: &str,
    surface: &'static Surface,
    options: &Options,
) -> miette::Result<Builder<Connection>> {
    configure(Connection::builder(surface, address), options)
}

/// Sets the trust and the credentials of a client. Prompts for the password if necessary, but sends nothing.
///
/// # Errors
/// A certificate cannot be read, or there is no password.
pub fn configure<C>(builder: Builder<C>, options: &Options) -> miette::Result<Builder<C>> {
    let builder = trusting(builder, options)?;
    Ok(builder.credentials(options.user_name(), options.find_password()?))
}

/// Sets the trust of a client, but no credentials.
///
/// # Errors
/// A certificate cannot be read, or an environment variable is invalid.
pub fn trusting<C>(builder: Builder<C>, options: &Options) -> miette::Result<Builder<C>> {
    let options = options.with_environment()?;
    let mut builder = builder.danger_accept_invalid_certs(options.insecure);
    if let Some(path) = &options.ca {
        let pem = read_bytes(path)
            .into_diagnostic()
            .wrap_err_with(|| format!("cannot read the certificate {}", path.display()))?;
        builder = builder.certificate_authority(pem);
    }
    for pin in &options.pin {
        builder = builder.pin(*pin);
    }
    Ok(builder)
}

/// Creates a read-only connection for the functions of `surface`. Prompts for the password if necessary, but sends
/// nothing.
///
/// # Errors
/// The options are invalid, or there is no password.
pub fn connect(address: &str, surface: &'static Surface, options: &Options) -> miette::Result<Connection> {
    builder(address, surface, options)?
        .max_response_size(MAX_RESPONSE)
        .read_only()
        .build()
        .into_diagnostic()
}

/// Fetches the function list and the version of a server. The surface of the connection must contain the function
/// that returns the version.
///
/// The version also serves to check the credentials: MailStore Server returns its function list without credentials,
/// but not its version. Only read-only requests are sent.
///
/// # Errors
/// The server cannot be reached, rejects the credentials or has another edition, or its response is not a function
/// list. An unknown version is not an error.
pub async fn ask(connection: &Connection, edition: Edition) -> miette::Result<Live> {
    let answer = connection.metadata().await.map_err(explain)?;
    let dump = Dump::parse(&name_of(connection), &answer)?;
    reject_other_edition(&dump, edition)?;
    let version = version(connection, edition).await?;
    Ok(Live {
        dump,
        edition,
        version,
    })
}

/// Fetches only the function list of a server, and skips functions that this program cannot parse.
///
/// Wrong credentials are not an error for MailStore Server, which returns its function list without credentials.
///
/// # Errors
/// The server cannot be reached, has another edition, or its response is not a function list.
pub async fn ask_list(connection: &Connection, edition: Edition) -> miette::Result<Known> {
    let answer = connection.metadata().await.map_err(explain)?;
    let known = Dump::parse_known(&name_of(connection), &answer)?;
    reject_other_edition(&known.dump, edition)?;
    Ok(known)
}

fn runtime() -> miette::Result<tokio::runtime::Runtime> {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().build().into_diagnostic()
}

fn name_of(connection: &Connection) -> String {
    format!("get-metadata of {}", connection.origin())
}

/// Returns the port of an address, or `None` if the address has no port.
fn named_port(address: &str) -> miette::Result<Option<u16>> {
    if address.contains('@') {
        miette::bail!(
            help = CREDENTIALS,
            "the address contains credentials, which would appear in logs"
        );
    }
    static NO_PORT: Surface = Surface::new("none", "a server not yet known");
    let origin = origin_with(address, &NO_PORT)?;
    let port = origin.rsplit(':').next();
    Ok(port.and_then(|port| port.parse().ok()).filter(|port| *port != 0))
}

/// Returns an error if the server has another edition. The function that returns the version has a different name in
/// each edition.
fn reject_other_edition(dump: &Dump, edition: Edition) -> miette::Result<()> {
    let lists = |edition: Edition| dump.function(edition.info_function()).is_some();
    let other = Edition::ALL
        .into_iter()
        .find(|other| *other != edition && lists(*other));
    match other {
        Some(other) if !lists(edition) => Err(miette!(
            help = format!(
                "Add `--edition {}` if this is the correct server.",
                other.as_str()
            ),
            "the server is not {} but {}: it has a function {}",
            edition.title(),
            other.title(),
            other.info_function()
        )),
        _ => Ok(()),
    }
}

/// Returns the version, or the reason why it is unknown. Rejected credentials are an error.
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
        .ok_or_else(|| format!("{function}: the result has no valid `version`")))
}

/// Checks the version, because it comes from outside and is shown and saved. It must start with a digit.
fn is_plausible(version: &str) -> bool {
    (1..=64).contains(&version.len())
        && version.starts_with(|c: char| c.is_ascii_digit())
        && version.chars().all(|c| c.is_ascii_graphic() || c == ' ')
}

/// An error of the transport with advice for this command line.
#[derive(Debug)]
struct Failed {
    error: Error,
    help: Option<&'static str>,
}

/// Returns the error of the transport in an error of this crate.
pub fn cause(report: &Report) -> Option<&Error> {
    report.downcast_ref::<Failed>().map(|failed| &failed.error)
}

/// Adds advice for a command line with these [`Options`] to an error.
pub fn explain(error: Error) -> Report {
    let help = match error.kind() {
        ErrorKind::Connect {
            cause: ConnectCause::Untrusted,
            ..
        } => Some(
            "Compare the fingerprint with that of the certificate on the server. If they are equal, add `--pin FINGERPRINT`. Or add `--ca FILE` to trust your own certificate, or `--insecure` to trust any certificate for a first test.",
        ),
        ErrorKind::Unauthorized | ErrorKind::Forbidden => Some(CREDENTIALS),
        ErrorKind::TooLarge { .. } => Some(
            "This is the limit of the command, which cannot be raised. Function lists have tens of thousands of bytes: check the address, because another service may have responded.",
        ),
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
    /// The message of a failed connection names the cause. The errors behind it repeat it in other words.
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self.error.kind() {
            ErrorKind::Connect { .. } => None,
            _ => self.error.source(),
        }
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
    fn a_default_port_determines_the_edition() {
        let edition = |address: &str| usual_edition(address).ok().flatten();
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
    fn an_invalid_address_is_rejected_without_showing_its_password() {
        for address in ["", "http://host", "host/path", "https://admin:hunter2@host:8463"] {
            let error = named_port(address).expect_err(address);
            assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
        }
    }

    #[test]
    fn an_invalid_version_is_not_plausible() {
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
