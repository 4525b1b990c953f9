//! Tests of users and their privileges.

use serde_json::{Value, json};

use crate::client::{Client, column, start_server};

#[test]
fn a_user_can_be_created_changed_and_deleted() {
    let server = start_server();
    let mut client = Client::new(&server);
    client.result(
        "CreateUser",
        &[
            ("userName", "erika"),
            ("privileges", "login, export"),
            ("fullName", "Erika M."),
            ("password", "open sesame"),
        ],
    );
    let erika = [("userName", "erika")];
    assert_eq!(
        client.result("GetUserInfo", &erika),
        json!({
            "userName": "erika", "fullName": "Erika M.", "distinguishedName": null, "mfaStatus": "Disabled",
            "authentication": "integrated", "emailAddresses": [], "pop3UserNames": [],
            "privileges": ["login", "export"],
            "loginPrivileges": ["windows", "web", "outlook", "windowsCmd", "imap", "api"],
            "privilegesOnFolders": [],
        })
    );
    client.failure("CreateUser", &[("userName", "ERIKA"), ("privileges", "none")]);
    client.result("SetUserFullName", &erika);
    client.result(
        "SetUserEmailAddresses",
        &[erika[0], ("emailAddresses", "e@example.com, m@example.com")],
    );
    client.result("SetUserPop3UserNames", &[erika[0], ("pop3UserNames", "e,m")]);
    client.result(
        "SetUserAuthentication",
        &[erika[0], ("authentication", "directoryServices")],
    );
    client.result(
        "SetUserDistinguishedName",
        &[erika[0], ("distinguishedName", "CN=e")],
    );
    client.result("SetUserPrivileges", &[erika[0], ("privileges", "none")]);
    client.result(
        "SetUserLoginPrivileges",
        &[erika[0], ("loginPrivileges", "web,imap")],
    );
    client.result("SetUserPassword", &[erika[0], ("password", "other")]);
    client.result(
        "RenameUser",
        &[("oldUserName", "erika"), ("newUserName", "mustermann")],
    );
    client.failure("GetUserInfo", &erika);
    let info = client.result("GetUserInfo", &[("userName", "mustermann")]);
    assert_eq!(info["fullName"], Value::Null);
    assert_eq!(info["emailAddresses"], json!(["e@example.com", "m@example.com"]));
    assert_eq!(info["pop3UserNames"], json!(["e", "m"]));
    assert_eq!(info["authentication"], "directoryServices");
    assert_eq!(info["distinguishedName"], "CN=e");
    assert_eq!(info["privileges"], json!(["none"]));
    assert_eq!(info["loginPrivileges"], json!(["web", "imap"]));
    client.failure(
        "RenameUser",
        &[("oldUserName", "mustermann"), ("newUserName", "admin")],
    );
    client.result("DeleteUser", &[("userName", "mustermann")]);
    client.failure("DeleteUser", &[("userName", "mustermann")]);
    assert!(!column(&client.result("GetUsers", &[]), "userName").contains(&json!("mustermann")));
}

#[test]
fn some_privileges_exclude_all_others() {
    let server = start_server();
    let mut client = Client::new(&server);
    let john = ("userName", "john.doe");
    for wrong in ["none,login", "login,admin", "fly", "", "login,,export"] {
        client.failure("SetUserPrivileges", &[john, ("privileges", wrong)]);
    }
    client.failure("SetUserLoginPrivileges", &[john, ("loginPrivileges", "none,web")]);
    client.failure("SetUserAuthentication", &[john, ("authentication", "magic")]);
    client.failure("CreateUser", &[("userName", " "), ("privileges", "none")]);
    assert_eq!(
        client.result("GetUserInfo", &[john])["privileges"],
        json!(["login", "changePassword"])
    );
}

#[test]
fn rights_on_folders_can_be_set_and_cleared() {
    let server = start_server();
    let mut client = Client::new(&server);
    let john = ("userName", "john.doe");
    let mut set = |folder: &str, privileges: &str| {
        let arguments = [john, ("folder", folder), ("privileges", privileges)];
        client.call("SetUserPrivilegesOnFolder", &arguments)["statusCode"].take()
    };
    assert_eq!(set("jane.doe", "read, write"), "succeeded");
    assert_eq!(set("john.doe", "none"), "succeeded");
    assert_eq!(set("jane.doe/Inbox", "read"), "failed");
    assert_eq!(set("jane.doe", "read,none"), "failed");
    let rights = client.result("GetUserInfo", &[john])["privilegesOnFolders"].take();
    assert_eq!(
        rights,
        json!([{ "folder": "jane.doe", "privileges": ["read", "write"] }])
    );
    client.result("ClearUserPrivilegesOnFolders", &[john]);
    assert_eq!(
        client.result("GetUserInfo", &[john])["privilegesOnFolders"],
        json!([])
    );
    let admin = client.result("GetUserInfo", &[("userName", "admin")]);
    assert!(
        admin.get("privilegesOnFolders").is_none(),
        "the key is absent: {admin}"
    );
}

#[test]
fn directory_services_add_a_user() {
    let server = start_server();
    let mut client = Client::new(&server);
    let before = client.result("GetUsers", &[]);
    let (log, _) = client.finish("SyncUsersWithDirectoryServices", &[("dryRun", "true")]);
    assert!(log.contains("would be created"), "{log}");
    assert_eq!(client.result("GetUsers", &[]), before);
    let (_, last) = client.finish("SyncUsersWithDirectoryServices", &[]);
    assert_eq!(last["statusCode"], "succeeded");
    assert_eq!(
        client.result("GetUsers", &[]).as_array().unwrap().len(),
        before.as_array().unwrap().len() + 1
    );
}
