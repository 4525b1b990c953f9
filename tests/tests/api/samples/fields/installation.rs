//! Tests of the fields that only the Service Provider Edition has: servers, instances and administrators.

use mailstore_api::spe::types::{
    EnvironmentInfo, InstanceFilter, InstanceId, InstanceStatus, ServerName, ServerStatus, ServerType,
    ServiceMessageType, StartMode, SystemProperties,
};
use serde_json::json;

use super::ask::{returning, sampling};
use super::published::Published;

const THUMBPRINT: &str = "0123456789ABCDEF0123456789ABCDEF01234567";

#[track_caller]
fn assert_is_sample(computer: &SystemProperties) {
    assert_eq!(computer.processors[0], "Intel(R) Xeon(R) CPU @ 2.00GHz");
    assert_eq!(computer.total_physical_memory, 8_589_398_016);
    assert_eq!(
        computer.operating_system,
        "Microsoft Windows Server 2022 Standard"
    );
}

#[track_caller]
fn assert_is_the_environment(info: &EnvironmentInfo) {
    assert_eq!(info.version, "25.3.1.23021");
    assert_eq!(info.web_client_version.as_deref(), Some("25.3.1.23021"));
    assert_eq!(info.copyright, "Copyright (c) 2005-2025 MailStore Software GmbH");
    assert_eq!(
        (info.licensee_name.as_str(), info.licensee_id),
        ("Example Ltd.", 10_510)
    );
    assert_eq!(
        (&info.server_name, info.user_name.as_str()),
        (&ServerName::new("spe.example.com"), "admin")
    );
    assert_is_sample(info.system_properties.as_ref().unwrap());
}

#[tokio::test]
async fn the_environment() {
    let server = sampling("GetEnvironmentInfo").await;
    let info = server.spe_client().get_environment_info().await.unwrap();
    assert_is_the_environment(&info);
    assert_eq!(info.system_properties.unwrap().processors.len(), 2);
}

#[tokio::test]
async fn the_services() {
    let server = sampling("GetServiceStatus").await;
    let status = server.spe_client().get_service_status().await.unwrap();
    assert_is_the_environment(&status.environment_info);

    let roles = |server: &ServerStatus| (server.server_type.clone(), server.port, server.active);
    let expected = [
        (ServerType::ClientAccessServer, 8473, true),
        (ServerType::ManagementServer, 8471, true),
        (ServerType::InstanceHost, 8472, false),
    ];
    assert_eq!(
        status.server_infos.iter().map(roles).collect::<Vec<_>>(),
        expected
    );
    let [access, management, host] = status.server_infos.as_slice() else {
        panic!("{status:?}")
    };
    assert_eq!(access.server_name.as_str(), "spe.example.com");
    assert_eq!(
        access.server_certificate.thumbprint.as_ref().unwrap().as_str(),
        THUMBPRINT
    );
    assert!(access.system_properties.is_none());
    assert_is_sample(management.system_properties.as_ref().unwrap());
    let instances = |server: &ServerStatus| (server.number_of_instances, server.number_of_running_instances);
    assert_eq!(
        (instances(management), instances(host)),
        ((None, None), (Some(3), Some(2)))
    );

    let message = &status.messages[0];
    assert_eq!(message.message_type, ServiceMessageType::Warning);
    assert_eq!(
        message.text,
        "Instance demo on host1: One or more search indexes have to be rebuilt."
    );
    assert!(!message.is_sub_item);
    assert_eq!((&message.tag, &message.flags), (&None, &None));
}

/// Only null was observed.
#[tokio::test]
async fn tag_and_flags_of_a_message_may_be_anything() {
    let mut result = Published::of("GetServiceStatus").samples.remove(0);
    result["messages"][0]["tag"] = json!({"invented": 1});
    result["messages"][0]["flags"] = json!(7);
    let server = returning([result]).await;
    let status = server.spe_client().get_service_status().await.unwrap();
    let message = &status.messages[0];
    assert_eq!(message.tag.as_ref().unwrap().get("invented"), Some(1.into()));
    assert_eq!(message.flags, Some(7.into()));
}

#[tokio::test]
async fn instances() {
    let server = sampling("GetInstances").await;
    let instances = server
        .spe_client()
        .get_instances(InstanceFilter::All)
        .await
        .unwrap();
    let demo = &instances[0];
    assert_eq!(demo.instance_id, InstanceId::new("demo"));
    assert_eq!(
        (demo.alias.as_str(), demo.display_name.as_str()),
        ("demo", "Demo")
    );
    assert_eq!(demo.instance_host.as_str(), "host1");
    assert_eq!(
        (&demo.start_mode, &demo.status),
        (&StartMode::Automatic, &InstanceStatus::Running)
    );
    assert_eq!((demo.process_id, &demo.start_stop_error), (Some(4500), &None));
}

