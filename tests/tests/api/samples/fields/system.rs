//! Tests of the fields that describe a MailStore Server.

use super::ask::sampling;

const THUMBPRINT: &str = "0123456789ABCDEF0123456789ABCDEF01234567";

#[tokio::test]
async fn the_server() {
    let server = sampling("GetServerInfo").await;
    let info = server.client().get_server_info().await.unwrap();
    assert_eq!(
        (info.version.as_str(), info.machine_name.as_str()),
        ("22.3.0.21002", "MAILSTORE")
    );
}

#[tokio::test]
async fn the_licence() {
    let server = sampling("GetLicenseInformation").await;
    let licence = server.client().get_license_information().await.unwrap();
    assert_eq!(
        (licence.named_users, licence.max_named_users),
        (Some(37), Some(50))
    );
    assert_eq!(licence.licensed_to.as_deref(), Some("Example Ltd."));
    assert_eq!(licence.license_type.as_deref(), Some("Commercial"));
    assert_eq!(licence.product_version.as_deref(), Some("22.3.0.21002"));
    assert_eq!(licence.valid_from.as_deref(), Some("2024-01-01"));
    assert_eq!(licence.valid_to.as_deref(), Some("2025-01-01"));
    assert_eq!(licence.expiration_date.as_deref(), Some("2025-01-01"));
    assert_eq!(licence.support_expiration_date.as_deref(), Some("2025-06-30"));
}

#[tokio::test]
async fn the_service() {
    let server = sampling("GetServiceConfiguration").await;
    let service = server.client().get_service_configuration().await.unwrap();
    assert_eq!(service.base_directory.as_deref(), Some(r"D:\MailArchive"));
    assert_eq!(service.debug_log, Some(false));
    assert_eq!(service.audit_log_location.as_deref(), Some("File"));
    let thumbprint = service.server_certificate.unwrap().thumbprint.unwrap();
    assert_eq!(thumbprint.as_str(), THUMBPRINT);
}

#[tokio::test]
async fn sessions_are_json() {
    let server = sampling("GetActiveSessions").await;
    let sessions = server.client().get_active_sessions().await.unwrap();
    assert_eq!(
        sessions[0].get("invented"),
        Some("nothing of a session is public".into())
    );
}

#[tokio::test]
async fn time_zones() {
    let server = sampling("GetTimeZones").await;
    let zones = server.client().get_time_zones().await.unwrap();
    let ids: Vec<&str> = zones
        .iter()
        .map(|zone| zone.id.as_ref().unwrap().as_str())
        .collect();
    assert_eq!(ids, ["W. Europe Standard Time", "Pacific Standard Time"]);
    assert_eq!(zones[0].display_name.as_deref(), Some("invented"));
}
