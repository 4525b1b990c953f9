//! `mailstore profile`: lists, chooses, shows and removes profiles.

use clap::Subcommand;
use mailstore_profiles::{OfSystem, Profile, Profiles};
use mailstore_reach::{printable, say, variable};
use miette::miette;

use crate::exit::Failed;
use crate::output::{print, table};

/// List, choose, show and remove profiles. `mailstore login` creates one.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// List the profiles. A star marks the current one.
    List,
    /// Make a profile the current one. Commands use it if no server and no other profile is given.
    Use {
        /// The name of the profile.
        name: String,
    },
    /// Show a profile. No password is shown.
    Show {
        /// The name of the profile; the current one by default.
        name: Option<String>,
    },
    /// Remove a profile and its password in the keyring. Nothing changes on the server.
    Remove {
        /// The name of the profile.
        name: String,
    },
}

pub(crate) fn run(command: &Command) -> Result<(), Failed> {
    let profiles = Profiles::read()?;
    match command {
        Command::List => list(&profiles),
        Command::Use { name } => {
            let name = profiles.find(name)?.0.to_owned();
            profiles.set_current(&name)?;
            say!("The current profile is now `{}`.", printable(&name));
            Ok(())
        }
        Command::Show { name } => show(&profiles, name.as_deref()),
        Command::Remove { name } => {
            let (name, profile) = profiles.find(name)?;
            let (name, removed) = (name.to_owned(), profile.clone());
            let others: Vec<Profile> = profiles.remove(&name)?;
            say!("The profile `{}` is removed.", printable(&name));
            mailstore_profiles::forget(&removed, &others, &OfSystem)
                .map_err(|reason| Failed::work(miette!("its password is still in the keyring: {reason}")))
        }
    }
}

fn list(profiles: &Profiles) -> Result<(), Failed> {
    let mut table = table();
    table.set_header(["", "NAME", "SERVER", "PRODUCT", "USER", "ACCESS"]);
    for (name, profile) in profiles.all() {
        let is_current = profiles.current_name() == Some(name);
        table.add_row([
            if is_current { "*" } else { "" }.to_owned(),
            printable(name).to_string(),
            printable(&profile.address).to_string(),
            profile.edition.as_str().to_owned(),
            printable(&profile.user).to_string(),
            access(profile).to_owned(),
        ]);
    }
    if profiles.all().next().is_none() {
        say!("There are no profiles. `mailstore login` creates one.");
        return Ok(());
    }
    print(&format!("{table}\n"))
}

fn show(profiles: &Profiles, name: Option<&str>) -> Result<(), Failed> {
    let of_environment = variable("MAILSTORE_PROFILE").map_err(Failed::usage)?;
    let chosen = match name.or(of_environment.as_deref()) {
        Some(name) => Some(profiles.find(name)?),
        None => profiles.current()?,
    };
    let (name, profile) = chosen.ok_or_else(|| {
        Failed::usage(miette!(
            help = "Name a profile. `mailstore profile list` lists them.",
            "no profile is current"
        ))
    })?;
    let mut text = String::new();
    let file = ("file", profiles.path().display().to_string());
    for (what, value) in lines(name, profile).into_iter().chain([file]) {
        text.push_str(&format!("{what:<9} {}\n", printable(&value).whole()));
    }
    print(&text)
}

/// Returns the settings of a profile. They contain no secret: a password command may have one in its arguments.
fn lines(name: &str, profile: &Profile) -> Vec<(&'static str, String)> {
    let mut lines = vec![
        ("name", name.to_owned()),
        ("server", profile.address.clone()),
        ("product", profile.edition.title().to_owned()),
        ("user", profile.user.clone()),
        ("access", access(profile).to_owned()),
        ("password", password_of(profile)),
    ];
    if let Some(ca) = &profile.ca {
        lines.push(("trusts", format!("the certificates in {}", ca.display())));
    }
    for pin in profile.fingerprints() {
        lines.push(("trusts", pin.to_string()));
    }
    if profile.ca.is_none() && profile.pins.is_empty() {
        lines.push(("trusts", "the certificates that this machine trusts".to_owned()));
    }
    if let Some(instance) = &profile.instance {
        lines.push(("instance", instance.clone()));
    }
    lines
}

fn access(profile: &Profile) -> &'static str {
    if profile.read_only { "read-only" } else { "full" }
}

fn password_of(profile: &Profile) -> String {
    match &profile.password_command {
        Some(command) => format!("from the command `{}`", command.program()),
        None if profile.keyring => "from the keyring".to_owned(),
        None => "from MAILSTORE_PASSWORD or a prompt".to_owned(),
    }
}