#[tokio::test]
async fn the_configuration_of_an_instance() {
    let server = sampling("GetInstanceConfiguration").await;
    let config = server
        .spe_client()
        .instance("demo")
        .get_instance_configuration()
        .await
        .unwrap();
    assert_eq!(config.instance_id, InstanceId::new("demo"));
    assert_eq!(
        (config.alias.as_str(), config.display_name.as_str()),
        ("demo", "Demo")
    );
    assert_eq!(config.instance_host, ServerName::new("host1"));
    assert_eq!(
        (config.start_mode, config.base_directory.as_str()),
        (StartMode::Automatic, r"E:\Demo")
    );
    assert_eq!(
        (
            config.debug_log_enabled,
            config.imap_server_connection_log_enabled
        ),
        (false, Some(true))
    );
    assert_eq!(
        (config.vss_writer_enabled, config.vss_writer_exclude_indexes),
        (true, Some(false))
    );
}

#[tokio::test]
async fn the_size_of_an_instance() {
    let server = sampling("GetInstanceStatistics").await;
    let size = server
        .spe_client()
        .instance("demo")
        .get_instance_statistics()
        .await
        .unwrap();
    assert_eq!((size.total_size_mb, size.number_of_messages), (2454, 49_080));
    let parts = (
        size.database_file_size_mb,
        size.content_file_size_mb,
        size.index_file_size_mb,
    );
    assert_eq!(parts, (90, 2288, 76));
}

/// Counters that exceed 32 bits were observed.
#[tokio::test]
async fn the_counters_of_an_instance() {
    let server = sampling("GetInstanceProcessLiveStatistics").await;
    let instance = server.spe_client().instance("demo");
    let live = instance.get_instance_process_live_statistics().await.unwrap();
    assert_eq!(live.process_unique_id, "00000000-0000-4000-8000-000000000000");
    assert_eq!(live.timestamp.as_millisecond(), 1_777_748_857_223);
    assert_eq!(live.total_processor_milliseconds, 4_294_967_297);
    assert_eq!(live.total_io_read_bytes, 3_000_000_000_001);
    assert_eq!(live.total_io_write_bytes, 3_000_000_000_002);
    assert_eq!(live.total_io_other_bytes, 3_000_000_000_003);
    assert_eq!(live.total_remote_procedure_calls, 2_147_483_649);
    assert_eq!(
        (live.total_messages_archived, live.total_messages_checked),
        (120, 9000)
    );
    assert_eq!(live.current_private_memory_bytes, 268_435_456);
}

#[tokio::test]
async fn hosts_and_client_access_servers() {
    let server = sampling("GetInstanceHosts").await;
    let hosts = server.spe_client().get_instance_hosts().await.unwrap();
    let host = &hosts[0];
    assert_eq!((host.server_name.as_str(), host.port), ("spe.example.com", 8472));
    assert_eq!(
        host.server_certificate.thumbprint.as_ref().unwrap().as_str(),
        THUMBPRINT
    );
    assert_eq!(host.base_directory.as_deref(), Some(r"E:\Instances"));

    let server = sampling("GetClientAccessServers").await;
    let servers = server.spe_client().get_client_access_servers(true).await.unwrap();
    let access = &servers[0];
    assert_eq!(access.server_name, Some(ServerName::new("spe.example.com")));
    assert_eq!(access.port, Some(8473));
    let certificate = access.server_certificate.as_ref().unwrap();
    assert_eq!(certificate.thumbprint.as_ref().unwrap().as_str(), THUMBPRINT);
}

#[tokio::test]
async fn directories_are_json() {
    let server = sampling("GetDirectoriesOnInstanceHost").await;
    let host = ServerName::new("host1");
    let directories = server.spe_client().get_directories_on_instance_host(&host);
    let directories = directories.await.unwrap();
    assert_eq!(
        directories[0].get("invented"),
        Some("nothing of a directory is public".into())
    );
    assert_eq!(directories[1], json!(r"E:\Instances").into());
}

#[tokio::test]
async fn administrators() {
    let server = sampling("GetSystemAdministrators").await;
    let administrators = server.spe_client().get_system_administrators().await.unwrap();
    let jane = &administrators[0];
    assert_eq!(
        (jane.user_name.as_deref(), jane.full_name.as_deref()),
        (Some("admin"), Some("Jane Doe"))
    );
    assert_eq!(jane.email_address.as_ref().unwrap().as_str(), "jane@example.com");
}
