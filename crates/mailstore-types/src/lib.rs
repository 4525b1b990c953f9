#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod email_address;
mod folder;
mod job_schedule;
mod message_id;
mod profile;
mod schedule;
mod text;
mod thumbprint;
mod time_range;
mod time_zone;

pub use email_address::EmailAddress;
pub use folder::{ArchiveName, FolderPath};
pub use job_schedule::JobSchedule;
pub use message_id::MessageId;
pub use profile::{NewProfile, Profile, ProfileId, ProfileType, ServerSideExecution};
pub use schedule::{DayNumber, DayOfMonth, Interval, Schedule};
pub use text::Malformed;
pub use thumbprint::Thumbprint;
pub use time_range::TimeRange;
pub use time_zone::TimeZone;
pub use wire_values::civil::{self, Weekday};
