//! Tests of further uses of requests and results: comparing, building in tests, storing, displaying, parsing, cloning,
//! omitting and resuming.

use mailstore_api::server::maintenance::VerifyStore;
use mailstore_api::server::stores::GetStores;
use mailstore_api::server::{Privilege, Privileges, SmtpSettings, StoreId, User, UserInfo};
use mailstore_api::{ErrorKind, Task, from_json};

use crate::simulated::{connect, only_call, quick};

const JANE: &str = r#"{"authentication": "integrated", "distinguishedName": null, "emailAddresses": ["jane@example.com"],
    "fullName": "Jane", "loginPrivileges": "integratedLogin", "mfaStatus": null, "pop3UserNames": [],
    "privileges": ["login"], "userName": "jane", "quota": 10}"#;

#[test]
fn results_are_built_from_json_and_compared() {
    let jane: UserInfo = from_json(JANE).unwrap();
    assert_eq!(jane, from_json(JANE).unwrap());
    assert_ne!(jane, from_json(&JANE.replace("jane@", "j@")).unwrap());
    // Members without a field count as well.
    assert_ne!(jane, from_json(&JANE.replace("10", "20")).unwrap());
    let users: Vec<User> = from_json(r#"[{"userName": "jane"}]"#).unwrap();
    assert_eq!(users[0].user_name, "jane");
    let problem = from_json::<UserInfo>("{").unwrap_err();
    assert!(problem.to_string().contains("not JSON"), "{problem}");
    let problem = from_json::<UserInfo>(&JANE.replace("userName", "user")).unwrap_err();
    assert!(problem.to_string().contains("userName"), "{problem}");
}

#[test]
fn results_are_serialized_without_their_secrets() {
    let jane: UserInfo = from_json(JANE).unwrap();
    let text = serde_json::to_string(&jane).unwrap();
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&text).unwrap()["userName"],
        "jane"
    );
    let canary = "hunter2";
    let smtp = format!(
        r#"{{"hostname": "mx", "port": 25, "protocol": "SMTP", "username": "u", "password": "{canary}",
            "ignoreSslPolicyErrors": false, "authenticationRequired": true, "fromDisplayName": "d",
            "fromEmailAddress": "a@example.com", "recipientEmailAddress": "b@example.com", "apiKey": "{canary}"}}"#
    );
    let smtp: SmtpSettings = from_json(&smtp).unwrap();
    let text = serde_json::to_string(&smtp).unwrap();
    // A member without a field may be secret, so no such member is written.
    assert_eq!(text, "{}");
    assert!(!format!("{smtp:?}").contains(canary));
}

#[test]
fn words_and_sets_are_parsed_and_displayed() {
    for word in Privilege::WORDS {
        assert_eq!(word.parse::<Privilege>().unwrap().to_string(), *word);
    }
    let error = "fly".parse::<Privilege>().unwrap_err();
    assert!(error.allowed().eq(Privilege::WORDS.iter().copied()), "{error}");
    assert!(Privilege::from("fly").is_unknown());
    let set: Privileges = "login,archive".parse().unwrap();
    assert_eq!(set.to_string().parse(), Ok(set));
}

#[tokio::test]
async fn an_optional_argument_takes_a_value_or_an_option_of_one() {
    let simulator = quick(1);
    let client = connect(&simulator);
    let given: Option<&str> = Some("Jane Doe");
    client
        .create_user("jane", Privilege::Login)
        .full_name(given)
        .await
        .unwrap();
    client
        .create_user("joe", Privilege::Login)
        .full_name("Joe")
        .full_name(None)
        .await
        .unwrap();
    let full_name = async |user| client.get_user_info(user).await.unwrap().full_name;
    assert_eq!(full_name("jane").await.as_deref(), Some("Jane Doe"));
    let given: Vec<_> = simulator
        .received()
        .into_iter()
        .filter(|call| call.function == "CreateUser")
        .map(|call| format!("{call:?}").contains("fullName"))
        .collect();
    assert_eq!(given, [true, false]);
}

#[tokio::test]
async fn a_cloned_request_is_another_request() {
    let simulator = quick(1);
    let request = connect(&simulator).get_users();
    let (first, second) = (request.clone().await.unwrap(), request.await.unwrap());
    assert_eq!(first, second);
    assert_eq!(simulator.starts("GetUsers"), 2);
}

#[tokio::test]
async fn a_token_is_resumed_as_a_call_of_its_own_function_only() {
    let simulator = quick(3);
    let client = connect(&simulator);
    let token = client
        .verify_store(StoreId(1), true)
        .start()
        .await
        .unwrap()
        .detach()
        .unwrap();
    let error = client.resume_as::<GetStores>(token.clone()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::OtherFunction { .. }), "{error}");
    assert!(
        error.to_string().contains("VerifyStore") && error.to_string().contains("GetStores"),
        "{error}"
    );
    let task: Task<()> = client.resume_as::<VerifyStore>(token).unwrap();
    task.await.unwrap();
    assert_eq!(only_call(&simulator).status, "succeeded");
}
