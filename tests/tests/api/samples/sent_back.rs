//! Tests that results can be sent back as arguments without loss or change. Only null may be omitted.
//!
//! The tests send the samples, the minimal samples, and the samples with new members and new words.

use mailstore_api::server::types::NewProfile;
use mailstore_api::{Error, server, spe};
use serde_json::{Value, json};

use super::ask::returning;
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

/// Returns the JSON in a field of the last request.
fn last_sent(server: &Server, field: &str) -> Value {
    let requests = server.requests();
    let body = requests.last().unwrap().body.as_bytes();
    let mut fields = form_urlencoded::parse(body);
    let (_, json) = fields.find(|(name, _)| name == field).unwrap();
    serde_json::from_str(&json).unwrap()
}

/// Decodes each variant with `get`, sends it with `set`, and compares the content of `field` with the variant. If the
/// elements of a list are sent one by one, `get` returns the first element.
async fn goes_back<C, T>(
    connect: impl Fn(&Server) -> C,
    function: &str,
    get: impl AsyncFn(&C) -> Result<T, Error>,
    set: impl AsyncFn(&C, &T) -> Result<(), Error>,
    field: &str,
) {
    let results = variants(function);
    let answers = results.iter().flat_map(|result| [result.clone(), json!(null)]);
    let server = returning(answers).await;
    let client = connect(&server);
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

/// Tests functions of both editions. An instance has the same methods as a server.
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
async fn index_configuration() {
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

/// Sends the first element of a list with each of these functions.
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

/// The password is set, because the server never sends it.
#[tokio::test]
async fn settings_with_unpublished_members() {
    let read = json!({"hostName": "smtp.example.com", "invented": {"port": 587}, "password": null});
    let server = returning([read, json!(null)]).await;
    let client = server.client();
    let mut settings = client.get_smtp_settings().await.unwrap();
    settings.password = Some("new password".into());
    client.set_smtp_settings(&settings).await.unwrap();
    let sent = json!({"hostName": "smtp.example.com", "invented": {"port": 587}, "password": "new password"});
    assert_eq!(last_sent(&server, "settings"), sent);

    let read = json!({"invented": true, "alsoInvented": ["2026-01", null], "nothing": null});
    let server = returning([read.clone(), json!(null)]).await;
    let client = server.client();
    let config = client.get_store_auto_create_configuration().await.unwrap();
    client.set_store_auto_create_configuration(&config).await.unwrap();
    assert_eq!(
        last_sent(&server, "config"),
        read,
        "null is kept in unknown members"
    );
}

/// A new profile has a password but no id and no version (documented).
#[tokio::test]
async fn a_listed_profile_becomes_a_new_profile() {
    let results = variants("GetProfiles");
    let answers = results
        .iter()
        .flat_map(|result| [result.clone(), json!(null), json!(null)]);
    let server = returning(answers).await;
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
