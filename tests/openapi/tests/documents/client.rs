//! A third-party generator creates clients from the 3.0 documents, and the clients work.

use std::collections::BTreeSet;

use mailstore_openapi_tests::types::{
    CancelAsyncBody, CreateUserBody, DeleteUserBody, GetStatusBody, GetUserInfoBody, StoreId, VerifyStoreBody,
};
use mailstore_openapi_tests::{Client, Error, GENERATED};
use mailstore_sim::Simulator;
use syn::{Attribute, Expr, ExprLit, ImplItem, Item, Lit, Meta, Type};

use crate::support::{document, http, operations};

/// The methods of a generated `Client`, each with its documentation.
fn methods(text: &str) -> Vec<(String, String)> {
    let file = syn::parse_file(text).expect("the generated text is valid Rust");
    let is_client = |ty: &Type| matches!(ty, Type::Path(path) if path.path.is_ident("Client"));
    let mut methods = Vec::new();
    for item in file.items {
        let Item::Impl(item) = item else { continue };
        if item.trait_.is_some() || !is_client(&item.self_ty) {
            continue;
        }
        for item in item.items {
            if let ImplItem::Fn(method) = item
                && method.sig.asyncness.is_some()
            {
                let docs = method.attrs.iter().filter_map(doc);
                methods.push((method.sig.ident.to_string(), docs.collect()));
            }
        }
    }
    methods
}

/// The text of `#[doc = "..."]`.
fn doc(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attribute.meta else {
        return None;
    };
    match &pair.value {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text), ..
        }) => Some(text.value()),
        _ => None,
    }
}

#[test]
fn the_generated_clients_have_a_method_for_each_operation() {
    for (edition, text) in GENERATED {
        let methods = methods(text);
        let document = document(edition);
        let operations = operations(&document);
        let names: BTreeSet<&str> = methods.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names.len(), operations.len(), "{edition}");
        for (path, _) in operations {
            let sends = format!("Sends a `POST` request to `{path}`");
            let count = methods.iter().filter(|(_, docs)| docs.contains(&sends)).count();
            assert_eq!(count, 1, "{edition}: {path}");
        }
    }
}

fn client(simulator: &Simulator, password: &str) -> Client {
    Client::new_with_client(simulator.url(), http(simulator, password))
}

#[tokio::test]
async fn a_generated_client_creates_reads_and_deletes_a_user() {
    let simulator = Simulator::start().unwrap();
    let client = client(&simulator, simulator.password());
    let info = client.get_server_info().await.unwrap().into_inner();
    assert!(!info.result.unwrap().version.is_empty());

    let user = CreateUserBody {
        user_name: "jane".to_owned(),
        privileges: "login,changePassword".to_owned(),
        full_name: Some("Jane & Joe = two".to_owned()),
        login_privileges: Some("web".to_owned()),
        password: None,
        authentication: None,
        distinguished_name: None,
    };
    let created = client.create_user(&user).await.unwrap().into_inner();
    assert_eq!(created.status_code.as_str(), "succeeded");

    let user_name = || "jane".to_owned();
    let body = GetUserInfoBody {
        user_name: user_name(),
    };
    let read = client
        .get_user_info(&body)
        .await
        .unwrap()
        .into_inner()
        .result
        .unwrap();
    assert_eq!(read.full_name.as_deref(), Some("Jane & Joe = two"));
    let privileges: Vec<&str> = read
        .privileges
        .iter()
        .map(|privilege| privilege.as_str())
        .collect();
    assert_eq!(privileges, ["login", "changePassword"]);

    client
        .delete_user(&DeleteUserBody {
            user_name: user_name(),
        })
        .await
        .unwrap();
    let users = client.get_users().await.unwrap().into_inner().result.unwrap();
    assert!(!users.is_empty() && users.iter().all(|user| user.user_name != "jane"));
}

#[tokio::test]
async fn a_generated_client_polls_a_call_until_it_ends() {
    let simulator = Simulator::builder(mailstore_sim::Edition::Server)
        .step(std::time::Duration::ZERO)
        .start()
        .unwrap();
    let client = client(&simulator, simulator.password());
    let body = VerifyStoreBody {
        id: StoreId(1),
        include_indexes: true,
    };
    let mut response = client.verify_store(&body).await.unwrap().into_inner();
    assert_eq!(response.status_code.as_str(), "running");
    let token = response.token.clone().unwrap();
    let mut log = String::new();
    for _ in 0..1000 {
        log.push_str(response.log_output.as_deref().unwrap_or_default());
        if response.status_code.as_str() != "running" {
            break;
        }
        let body = GetStatusBody {
            token: token.clone(),
            last_known_status_version: response.status_version.unwrap(),
            milliseconds_timeout: 1000,
        };
        response = client.get_status(&body).await.unwrap().into_inner();
    }
    assert_eq!(response.status_code.as_str(), "succeeded");
    assert!(log.contains("\r\n"), "{log}");
    client.cancel_async(&CancelAsyncBody { token }).await.unwrap();
}

#[tokio::test]
async fn a_generated_client_reports_failed_calls_and_wrong_logins() {
    let simulator = Simulator::start().unwrap();
    let client_of = |password| client(&simulator, password);
    let nobody = DeleteUserBody {
        user_name: "nobody".to_owned(),
    };
    let failed = client_of(simulator.password())
        .delete_user(&nobody)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(failed.status_code.as_str(), "failed");
    assert!(!failed.error.unwrap().message.unwrap().is_empty());

    let rejected = client_of("wrong").get_users().await.unwrap_err();
    assert!(
        matches!(&rejected, Error::ErrorResponse(response) if response.status() == 401),
        "{rejected:?}"
    );
}
