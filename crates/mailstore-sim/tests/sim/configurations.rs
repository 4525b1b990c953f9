//! Tests of configurations and of the shapes of results.

use serde_json::{Value, json};

use crate::client::{Client, column, start_server};

#[test]
fn getters_return_configurations_as_they_were_set() {
    let server = start_server();
    let mut client = Client::new(&server);
    let object = r#"{"a":[1,{"password":"p","smtpPassword":"p"}],"b":null,"password":"p"}"#;
    let kept = json!({ "a": [1, { "password": null, "smtpPassword": null }], "b": null, "password": null });
    for (setter, getter, argument) in [
        (
            "SetComplianceConfiguration",
            "GetComplianceConfiguration",
            "config",
        ),
        (
            "SetDirectoryServicesConfiguration",
            "GetDirectoryServicesConfiguration",
            "config",
        ),
        ("SetSmtpSettings", "GetSmtpSettings", "settings"),
        (
            "SetStoreAutoCreateConfiguration",
            "GetStoreAutoCreateConfiguration",
            "config",
        ),
    ] {
        assert_eq!(client.result(setter, &[(argument, object)]), Value::Null);
        assert_eq!(client.result(getter, &[]), kept, "{getter}");
    }
    let policies = client.result("GetRetentionPolicies", &[]);
    client.result("SetRetentionPolicies", &[("config", &policies.to_string())]);
    assert_eq!(client.result("GetRetentionPolicies", &[]), policies);
    client.failure("SetRetentionPolicies", &[("config", "{}")]);
    client.failure("SetSmtpSettings", &[("settings", "null")]);
    let thumbprint = "ab".repeat(20);
    client.result("SetServiceCertificate", &[("thumbprint", &thumbprint)]);
    let configuration = client.result("GetServiceConfiguration", &[]);
    assert_eq!(
        configuration["serverCertificate"]["thumbprint"],
        thumbprint.to_uppercase()
    );
    client.failure("SetServiceCertificate", &[("thumbprint", "short")]);
}

#[test]
fn results_have_the_observed_spelling() {
    let server = start_server();
    let mut client = Client::new(&server);
    let info = client.result("GetServerInfo", &[]);
    assert_eq!(
        info.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["machineName", "version"]
    );
    let credential = client.result("GetCredentials", &[])[0].take();
    assert!(
        credential["ID"].is_i64() && credential["Settings"]["TenantId"].is_string(),
        "{credential}"
    );
    assert!(client.result("GetTimeZones", &[])[0]["id"].is_string());
    let license = client.result("GetLicenseInformation", &[]);
    assert_eq!(
        license["namedUsers"],
        client.result("GetUsers", &[]).as_array().unwrap().len()
    );
    let index = client.result("GetStoreIndexes", &[("id", "3")]);
    assert!(column(&index, "storeId").iter().all(|id| *id == 3));
}
