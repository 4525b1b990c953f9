//! One small snapshot for each kind of function and type.

use insta::assert_snapshot;

use crate::support::{file, functions, generate, short};

#[test]
fn no_arguments() {
    assert_snapshot!(functions(&["RetryOpenStores()"], &[]));
}

#[test]
fn required_arguments() {
    assert_snapshot!(functions(
        &["MoveFolder(fromFolder, deep: bool, id: number)"],
        &[]
    ));
}

#[test]
fn optional_arguments() {
    assert_snapshot!(functions(
        &["GetChildFolders(folder?, maxLevels?: number, all?: bool)"],
        &[]
    ));
}

#[test]
fn required_after_optional() {
    assert_snapshot!(functions(&["CreateProfile(properties?: json, raw: bool)"], &[]));
}

#[test]
fn secrets() {
    let overlay = r#"
        [functions.SetUserPassword]
        summary = "Sets the password of a user."
        [functions.SetUserPassword.args]
        password = { type = "secret", doc = "New password." }
        oldPassword = { type = "secret", doc = "Present password." }
    "#;
    assert_snapshot!(functions(
        &["SetUserPassword(userName, password, oldPassword?)"],
        &[overlay]
    ));
}

#[test]
fn json_arguments() {
    assert_snapshot!(functions(&["SetConfiguration(config: json, extra?: json)"], &[]));
}

#[test]
fn lists() {
    let overlay = r#"
        [functions.CreateUser.args]
        privileges = { type = "[Privilege]", doc = "What the user may do." }
        stores = { type = "[StoreId]", doc = "Where." }
        emailAddresses = { type = "[string]", doc = "Addresses." }
        [types.Privilege]
        kind = "enum"
        doc = "What a user may do."
        values = { login = "Log in." }
        [types.StoreId]
        kind = "id"
        of = "string"
        doc = "Which store."
    "#;
    assert_snapshot!(functions(
        &["CreateUser(privileges, stores, emailAddresses?)"],
        &[overlay]
    ));
}

#[test]
fn keywords_as_arguments() {
    assert_snapshot!(functions(
        &["Match(type, gen, self)", "Move(type?, gen?, self?)"],
        &[]
    ));
}

#[test]
fn known_to_run_long() {
    let overlay = r#"
        [functions.VerifyStore]
        summary = "Verifies a store."
        doc = "Reads every message."
        effect = "maintenance"
        long = true
        result = "null"
        evidence = "documented"
    "#;
    assert_snapshot!(functions(&["VerifyStore(id: number)"], &[overlay]));
}

const INSTANCES: &str = r#"
    [surface]
    name = "spe"
    title = "Management API"
    port = 8474
    version = "24"
    [surface.handle]
    argument = "instanceID"
    type = "InstanceId"
    name = "Instance"
    method = "instance"
    doc = "One instance."
    [types.InstanceId]
    kind = "id"
    of = "string"
    doc = "Name of an instance."
    [functions.GetInstances.args]
    instanceFilter = { type = "InstanceFilter", doc = "Which instances." }
    [types.InstanceFilter]
    kind = "enum"
    doc = "Which instances."
    otherwise = { name = "One", type = "InstanceId", doc = "Exactly this one." }
    [types.InstanceFilter.values]
    "*" = { name = "All", doc = "Every one." }
"#;

#[test]
fn functions_of_the_handle_and_of_the_client() {
    let dump = short(&[
        "GetUsers(instanceID, all?: bool)",
        "GetInstances(instanceFilter)",
        "Ping(instanceID?)",
    ]);
    let generated = generate(dump, &[INSTANCES]);
    assert_snapshot!("handle_functions", file(&generated, "functions.rs"));
    assert_snapshot!("handle_client", file(&generated, "client_type.rs"));
    assert_snapshot!("handle_catalog", file(&generated, "catalog.rs"));
    assert_snapshot!("handle_types", file(&generated, "types/shared.rs"));
}

#[test]
fn ids() {
    let overlay = r#"
        [functions.RenameStore.args]
        id = { type = "StoreId", doc = "The store." }
        host = { type = "HostId", doc = "Its host." }
        [types.StoreId]
        kind = "id"
        doc = "Number of a store."
        [types.HostId]
        kind = "id"
        of = "string"
        doc = "Name of a host."
    "#;
    let generated = generate(short(&["RenameStore(id: number, host)"]), &[overlay]);
    assert_snapshot!("ids_functions", file(&generated, "functions.rs"));
    assert_snapshot!("ids_types", file(&generated, "types/functions.rs"));
}

#[test]
fn results() {
    let overlay = r#"
        [functions.A]
        result = "User"
        result_doc = "The user."
        evidence = "observed"
        [functions.B]
        result = "[User]"
        [functions.C]
        result = "null"
        [functions.E]
        result = "secret"
        [types.User]
        kind = "struct"
        doc = "A user."
        evidence = "observed"
        [types.User.fields]
        userName = { type = "string", always = true, doc = "Login name." }
        type = { type = "State", doc = "Kind." }
        includePDFs = { type = "[bool]", name = "include_pdfs", doc = "Flags." }
        config = { type = "json", doc = "Anything." }
        [types.State]
        kind = "enum"
        doc = "A state."
        values = { current = "Now.", writeProtected = { name = "ReadOnly", doc = "Not writable." } }
    "#;
    let generated = generate(short(&["A()", "B()", "C()", "D()", "E()"]), &[overlay]);
    let listing = generated.listing();
    assert_snapshot!("results_listing", listing);
    assert_snapshot!("results_functions", file(&generated, "functions.rs"));
    assert_snapshot!("results_types", file(&generated, "types/functions.rs"));
}

#[test]
fn renamed_by_the_overlay() {
    let overlay = r#"
        [functions.CreateStore.args]
        type = { type = "string", name = "store_type", doc = "Kind of the store." }
        requestedState = { type = "string", name = "state", doc = "State." }
    "#;
    assert_snapshot!(functions(&["CreateStore(type, requestedState?)"], &[overlay]));
}

#[test]
fn names_that_collide() {
    let dump = short(&[
        "GetUsers()",
        "getUsers(timeZoneID, timeZoneId, timezoneid?)",
        "get_users(raw, start?, Start?)",
        "Client(client)",
        "surface()",
    ]);
    let generated = generate(dump, &[]);
    assert_snapshot!("collisions_notes", generated.apis[0].notes.join("\n"));
    assert_snapshot!("collisions_listing", generated.listing());
}

/// The name of one topic is not the same after a conversion to snake case.
#[test]
fn topics() {
    let overlay = r#"
        [groups.users_]
        title = "Users"
        doc = "Who may log in."
        [functions.GetUsers]
        group = "users_"
    "#;
    let generated = generate(short(&["GetUsers()", "Ping()"]), &[overlay]);
    assert_snapshot!("topics_root", file(&generated, "mod.rs"));
    assert_snapshot!("topics_users", file(&generated, "users_.rs"));
}
