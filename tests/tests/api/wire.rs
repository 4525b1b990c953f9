//! Tests of the exact bytes that the client sends.

use mailstore_api::civil::{date, time};
use mailstore_api::server::types::{
    Authentication, EmailAddress, FolderPrivileges, JobId, LoginPrivilege, NewProfile, Privilege, Schedule,
    StoreId, StoreType, TimeZone, Weekday,
};
use mailstore_api::spe::types::{InstanceFilter, InstanceId};
use mailstore_api::{FromJson, SecretString, Value};
use serde_json::json;

use crate::support::{
    self,
    answer::{TOKEN, ok, status, succeeded},
};
use support::{Act, Server};

/// Starts a server that returns null for this many calls.
async fn obliging(calls: usize) -> Server {
    Server::start((0..calls).map(|_| Act::Send(succeeded(Value::Null)))).await
}

#[tokio::test]
async fn a_call_is_a_post_with_credentials_and_a_form() {
    let server = obliging(1).await;
    server.client().delete_user("jane").await.unwrap();
    let request = server.request();
    assert_eq!(request.line(), "POST /api/invoke/DeleteUser HTTP/1.1");
    // `admin:secret`, sent without waiting for a challenge.
    assert_eq!(request.headers("authorization"), ["Basic YWRtaW46c2VjcmV0"]);
    assert_eq!(
        request.headers("content-type"),
        ["application/x-www-form-urlencoded"]
    );
    assert_eq!(request.headers("content-length"), ["13"]);
    assert_eq!(request.headers("host"), [server.address()]);
    assert!(request.headers("transfer-encoding").is_empty());
    assert!(request.headers("expect").is_empty());
    assert_eq!(request.body, "userName=jane");
}

/// The server returns 411 for a request without a length.
#[tokio::test]
async fn a_call_without_arguments_has_the_length_0() {
    let server = Server::start([Act::Send(succeeded(json!([])))]).await;
    server.client().get_users().await.unwrap();
    let request = server.request();
    assert_eq!(
        (request.headers("content-length"), request.body.as_str()),
        (vec!["0"], "")
    );
    assert_eq!(
        request.headers("content-type"),
        ["application/x-www-form-urlencoded"]
    );
}

#[tokio::test]
async fn credentials_are_sent_as_utf8() {
    let server = obliging(1).await;
    let client = server
        .builder()
        .credentials("jürgen", "pass:wörd")
        .build()
        .unwrap();
    client.delete_user("jane").await.unwrap();
    assert_eq!(
        server.request().headers("authorization"),
        ["Basic asO8cmdlbjpwYXNzOnfDtnJk"]
    );
}

#[tokio::test]
async fn every_kind_of_argument_has_its_form() {
    let server = obliging(1).await;
    let password = SecretString::from("p+w d&ü=%");
    let request = server
        .client()
        .create_user("jürgen", [Privilege::Login, Privilege::ChangePassword])
        .full_name("Jürgen & Söhne")
        .distinguished_name("")
        .authentication(Authentication::Integrated)
        .password(&password)
        .login_privileges([LoginPrivilege::Web, LoginPrivilege::WindowsCmd]);
    request.await.unwrap();
    assert_eq!(
        server.request().body,
        "userName=j%C3%BCrgen&privileges=changePassword%2Clogin&fullName=J%C3%BCrgen+%26+S%C3%B6hne\
         &distinguishedName=&authentication=integrated&password=p%2Bw+d%26%C3%BC%3D%25\
         &loginPrivileges=web%2CwindowsCmd"
    );
}

/// An empty set grants nothing. It is sent as `none`, because an absent argument may grant all privileges.
#[tokio::test]
async fn an_empty_set_is_sent_as_its_word() {
    let server = obliging(2).await;
    let client = server.client();
    client.create_user("jane", Vec::new()).await.unwrap();
    let jane = "jane".parse().unwrap();
    client
        .set_user_privileges_on_folder("jane", &jane, FolderPrivileges::None)
        .await
        .unwrap();
    let bodies = [
        "userName=jane&privileges=none",
        "userName=jane&folder=jane&privileges=none",
    ];
    assert_eq!(server.bodies(), bodies);
}

#[tokio::test]
async fn an_argument_that_is_not_set_is_not_sent() {
    let server = obliging(1).await;
    server.client().set_user_full_name("jane").await.unwrap();
    assert_eq!(server.request().body, "userName=jane");
}

