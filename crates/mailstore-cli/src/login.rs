//! `mailstore login`: creates a profile.

use std::io::{self, IsTerminal as _};

use mailstore_api::{Connection, Edition, SecretString};
use mailstore_profiles::{Keyring as _, OfSystem, PasswordCommand, Pin, Profile, Profiles};
use mailstore_reach::{Live, Options, password_of_environment, printable, say, variable, warn};
use miette::miette;

use crate::ask;
use crate::exit::{Code, Failed};
use crate::server::surface;
use crate::trust::{self, Known};

/// Check the address, the certificate and the credentials of a server, and store them as a profile.
///
/// Asks for what is not given. Shows the certificate if this machine does not trust it. The password is sent after you
/// confirm the certificate, and is stored in the keyring of the operating system.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The address of the server: `host`, `host:port` or `https://host:port`.
    address: Option<String>,
    /// The address, as an option. [env: MAILSTORE_SERVER]
    #[arg(long, value_name = "ADDRESS", conflicts_with = "address")]
    server: Option<String>,
    /// The name of the profile. By default, it is the host name. [env: MAILSTORE_PROFILE]
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    #[command(flatten)]
    options: Options,
    /// The instance of the Service Provider Edition that commands use if none is given.
    #[arg(long, value_name = "ID")]
    instance: Option<String>,
    /// Refuse all functions that change something on the server, whenever the profile is used.
    #[arg(long)]
    read_only: bool,
    /// Read the password from the first line of standard input.
    #[arg(long)]
    password_stdin: bool,
    /// Store a command that prints the password, in place of the password. It is split into words, and started without
    /// a shell.
    #[arg(long, value_name = "COMMAND", conflicts_with = "password_stdin")]
    password_command: Option<String>,
    /// Do not store the password. Commands then prompt for it or read it from MAILSTORE_PASSWORD.
    #[arg(long, conflicts_with = "password_command")]
    no_keyring: bool,
}

const EXAMPLES: &str = "\
Examples:
  mailstore login
  mailstore login mailstore.example.com:8463 --profile prod --read-only
  mailstore login mailstore.example.com:8463 --password-command 'pass show mailstore'";

/// The password, and where later commands find it.
enum Password {
    /// It can be stored.
    Typed(SecretString),
    /// The environment has it, so it is not stored.
    OfEnvironment(SecretString),
    /// A command prints it.
    OfCommand(PasswordCommand, SecretString),
}

impl Password {
    fn secret(&self) -> &SecretString {
        match self {
            Self::Typed(secret) | Self::OfEnvironment(secret) | Self::OfCommand(_, secret) => secret,
        }
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let profiles = Profiles::read()?;
    // The user does not answer questions in vain.
    profiles.check_that_it_can_be_written()?;
    let options = arguments.options.with_environment().map_err(Failed::usage)?;
    if options.insecure {
        return Err(Failed::usage(miette!(
            help = "Leave out `--insecure`. Login shows the certificate and asks whether to trust it.",
            "a profile has no option to trust any certificate"
        )));
    }
    let login = Login {
        is_interactive: io::stdin().is_terminal() && !arguments.password_stdin,
        arguments,
        options,
    };
    login.run(profiles)
}

/// A login before its profile is complete.
struct Login<'a> {
    arguments: &'a Arguments,
    options: Options,
    is_interactive: bool,
}

