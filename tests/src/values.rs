//! A valid value for every argument, selected by its wire name.

use std::time::Duration;

use mailstore_api::civil::{self, DateTime};
use mailstore_api::types::{
    ArchiveName, EmailAddress, FolderPath, MessageId, NewProfile, ProfileId, Schedule, Thumbprint, TimeZone,
};
use mailstore_api::{ExposeSecret, FromJson, SecretString};
use serde_json::{Value, json};

/// Returns a valid string for the argument.
pub fn text(argument: &str) -> &'static str {
    match argument {
        "instanceID" | "instanceFilter" => "demo",
        "userName" | "oldUserName" | "owner" => "john.doe",
        "newUserName" => "john.d",
        "authentication" => "integrated",
        "requestedState" => "normal",
        "timespan" => "today",
        "pop3UserNames" => "john",
        "serverType" => "instanceHost",
        _ => "example",
    }
}

/// Returns a valid number for the argument.
pub fn number(argument: &str) -> i64 {
    if argument == "sourceId" { 2 } else { 1 }
}

/// Returns a valid boolean for the argument.
pub fn flag(_argument: &str) -> bool {
    true
}

/// Returns a valid JSON value for the argument.
pub fn json(argument: &str) -> Value {
    json!({ "name": argument })
}

/// The beginning of every secret. A text that contains it, in any encoding, shows a secret.
pub const CANARY: &str = "Zk+q/7\"Canary\u{e9} %";

/// Returns a valid secret for the argument.
pub fn secret(argument: &str) -> SecretString {
    format!("{CANARY}{argument}").into()
}

/// Returns a TCP port.
pub fn port(_argument: &str) -> u16 {
    8472
}

/// Returns a duration.
pub fn seconds(_argument: &str) -> Duration {
    Duration::from_secs(300)
}

/// Returns a valid date and time for the argument.
pub fn datetime(argument: &str) -> DateTime {
    let month = if argument == "toExcluding" { 2 } else { 1 };
    civil::date(2026, month, 1).into()
}

/// Returns an object or a set of words for the argument. It is decoded from JSON that has the members of all these
/// objects.
pub fn read<T: FromJson>(argument: &str) -> T {
    let value = match argument {
        // A word that is both a global privilege and a privilege on folders.
        "privileges" => json!(["delete"]),
        "loginPrivileges" => json!(["web"]),
        _ => json!({
            "instanceID": "demo", "alias": "demo", "displayName": "Demo", "instanceHost": "host1",
            "startMode": "automatic", "baseDirectory": "E:\\Demo", "debugLogEnabled": false, "vssWriterEnabled": true,
            "serverName": "spe.example.com", "port": 8472,
            "serverCertificate": { "thumbprint": "0123456789ABCDEF0123456789ABCDEF01234567" },
            "type": "activeDirectory", "name": "example", "userName": "john.doe",
            "password": secret(argument).expose_secret(),
        }),
    };
    match T::from_json(&value.into()) {
        Ok(value) => value,
        Err(problem) => panic!("the value for {argument} cannot be decoded: {problem}"),
    }
}

/// Returns a time zone.
pub fn time_zone(_argument: &str) -> TimeZone {
    TimeZone::SERVER_LOCAL
}

/// Returns a schedule.
pub fn schedule(_argument: &str) -> Schedule {
    Schedule::Daily(civil::time(3, 30, 0, 0))
}

/// Returns the id of a profile.
pub fn profile_id(_argument: &str) -> ProfileId {
    ProfileId(1)
}

/// Returns a profile to create.
pub fn new_profile(argument: &str) -> NewProfile {
    NewProfile {
        name: Some(argument.to_owned()),
        password: Some(secret(argument)),
        ..NewProfile::default()
    }
}

macro_rules! parsed {
    ($($name:ident, $ty:ident, $text:literal;)*) => {$(
        #[doc = concat!("`", $text, "`.")]
        pub fn $name(_argument: &str) -> $ty {
            $text.parse().expect("the string is valid")
        }
    )*};
}
parsed! {
    archive_name, ArchiveName, "john.doe";
    email_address, EmailAddress, "john.doe@example.com";
    message_id, MessageId, "1:1";
    thumbprint, Thumbprint, "0123456789ABCDEF0123456789ABCDEF01234567";
}

/// Returns a valid folder for the argument.
pub fn folder_path(argument: &str) -> FolderPath {
    let path = if argument == "toFolder" {
        "archive"
    } else {
        "john.doe"
    };
    path.parse().expect("the string is valid")
}