#[tokio::test]
async fn booleans_are_lower_case_and_numbers_are_plain_digits() {
    let server = obliging(2).await;
    let client = server.client();
    client.verify_store(StoreId(-3), true).await.unwrap();
    client.verify_store(StoreId(i64::MAX), false).await.unwrap();
    let bodies = [
        "id=-3&includeIndexes=true",
        "id=9223372036854775807&includeIndexes=false",
    ];
    assert_eq!(server.bodies(), bodies);
}

#[tokio::test]
async fn an_object_is_json_in_one_field() {
    let server = obliging(1).await;
    let profile = NewProfile {
        name: Some("Größe, a+b".to_owned()),
        details: Some(json!({"n": [1, null]}).into()),
        ..NewProfile::default()
    };
    server.client().create_profile(&profile).await.unwrap();
    let body = "properties=%7B%22name%22%3A%22Gr%C3%B6%C3%9Fe%2C+a%2Bb%22%2C\
                %22details%22%3A%7B%22n%22%3A%5B1%2Cnull%5D%7D%7D&raw=true";
    assert_eq!(server.request().body, body);
}

#[tokio::test]
async fn wire_names_are_spelled_as_by_the_server() {
    let server = Server::start([
        Act::Send(succeeded(json!([]))),
        Act::Send(succeeded(json!([]))),
        Act::Send(succeeded(json!({}))),
        Act::Send(succeeded(Value::Null)),
    ])
    .await;
    let client = server.client();
    client
        .get_worker_results(date(2026, 1, 1), date(2026, 2, 1), &TimeZone::SERVER_LOCAL)
        .await
        .unwrap();
    client
        .get_job_results(date(2026, 1, 1), date(2026, 2, 1), &TimeZone::SERVER_LOCAL)
        .await
        .unwrap();
    client
        .create_store("Main")
        .store_type(StoreType::FileSystemInternal)
        .await
        .unwrap();
    client
        .set_job_schedule(
            JobId(7),
            &TimeZone::SERVER_LOCAL,
            Schedule::Weekly(Weekday::Sunday, time(3, 30, 0, 0)),
        )
        .await
        .unwrap();
    let dates = "fromIncluding=2026-01-01T00%3A00%3A00&toExcluding=2026-02-01T00%3A00%3A00";
    assert_eq!(
        server.bodies(),
        [
            format!("{dates}&timeZoneID=%24Local"),
            format!("{dates}&timeZoneId=%24Local"),
            "name=Main&type=FileSystemInternal".to_owned(),
            "id=7&timeZoneId=%24Local&time=03%3A30%3A00&dayOfWeek=Sunday".to_owned(),
        ]
    );
}

#[tokio::test]
async fn an_instance_adds_its_id() {
    let server = obliging(1).await;
    let acme = server.spe_client().instance(InstanceId::new("acme & co"));
    acme.delete_user("jane").await.unwrap();
    let request = server.request();
    assert_eq!(request.line(), "POST /api/invoke/DeleteUser HTTP/1.1");
    assert_eq!(request.body, "instanceID=acme+%26+co&userName=jane");
}

#[tokio::test]
async fn any_function_can_be_called_by_its_wire_name() {
    let server = obliging(1).await;
    let call = server
        .client()
        .call("BrandNew")
        .arg("text", "a b")
        .arg("flag", false)
        .list_arg("list", ["a", "b"]);
    call.json_arg("json", [1, 2]).arg("text", "c").await.unwrap();
    let request = server.request();
    assert_eq!(request.line(), "POST /api/invoke/BrandNew HTTP/1.1");
    assert_eq!(request.body, "text=c&flag=false&list=a%2Cb&json=%5B1%2C2%5D");
}

