//! Machines and administrators of the Service Provider Edition.

use serde_json::{Value, json};

use super::call::{Call, Handler, Outcome, null, value};
use crate::envelope::Failure;
use crate::state::platform::Administrator;
use crate::tls;

pub(super) fn handler(function: &str) -> Option<Handler> {
    Some(match function {
        "GetInstanceHosts" => get_hosts,
        "CreateInstanceHost" => create_host,
        "SetInstanceHostConfiguration" => set_host,
        "DeleteInstanceHost" => delete_host,
        "GetDirectoriesOnInstanceHost" => get_directories,
        "CreateDirectoryOnInstanceHost" => create_directory,
        "GetClientAccessServers" => get_client_access_servers,
        "CreateClientAccessServer" => create_client_access_server,
        "SetClientAccessServerConfiguration" => set_client_access_server,
        "DeleteClientAccessServer" => delete_client_access_server,
        "GetSystemAdministrators" => get_administrators,
        "CreateSystemAdministrator" => create_administrator,
        "SetSystemAdministratorConfiguration" => set_administrator,
        "SetSystemAdministratorPassword" => set_administrator_password,
        "DeleteSystemAdministrator" => delete_administrator,
        "InitializeSystemAdministratorMFA" => |call| set_mfa(call, true),
        "DeactivateSystemAdministratorMFA" => |call| set_mfa(call, false),
        // A secret that is shown once. Its format is invented.
        "CreateSystemAdministratorAPIPassword" => |_| value(tls::token()),
        "CreateLicenseRequest" => |_| value("simulated license request"),
        _ => return None,
    })
}

const HOST_PORT: i64 = 8472;
const CLIENT_ACCESS_PORT: i64 = 8473;

fn get_hosts(call: &mut Call<'_>) -> Outcome {
    let hosts = call
        .state
        .platform
        .hosts
        .select(call.arguments.optional_text("serverNameFilter"));
    value(hosts.into_iter().cloned().collect::<Vec<Value>>())
}

fn create_host(call: &mut Call<'_>) -> Outcome {
    let config = call.arguments.json("config")?;
    call.state.platform.hosts.add(config, HOST_PORT)?;
    null()
}

fn set_host(call: &mut Call<'_>) -> Outcome {
    let config = call.arguments.json("config")?;
    call.state.platform.hosts.set(config, HOST_PORT)?;
    null()
}

/// A host with instances cannot be deleted (inferred).
fn delete_host(call: &mut Call<'_>) -> Outcome {
    let name = call.arguments.text("serverName")?;
    if call
        .state
        .instances
        .all()
        .iter()
        .any(|instance| instance.text("instanceHost") == name)
    {
        return Err(Failure::new(format!(
            "The instance host {name} still has instances."
        )));
    }
    call.state.platform.hosts.delete(name)?;
    null()
}

/// Returns paths as plain strings; the real format is not published.
fn get_directories(call: &mut Call<'_>) -> Outcome {
    let (server, below) = (
        call.arguments.text("serverName")?,
        call.arguments.optional_text("path"),
    );
    let platform = &call.state.platform;
    platform.hosts.find(server)?;
    let selected = platform.directories.iter().filter(|(host, path)| {
        host == server && below.is_none_or(|below| path.starts_with(below) && path != below)
    });
    value(selected.map(|(_, path)| json!(path)).collect::<Vec<Value>>())
}

fn create_directory(call: &mut Call<'_>) -> Outcome {
    let place = (
        call.arguments.text("serverName")?.to_owned(),
        call.arguments.text("path")?.to_owned(),
    );
    let platform = &mut call.state.platform;
    platform.hosts.find(&place.0)?;
    if !platform.directories.contains(&place) {
        platform.directories.push(place);
    }
    null()
}

/// With `withServiceStatus`, the real server returns more members, which are not published.
fn get_client_access_servers(call: &mut Call<'_>) -> Outcome {
    let filter = call.arguments.optional_text("serverNameFilter");
    let servers = call.state.platform.client_access_servers.select(filter);
    value(servers.into_iter().cloned().collect::<Vec<Value>>())
}

fn create_client_access_server(call: &mut Call<'_>) -> Outcome {
    let config = call.arguments.json("config")?;
    call.state
        .platform
        .client_access_servers
        .add(config, CLIENT_ACCESS_PORT)?;
    null()
}

fn set_client_access_server(call: &mut Call<'_>) -> Outcome {
    let config = call.arguments.json("config")?;
    call.state
        .platform
        .client_access_servers
        .set(config, CLIENT_ACCESS_PORT)?;
    null()
}

fn delete_client_access_server(call: &mut Call<'_>) -> Outcome {
    let name = call.arguments.text("serverName")?;
    call.state.platform.client_access_servers.delete(name)?;
    null()
}

fn get_administrators(call: &mut Call<'_>) -> Outcome {
    value(
        call.state
            .platform
            .administrators
            .iter()
            .map(Administrator::row)
            .collect::<Vec<Value>>(),
    )
}

fn create_administrator(call: &mut Call<'_>) -> Outcome {
    let administrator = Administrator::read(call.arguments.json("config")?)?;
    call.arguments.text("password")?;
    let platform = &mut call.state.platform;
    if platform.administrator(&administrator.user).is_ok() {
        let message = format!(
            "A system administrator with the name {} exists already.",
            administrator.user
        );
        return Err(Failure::new(message));
    }
    platform.administrators.push(administrator);
    null()
}

fn set_administrator(call: &mut Call<'_>) -> Outcome {
    let changed = Administrator::read(call.arguments.json("config")?)?;
    let known = call.state.platform.administrator(&changed.user)?;
    *known = Administrator {
        user: known.user.clone(),
        mfa: known.mfa,
        ..changed
    };
    null()
}

fn set_administrator_password(call: &mut Call<'_>) -> Outcome {
    call.arguments.text("password")?;
    call.state
        .platform
        .administrator(call.arguments.text("userName")?)?;
    null()
}

/// Callers cannot delete themselves (inferred).
fn delete_administrator(call: &mut Call<'_>) -> Outcome {
    let user = call.arguments.text("userName")?;
    if user.eq_ignore_ascii_case(&call.state.caller) {
        return Err(Failure::new("Administrators cannot delete themselves."));
    }
    call.state.platform.administrator(user)?;
    call.state
        .platform
        .administrators
        .retain(|known| !known.user.eq_ignore_ascii_case(user));
    null()
}

/// The results of the real functions are not published. The first function may return a secret.
fn set_mfa(call: &mut Call<'_>, on: bool) -> Outcome {
    call.state
        .platform
        .administrator(call.arguments.text("userName")?)?
        .mfa = on;
    null()
}
