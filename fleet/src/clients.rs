//! The clients of a worker. It creates one for each profile, and keeps the passwords in its memory only.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use mailstore_api::{Builder, Connection, Edition, server, spe};
use mailstore_operations::Installation;
use mailstore_profiles::{OfSystem, Profile, Profiles, source_within};
use mailstore_reach::{Options, password_of_environment};
use miette::{Report, miette};
use tokio::sync::OnceCell;
use tokio::time::timeout;

use crate::call::Call;
use crate::hooks::hurries;
use crate::job::KnownProfile;
use crate::starts::Starts;
use crate::store::Stores;

/// How long a request may take that starts a call.
pub(crate) const REQUEST_TIME: Duration = Duration::from_secs(120);

/// How long reading a password may take. A command that waits for a person would hold up its call for ever.
pub(crate) const PASSWORD_TIME: Duration = Duration::from_secs(30);

/// How much longer than a password command a call waits.
const LEEWAY: Duration = Duration::from_secs(1);

/// How long a server holds a status request without news.
const POLL_WAIT: Duration = Duration::from_secs(30);

/// How many status requests of a call may fail one after the other, and for how long, before its status says so. It is
/// shorter than the time for which a call is followed, so that a server that never answers is noticed.
const POLL_PATIENCE: (u32, Duration) = (5, Duration::from_secs(120));

/// How many status requests one server holds at the same time.
const POLLS_AT_ONCE: usize = 64;

/// The clients of a worker by the names of their profiles.
pub struct Clients {
    profiles: BTreeMap<String, Entry>,
    /// The object stores of the logs.
    pub(crate) stores: Stores,
    /// The starts that are under way.
    pub(crate) starts: Starts,
}

/// Why a call has no client. Nothing was sent.
pub(crate) struct NoClient {
    pub(crate) reason: String,
    /// Whether the call may have a client later.
    pub(crate) may_pass: bool,
}

struct Entry {
    profile: Profile,
    client: OnceCell<Connection>,
}

impl Clients {
    /// Reads the profiles of the command `mailstore`, from `folder` or from their usual place. Reads no passwords.
    ///
    /// # Errors
    /// The file cannot be read or is damaged.
    pub fn read(folder: Option<&Path>) -> Result<Self, Report> {
        let profiles = match folder {
            Some(folder) => Profiles::in_folder(folder)?,
            None => Profiles::read()?,
        };
        let entry = |(name, profile): (&str, &Profile)| {
            let entry = Entry {
                profile: profile.clone(),
                client: OnceCell::new(),
            };
            (name.to_owned(), entry)
        };
        Ok(Self {
            profiles: profiles.all().map(entry).collect(),
            stores: Stores::default(),
            starts: Starts::default(),
        })
    }

    /// Returns what a job needs to know about the profiles.
    ///
    /// # Errors
    /// The address of a profile is not valid.
    pub fn known(&self) -> Result<BTreeMap<String, KnownProfile>, Report> {
        let known = |(name, entry): (&String, &Entry)| {
            let known = KnownProfile {
                edition: entry.profile.edition,
                server: entry.profile.origin()?,
                read_only: entry.profile.read_only,
                instance: entry.profile.instance.clone(),
            };
            Ok((name.clone(), known))
        };
        self.profiles.iter().map(known).collect()
    }

    /// Creates a client that only reads. Reads the password, and sends nothing.
    ///
    /// # Errors
    /// There is no such profile, or no password.
    pub async fn reader(&self, name: &str) -> Result<Installation, Report> {
        beside(&self.entry(name)?.profile, None, installation).await
    }

    fn entry(&self, name: &str) -> Result<&Entry, Report> {
        self.profiles.get(name).ok_or_else(|| {
            let name = mailstore_reach::printable(name);
            miette!("there is no profile `{name}`: add it with `mailstore login` and start the worker again")
        })
    }

