//! Information about the server.

use serde_json::{Value, json};

use super::call::{Call, Handler, Outcome, null, value};
use crate::envelope::Failure;
use crate::state::State;
use crate::state::instances::Status;
use crate::state::platform::THUMBPRINT;
use crate::state::seed::SERVER_NAME;
use crate::zones;

pub(super) fn handler(function: &str) -> Option<Handler> {
    Some(match function {
        "GetServerInfo" => get_server_info,
        "GetServiceConfiguration" => get_service_configuration,
        "SetServiceCertificate" => set_service_certificate,
        "GetLicenseInformation" => get_license_information,
        "GetActiveSessions" => get_active_sessions,
        "GetTimeZones" => get_time_zones,
        "GetEnvironmentInfo" => |call| value(environment(call.state)),
        "GetServiceStatus" => get_service_status,
        _ => return None,
    })
}

fn get_server_info(call: &mut Call<'_>) -> Outcome {
    let machine = call.archive()?.machine.clone();
    value(json!({ "version": call.state.version, "machineName": machine }))
}

fn get_service_configuration(call: &mut Call<'_>) -> Outcome {
    let certificate = call.archive()?.configuration.get("serviceCertificate");
    value(json!({
        "baseDirectory": "C:\\MailArchive",
        "debugLog": false,
        "auditLogLocation": "eventLog",
        "serverCertificate": certificate,
    }))
}

/// Changes the result of GetServiceConfiguration, not the certificate of this server. Thumbprints are 40 hexadecimal
/// digits (observed). Other strings are rejected (inferred).
fn set_service_certificate(call: &mut Call<'_>) -> Outcome {
    let thumbprint = call.arguments.text("thumbprint")?;
    if thumbprint.len() != 40 || !thumbprint.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(Failure::new(format!(
            "There is no certificate with the thumbprint '{thumbprint}'."
        )));
    }
    let certificate = json!({ "thumbprint": thumbprint.to_ascii_uppercase() });
    call.archive()?
        .configuration
        .set("serviceCertificate", certificate);
    null()
}

fn get_license_information(call: &mut Call<'_>) -> Outcome {
    let users = call.archive()?.users.all().count();
    value(json!({
        "namedUsers": users,
        "maxNamedUsers": 25,
        "licensedTo": "Example Ltd.",
        "productVersion": call.state.version,
        "supportExpirationDate": "2030-12-31T00:00:00",
        "licenseType": "Standard",
    }))
}

/// Returns the caller's own session. The members are not published.
fn get_active_sessions(call: &mut Call<'_>) -> Outcome {
    let machine = call.archive()?.machine.clone();
    value(json!([{ "userName": call.state.caller, "machineName": machine, "loginType": "api" }]))
}

/// The members are observed, and the text of `displayName` is not published. `$Local` is accepted but not listed
/// (inferred).
fn get_time_zones(call: &mut Call<'_>) -> Outcome {
    call.archive()?;
    value(
        zones::ids()
            .map(|id| json!({ "id": id, "displayName": id }))
            .collect::<Vec<Value>>(),
    )
}

/// The result of GetEnvironmentInfo.
fn environment(state: &State) -> Value {
    json!({
        "version": state.version,
        "webClientVersion": state.version,
        "copyright": "A simulator, not the product",
        "licenseeName": "Example Ltd.",
        "licenseeID": 10510,
        "serverName": SERVER_NAME,
        "userName": state.caller,
        "systemProperties": system_properties(),
    })
}

fn system_properties() -> Value {
    json!({
        "processors": vec!["Intel(R) Xeon(R) CPU @ 2.00GHz"; 4],
        "totalPhysicalMemory": 8_589_398_016_i64,
        "operatingSystem": "Microsoft Windows Server 2022 Standard",
    })
}

fn get_service_status(call: &mut Call<'_>) -> Outcome {
    let state = &*call.state;
    let server = |config: &Value, kind: &str| {
        let host = config["serverName"].as_str().unwrap_or_default();
        let on_host = || {
            state
                .instances
                .all()
                .iter()
                .filter(|instance| instance.text("instanceHost") == host)
        };
        let is_host = kind == "instanceHost";
        let running = || {
            on_host()
                .filter(|instance| instance.status == Status::Running)
                .count()
        };
        json!({
            "serverName": config["serverName"],
            "port": config["port"],
            "serverCertificate": config["serverCertificate"],
            "serverType": kind,
            "active": true,
            "systemProperties": if kind == "clientAccessServer" { Value::Null } else { system_properties() },
            "numberOfInstances": is_host.then(|| on_host().count()),
            "numberOfRunningInstances": is_host.then(running),
        })
    };
    let management = json!({
        "serverName": SERVER_NAME,
        "port": 8471,
        "serverCertificate": { "thumbprint": THUMBPRINT },
    });
    let mut servers = vec![server(&management, "managementServer")];
    let platform = &state.platform;
    servers.extend(
        platform
            .hosts
            .select(None)
            .into_iter()
            .map(|config| server(config, "instanceHost")),
    );
    let client_access = platform.client_access_servers.select(None);
    servers.extend(
        client_access
            .into_iter()
            .map(|config| server(config, "clientAccessServer")),
    );
    value(json!({
        "environmentInfo": environment(state),
        "serverInfos": servers,
        "messages": messages(call),
    }))
}

/// Returns one message for every instance that needs attention. If all instances are running, returns one message that
/// says so.
fn messages(call: &Call<'_>) -> Vec<Value> {
    let message = |kind: &str, text: String| json!({ "type": kind, "text": text, "isSubItem": false, "tag": null, "flags": null });
    let mut messages = Vec::new();
    for instance in call.state.instances.all() {
        let place = format!("Instance {} on {}", instance.id(), instance.text("instanceHost"));
        if instance.reachable().is_err() {
            messages.push(message(
                "warning",
                format!("{place}: The instance is not running."),
            ));
        } else if instance
            .archive
            .stores
            .all()
            .iter()
            .any(|store| store.needs_rebuild)
        {
            let text = format!("{place}: One or more search indexes have to be rebuilt.");
            messages.push(message("warning", text));
        }
    }
    if messages.is_empty() {
        messages.push(message("information", "All instances are running.".to_owned()));
    }
    messages
}
