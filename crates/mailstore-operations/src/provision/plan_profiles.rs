//! Plans the changes of profiles.

use serde_json::{Map, Value as Json};

use super::desired::{Desired, DesiredProfile, Existence};
use super::field::Field;
use super::plan::{Action, Change, FieldChange, Object};
use super::plan_options::PlanOptions;
use super::same_name::same_name;
use super::state::{ArchiveState, ProfileState};
use super::value::Value;

/// Returns a change for each profile of the file. A profile without differences has an empty change.
pub(super) fn changes(desired: &Desired, state: &ArchiveState, options: &PlanOptions) -> Vec<Change> {
    let profiles = desired.profiles.iter().map(|profile| profile.get_ref());
    profiles
        .filter_map(|profile| change(profile, state, options))
        .collect()
}

fn change(profile: &DesiredProfile, state: &ArchiveState, options: &PlanOptions) -> Option<Change> {
    let found: Vec<&ProfileState> = state
        .profiles
        .iter()
        .filter(|current| is_of(current, profile))
        .collect();
    match (profile.state, found.as_slice()) {
        (Existence::Absent, []) => None,
        (Existence::Present, []) => Some(create(profile)),
        (Existence::Absent, [current]) => Some(delete(current, options)),
        (Existence::Present, [current]) => Some(update(profile, current)),
        (_, several) => {
            let ids: Vec<String> = several.iter().map(|current| current.id.to_string()).collect();
            let object = Object::AmbiguousProfile {
                name: profile.name.clone(),
            };
            let reason = format!("several profiles have this name and owner: {}", ids.join(", "));
            Some(Change::new(object, Action::Change).blocked_because(reason))
        }
    }
}

/// Names of profiles are not unique. The owner tells them apart, if the file has one.
fn is_of(current: &ProfileState, profile: &DesiredProfile) -> bool {
    let owner = profile.owner.as_ref();
    current.name == profile.name && owner.is_none_or(|owner| same_name(owner, &current.owner))
}

fn object(current: &ProfileState) -> Object {
    Object::Profile {
        id: current.id,
        name: current.name.clone(),
    }
}

fn delete(current: &ProfileState, options: &PlanOptions) -> Change {
    let change = Change::new(object(current), Action::Delete);
    if options.allow_delete {
        return change;
    }
    change.blocked_because("deleting needs --allow-delete")
}

fn create(profile: &DesiredProfile) -> Change {
    let mut details = Map::new();
    for (name, value) in &profile.details {
        // A TOML value always has a JSON form.
        details.insert(name.clone(), serde_json::to_value(value).unwrap_or(Json::Null));
    }
    let missing = [
        ("owner", profile.owner.is_none()),
        ("type", profile.profile_type.is_none()),
        ("connector", profile.connector.is_none()),
    ];
    let missing: Vec<&str> = missing
        .iter()
        .filter(|(_, is)| *is)
        .map(|(name, _)| *name)
        .collect();
    let object = Object::NewProfile {
        name: profile.name.clone(),
        owner: profile.owner.clone().unwrap_or_default(),
        profile_type: profile.profile_type.clone().unwrap_or_default(),
        connector: profile.connector.clone().unwrap_or_default(),
        details,
    };
    let mut change = Change::new(object, Action::Create);
    change.password = profile.password.clone();
    let nothing = |field: &Field| match field {
        Field::Automatic => Value::Flag(false),
        _ => Value::Text(None),
    };
    change.fields = schedule(profile, nothing);
    if missing.is_empty() {
        return change;
    }
    change.blocked_because(format!("a new profile also needs: {}", missing.join(", ")))
}

fn update(profile: &DesiredProfile, current: &ProfileState) -> Change {
    let mut change = Change::new(object(current), Action::Change);
    change.fields = schedule(profile, |field| current.value(field));
    let differences = fixed_differences(profile, current);
    if differences.is_empty() {
        return change;
    }
    change.action = Action::Replace;
    change.blocked_because(format!(
        "replacing a profile is not supported yet, and the API cannot change {}. Delete the profile and create it again by hand, which gives it a new id",
        differences.join(", ")
    ))
}

fn schedule(profile: &DesiredProfile, current: impl Fn(&Field) -> Value) -> Vec<FieldChange> {
    let text = |text: &String| Value::Text((!text.is_empty()).then(|| text.clone()));
    let wanted = [
        (Field::Automatic, profile.automatic.map(Value::Flag)),
        (Field::PauseSeconds, profile.pause_seconds.map(Value::Number)),
        (
            Field::MaintenanceWindows,
            profile.maintenance_windows.as_ref().map(text),
        ),
    ];
    let wanted = wanted
        .into_iter()
        .filter_map(|(field, value)| Some((field, value?)));
    let changes = wanted.map(|(field, after)| FieldChange {
        before: Some(current(&field)),
        field,
        after,
    });
    changes
        .filter(|change| {
            !change
                .before
                .as_ref()
                .is_some_and(|before| before.means_the_same(&change.after))
        })
        .collect()
}

/// Returns the settings that differ and that the API cannot change.
fn fixed_differences(profile: &DesiredProfile, current: &ProfileState) -> Vec<String> {
    let mut differences = Vec::new();
    let connector = current.profile.connector.as_deref().unwrap_or_default();
    if profile
        .connector
        .as_ref()
        .is_some_and(|wanted| wanted != connector)
    {
        differences.push("connector".to_owned());
    }
    let kind = current
        .profile
        .profile_type
        .as_ref()
        .map(|kind| kind.as_str())
        .unwrap_or_default();
    if profile.profile_type.as_ref().is_some_and(|wanted| wanted != kind) {
        differences.push("type".to_owned());
    }
    let details = current
        .profile
        .details
        .as_ref()
        .map(|details| details.text().to_owned());
    let details: Json = serde_json::from_str(&details.unwrap_or_default()).unwrap_or(Json::Null);
    for (name, wanted) in &profile.details {
        let wanted = serde_json::to_value(wanted).unwrap_or(Json::Null);
        // An empty text means the same as no value.
        let found = details.get(name).unwrap_or(&Json::Null);
        if !same_setting(found, &wanted) {
            differences.push(format!("details.{name}"));
        }
    }
    differences
}

/// Many numbers and flags in the settings of connectors are texts.
fn same_setting(one: &Json, other: &Json) -> bool {
    let plain = |value: &Json| match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        Json::Bool(is) => u8::from(*is).to_string(),
        other => other.to_string(),
    };
    one == other || plain(one) == plain(other)
}