    /// Returns the client for a call. Reads the password when a profile is used for the first time, and sends nothing.
    ///
    /// # Errors
    /// The worker has no such profile, the profile is now for another server, or there is no password in time.
    pub(crate) async fn of(&self, call: &Call) -> Result<Connection, NoClient> {
        let name = mailstore_reach::printable(&call.profile);
        let entry = self
            .entry(&call.profile)
            .map_err(|report| NoClient::for_good(&report))?;
        let origin = entry
            .profile
            .origin()
            .map_err(|report| NoClient::for_good(&report))?;
        if origin != call.server {
            let planned = mailstore_reach::printable(&call.server);
            return Err(NoClient::for_good(&miette!(
                "the call was planned for {planned}, but the profile `{name}` of the worker is for {origin}"
            )));
        }
        let limit = password_time();
        let create = || beside(&entry.profile, Some(limit), connection);
        // The command of the password has the same limit. This one is for the keyring, and for calls that wait for the
        // same profile.
        let created = timeout(limit + LEEWAY, entry.client.get_or_try_init(create)).await;
        let problem = match created {
            Ok(Ok(client)) => return Ok(client.clone()),
            Ok(Err(report)) => report.to_string(),
            Err(_) => format!("it has no password after {limit:?}"),
        };
        Err(NoClient {
            reason: format!("nothing was sent with the profile `{name}`: {problem}"),
            may_pass: true,
        })
    }
}

impl NoClient {
    fn for_good(report: &Report) -> Self {
        Self {
            reason: report.to_string(),
            may_pass: false,
        }
    }
}

/// Returns how long reading a password may take.
fn password_time() -> Duration {
    if hurries() {
        return Duration::from_secs(1);
    }
    PASSWORD_TIME
}

/// Creates a client of a profile. A password command may take long, so it runs beside the other work.
async fn beside<T: Send + 'static>(
    profile: &Profile,
    limit: Option<Duration>,
    create: fn(&Profile, Options) -> Result<T, Report>,
) -> Result<T, Report> {
    let profile = profile.clone();
    let created = tokio::task::spawn_blocking(move || create(&profile, options(&profile, limit)?)).await;
    created.map_err(|error| miette!("the password could not be read: {error}"))?
}

/// Reads the password of a profile. Returns the options to connect to its server.
fn options(profile: &Profile, limit: Option<Duration>) -> Result<Options, Report> {
    let found = match password_of_environment()? {
        Some(password) => Some(password),
        None => source_within(profile, OfSystem, limit).map_or(Ok(None), |source| source.password())?,
    };
    let password = found.ok_or_else(|| {
        miette!(
            "there is no password for {}: set `password-command` in the profile or MAILSTORE_PASSWORD of the worker",
            mailstore_reach::printable(&profile.user)
        )
    })?;
    Ok(Options {
        edition: Some(profile.edition),
        user: Some(profile.user.clone()),
        ca: profile.ca.clone(),
        pin: profile.fingerprints().collect(),
        password: Some(password),
        ..Options::default()
    })
}

#[allow(clippy::needless_pass_by_value, reason = "the type of `create`")]
fn connection(profile: &Profile, options: Options) -> Result<Connection, Report> {
    let surface = match profile.edition {
        Edition::Server => &mailstore_api::server::catalog::SURFACE,
        Edition::Spe => &mailstore_api::spe::catalog::SURFACE,
    };
    let builder = mailstore_reach::builder(&profile.address, surface, &options)?
        .request_timeout(REQUEST_TIME)
        .poll_wait(POLL_WAIT)
        .poll_patience(POLL_PATIENCE.0, POLL_PATIENCE.1)
        .polls_at_once(POLLS_AT_ONCE);
    let builder = if profile.read_only {
        builder.read_only()
    } else {
        builder
    };
    builder.build().map_err(mailstore_reach::explain)
}

#[allow(clippy::needless_pass_by_value, reason = "the type of `create`")]
fn installation(profile: &Profile, options: Options) -> Result<Installation, Report> {
    let address = &profile.address;
    Ok(match profile.edition {
        Edition::Server => Installation::Server(reading(server::Client::builder(address), &options)?),
        Edition::Spe => Installation::Provider(reading(spe::Client::builder(address), &options)?),
    })
}

fn reading<C>(builder: Builder<C>, options: &Options) -> Result<C, Report> {
    let builder = mailstore_reach::configure(builder, options)?;
    builder.read_only().build().map_err(mailstore_reach::explain)
}
