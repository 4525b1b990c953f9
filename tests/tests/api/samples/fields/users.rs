//! Tests of the fields of users.

use mailstore_api::server::types::{
    Authentication, FolderPrivilege, LoginPrivilege, LoginPrivileges, MfaStatus, Privilege, Privileges,
};
use serde_json::json;

use super::ask::{returning, sampling};
use super::published::Published;

#[tokio::test]
async fn users() {
    let server = sampling("GetUsers").await;
    let users = server.client().get_users().await.unwrap();
    let [frank, service] = users.as_slice() else {
        panic!("{users:?}")
    };
    assert_eq!(frank.user_name, "frank.clark");
    assert_eq!(frank.full_name.as_deref(), Some("Frank Clark"));
    let name = "CN=Frank Clark,OU=Staff,DC=example,DC=com";
    assert_eq!(frank.distinguished_name.as_deref(), Some(name));
    assert_eq!(frank.mfa_status, Some(MfaStatus::Disabled));
    assert_eq!(service.user_name, "$archiveadmin");
    assert_eq!((&service.full_name, &service.distinguished_name), (&None, &None));
}

#[tokio::test]
async fn a_user() {
    let server = sampling("GetUserInfo").await;
    let client = server.client();
    let frank = client.get_user_info("frank.clark").await.unwrap();
    assert_eq!(frank.user_name, "frank.clark");
    assert_eq!(frank.full_name.as_deref(), Some("Frank Clark"));
    assert!(frank.distinguished_name.unwrap().starts_with("CN=Frank Clark,"));
    assert_eq!(frank.authentication, Authentication::DirectoryServices);
    assert_eq!(frank.mfa_status, Some(MfaStatus::Disabled));
    let addresses: Vec<&str> = frank
        .email_addresses
        .iter()
        .map(|address| address.as_str())
        .collect();
    assert_eq!(addresses, ["frank.clark@example.com", "fc@example.com"]);
    assert_eq!(frank.pop3_user_names, ["frank"]);
    assert_eq!(
        frank.privileges,
        [Privilege::Login, Privilege::ChangePassword].into()
    );
    let logins = [LoginPrivilege::Web, LoginPrivilege::Imap];
    assert_eq!(frank.login_privileges, Some(logins.into()));
    let rights = frank.privileges_on_folders.unwrap();
    let own = [FolderPrivilege::Read, FolderPrivilege::Write];
    assert_eq!(
        (rights[0].folder.as_str(), &rights[0].privileges),
        ("frank.clark", &own.into())
    );
    assert_eq!(rights[1].privileges, FolderPrivilege::Read.into());

    let admin = client.get_user_info("admin").await.unwrap();
    assert_eq!(admin.authentication, Authentication::Integrated);
    assert_eq!(admin.privileges, Privileges::Admin);
    assert!(
        matches!(&admin.login_privileges, Some(LoginPrivileges::Of(ways)) if ways.len() == 6),
        "{admin:?}"
    );
    assert!(admin.email_addresses.is_empty() && admin.pop3_user_names.is_empty());
    assert!(admin.privileges_on_folders.is_none());
}

/// The documentation of versions 7 and 8 shows privileges as a string.
#[tokio::test]
async fn privileges_may_be_a_string() {
    let texts = ["admin", "login", "login, changePassword"];
    let published = Published::of("GetUserInfo");
    let with_text = texts.map(|text| {
        let mut result = published.samples[0].clone();
        result["privileges"] = json!(text);
        result
    });
    let server = returning(with_text).await;
    let client = server.client();
    let both = [Privilege::Login, Privilege::ChangePassword].into();
    for expected in [Privileges::Admin, Privilege::Login.into(), both] {
        let read = client.get_user_info("frank.clark").await.unwrap();
        assert_eq!(read.privileges, expected);
    }
}
