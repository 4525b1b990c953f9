//! Plans the changes of users.

use super::desired::{Desired, DesiredUser, Existence};
use super::field::Field;
use super::plan::{Action, Change, FieldChange, Object};
use super::plan_options::PlanOptions;
use super::same_name::same_name;
use super::state::{ArchiveState, UserState};
use super::value::Value;

/// Returns a change for each user of the file. A user without differences has an empty change.
pub(super) fn changes(desired: &Desired, state: &ArchiveState, options: &PlanOptions) -> Vec<Change> {
    let users = desired.users.iter().map(|user| user.get_ref());
    let changes: Vec<Change> = users.filter_map(|user| change(user, state, options)).collect();
    keep_an_administrator(changes, state)
}

fn change(user: &DesiredUser, state: &ArchiveState, options: &PlanOptions) -> Option<Change> {
    let current = state.users.get(&user.name.to_lowercase());
    match (user.state, current) {
        (Existence::Absent, None) => None,
        (Existence::Absent, Some(current)) => Some(delete(current, options)),
        (Existence::Present, None) => Some(create(user)),
        (Existence::Present, Some(current)) => Some(update(user, current, options)),
    }
}

fn delete(current: &UserState, options: &PlanOptions) -> Change {
    let mut change = Change::new(Object::User(current.name.clone()), Action::Delete);
    change
        .warnings
        .push("the user is deleted. The archive of the user and its messages are kept".to_owned());
    change.fields.push(FieldChange {
        field: Field::Privileges,
        before: Some(current.value(&Field::Privileges)),
        after: Value::List(Vec::new()),
    });
    if is_own_account(&current.name, options) {
        return change.blocked_because("this is the account that makes the changes");
    }
    if !options.allow_delete {
        return change.blocked_because("deleting needs --allow-delete");
    }
    change
}

fn create(user: &DesiredUser) -> Change {
    let mut change = Change::new(Object::User(user.name.clone()), Action::Create);
    let nothing = |field: &Field| match field {
        Field::FullName | Field::DistinguishedName | Field::Authentication => Value::Text(None),
        _ => Value::List(Vec::new()),
    };
    for (field, after) in wanted(user) {
        if matches!(field, Field::Folder(_)) && will_be_administrator(user, false) {
            continue;
        }
        let before = nothing(&field);
        // A new user has all login privileges if none are given, so an empty list is sent.
        let is_set = !before.means_the_same(&after) || field == Field::LoginPrivileges;
        if is_set {
            let before = Some(before);
            change.fields.push(FieldChange { field, before, after });
        }
    }
    change.password = user.password.clone();
    if is_admin(&change) {
        change
            .warnings
            .push("the user becomes an administrator".to_owned());
    }
    change
}

fn update(user: &DesiredUser, current: &UserState, options: &PlanOptions) -> Change {
    let mut change = Change::new(Object::User(current.name.clone()), Action::Change);
    let stays_administrator = will_be_administrator(user, current.is_administrator);
    for (field, after) in wanted(user) {
        let field = current.as_listed(field);
        let is_folder = matches!(field, Field::Folder(_));
        if is_folder && stays_administrator {
            continue;
        }
        // The server lists the folder privileges after the user has lost the privilege `admin`.
        let before = (!is_folder || !current.is_administrator).then(|| current.value(&field));
        if !before
            .as_ref()
            .is_some_and(|before| before.means_the_same(&after))
        {
            change.fields.push(FieldChange { field, before, after });
        }
    }
    if options
        .set_passwords
        .iter()
        .any(|name| same_name(name, &user.name))
    {
        change.password = user.password.clone();
    }
    if change.is_empty() {
        return change;
    }
    if current.is_synchronized {
        let text = "the user is synchronized with the directory, which may undo the change";
        change.warnings.push(text.to_owned());
    }
    let loses_admin = loses_admin(&change) && current.is_administrator;
    if !current.is_administrator && is_admin(&change) {
        change
            .warnings
            .push("the user becomes an administrator".to_owned());
    }
    if loses_admin {
        change
            .warnings
            .push("the user is no longer an administrator".to_owned());
    }
    let own = options.own_account.as_deref();
    if own.is_some_and(|own| change.could_lock_out(own)) {
        return change
            .blocked_because("this is the account that makes the changes, and it could lose its access");
    }
    change
}

