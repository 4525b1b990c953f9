//! The server of a command: its address and edition, and the connection.

use std::sync::OnceLock;

use clap::Args;
use mailstore_api::{Builder, Connection, Edition, StatusToken, Surface};
use mailstore_metadata::Dump;
use mailstore_profiles::{OfSystem, Profile, Profiles};
use mailstore_reach::{Options, variable};
use miette::miette;

use crate::exit::{Code, Failed};

/// The options to choose a server.
#[derive(Args, Clone)]
pub(crate) struct Server {
    /// The address of the server: `host`, `host:port` or `https://host:port`. [env: MAILSTORE_SERVER]
    #[arg(long, value_name = "ADDRESS")]
    server: Option<String>,
    /// The profile of the server, in place of the current one. [env: MAILSTORE_PROFILE]
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    #[command(flatten)]
    options: Options,
    /// Refuse all functions that change something on the server.
    #[arg(long)]
    read_only: bool,
    #[arg(skip)]
    chosen: OnceLock<Chosen>,
}

/// What the options, the environment and the profile determine together.
#[derive(Clone)]
struct Chosen {
    address: String,
    options: Options,
    read_only: bool,
    instance: Option<String>,
}

impl Server {
    /// Returns the address of the server.
    pub(crate) fn address(&self) -> Result<&str, Failed> {
        Ok(&self.chosen()?.address)
    }

    /// Returns the options to connect to the server.
    pub(crate) fn options(&self) -> Result<&Options, Failed> {
        Ok(&self.chosen()?.options)
    }

    /// Returns the edition of the server: from the option, from the profile, or from the port.
    pub(crate) fn edition(&self) -> Result<Edition, Failed> {
        mailstore_reach::edition_at(self.address()?, self.options()?).map_err(Failed::usage)
    }

    /// Returns whether functions that change something are refused.
    pub(crate) fn is_read_only(&self) -> Result<bool, Failed> {
        Ok(self.chosen()?.read_only)
    }

    /// Returns the instance of the profile.
    pub(crate) fn instance(&self) -> Result<Option<&str>, Failed> {
        Ok(self.chosen()?.instance.as_deref())
    }

    /// Returns the instance of the option `--instance`, or else that of the environment or of the profile.
    pub(crate) fn instance_or(&self, option: Option<&str>) -> Result<Option<String>, Failed> {
        if let Some(id) = option {
            return Ok(Some(id.to_owned()));
        }
        match mailstore_reach::variable("MAILSTORE_INSTANCE").map_err(Failed::usage)? {
            Some(id) => Ok(Some(id)),
            None => Ok(self.instance()?.map(str::to_owned)),
        }
    }

    /// Connects with the catalog of the edition. Prompts for the password if necessary, but sends nothing.
    pub(crate) fn connect(&self, edition: Edition) -> Result<Connection, Failed> {
        if self.is_read_only()? {
            return self.connect_read_only(edition);
        }
        Ok(builder(self.address()?, edition, self.options()?)?.build()?)
    }

    /// Connects with the catalog of the edition. The connection refuses every call that may change the server.
    pub(crate) fn connect_read_only(&self, edition: Edition) -> Result<Connection, Failed> {
        let builder = builder(self.address()?, edition, self.options()?)?;
        Ok(builder.read_only().build()?)
    }

    /// Connects with the catalog of the edition to a server from which only facts are read. The limit of a response is
    /// that of a function list, which is the largest response that is needed.
    pub(crate) fn connect_to_read(&self, edition: Edition) -> Result<Connection, Failed> {
        let builder = builder(self.address()?, edition, self.options()?)?;
        let builder = builder.max_response_size(Dump::MAX_BYTES as u64);
        Ok(builder.read_only().build()?)
    }

    /// Returns the same options for the server at another address.
    pub(crate) fn at(&self, address: &str) -> Self {
        Self {
            server: Some(address.to_owned()),
            chosen: OnceLock::new(),
            ..self.clone()
        }
    }

    fn chosen(&self) -> Result<&Chosen, Failed> {
        if let Some(chosen) = self.chosen.get() {
            return Ok(chosen);
        }
        let chosen = self.choose()?;
        Ok(self.chosen.get_or_init(|| chosen))
    }

