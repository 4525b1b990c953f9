//! The files in which the Python client and this client keep the records of their objects.

use wire_values::{Json, printable};

use crate::access::AccessRight;
use crate::invalid::Invalid;
use crate::literal::{self, Literal, to_json, write_text};
use crate::object::{Member, Object};
use crate::stamp::Stamp;
use crate::values::Values;

/// Why a record file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// The file is no record. The text says what is wrong with it.
    Damaged(String),
    /// The file contains the record of an object, but this version cannot keep it. The text says what it cannot keep.
    Unsupported(String),
}

/// Returns the content of the record file of an object, as the Python client writes it.
pub(crate) fn write(object: &Object) -> String {
    let mut text = String::from("{");
    for (index, (name, member)) in object.members().into_iter().enumerate() {
        if index > 0 {
            text.push_str(", ");
        }
        write_text(name, &mut text);
        text.push_str(": ");
        match member {
            Member::Null => text.push_str("None"),
            Member::Text(member) => write_text(member, &mut text),
            Member::Values(values) => write_values(values, &mut text),
        }
    }
    text.push('}');
    text
}

fn write_values(values: &Values, text: &mut String) {
    text.push('{');
    for (index, (name, value)) in values.iter().enumerate() {
        if index > 0 {
            text.push_str(", ");
        }
        write_text(name, text);
        text.push_str(": ");
        literal::write(value, text);
    }
    text.push('}');
}

/// Reads the content of a record file. Missing members have the defaults of the Python client (observed). An object
/// without `client_stamp` gets the oldest stamp and counts as uploaded, so the version of the server replaces it.
///
/// # Errors
/// The content is no record, or a record that this version cannot keep.
pub(crate) fn read(text: &str) -> Result<Object, Unreadable> {
    let literal = literal::parse(text).map_err(|error| Unreadable::Damaged(error.to_string()))?;
    let Literal::Dict(members) = literal else {
        return Err(Unreadable::Damaged(
            "the file does not contain a dictionary".to_owned(),
        ));
    };
    let record = Record { members };
    // A file without a valid id and valid stamps is damaged, whatever else it contains.
    let Ok(Some(id)) = record.text("oaio_id") else {
        return Err(Unreadable::Damaged("the record has no id".to_owned()));
    };
    let id = id.parse().map_err(damaged)?;
    let client_stamp = record.stamp("client_stamp")?;
    let server_stamp = record.stamp("server_stamp")?;
    record.check_names()?;
    Ok(Object {
        id,
        client_stamp: client_stamp.unwrap_or(Stamp::OLDEST),
        server_stamp: client_stamp.map_or(Some(Stamp::OLDEST), |_| server_stamp),
        values: record.values("client_values")?,
        server_values: record.values("server_values")?,
        storage_host: record.text("csh_id")?.filter(|host| !host.is_empty()),
        user_name: record.text("username")?.unwrap_or_default(),
        device_id: record.text("device_id")?.unwrap_or_default(),
        app_id: record.text("app_id")?.unwrap_or_default(),
        access_right: AccessRight::from(&*record.text("csh_access_right")?.unwrap_or_default()),
    })
}

fn damaged(error: Invalid) -> Unreadable {
    Unreadable::Damaged(error.to_string())
}

fn unsupported(problem: impl std::fmt::Display) -> Unreadable {
    Unreadable::Unsupported(problem.to_string())
}

/// The members of a record file.
struct Record {
    members: Vec<(Literal, Literal)>,
}

impl Record {
    const NAMES: [&'static str; 10] = [
        "oaio_id",
        "client_stamp",
        "server_stamp",
        "client_values",
        "server_values",
        "csh_id",
        "username",
        "device_id",
        "app_id",
        "csh_access_right",
    ];

    /// Returns the last member with this name. `None` means the default.
    fn get(&self, name: &str) -> Option<&Literal> {
        let mut members = self.members.iter().rev();
        let member = members.find(|(key, _)| text_of(key).as_deref() == Some(name));
        member
            .map(|(_, value)| value)
            .filter(|value| **value != Literal::None)
    }

    fn text(&self, name: &str) -> Result<Option<String>, Unreadable> {
        let Some(literal) = self.get(name) else {
            return Ok(None);
        };
        let text = text_of(literal);
        text.map(Some)
            .ok_or_else(|| unsupported(format!("the member `{name}` is not text of valid characters")))
    }

    fn stamp(&self, name: &str) -> Result<Option<Stamp>, Unreadable> {
        let text = self.text(name);
        let text = text.map_err(|_| Unreadable::Damaged(format!("the member `{name}` is not a stamp")))?;
        let stamp = text.filter(|text| !text.is_empty()).map(|text| text.parse());
        // The Python client compares stamps as text, so it reads any text.
        stamp.transpose().map_err(unsupported)
    }

    fn values(&self, name: &str) -> Result<Values, Unreadable> {
        let Some(literal) = self.get(name) else {
            return Ok(Values::new());
        };
        let json = to_json(literal, name).map_err(unsupported)?;
        json.text().parse().map_err(|_| {
            unsupported(format!(
                "the member `{name}` is not a dictionary with names of valid characters"
            ))
        })
    }

    fn check_names(&self) -> Result<(), Unreadable> {
        for (key, _) in &self.members {
            match text_of(key) {
                Some(name) if Self::NAMES.contains(&name.as_str()) => {}
                Some(name) => {
                    return Err(unsupported(format!(
                        "this version does not know the member `{}`",
                        printable(&name)
                    )));
                }
                None => {
                    return Err(unsupported(
                        "the name of a member is not text of valid characters",
                    ));
                }
            }
        }
        Ok(())
    }
}

/// Returns the text of a string without lone surrogates.
fn text_of(literal: &Literal) -> Option<String> {
    match literal {
        Literal::Str(json) => json.parse::<Json>().ok()?.decode().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
