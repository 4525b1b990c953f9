//! The functions about nodes.

use muster_api::{Client, Error, NodeId, TemplateId};
use serde_json::{Value, json};

use super::labels::{JOB, label, labels};

pub(super) async fn run(client: &Client) -> Result<(), Error> {
    let node = NodeId::from(4);
    client.node_kill_process(&node).await?;
    client.node_kill_process_and_pause(&node).await?;
    client.node_kill_process_and_restart(&node).await?;
    client.node_kill_and_pause_nodes_working_on_job(7).await?;
    client.node_kill_and_redo_nodes_working_on_job("8").await?;
    client.node_kill_and_go_on_nodes_working_on_job(9).await?;
    client.node_pause(&node).await?;
    client.node_resume(&node).await?;
    client.node_force_update(&node).await?;
    client.node_set_process_priority(&node, 2).await?;
    client.node_soft_restart(&node).await?;
    client
        .node_purge_templates_exclusion(&node, TemplateId(9))
        .await?;
    client.node_purge_jobs_exclusions(&node, JOB).await?;
    client.node_set_realtime_log(&node, true).await?;
    client.node_send_system_event(&node, 6).await?;
    client.node_run_python_code(&node, "pass").await?;
    client.node_set_notes(&NodeId::from("text"), "broken fan").await?;
    client.node_remove_registration(&node).await?;
    let nodes = client.node_get_list().await?;
    assert_eq!(labels!(nodes), ["MNode: node one", "MNode: node two"]);
    let found = client.node_get(&NodeId::from("x")).await?;
    assert_eq!(label(found.handle()).await, "MNode: node x");
    let found = client.node_get_by_name("render1").await?;
    assert_eq!(label(found.handle()).await, "MNode: render1");
    client
        .send_message_to_node(&node, TemplateId(9), "hello", true)
        .await?;
    Ok(())
}

pub(super) fn calls() -> Value {
    json!([
        ["nodeKillProcess", 4],
        ["nodeKillProcessAndPause", 4],
        ["nodeKillProcessAndRestart", 4],
        ["nodeKillAndPauseNodesWorkingOnJob", 7],
        ["nodeKillAndRedoNodesWorkingOnJob", "8"],
        ["nodeKillAndGoOnNodesWorkingOnJob", 9],
        ["nodePause", 4],
        ["nodeResume", 4],
        ["nodeForceUpdate", 4],
        ["nodeSetProcessPriority", 4, 2],
        ["nodeSoftRestart", 4],
        ["nodePurgeTemplatesExclusion", 4, 9],
        ["nodePurgeJobsExclusions", 4, 7],
        ["nodeSetRealtimeLog", 4, true],
        ["nodeSendSystemEvent", 4, 6],
        ["nodeRunPythonCode", 4, "pass"],
        ["nodeSetNotes", "text", "broken fan"],
        ["nodeRemoveRegistration", 4],
        ["nodeGetList"],
        ["nodeGet", "x"],
        ["nodeGetByName", "render1"],
        ["sendMessageToNode", 4, 9, "hello", true],
    ])
}