    fn choose(&self) -> Result<Chosen, Failed> {
        let (mut address, mut name) = (self.server.clone(), self.profile.clone());
        // An option for one of them makes the variable for the other one unimportant.
        if address.is_none() && name.is_none() {
            address = variable("MAILSTORE_SERVER").map_err(Failed::usage)?;
            name = variable("MAILSTORE_PROFILE").map_err(Failed::usage)?;
        }
        let options = self.options.with_environment().map_err(Failed::usage)?;
        if let (Some(address), None) = (&address, &name) {
            return Ok(Chosen {
                address: address.clone(),
                options,
                read_only: self.read_only,
                instance: None,
            });
        }
        let profiles = Profiles::read()?;
        let chosen = match &name {
            Some(name) => Some(profiles.find(name)?),
            None => profiles.current()?,
        };
        let Some((name, profile)) = chosen else {
            return Err(Failed::usage(miette!(
                help = "Add `--server ADDRESS`, set MAILSTORE_SERVER, or create a profile with `mailstore login`.",
                "no server is chosen"
            )));
        };
        if let Some(address) = &address {
            check_that_it_is_the_server_of(profile, name, address)?;
        }
        Ok(Chosen {
            address: profile.address.clone(),
            options: completed(options, profile),
            read_only: self.read_only || profile.read_only,
            instance: profile.instance.clone(),
        })
    }
}

/// A profile is for one server. An address of another server is an error, so that nothing of the profile is sent there.
fn check_that_it_is_the_server_of(profile: &Profile, name: &str, address: &str) -> Result<(), Failed> {
    let given = mailstore_reach::origin(address, profile.edition).map_err(Failed::usage)?;
    let own = profile.origin().map_err(Failed::usage)?;
    if given == own {
        return Ok(());
    }
    Err(Failed::usage(miette!(
        help = "Choose the address or the profile, but not both.",
        "the profile `{}` is for {own}, but the given address is {given}",
        mailstore_reach::printable(name)
    )))
}

/// Adds the settings of a profile that neither options nor the environment determine.
fn completed(mut options: Options, profile: &Profile) -> Options {
    options.edition = options.edition.or(Some(profile.edition));
    options.user.get_or_insert_with(|| profile.user.clone());
    if !options.has_trust() {
        options.ca = profile.ca.clone();
        options.pin = profile.fingerprints().collect();
    }
    // The password belongs to the user of the profile.
    if options.user_name() == profile.user {
        options.password_source = mailstore_profiles::source(profile, OfSystem);
    }
    options
}

/// Returns the options to return to a call that `user` started. The settings that are not given are those of the
/// profile with the address of the token and the user, if there is one.
pub(crate) fn options_for_token(
    options: &Options,
    profile: Option<&str>,
    token: &StatusToken,
    user: &str,
) -> Result<Options, Failed> {
    let mut options = options.with_environment().map_err(Failed::usage)?;
    let user = options.user.get_or_insert_with(|| user.to_owned()).clone();
    let profiles = Profiles::read()?;
    let found = match profile {
        Some(name) => {
            let (name, profile) = profiles.find(name)?;
            check_that_it_is_the_server_of(profile, name, token.origin())?;
            Some(profile)
        }
        None => profiles
            .all()
            .map(|(_, profile)| profile)
            .find(|profile| profile.is_of(token.origin(), &user)),
    };
    Ok(match found {
        Some(profile) => completed(options, profile),
        None => options,
    })
}

/// Starts to connect with the catalog of an edition. Prompts for the password if necessary, but sends nothing.
pub(crate) fn builder(
    address: &str,
    edition: Edition,
    options: &Options,
) -> Result<Builder<Connection>, Failed> {
    mailstore_reach::builder(address, surface(edition), options)
        .map_err(|report| Failed::new(Code::Credentials, report))
}

/// Returns the functions of an edition that this program knows.
pub(crate) fn surface(edition: Edition) -> &'static Surface {
    match edition {
        Edition::Server => &mailstore_api::server::catalog::SURFACE,
        Edition::Spe => &mailstore_api::spe::catalog::SURFACE,
    }
}