impl Login<'_> {
    fn run(mut self, profiles: Profiles) -> Result<(), Failed> {
        let given = match &self.arguments.profile {
            Some(name) => Some(name.clone()),
            None => variable("MAILSTORE_PROFILE").map_err(Failed::usage)?,
        };
        let named = given.as_deref().and_then(|name| profiles.get(name));
        let address = self.address(named)?;
        let edition = self.edition(&address, named)?;
        let origin = mailstore_reach::origin(&address, edition).map_err(Failed::usage)?;
        let user = self.user(named)?;
        let name = match given {
            Some(name) => name,
            None => default_name(&profiles, &origin, &user),
        };
        let old = profiles.get(&name);
        if let Some(old) = old.filter(|old| !old.is_of(&origin, &user)) {
            self.confirm_that_it_is_replaced(&name, old, &origin)?;
        }
        // Settings are kept if the profile is for the same server.
        let old = old.filter(|old| old.origin().is_ok_and(|own| own == origin));
        self.options.edition = Some(edition);
        self.options.user = Some(user.clone());
        self.trust(&origin, edition, &name, old)?;
        let password = self.password(old.filter(|old| old.user == user))?;
        self.options.password = Some(password.secret().clone());
        let live = mailstore_reach::dump(&origin, &self.options).map_err(Failed::server)?;
        let profile = self.profile(origin, edition, user, &password, old)?;
        self.store(profiles, &name, profile, &password, &live)
    }

    fn address(&self, named: Option<&Profile>) -> Result<String, Failed> {
        let given = self.arguments.address.as_ref().or(self.arguments.server.as_ref());
        if let Some(given) = given {
            return Ok(given.clone());
        }
        if let Some(given) = variable("MAILSTORE_SERVER").map_err(Failed::usage)? {
            return Ok(given);
        }
        if let Some(named) = named {
            return Ok(named.address.clone());
        }
        if self.is_interactive {
            return ask::line("Address of the server", None);
        }
        Err(Failed::usage(miette!(
            help = "Add the address, or run the command in a terminal, where it asks for it.",
            "there is no address"
        )))
    }

    fn edition(&self, address: &str, named: Option<&Profile>) -> Result<Edition, Failed> {
        let usual = mailstore_reach::usual_edition(address).map_err(Failed::usage)?;
        let known = self.options.edition.or(usual);
        let known = known.or_else(|| {
            let named = named
                .filter(|named| mailstore_reach::origin(address, named.edition).ok() == named.origin().ok());
            named.map(|named| named.edition)
        });
        if let Some(edition) = known {
            return Ok(edition);
        }
        if !self.is_interactive {
            return mailstore_reach::edition_at(address, &self.options).map_err(Failed::usage);
        }
        loop {
            let words = Edition::ALL.map(Edition::as_str).join(" or ");
            let answer = ask::line(&format!("Product ({words})"), Some(Edition::Server.as_str()))?;
            if let Ok(edition) = answer.to_lowercase().parse() {
                return Ok(edition);
            }
        }
    }

    fn user(&self, named: Option<&Profile>) -> Result<String, Failed> {
        if let Some(user) = &self.options.user {
            return Ok(user.clone());
        }
        let default = named.map_or(self.options.user_name(), |named| &named.user);
        if self.is_interactive {
            return ask::line("User", Some(default));
        }
        Ok(default.to_owned())
    }

    /// Asks before a profile of another server or user is lost.
    fn confirm_that_it_is_replaced(&self, name: &str, old: &Profile, origin: &str) -> Result<(), Failed> {
        let name = printable(name);
        let old = format!("{} at {}", printable(&old.user), printable(&old.address));
        if self.is_interactive {
            return ask::confirm(&format!(
                "The profile `{name}` is for {old}. It will be replaced."
            ));
        }
        Err(Failed::new(
            Code::Refused,
            miette!(
                help = "Choose another name with `--profile NAME`, or remove the profile first.",
                "the profile `{name}` is for {old}. It is not replaced by one for {origin}"
            ),
        ))
    }

    /// Decides what is trusted. The password is not known yet.
    fn trust(
        &mut self,
        origin: &str,
        edition: Edition,
        name: &str,
        old: Option<&Profile>,
    ) -> Result<(), Failed> {
        let known = match old {
            _ if self.options.has_trust() => Known::Given,
            Some(old) => Known::Before(name, old.fingerprints().collect()),
            None => Known::Nothing,
        };
        if let (Known::Before(..), Some(old)) = (&known, old) {
            self.options.ca = old.ca.clone();
            self.options.pin = old.fingerprints().collect();
        }
        let builder = Connection::builder(surface(edition), origin);
        let builder = mailstore_reach::trusting(builder, &self.options);
        let builder = builder.map_err(Failed::usage)?;
        if let Some(pin) = trust::check(&builder, &known, self.is_interactive)? {
            self.options.ca = None;
            self.options.pin = vec![pin];
        }
        Ok(())
    }

    fn password(&self, old: Option<&Profile>) -> Result<Password, Failed> {
        let failed = |report| Failed::new(Code::Credentials, report);
        if self.arguments.password_stdin {
            let line = mailstore_profiles::first_line(&mut io::stdin().lock());
            let line = line
                .map_err(|error| failed(miette!("cannot read the password from standard input: {error}")));
            return Ok(Password::Typed(line?));
        }
        if let Some(line) = &self.arguments.password_command {
            let command = PasswordCommand::of_line(line).map_err(Failed::usage)?;
            let secret = mailstore_profiles::run(&command).map_err(failed)?;
            return Ok(Password::OfCommand(command, secret));
        }
        if let Some(secret) = password_of_environment().map_err(failed)? {
            return Ok(Password::OfEnvironment(secret));
        }
        if let Some(command) = old.and_then(|old| old.password_command.clone()) {
            let secret = mailstore_profiles::run(&command).map_err(failed)?;
            return Ok(Password::OfCommand(command, secret));
        }
        let user = self.options.user_name();
        if self.is_interactive {
            let secret = mailstore_reach::prompt_for_password(user).map_err(failed)?;
            return Ok(Password::Typed(secret));
        }
        Err(failed(miette!(
            help = "Add `--password-stdin` or `--password-command COMMAND`, set MAILSTORE_PASSWORD, or run the command in a terminal, where it prompts for the password.",
            "there is no password for {}",
            printable(user)
        )))
    }

    fn profile(
        &self,
        address: String,
        edition: Edition,
        user: String,
        password: &Password,
        old: Option<&Profile>,
    ) -> Result<Profile, Failed> {
        let ca = self.options.ca.as_ref().map(std::path::absolute).transpose();
        let ca =
            ca.map_err(|error| Failed::work(miette!("the path of the certificate cannot be used: {error}")))?;
        let instance = self.arguments.instance.clone();
        Ok(Profile {
            address,
            edition,
            user,
            ca,
            pins: self.options.pin.iter().copied().map(Pin).collect(),
            read_only: self.arguments.read_only || old.is_some_and(|old| old.read_only),
            password_command: match password {
                Password::OfCommand(command, _) => Some(command.clone()),
                _ => None,
            },
            keyring: false,
            instance: instance.or_else(|| old.and_then(|old| old.instance.clone())),
        })
    }

    /// Stores the password and the profile, and reports it.
    fn store(
        &self,
        profiles: Profiles,
        name: &str,
        mut profile: Profile,
        password: &Password,
        live: &Live,
    ) -> Result<(), Failed> {
        let old = profiles.get(name).cloned();
        if let (Password::Typed(secret), false, Some(account)) =
            (password, self.arguments.no_keyring, profile.account())
        {
            match OfSystem.save(&account, secret) {
                Ok(()) => profile.keyring = true,
                Err(reason) => warn!(
                    "Warning: the password is not stored, because the keyring of the operating system cannot be used: {reason}\n\
                     Set MAILSTORE_PASSWORD for later commands, or log in again with `--password-command COMMAND`, which stores a command that prints the password."
                ),
            }
        }
        let others: Vec<Profile> = profiles
            .all()
            .filter(|(other, _)| *other != name)
            .map(|(_, profile)| profile.clone())
            .chain([profile.clone()])
            .collect();
        let path = match profiles.store(name, &profile) {
            Ok(path) => path,
            Err(failed) => {
                // The password is not left without a profile.
                let _ = mailstore_profiles::forget(
                    &profile,
                    others.iter().take(others.len() - 1).chain(&old),
                    &OfSystem,
                );
                return Err(failed.into());
            }
        };
        // A password that the old profile used alone is not needed any more.
        if let Some(old) = old
            && let Err(reason) = mailstore_profiles::forget(&old, &others, &OfSystem)
        {
            warn!("Warning: the old password is still in the keyring: {reason}");
        }
        let version = match &live.version {
            Ok(version) => format!(" {version}"),
            Err(_) => String::new(),
        };
        say!(
            "Logged in to {}{version} at {} as {}.",
            live.edition.title(),
            profile.address,
            printable(&profile.user)
        );
        say!(
            "The profile `{}` is stored in {} and is now the current one.",
            printable(name),
            path.display()
        );
        Ok(())
    }
}

/// Returns the name of the profile for this user of the server if there is one, and else the host name.
fn default_name(profiles: &Profiles, origin: &str, user: &str) -> String {
    let found = profiles.all().find(|(_, profile)| profile.is_of(origin, user));
    if let Some((name, _)) = found {
        return name.to_owned();
    }
    let host = origin.trim_start_matches("https://");
    host.rsplit_once(':').map_or(host, |(host, _)| host).to_owned()
}
