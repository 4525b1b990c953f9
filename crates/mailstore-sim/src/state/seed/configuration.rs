//! The initial configurations.

use serde_json::{Value, json};

use crate::state::configuration::Configuration;
use crate::state::platform::THUMBPRINT;

/// Returns SMTP settings. There is evidence only for the member `password`. The other members are invented.
pub(super) fn smtp() -> Value {
    json!({
        "hostname": "smtp.example.com", "port": 587, "protocol": "SMTP-TLS", "ignoreSslPolicyErrors": false,
        "authenticationRequired": true, "username": "archive@example.com", "password": null,
        "fromDisplayName": "MailStore", "fromEmailAddress": "archive@example.com",
        "recipientEmailAddress": "admin@example.com",
    })
}

/// Returns the configurations of a new archive.
pub(super) fn defaults() -> Configuration {
    let mut configuration = Configuration::default();
    let activities = [
        "CredentialsAdd",
        "ProfileChangeUserName",
        "RetentionPoliciesMessageDelete",
        "RetentionPoliciesUpdate",
        "SessionLogin",
        "UserAdd",
        "UserDelete",
        "UserSetFolderAccess",
        "UserUpdate",
    ];
    configuration.set(
        "compliance",
        json!({ "legalHoldEnabled": false, "logSuccessfulUserActivities": activities }),
    );
    configuration.set(
        "directoryServices",
        json!({
            "type": "activeDirectory", "deleteUsers": false, "enabledUsersOnly": true, "groups": null,
            "serverName": "dc1.example.com", "protocol": "LDAP", "authenticationType": "standardAuthentication",
            "userName": "archive@example.com", "password": null, "baseDN": "DC=example,DC=com",
            "microsoftExchangeUsersOnly": true, "usersVisibleInAddressListsOnly": false,
            "userNameFormat": "samAccountName", "authenticationProtocol": "networkAuthentication",
            "openIdDiscoveryUrl": null, "openIdClientID": null, "openIdRedirectUrl": null,
            "openIdForceAdfsLogin": false,
        }),
    );
    configuration.set("smtp", smtp());
    configuration.set("serviceCertificate", json!({ "thumbprint": THUMBPRINT }));
    configuration.set(
        "storeAutoCreate",
        json!({ "enabled": true, "mode": "count", "maximumMessageCount": 5_000_000 }),
    );
    configuration.set(
        "retention",
        json!([{
            "name": "Ten years", "enabled": false, "delete": true, "period": 10, "periodInterval": "year",
            "referenceDateType": "ArchiveDate",
            "searchCriteria": { "from": null, "to": null, "query": null, "excludedArchives": ["jane.doe"] },
        }]),
    );
    configuration.set(
        "credentials",
        json!([{
            "ID": 1, "Type": "Office365_Modern", "Description": "Example Ltd.",
            "Settings": {
                "ApplicationId": "11111111-2222-4333-8444-555555555555",
                "TenantId": "66666666-7777-4888-8999-000000000000",
                "CertificateThumbprint": THUMBPRINT,
                "CertificateExpirationDate": "2028-07-15T10:58:01Z",
            },
        }]),
    );
    configuration
}
