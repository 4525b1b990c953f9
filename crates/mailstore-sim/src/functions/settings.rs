//! The configurations of an archive: getters return what was set, except for passwords.

use super::call::{Call, Handler, Outcome, null, value};
use crate::envelope::Failure;

pub(super) fn handler(function: &str) -> Option<Handler> {
    Some(match function {
        "GetComplianceConfiguration" => |call| get(call, "compliance"),
        "SetComplianceConfiguration" => |call| set(call, "compliance", "config"),
        "GetDirectoryServicesConfiguration" => |call| get(call, "directoryServices"),
        "SetDirectoryServicesConfiguration" => |call| set(call, "directoryServices", "config"),
        "GetSmtpSettings" => |call| get(call, "smtp"),
        "SetSmtpSettings" => |call| set(call, "smtp", "settings"),
        "GetRetentionPolicies" => |call| get(call, "retention"),
        "SetRetentionPolicies" => |call| set(call, "retention", "config"),
        "GetStoreAutoCreateConfiguration" => get_store_auto_create,
        "SetStoreAutoCreateConfiguration" => set_store_auto_create,
        "GetCredentials" => |call| get(call, "credentials"),
        "GetIndexConfiguration" => get_index,
        "SetIndexConfiguration" => set_index,
        "GetSystemSmtpConfiguration" => get_system_smtp,
        "SetSystemSmtpConfiguration" => set_system_smtp,
        "TestSmtpSettings" | "SendStatusReport" => |call| call.archive().and_then(|_| null()),
        _ => return None,
    })
}

fn get(call: &mut Call<'_>, name: &str) -> Outcome {
    value(call.archive()?.configuration.get(name))
}

fn set(call: &mut Call<'_>, name: &'static str, argument: &str) -> Outcome {
    let config = call.arguments.json(argument)?;
    let valid = if name == "retention" {
        config.is_array()
    } else {
        config.is_object()
    };
    if !valid {
        return Err(Failure::new(format!(
            "The argument {argument} has the wrong JSON type."
        )));
    }
    call.archive()?.configuration.set(name, config.clone());
    null()
}

fn get_store_auto_create(call: &mut Call<'_>) -> Outcome {
    value(call.open_archive()?.configuration.get("storeAutoCreate"))
}

fn set_store_auto_create(call: &mut Call<'_>) -> Outcome {
    let config = call.arguments.json("config")?.clone();
    call.open_archive()?.configuration.set("storeAutoCreate", config);
    null()
}

fn get_index(call: &mut Call<'_>) -> Outcome {
    call.site()?;
    let instance = call.state.instances.find(call.arguments.text("instanceID")?)?;
    value(instance.index_configuration.get("index"))
}

fn set_index(call: &mut Call<'_>) -> Outcome {
    call.site()?;
    let config = call.arguments.json("config")?.clone();
    let instance = call
        .state
        .instances
        .find_mut(call.arguments.text("instanceID")?)?;
    instance.index_configuration.set("index", config);
    null()
}

fn get_system_smtp(call: &mut Call<'_>) -> Outcome {
    value(call.state.platform.configuration.get("systemSmtp"))
}

fn set_system_smtp(call: &mut Call<'_>) -> Outcome {
    let config = call.arguments.json("config")?.clone();
    call.state.platform.configuration.set("systemSmtp", config);
    null()
}