/// A name must not change the path or add a query.
#[tokio::test]
async fn an_invalid_function_name_is_not_sent() {
    let server = obliging(0).await;
    for name in [
        "",
        "..",
        "a/b",
        "../get-status",
        "a?b",
        "a#b",
        "a b",
        "a%2Fb",
        "Größe",
        "a\r\nX: y",
    ] {
        let error = server.client().call(name).await.unwrap_err();
        assert!(
            error.to_string().contains("invalid function name"),
            "{name}: {error}"
        );
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn an_argument_that_cannot_be_sent_is_reported_before_anything_is_sent() {
    let server = obliging(0).await;
    let client = server.client();
    let error = client
        .set_user_pop3_user_names("jane")
        .pop3_user_names(["a", "c,d"])
        .await;
    let text = error.unwrap_err().to_string();
    assert!(
        text.contains("SetUserPop3UserNames: argument pop3UserNames cannot be sent: item 1"),
        "{text}"
    );
    let call = client.set_user_pop3_user_names("jane").pop3_user_names([""; 0]);
    let text = call.await.unwrap_err().to_string();
    assert!(
        text.contains("argument pop3UserNames") && text.contains("empty"),
        "{text}"
    );
    // A server may send any string, but a string that it would misinterpret is not sent back.
    let malformed = EmailAddress::from_json(&"jane, jane@example.com".into()).unwrap();
    let call = client
        .set_user_email_addresses("jane")
        .email_addresses([malformed]);
    let text = call.await.unwrap_err().to_string();
    assert!(
        text.contains("argument emailAddresses") && text.contains("e-mail address"),
        "{text}"
    );
    let everyone = InstanceFilter::One(InstanceId::new("*"));
    let text = server
        .spe_client()
        .delete_instances(everyone)
        .await
        .unwrap_err()
        .to_string();
    assert!(
        text.contains("argument instanceFilter") && text.contains("has a special meaning"),
        "{text}"
    );
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn two_calls_share_a_connection() {
    let server = obliging(3).await;
    let client = server.client();
    client.delete_user("one").await.unwrap();
    client.clone().delete_user("two").await.unwrap();
    client.delete_user("three").await.unwrap();
    assert_eq!(server.connections(), 1);
    assert!(
        server
            .requests()
            .iter()
            .all(|request| request.headers("authorization").len() == 1)
    );
}

#[tokio::test]
async fn a_status_request_has_all_three_arguments() {
    let server = Server::start([
        Act::Send(status("running", 3, "")),
        Act::Send(status("succeeded", 9, "")),
    ])
    .await;
    server.client().verify_store(StoreId(1), true).await.unwrap();
    let poll = &server.requests()[1];
    assert_eq!(poll.line(), "POST /api/get-status HTTP/1.1");
    assert_eq!(poll.headers("authorization"), ["Basic YWRtaW46c2VjcmV0"]);
    assert_eq!(
        poll.body,
        format!("token={TOKEN}&lastKnownStatusVersion=3&millisecondsTimeout=10000")
    );
}

#[tokio::test]
async fn the_function_list_is_requested_outside_the_path_of_calls() {
    let server = Server::start([Act::Send(ok("\u{feff}[]"))]).await;
    let list = server.client().connection().metadata().await.unwrap();
    assert_eq!(list, "\u{feff}[]".as_bytes(), "exactly as it was sent");
    let request = server.request();
    assert_eq!(request.line(), "POST /api/get-metadata HTTP/1.1");
    assert_eq!(
        (request.headers("content-length"), request.body.as_str()),
        (vec!["0"], "")
    );
}

#[tokio::test]
async fn a_cancel_request_contains_the_token() {
    let server = Server::start([
        Act::Send(status("running", 3, "")),
        Act::Send(succeeded(Value::Null)),
        Act::Send(status("succeeded", 9, "")),
    ])
    .await;
    server
        .client()
        .verify_store(StoreId(1), true)
        .start()
        .await
        .unwrap()
        .cancel()
        .await
        .unwrap();
    let cancel = &server.requests()[1];
    assert_eq!(cancel.line(), "POST /api/cancel-async HTTP/1.1");
    assert_eq!(cancel.body, format!("token={TOKEN}"));
}

/// A server behind a proxy may have a path.
#[tokio::test]
async fn a_path_in_the_address_comes_before_the_calls() {
    let server = obliging(1).await;
    let address = format!("https://{}/archive/", server.address());
    let builder = mailstore_api::server::Client::builder(&address)
        .assume_edition()
        .credentials("admin", "secret");
    let client = builder.certificate_authority(server.pem.clone()).build().unwrap();
    client.delete_user("jane").await.unwrap();
    assert_eq!(
        server.request().line(),
        "POST /archive/api/invoke/DeleteUser HTTP/1.1"
    );
}