/// Returns the fields of the file with their values, in the order of the calls.
fn wanted(user: &DesiredUser) -> Vec<(Field, Value)> {
    let text = |text: &String| Value::Text((!text.is_empty()).then(|| text.clone()));
    let list = |words: &Vec<String>| {
        let words = words.iter().filter(|word| !word.eq_ignore_ascii_case("none"));
        Value::List(words.cloned().collect())
    };
    let plain = |words: &Vec<String>| Value::List(words.clone());
    let fields = [
        (Field::FullName, user.full_name.as_ref().map(text)),
        (
            Field::DistinguishedName,
            user.distinguished_name.as_ref().map(text),
        ),
        (Field::Authentication, user.authentication.as_ref().map(text)),
        (Field::Emails, user.emails.as_ref().map(plain)),
        (Field::Pop3UserNames, user.pop3_user_names.as_ref().map(plain)),
        (Field::Privileges, user.privileges.as_ref().map(list)),
        (Field::LoginPrivileges, user.login_privileges.as_ref().map(list)),
    ];
    let fields = fields
        .into_iter()
        .filter_map(|(field, value)| Some((field, value?)));
    let folders = user.folders.iter();
    fields
        .chain(folders.map(|(folder, words)| (Field::Folder(folder.clone()), list(words))))
        .collect()
}

/// Blocks the changes that would leave no administrator.
fn keep_an_administrator(mut changes: Vec<Change>, state: &ArchiveState) -> Vec<Change> {
    let Some(administrators) = &state.administrators else {
        return changes;
    };
    let removes = |change: &Change| {
        let is_one = administrators.contains(&change.object.name().to_lowercase());
        is_one && change.blocked.is_none() && (change.action == Action::Delete || loses_admin(change))
    };
    let lost = changes.iter().filter(|change| removes(change)).count();
    let gained = changes.iter().filter(|change| {
        let is_one = administrators.contains(&change.object.name().to_lowercase());
        !is_one && change.blocked.is_none() && is_admin(change)
    });
    if lost > 0 && administrators.len() + gained.count() == lost {
        for change in &mut changes {
            if removes(change) {
                change.blocked = Some("no administrator would be left".to_owned());
            }
        }
    }
    changes
}

fn is_own_account(name: &str, options: &PlanOptions) -> bool {
    let own = options.own_account.as_ref();
    own.is_some_and(|own| same_name(own, name))
}

/// Returns whether the user is an administrator after the change. The folder privileges of administrators can neither be
/// read nor verified.
fn will_be_administrator(user: &DesiredUser, is_administrator: bool) -> bool {
    let wanted = user.privileges.as_ref();
    wanted.map_or(is_administrator, |words| has_admin(words))
}

fn has_admin(words: &[String]) -> bool {
    words.iter().any(|word| word.eq_ignore_ascii_case("admin"))
}

/// Returns whether the change gives the privilege `admin`.
fn is_admin(change: &Change) -> bool {
    privileges(change).is_some_and(has_admin)
}

/// Returns whether the change takes the privilege `admin`, if the user has it.
fn loses_admin(change: &Change) -> bool {
    privileges(change).is_some_and(|words| !has_admin(words))
}

fn privileges(change: &Change) -> Option<&[String]> {
    let change = change
        .fields
        .iter()
        .find(|change| change.field == Field::Privileges)?;
    match &change.after {
        Value::List(words) => Some(words),
        _ => None,
    }
}
