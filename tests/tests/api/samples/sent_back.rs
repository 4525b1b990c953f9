//! Results that are read, and sent back as an argument: nothing of them is lost or changed on the way.
//!
//! A null may be left out. Sent are the samples, the samples as bare as they may come, and the samples with a new
//! member in every place and with new words.

use mailstore_api::server::types::NewProfile;
use mailstore_api::{Error, server, spe};
use serde_json::{Value, json};

use super::ask::answering;
use super::published::{NOVELTY, Published};
use crate::support::Server;

fn variants(function: &str) -> Vec<Value> {
    let published = Published::of(function);
    let new_words = published.words.keys();
    let new_words = new_words.flat_map(|path| published.with_word(path, &NOVELTY.into()));
    let changed = [
        published.minimal(),
        published.with_one_missing(),
        published.with_a_new_member(),
    ];
    let mut results = published.samples.clone();
    results.extend(changed.into_iter().flatten());
    results.extend(new_words);
    results
}

fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(without_nulls).collect(),
        Value::Object(members) => {
            let members = members.iter().filter(|(_, member)| !member.is_null());
            members
                .map(|(name, member)| (name.clone(), without_nulls(member)))
                .collect()
        }
        other => other.clone(),
    }
}

/// The JSON in this field of the last request.
fn last_sent(server: &Server, field: &str) -> Value {
    let requests = server.requests();
    let body = requests.last().unwrap().body.as_bytes();
    let mut fields = form_urlencoded::parse(body);
    let (_, json) = fields.find(|(name, _)| name == field).unwrap();
    serde_json::from_str(&json).unwrap()
}

/// Reads each variant with `get`, sends it with `set`, and compares what arrives in `field` with what was read. Of a
/// list whose elements are sent one by one, `get` gives the first.
async fn goes_back<C, T>(
    client: impl Fn(&Server) -> C,
    function: &str,
    get: impl AsyncFn(&C) -> Result<T, Error>,
    set: impl AsyncFn(&C, &T) -> Result<(), Error>,
    field: &str,
) {
    let results = variants(function);
    let answers = results.iter().flat_map(|result| [result.clone(), json!(null)]);
    let server = answering(answers).await;
    let client = client(&server);
    for result in &results {
        let read = get(&client).await.unwrap();
        set(&client, &read).await.unwrap();
        let sent = last_sent(&server, field);
        let expected = if sent.is_object() && result.is_array() {
            &result[0]
        } else {
            result
        };
        assert_eq!(
            without_nulls(&sent),
            without_nulls(expected),
            "{function} in {field}"
        );
    }
}

/// For what both editions have: an instance has the same methods as a server.
macro_rules! goes_back_in_both_editions {
    ($function:literal, $get:ident => $set:ident, $field:literal) => {{
        goes_back(
            Server::client,
            $function,
            async |client: &server::Client| client.$get().await,
            async |client: &server::Client, read| client.$set(read).await,
            $field,
        )
        .await;
        goes_back(
            |server| server.spe_client().instance("demo"),
            $function,
            async |demo: &spe::Instance| demo.$get().await,
            async |demo: &spe::Instance, read| demo.$set(read).await,
            $field,
        )
        .await;
    }};
}

#[tokio::test]
async fn compliance() {
    goes_back_in_both_editions!(
        "GetComplianceConfiguration",
        get_compliance_configuration => set_compliance_configuration,
        "config"
    );
}

#[tokio::test]
async fn directories_of_every_kind() {
    goes_back_in_both_editions!(
        "GetDirectoryServicesConfiguration",
        get_directory_services_configuration => set_directory_services_configuration,
        "config"
    );
}

#[tokio::test]
async fn retention_policies() {
    goes_back_in_both_editions!(
        "GetRetentionPolicies",
        get_retention_policies => set_retention_policies,
        "config"
    );
}

#[tokio::test]
async fn mail_servers() {
    goes_back_in_both_editions!("GetSmtpSettings", get_smtp_settings => set_smtp_settings, "settings");
    goes_back(
        Server::spe_client,
        "GetSystemSmtpConfiguration",
        async |spe: &spe::Client| spe.get_system_smtp_configuration().await,
        async |spe: &spe::Client, read| spe.set_system_smtp_configuration(read).await,
        "config",
    )
    .await;
}

