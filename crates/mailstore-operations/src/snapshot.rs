//! The figures of one archive on one day.

mod content;
mod figures;
mod take;

pub use figures::{Licence, RunFigures, Troubled, Users};
pub use take::{SnapshotRule, take};

use mailstore_api::Timestamp;
use mailstore_api::civil::Date;
use mailstore_api::jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::{Reading, Size};

/// The figures of one archive on one day.
///
/// The API of MailStore has no history, so [`take()`] reads the figures and a [history](crate::history) keeps them.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Snapshot {
    /// The day in UTC.
    pub day: Date,
    /// When the snapshot began.
    pub taken: Timestamp,
    /// The address of the server. Together with the id it identifies the archive.
    pub server: String,
    /// The id of the instance, or [`SERVER_ID`](crate::ListedArchive::SERVER_ID).
    pub instance: String,
    /// The name of the instance for people, or the name of the computer of a MailStore Server.
    pub name: String,
    /// The users.
    pub users: Reading<Users>,
    /// The number of messages.
    pub messages: Reading<i64>,
    /// The size.
    pub size: Reading<Size>,
    /// The situations of the archiving and export profiles.
    pub profiles: Reading<RunFigures>,
    /// The situations of the jobs.
    pub jobs: Reading<RunFigures>,
    /// The use of the licence. `None` if the product has no function that returns it, as in the Service Provider
    /// Edition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<Reading<Licence>>,
}

impl Snapshot {
    /// Creates the snapshot of an archive from which nothing could be read.
    pub fn not_read(
        server: impl Into<String>,
        instance: impl Into<String>,
        name: impl Into<String>,
        now: Timestamp,
        reason: &str,
    ) -> Self {
        Self {
            day: now.to_zoned(TimeZone::UTC).date(),
            taken: now,
            server: server.into(),
            instance: instance.into(),
            name: name.into(),
            users: Reading::not_read(reason),
            messages: Reading::not_read(reason),
            size: Reading::not_read(reason),
            profiles: Reading::not_read(reason),
            jobs: Reading::not_read(reason),
            licence: None,
        }
    }

    /// Returns the figures that could not be read, grouped by reason.
    pub fn missing(&self) -> Vec<(&str, Vec<&'static str>)> {
        let licence = self.licence.as_ref().and_then(reason);
        let reasons = [
            ("users", reason(&self.users)),
            ("messages", reason(&self.messages)),
            ("size", reason(&self.size)),
            ("profiles", reason(&self.profiles)),
            ("jobs", reason(&self.jobs)),
            ("licence", licence),
        ];
        let mut missing: Vec<(&str, Vec<&'static str>)> = Vec::new();
        for (figure, reason) in reasons {
            let Some(reason) = reason else {
                continue;
            };
            match missing.iter_mut().find(|(other, _)| *other == reason) {
                Some((_, figures)) => figures.push(figure),
                None => missing.push((reason, vec![figure])),
            }
        }
        missing
    }
}

fn reason<T>(reading: &Reading<T>) -> Option<&str> {
    match reading {
        Reading::Value(_) => None,
        Reading::NotRead(reason) => Some(reason),
    }
}
