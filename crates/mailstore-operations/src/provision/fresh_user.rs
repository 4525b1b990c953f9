//! Tells a user that a plan has just created from one that another person created.

use super::field::Field;
use super::plan::Change;
use super::state::UserState;
use super::value::Value;

/// The fields that the call that creates a user also sets.
pub(super) const OF_CREATION: [Field; 5] = [
    Field::FullName,
    Field::DistinguishedName,
    Field::Authentication,
    Field::Privileges,
    Field::LoginPrivileges,
];

/// Describes a field that a user does not have right after the call of this change that creates it. Returns `None` if the
/// user cannot be told apart from the new one.
pub(super) fn surprise(change: &Change, current: &UserState) -> Option<String> {
    let requested = |field: &Field| {
        let mut fields = change.fields.iter();
        fields
            .find(|change| change.field == *field)
            .map(|change| &change.after)
    };
    let nothing = || Value::List(Vec::new());
    let of_creation = OF_CREATION.into_iter().filter_map(|field| {
        let expected = match (requested(&field), &field) {
            (Some(requested), _) => requested.clone(),
            // The server chooses them for a user for whom they were not requested.
            (None, Field::Authentication | Field::LoginPrivileges) => return None,
            (None, Field::Privileges) => nothing(),
            (None, _) => Value::Text(None),
        };
        Some((field, expected))
    });
    let set_later = [Field::Emails, Field::Pop3UserNames].map(|field| (field, nothing()));
    let folders = current.folders().map(|folder| (folder, nothing()));
    of_creation
        .chain(set_later)
        .chain(folders)
        .find_map(|(field, expected)| {
            let now = current.value(&field);
            (!now.means_the_same(&expected))
                .then(|| format!("{field} is {now}, and {expected} was requested"))
        })
}