#[tokio::test]
async fn the_creation_of_stores() {
    goes_back_in_both_editions!(
        "GetStoreAutoCreateConfiguration",
        get_store_auto_create_configuration => set_store_auto_create_configuration,
        "config"
    );
}

#[tokio::test]
async fn what_indexes_cover() {
    goes_back(
        |server| server.spe_client().instance("demo"),
        "GetIndexConfiguration",
        async |demo: &spe::Instance| demo.get_index_configuration().await,
        async |demo: &spe::Instance, read| demo.set_index_configuration(read).await,
        "config",
    )
    .await;
}

#[tokio::test]
async fn an_instance() {
    let get = async |spe: &spe::Client| spe.instance("demo").get_instance_configuration().await;
    goes_back(
        Server::spe_client,
        "GetInstanceConfiguration",
        get,
        async |spe, read| spe.set_instance_configuration(read).await,
        "config",
    )
    .await;
    goes_back(
        Server::spe_client,
        "GetInstanceConfiguration",
        get,
        async |spe, read| spe.create_instance(read).await,
        "config",
    )
    .await;
}

/// An element of a list, sent by two functions.
macro_rules! first_goes_back {
    ($function:literal, $get:ident($($argument:expr)?) => $($set:ident($($more:expr)?)),+) => {{
        let first = async |spe: &spe::Client| spe.$get($($argument)?).await.map(|mut all| all.remove(0));
        $(
            let set = async |spe: &spe::Client, read: &_| spe.$set(read $(, $more)?).await;
            goes_back(Server::spe_client, $function, first, set, "config").await;
        )+
    }};
}

#[tokio::test]
async fn hosts_and_client_access_servers() {
    first_goes_back!(
        "GetInstanceHosts",
        get_instance_hosts() => create_instance_host(), set_instance_host_configuration()
    );
    first_goes_back!(
        "GetClientAccessServers",
        get_client_access_servers(false) => create_client_access_server(), set_client_access_server_configuration()
    );
}

#[tokio::test]
async fn administrators() {
    first_goes_back!(
        "GetSystemAdministrators",
        get_system_administrators()
            => create_system_administrator(&"new password".into()), set_system_administrator_configuration()
    );
}

/// Two unpublished members, and the password, which the server never sends.
#[tokio::test]
async fn settings_of_which_nothing_but_the_password_is_known() {
    let read = json!({"hostName": "smtp.example.com", "invented": {"port": 587}, "password": null});
    let server = answering([read, json!(null)]).await;
    let client = server.client();
    let mut settings = client.get_smtp_settings().await.unwrap();
    settings.password = Some("new password".into());
    client.set_smtp_settings(&settings).await.unwrap();
    let sent = json!({"hostName": "smtp.example.com", "invented": {"port": 587}, "password": "new password"});
    assert_eq!(last_sent(&server, "settings"), sent);

    let read = json!({"invented": true, "alsoInvented": ["2026-01", null], "nothing": null});
    let server = answering([read.clone(), json!(null)]).await;
    let client = server.client();
    let config = client.get_store_auto_create_configuration().await.unwrap();
    client.set_store_auto_create_configuration(&config).await.unwrap();
    assert_eq!(
        last_sent(&server, "config"),
        read,
        "of what is not known, even a null is kept"
    );
}

/// Documented: without number and version, and with the password.
#[tokio::test]
async fn a_profile_becomes_a_new_one() {
    let results = variants("GetProfiles");
    let answers = results
        .iter()
        .flat_map(|result| [result.clone(), json!(null), json!(null)]);
    let server = answering(answers).await;
    let client = server.client();
    for result in &results {
        let mut profiles = client.get_profiles().await.unwrap();
        let mut profile = NewProfile::from(profiles.remove(0));
        profile.password = Some("new password".into());
        let mut expected = without_nulls(&result[0]);
        let members = expected.as_object_mut().unwrap();
        members.remove("id");
        members.remove("version");
        members.entry("details").or_insert_with(|| json!({}))["password"] = "new password".into();
        client.create_profile(&profile).await.unwrap();
        assert_eq!(without_nulls(&last_sent(&server, "properties")), expected);
        client.run_temporary_profile(&profile).await.unwrap();
        assert_eq!(without_nulls(&last_sent(&server, "properties")), expected);
    }
}
