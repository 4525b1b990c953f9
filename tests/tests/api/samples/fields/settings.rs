//! Tests of the fields of settings.

use mailstore_api::server::types::{
    AuditedActivity, CredentialId, CredentialType, DirectoryType, RetentionPeriodInterval,
    RetentionReferenceDate,
};
use serde_json::json;

use super::ask::{returning, sampling};

#[tokio::test]
async fn compliance() {
    let server = sampling("GetComplianceConfiguration").await;
    let config = server.client().get_compliance_configuration().await.unwrap();
    assert_eq!(config.legal_hold_enabled, Some(false));
    let activities = config.log_successful_user_activities.unwrap();
    assert_eq!(activities.len(), 25);
    assert_eq!(activities[0], AuditedActivity::ComplianceChangeSettings);
    assert_eq!(activities[24], AuditedActivity::UserUpdate);
}

#[tokio::test]
async fn retention() {
    let server = sampling("GetRetentionPolicies").await;
    let policies = server.client().get_retention_policies().await.unwrap();
    let [news, rest] = policies.as_slice() else {
        panic!("{policies:?}")
    };
    assert_eq!(news.name.as_deref(), Some("Ten years"));
    assert_eq!((news.enabled, news.delete), (Some(true), Some(true)));
    assert_eq!(
        (news.period, &news.period_interval),
        (Some(10), &Some(RetentionPeriodInterval::Year))
    );
    assert_eq!(
        news.reference_date_type,
        Some(RetentionReferenceDate::ArchiveDate)
    );
    let criteria = news.search_criteria.as_ref().unwrap();
    assert_eq!(criteria.from.as_deref(), Some("news@example.com"));
    assert_eq!(criteria.to.as_deref(), Some("all@example.com"));
    assert_eq!(criteria.query.as_deref(), Some("newsletter"));
    assert_eq!(
        criteria.excluded_archives.as_deref(),
        Some(["frank.clark".to_owned()].as_slice())
    );
    assert_eq!((rest.enabled, rest.delete), (Some(false), Some(false)));
    let criteria = rest.search_criteria.as_ref().unwrap();
    assert_eq!(
        (&criteria.from, &criteria.to, &criteria.query),
        (&None, &None, &None)
    );
    assert_eq!(criteria.excluded_archives, Some(Vec::new()));
}

#[tokio::test]
async fn directories() {
    let server = sampling("GetDirectoryServicesConfiguration").await;
    let client = server.client();
    let config = client.get_directory_services_configuration().await.unwrap();
    assert_eq!(config.directory_type, DirectoryType::ActiveDirectory);
    assert_eq!(
        (config.delete_users, config.enabled_users_only),
        (Some(false), Some(true))
    );
    assert_eq!(config.groups.unwrap(), ["Staff", "Archive users"]);
    assert_eq!(config.server_name.as_deref(), Some("dc.example.com"));
    assert_eq!(config.protocol.as_deref(), Some("LDAP"));
    assert_eq!(
        config.authentication_type.as_deref(),
        Some("standardAuthentication")
    );
    assert_eq!(config.user_name.as_deref(), Some(r"EXAMPLE\reader"));
    assert!(config.password.is_none());
    assert_eq!(config.base_dn.as_deref(), Some("DC=example,DC=com"));
    assert_eq!(config.microsoft_exchange_users_only, Some(false));
    assert_eq!(config.users_visible_in_address_lists_only, Some(true));
    assert_eq!(config.user_name_format.as_deref(), Some("sAMAccountName"));
    assert_eq!(
        config.authentication_protocol.as_deref(),
        Some("networkAuthentication")
    );
    assert!(
        config
            .open_id_discovery_url
            .unwrap()
            .ends_with("/openid-configuration")
    );
    assert_eq!(
        config.open_id_client_id.as_deref(),
        Some("00000000-0000-4000-8000-000000000001")
    );
    assert_eq!(
        config.open_id_redirect_url.as_deref(),
        Some("https://archive.example.com/")
    );
    assert_eq!(config.open_id_force_adfs_login, Some(false));

    let config = client.get_directory_services_configuration().await.unwrap();
    assert_eq!(config.directory_type, DirectoryType::Office365OpenIdConnect);
    assert_eq!(
        (config.delete_users, config.enabled_users_only),
        (Some(true), Some(false))
    );
    assert!(config.groups.is_none() && config.server_name.is_none());
    assert_eq!(config.credential_id, Some(CredentialId(1)));
    assert_eq!(config.licensed_exchange_online_users_only, Some(true));
    assert_eq!(
        config.redirect_url.as_deref(),
        Some("https://archive.example.com/oidc")
    );
}

/// The members of this result begin with capital letters, unlike the members of all other results.
#[tokio::test]
async fn credentials() {
    let server = sampling("GetCredentials").await;
    let credentials = server.client().get_credentials().await.unwrap();
    let credential = &credentials[0];
    assert_eq!(credential.id, CredentialId(1));
    assert_eq!(credential.credential_type, CredentialType::Office365Modern);
    assert_eq!(credential.description, "Tenant of Example Ltd.");
    let settings = &credential.settings;
    assert_eq!(
        settings.application_id.as_deref(),
        Some("00000000-0000-4000-8000-000000000002")
    );
    assert_eq!(
        settings.tenant_id.as_deref(),
        Some("00000000-0000-4000-8000-000000000003")
    );
    assert_eq!(
        settings.certificate_thumbprint.as_ref().unwrap().as_str(),
        "0123456789ABCDEF0123456789ABCDEF01234567"
    );
    let expiry = settings.certificate_expiration_date.unwrap();
    assert_eq!(expiry.to_string(), "2026-07-15T10:58:01Z");
}

#[tokio::test]
async fn smtp_settings_have_no_password() {
    let server = sampling("GetSmtpSettings").await;
    let settings = server.client().get_smtp_settings().await.unwrap();
    assert!(settings.password.is_none() && settings.unknown.is_empty());

    let server = sampling("GetSystemSmtpConfiguration").await;
    let settings = server.spe_client().get_system_smtp_configuration().await.unwrap();
    assert!(settings.password.is_none() && settings.unknown.is_empty());
}

#[tokio::test]
async fn index_configuration() {
    let sample = json!({"attachmentExtensions": null, "includeAttachmentsOfPDFs": true});
    // The form of a value other than null is not published.
    let invented = json!({"attachmentExtensions": ["docx", "pdf"], "includeAttachmentsOfPDFs": false});
    let server = returning([sample, invented]).await;
    let instance = server.spe_client().instance("demo");
    let config = instance.get_index_configuration().await.unwrap();
    assert_eq!(
        (config.attachment_extensions, config.include_attachments_of_pdfs),
        (None, Some(true))
    );
    let config = instance.get_index_configuration().await.unwrap();
    assert_eq!(
        config.attachment_extensions.unwrap(),
        json!(["docx", "pdf"]).into()
    );
    assert_eq!(config.include_attachments_of_pdfs, Some(false));
}
