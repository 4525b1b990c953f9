//! The outputs of the crates as strings. They must not depend on the features that other crates enable.

use std::sync::{Arc, Mutex};

use mailstore_api::server::{Client, ComplianceConfiguration, JobResult, Privilege, Store, UserInfo};
use mailstore_api::unversioned::{Answer, BoxFuture, Exchange, Post, PostError};
use mailstore_api::{Json, SecretString, from_json};
use mailstore_codegen::{Edition, Generator, known_overlays, openapi};
use mailstore_metadata::{Diff, Dump};
use mailstore_sim::Simulator;

/// Unsorted members, numbers that no float can hold, and a duplicate member.
const ODD: &str =
    r#"{"zeta": 1.0, "alpha": 123456789012345678901234567890, "beta": {"y": 1e400, "x": -0.0, "y": 0.10}}"#;

/// Returns the names and texts of all outputs.
pub(crate) fn outputs(server_24: &[u8], server_9: &[u8]) -> Vec<(&'static str, String)> {
    let mut outputs = values();
    outputs.extend(generated(server_24, server_9));
    outputs.extend(calls());
    outputs
}

/// Returns the output of decoded values.
fn values() -> Vec<(&'static str, String)> {
    let odd: Json = ODD.parse().expect("JSON");
    assert_eq!(
        odd.get("alpha").expect("a member").text(),
        "123456789012345678901234567890"
    );
    assert_ne!(odd, ODD.replace("1.0", "1").parse().expect("JSON"));
    let user: UserInfo = from_json(
        r#"{"userName": "jane", "zeta": 1, "privileges": ["login", "fly"], "alpha": 123456789012345678901234567890,
            "fullName": "Jane", "authentication": "integrated", "emailAddresses": [], "pop3UserNames": [], "loginPrivileges":
            "integratedLogin", "distinguishedName": null, "mfaStatus": null}"#,
    )
    .expect("a user");
    let unknown = user
        .unknown()
        .iter()
        .map(|(name, value)| format!("{name}={value}"));
    let stores: Vec<Store> = from_json(r#"[{"id": 3.0, "name": "a", "requestedState": "normal", "statisticsCount": 1e2, "statisticsSize": "17e2"}]"#)
        .expect("integers in any notation are valid");
    let rejected = [
        r#"[{"id": 3.5}]"#,
        r#"[{"id": 12345678901234567890}]"#,
        r#"[{"id": {"$serde_json::private::Number": "1"}}]"#,
    ];
    let rejected = rejected.map(|text| {
        from_json::<Vec<Store>>(text)
            .expect_err("the number is not a valid id")
            .to_string()
    });
    let run = r#"{"$serde_json::private::RawValue": "1"}"#;
    let run = from_json::<JobResult>(run)
        .expect_err("the object is not a job result")
        .to_string();
    vec![
        ("a value is kept", odd.to_string()),
        ("a value is shown", format!("{odd:?}")),
        ("members without a field", unknown.collect::<Vec<_>>().join(" ")),
        (
            "a result is serialized",
            serde_json::to_string(&user).expect("JSON"),
        ),
        ("integers", format!("{stores:?}")),
        ("rejected numbers", rejected.join("\n")),
        ("a rejected object", run),
    ]
}

/// Returns the output of the generator and of the metadata crate.
fn generated(server_24: &[u8], server_9: &[u8]) -> Vec<(&'static str, String)> {
    let dump = |bytes| Dump::parse("dump.json", bytes).expect("a function list");
    let (new, old) = (dump(server_24), dump(server_9));
    let diff = Diff::between(&old, &new);
    let diff = serde_json::to_string_pretty(&diff).expect("JSON");
    let digest = new.digest().to_string();
    let generated = Generator::new("generate")
        .single(new, "dump.json", &known_overlays(Edition::Server))
        .expect("the overlays match the function list");
    let document = |version| openapi::document(&generated, &generated.apis[0], version);
    let documents = [document(openapi::Version::V3_0), document(openapi::Version::V3_1)];
    let files = generated
        .tree
        .files()
        .map(|(path, text)| format!("{path}\n{text}"));
    vec![
        ("canonical function list", dump(server_9).canonical()),
        ("digest", digest),
        ("diff", diff),
        ("OpenAPI 3.0", documents[0].clone()),
        ("OpenAPI 3.1", documents[1].clone()),
        ("client", files.collect()),
    ]
}

/// Returns the sent requests, and the results of a server over TLS.
fn calls() -> Vec<(&'static str, String)> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let sent = Sent::default();
        let client = Client::builder("mailstore.example.com")
            .exchange(sent.clone())
            .assume_edition()
            .build();
        let client = client.expect("a client");
        let mut configuration: ComplianceConfiguration = from_json(ODD).expect("all members are optional");
        configuration.legal_hold_enabled = Some(true);
        client
            .set_compliance_configuration(&configuration)
            .await
            .expect("the request is sent");
        client
            .create_user(
                "jane",
                [
                    Privilege::from("zeta"),
                    Privilege::Login,
                    Privilege::from("alpha"),
                ],
            )
            .password(&SecretString::from("secret"))
            .await
            .expect("the request is sent");
        let odd: Json = ODD.parse().expect("JSON");
        _ = client
            .call("NewFunction")
            .json_arg("config", &odd)
            .await
            .expect("the request is sent");
        let token = client
            .get_stores()
            .start()
            .await
            .expect("the request is sent")
            .detach();
        let token = token.map_or_else(String::new, |token| serde_json::to_string(&token).expect("JSON"));

        let simulator = Simulator::builder(mailstore_sim::Edition::Server)
            .start()
            .expect("a simulator");
        let client = Client::builder(simulator.url())
            .credentials(simulator.user(), simulator.password())
            .certificate_authority(simulator.certificate_pem())
            .build()
            .expect("a client");
        let users = client.get_users().await.expect("the TLS library works");
        let compatibility = client.compatibility().await.expect("a function list").to_string();
        let configuration = client
            .get_compliance_configuration()
            .await
            .expect("a configuration");
        client
            .set_compliance_configuration(&configuration)
            .await
            .expect("the configuration is accepted");
        let stores = client.get_stores().await.expect("stores");
        vec![
            ("requests", sent.0.lock().expect("no panic").join("\n")),
            ("saved token", token),
            ("users", format!("{users:?}")),
            ("configuration", format!("{configuration:?}")),
            ("stores", format!("{stores:?}")),
            ("compatibility", compatibility),
        ]
    })
}

/// Responds to each request with a running or a successful call, and records the request.
#[derive(Clone, Default)]
struct Sent(Arc<Mutex<Vec<String>>>);

impl Exchange for Sent {
    fn post(&self, post: Post) -> BoxFuture<Result<Answer, PostError>> {
        let runs = post.path.ends_with("GetStores");
        self.0
            .lock()
            .expect("no panic")
            .push(format!("{} {}", post.path, post.body));
        Box::pin(async move {
            Ok(if runs {
                Answer::running("b3af0ebae4dd755d1a54b9756817baee", 1)
            } else {
                Answer::succeeded(().into())
            })
        })
    }
}
