//! What the MailStore server receives, and what its response becomes.

use mailstore_sim::{Fault, Phase, Simulator};

use crate::support::{Page, builder};

#[tokio::test]
async fn blank_fields_are_not_sent() {
    let simulator = Simulator::start().unwrap();
    let page = Page::with_writes(&simulator).await;
    let body = "loginPrivileges=&fullName=&userName=anna&distinguishedName=&privileges=login&password=";
    assert_eq!(page.post("/api/invoke/CreateUser", body).await.status, 200);
    let received = simulator.received();
    let pairs = [("userName", "anna"), ("privileges", "login")];
    assert_eq!(
        received[0].arguments,
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
}

#[tokio::test]
async fn an_argument_with_one_valid_value_is_added() {
    let simulator = Simulator::start().unwrap();
    let page = Page::with_writes(&simulator).await;
    let path = "/api/invoke/CreateProfile";
    page.post_confirmed(path, "properties=%7B%7D&raw=", "%7B%7D")
        .await;
    assert_eq!(simulator.received()[0].argument("raw"), Some("true"));
}

#[tokio::test]
async fn the_response_of_the_server_is_returned_as_it_is() {
    let simulator = Simulator::start().unwrap();
    let page = Page::read_only(&simulator).await;
    let whole = page.post("/api/invoke/GetUsers", "").await;
    assert!(
        whole.body.starts_with("\u{feff}{".as_bytes()),
        "the byte order mark is kept"
    );
    assert!(whole.header("x-explorer").is_none());
    for status in [304, 401, 403, 404, 407, 408, 421, 500, 503] {
        simulator.clear_faults();
        simulator.inject(Fault::status(status).on(Phase::Start)).unwrap();
        let response = page.post("/api/invoke/GetUsers", "").await;
        assert_eq!(response.status, status);
        assert_eq!(response.header("x-explorer-status"), Some(&*status.to_string()));
        assert_eq!(response.header("connection"), Some("close"));
        assert!(response.header("www-authenticate").is_none() && response.header("x-explorer").is_none());
        assert_eq!(
            response.header("content-type"),
            Some("application/json; charset=utf-8")
        );
    }
}

#[tokio::test]
async fn a_change_is_sent_once_even_if_its_response_is_lost() {
    let simulator = Simulator::start().unwrap();
    let page = Page::with_writes(&simulator).await;
    simulator.inject(Fault::reset().on(Phase::Start)).unwrap();
    let response = page
        .post("/api/invoke/CreateUser", "userName=anna&privileges=login")
        .await;
    assert_eq!(response.status, 502);
    let message = response.json()["explorer"].as_str().unwrap().to_owned();
    assert!(message.contains("may have executed"), "{message}");
    assert!(simulator.starts("CreateUser") <= 1);
}

#[tokio::test]
async fn a_change_that_the_browser_repeats_is_sent_once() {
    let simulator = Simulator::start().unwrap();
    let page = Page::with_writes(&simulator).await;
    simulator.inject(Fault::status(408).on(Phase::Start)).unwrap();
    let mut headers = page.headers();
    headers.push(("X-Explorer-Request".to_owned(), "click-1".to_owned()));
    let path = "/api/invoke/CreateUser";
    let body = b"userName=anna&privileges=login";
    assert_eq!(page.send("POST", path, &headers, body).await.status, 408);
    assert_eq!(page.send("POST", path, &headers, body).await.status, 409);
    assert_eq!(simulator.received().len(), 1);
    headers.last_mut().unwrap().1 = "click-2".to_owned();
    assert_ne!(page.send("POST", path, &headers, body).await.status, 409);
    headers.last_mut().unwrap().1 = "1".repeat(65);
    assert_eq!(page.send("POST", path, &headers, body).await.status, 400);
}

#[tokio::test]
async fn wrong_credentials_are_the_answer_of_the_server() {
    let simulator = Simulator::start().unwrap();
    let connection = builder(&simulator).credentials("admin", "wrong").build().unwrap();
    let page = Page::of(connection).await;
    let response = page.post("/api/invoke/GetUsers", "").await;
    assert_eq!(response.status, 401);
    assert!(response.header("www-authenticate").is_none());
}

#[tokio::test]
async fn a_certificate_that_is_not_trusted_is_an_error_of_the_explorer() {
    let simulator = Simulator::start().unwrap();
    let other = Simulator::start().unwrap();
    let connection = builder(&simulator).certificate_authority(other.certificate_pem().as_bytes().to_vec());
    let page = Page::of(connection.build().unwrap()).await;
    let response = page.post("/api/invoke/GetUsers", "").await;
    assert_eq!(
        (response.status, response.header("x-explorer")),
        (502, Some("refused"))
    );
    assert!(simulator.received().is_empty());
}
