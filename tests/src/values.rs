//! A value for every argument, by its wire name: what a call needs to be accepted by any server.

use mailstore_api::SecretString;

/// A text that fits the argument.
pub fn text(argument: &str) -> &'static str {
    match argument {
        "fromIncluding" => "2026-01-01T00:00:00",
        "toExcluding" => "2026-02-01T00:00:00",
        "timeZoneID" | "timeZoneId" => "$Local",
        "date" => "2026-01-01T03:30:00",
        "time" => "03:30",
        "dayOfWeek" => "Sunday",
        "dayOfMonth" => "Last",
        "instanceID" => "demo",
        "instanceFilter" => "demo",
        "userName" | "oldUserName" | "owner" => "john.doe",
        "newUserName" => "john.d",
        "privileges" => "login",
        "loginPrivileges" => "web",
        "authentication" => "integrated",
        "requestedState" => "normal",
        "timespan" => "today",
        "emailAddresses" | "recipients" => "john.doe@example.com",
        "pop3UserNames" => "john",
        "folder" | "fromFolder" => "john.doe",
        "toFolder" => "archive",
        "id" => "1:1",
        "port" => "8472",
        "serverType" => "instanceHost",
        "thumbprint" => "0123456789ABCDEF0123456789ABCDEF01234567",
        _ => "example",
    }
}

/// A number that fits the argument.
pub fn number(argument: &str) -> i64 {
    match argument {
        "interval" => 60,
        "sourceId" => 2,
        _ => 1,
    }
}

/// A boolean that fits the argument.
pub fn flag(_argument: &str) -> bool {
    true
}

/// A JSON value that fits the argument.
pub fn json(argument: &str) -> serde_json::Value {
    serde_json::json!({ "name": argument, "instanceID": "demo" })
}

/// A secret that fits the argument.
pub fn secret(argument: &str) -> SecretString {
    format!("secret-{argument}").into()
}
