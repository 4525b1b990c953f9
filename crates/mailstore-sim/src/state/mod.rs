//! The state of the simulator, in memory. MailStore Server has one archive. The Service Provider Edition has the
//! platform and one archive for each instance.

pub(crate) mod archive;
pub(crate) mod configuration;
pub(crate) mod folders;
pub(crate) mod instances;
pub(crate) mod jobs;
pub(crate) mod platform;
pub(crate) mod profiles;
mod schedule;
pub(crate) mod seed;
pub(crate) mod stores;
pub(crate) mod users;

use std::time::Duration;

use jiff::Timestamp;

use crate::Edition;
use crate::envelope::Failure;

pub(crate) use archive::Archive;
use instances::Instances;
use platform::Platform;

/// Everything that functions can read or change.
pub(crate) struct State {
    pub(crate) edition: Edition,
    /// The user name of the credentials, which some results contain.
    pub(crate) caller: String,
    /// The product version.
    pub(crate) version: String,
    /// The duration of a step of long calls.
    pub(crate) step: Duration,
    /// The archive of MailStore Server; unused by the Service Provider Edition.
    server: Archive,
    pub(crate) instances: Instances,
    pub(crate) platform: Platform,
}

/// The archive that a call uses: the archive of MailStore Server, or of an instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Site {
    Server,
    Instance(String),
}

impl State {
    pub(crate) fn new(
        edition: Edition,
        caller: &str,
        version: &str,
        step: Duration,
        now: Timestamp,
    ) -> State {
        let (server, instances, platform) = match edition {
            Edition::Server => (
                seed::archive("MAILSTORE", caller, step, now),
                Instances::default(),
                Platform::default(),
            ),
            Edition::Spe => (
                seed::empty_archive("E:\\", step),
                seed::instances(step, now),
                seed::platform(caller),
            ),
        };
        State {
            edition,
            caller: caller.to_owned(),
            version: version.to_owned(),
            step,
            server,
            instances,
            platform,
        }
    }

    /// Returns the archive of a site, or a failure if its instance was deleted after the call started.
    pub(crate) fn archive(&mut self, site: &Site) -> Result<&mut Archive, Failure> {
        match site {
            Site::Server => Ok(&mut self.server),
            Site::Instance(id) => Ok(&mut self.instances.find_mut(id)?.archive),
        }
    }
}
