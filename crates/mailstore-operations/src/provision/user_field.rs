//! The calls that set the fields of a user.

use std::str::FromStr;

use mailstore_api::Archive;
use mailstore_api::types::{
    ArchiveName, Authentication, EmailAddress, FolderPrivileges, LoginPrivileges, Privileges,
};

use super::error::ProvisionError;
use super::field::Field;
use super::journal::{Call, Journal};
use super::plan::FieldChange;
use super::send::{Sent, send};
use super::value::Value;

/// Sends the call that sets a field of a user.
///
/// # Errors
/// A value is invalid, the journal cannot be written, or the server did not carry out the call.
pub(super) async fn set_value(
    archive: &impl Archive,
    name: &str,
    field: &FieldChange,
    call: &Call<'_>,
    journal: &mut Journal,
) -> Result<Sent, ProvisionError> {
    let after = &field.after;
    let text = match after {
        Value::Text(text) => text.as_deref(),
        _ => None,
    };
    match &field.field {
        Field::FullName => {
            send(
                journal,
                call,
                None,
                archive.set_user_full_name(name).full_name(text),
            )
            .await
        }
        Field::DistinguishedName => {
            let request = archive.set_user_distinguished_name(name).distinguished_name(text);
            send(journal, call, None, request).await
        }
        Field::Authentication => {
            let request =
                archive.set_user_authentication(name, Authentication::from(text.unwrap_or_default()));
            send(journal, call, None, request).await
        }
        Field::Emails => {
            let addresses: Vec<EmailAddress> = list(after)
                .iter()
                .map(|address| EmailAddress::from_str(address))
                .collect::<Result<_, _>>()
                .map_err(|error| ProvisionError::Plan(error.to_string()))?;
            let addresses = (!addresses.is_empty()).then_some(addresses);
            let request = archive.set_user_email_addresses(name).email_addresses(addresses);
            send(journal, call, None, request).await
        }
        Field::Pop3UserNames => {
            let names = (!list(after).is_empty()).then(|| list(after).to_vec());
            let request = archive.set_user_pop3_user_names(name).pop3_user_names(names);
            send(journal, call, None, request).await
        }
        Field::Privileges => {
            let request = archive.set_user_privileges(name, words::<Privileges>(Some(after))?);
            send(journal, call, None, request).await
        }
        Field::LoginPrivileges => {
            let request = archive.set_user_login_privileges(name, words::<LoginPrivileges>(Some(after))?);
            send(journal, call, None, request).await
        }
        Field::Folder(folder) => {
            let folder =
                ArchiveName::from_str(folder).map_err(|error| ProvisionError::Plan(error.to_string()))?;
            let privileges = words::<FolderPrivileges>(Some(after))?;
            let request = archive.set_user_privileges_on_folder(name, &folder, privileges);
            send(journal, call, None, request).await
        }
        field => Err(ProvisionError::Plan(format!("a user has no field `{field}`"))),
    }
}

fn list(value: &Value) -> &[String] {
    match value {
        Value::List(words) => words,
        _ => &[],
    }
}

/// Parses a set of words. No words are `none`.
pub(super) fn words<S: FromStr<Err = mailstore_api::ParseWordError>>(
    value: Option<&Value>,
) -> Result<S, ProvisionError> {
    let words = value.map_or(&[][..], list);
    let text = if words.is_empty() {
        "none".to_owned()
    } else {
        words.join(",")
    };
    S::from_str(&text)
        .map_err(|error| ProvisionError::Plan(format!("`{}`: {error}", mailstore_api::printable(&text))))
}
