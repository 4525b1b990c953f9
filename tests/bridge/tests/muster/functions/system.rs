//! The functions about the system and the log.

use muster_api::{Client, Error, Json};
use serde_json::{Value, json};

use super::labels::label;

pub(super) async fn run(client: &Client) -> Result<(), Error> {
    assert_eq!(client.system_query_engine_status().await?, Json::from(1));
    client.system_swap_engine_status().await?;
    client.system_soft_restart().await?;
    client.system_reset_statistics_counters().await?;
    client.system_start_nodes_network_scan().await?;
    let configuration = client.system_get_configuration().await?;
    let found = label(configuration.handle()).await;
    assert_eq!(found, "MDispatcherConfiguration: configuration");
    client.system_set_configuration(&configuration, true).await?;
    // The class of this object is not known, so it stays in Python and only its description arrives.
    let ldap = client.system_get_ldap_configuration().await?;
    assert!(ldap.text().contains("LDAPConfiguration"), "{ldap:?}");
    client.system_set_ldap_configuration("text", true).await?;
    assert_eq!(client.system_get_activity_logs_list().await?, ["a.log", "b.log"]);
    assert_eq!(
        client.system_get_activity_log("a.log").await?,
        "activities of a.log"
    );
    client.system_remove_activity_log("a.log").await?;
    assert_eq!(client.system_get_action_logs_list().await?, ["c.log"]);
    assert_eq!(client.system_get_action_log("c.log").await?, "actions of c.log");
    client.system_remove_action_log("c.log").await?;
    client.log_clear().await?;
    client.log_add_internal_message("inside").await?;
    client.log_add_message("outside, \u{fc}").await?;
    Ok(())
}

pub(super) fn calls() -> Value {
    json!([
        ["systemQueryEngineStatus"],
        ["systemSwapEngineStatus"],
        ["systemSoftRestart"],
        ["systemResetStatisticsCounters"],
        ["systemStartNodesNetworkScan"],
        ["systemGetConfiguration"],
        [
            "systemSetConfiguration",
            "MDispatcherConfiguration configuration",
            true
        ],
        ["systemGetLDAPConfiguration"],
        ["systemSetLDAPConfiguration", "text", true],
        ["systemGetActivityLogsList"],
        ["systemGetActivityLog", "a.log"],
        ["systemRemoveActivityLog", "a.log"],
        ["systemGetActionLogsList"],
        ["systemGetActionLog", "c.log"],
        ["systemRemoveActionLog", "c.log"],
        ["logClear"],
        ["logAddInternalMessage", "inside"],
        ["logAddMessage", "outside, \u{fc}"],
    ])
}
