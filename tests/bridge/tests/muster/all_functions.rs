//! All functions with all arguments, through all programs that play the Dispatcher.

use muster_api::{
    BackupJobId, ChunkId, Client, ConnectionId, Error, JobDraft, JobId, Json, NodeId, TemplateId,
};
use serde_json::{Value, json};

use crate::dispatcher::{Dispatcher, EVERYTHING, HOSTS};

const JOB: JobId = JobId(7);

/// Calls the functions about jobs, chunks and the backup.
async fn queue(client: &Client) -> Result<(), Error> {
    let jobs = client.job_get_list().await?;
    let names: Vec<_> = jobs
        .iter()
        .map(|job| (job.job_id(), job.name(), job.status()))
        .collect();
    assert_eq!(names[1], (Some(JobId(2)), Some("second".to_owned()), Some(4)));
    let job = client.job_get(JOB).await?;
    assert_eq!(job.job_id(), Some(JOB));
    client.job_reparent(JOB, JobId(-1)).await?;
    client.job_submit(&job, "alice").await?;
    client.job_edit(&job).await?;
    assert_eq!(client.job_add_folder(JobId(-1), "alice", "new").await?, JobId(77));
    client.job_reinit(JOB).await?;
    client.job_delete(JOB).await?;
    client.job_update_status(JOB).await?;
    client.job_update(JOB).await?;
    assert_eq!(client.chunk_get_list(JOB).await?.len(), 2);
    let chunk = client.chunk_get(JOB, &ChunkId::from(3)).await?;
    assert_eq!(
        (chunk.chunk_id(), chunk.start_frame()),
        (Some(ChunkId::from(3)), Some(1.0))
    );
    assert_eq!(chunk.end_frame(), Some(25.0));
    client.chunk_set_status(JOB, &ChunkId::from(3), 2).await?;
    assert_eq!(client.chunk_get_history(JOB, &ChunkId::from(3)).await?.len(), 1);
    assert_eq!(client.chunk_get_job_history(JOB).await?.len(), 2);
    client.backup_job(JOB, 1).await?;
    client.backup_job_and_delete(JOB, 1).await?;
    client
        .backup_restore_job(&BackupJobId::from(5), 10, JobId(0))
        .await?;
    assert_eq!(client.backup_get_boundaries().await?.jobs_count(), Some(42));
    let query = client.new_backup_query().await?;
    let found = client.backup_query(&query).await?;
    assert_eq!(found[1].id(), Some(BackupJobId::from(6)));
    Ok(())
}

fn queue_calls() -> Value {
    json!([
        ["jobGetList"],
        ["jobGet", 7],
        ["jobReparent", 7, -1],
        ["jobSubmit", "MJob", "alice"],
        ["jobEdit", "MJob"],
        ["jobAddFolder", -1, "alice", "new"],
        ["jobReinit", 7],
        ["jobDelete", 7],
        ["jobUpdateStatus", 7],
        ["jobUpdate", 7],
        ["chunkGetList", 7],
        ["chunkGet", 7, 3],
        ["chunkSetStatus", 7, 3, 2],
        ["chunkGetHistory", 7, 3],
        ["chunkGetHistory", 7],
        ["backupJob", 7, 1],
        ["backupJobAndDelete", 7, 1],
        ["backupRestoreJob", 5, 10, 0],
        ["backupGetBoundaries", "MBackupQueryBoundaries"],
        ["backupQuery", "MBackupQuery"],
    ])
}

/// Calls the functions about nodes.
async fn nodes(client: &Client) -> Result<(), Error> {
    let node = NodeId::from(4);
    client.node_kill_process(&node).await?;
    client.node_kill_process_and_pause(&node).await?;
    client.node_kill_process_and_restart(&node).await?;
    client.node_kill_and_pause_nodes_working_on_job(7).await?;
    client.node_kill_and_redo_nodes_working_on_job(7).await?;
    client.node_kill_and_go_on_nodes_working_on_job(7).await?;
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
    assert_eq!(client.node_get_list().await?.len(), 1);
    assert_eq!(client.node_get(&node).await?.handle().class(), "MNode");
    client.node_get_by_name("render1").await?;
    client
        .send_message_to_node(&node, TemplateId(9), "hello", true)
        .await?;
    Ok(())
}

fn node_calls() -> Value {
    json!([
        ["nodeKillProcess", 4],
        ["nodeKillProcessAndPause", 4],
        ["nodeKillProcessAndRestart", 4],
        ["nodeKillAndPauseNodesWorkingOnJob", 7],
        ["nodeKillAndRedoNodesWorkingOnJob", 7],
        ["nodeKillAndGoOnNodesWorkingOnJob", 7],
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
        ["nodeGet", 4],
        ["nodeGetByName", "render1"],
        ["sendMessageToNode", 4, 9, "hello", true],
    ])
}

/// Calls the functions about Consoles, notificators and the database.
async fn connections(client: &Client) -> Result<(), Error> {
    let connection = ConnectionId::from(8);
    assert_eq!(client.client_get_list().await?[0].handle().class(), "MClient");
    client.client_get(&connection).await?;
    assert_eq!(client.client_get_by_username("alice").await?.len(), 1);
    client.client_force_disconnection(&connection).await?;
    client
        .send_message_to_console(&connection, TemplateId(9), "hello", false)
        .await?;
    assert_eq!(client.client_n_get_list().await?[0].handle().class(), "MNClient");
    client.client_n_get(&connection).await?;
    assert_eq!(client.client_n_get_by_username("alice").await?.len(), 1);
    client.client_n_force_disconnection(&connection).await?;
    client
        .send_message_to_notificator(&connection, TemplateId(9), "hello", false)
        .await?;
    assert_eq!(client.db_get_statistics_bounds().await?.samples, 60);
    let bounds = client.db_get_history_bounds().await?;
    assert_eq!((bounds.end, bounds.samples), (Json::from(1_556_007_200), 120));
    client.db_clear_statistics_bounds(1, 2).await?;
    client.db_clear_history_bounds(&bounds.start, 4).await?;
    client.db_import_queue_sql("DELETE").await?;
    assert_eq!(
        client.db_export_queue_sql().await?,
        Json::from("INSERT INTO queue")
    );
    client.db_flush().await?;
    client.db_history_flush().await?;
    client.db_backup_flush().await?;
    Ok(())
}

fn connection_calls() -> Value {
    json!([
        ["clientGetList"],
        ["clientGet", 8],
        ["clientGetByUsername", "alice"],
        ["clientForceDisconnection", 8],
        ["sendMessageToConsole", 8, 9, "hello", false],
        ["clientNGetList"],
        ["clientNGet", 8],
        ["clientNGetByUsername", "alice"],
        ["clientNForceDisconnection", 8],
        ["sendMessageToNotificator", 8, 9, "hello", false],
        ["dbGetStatisticsBounds"],
        ["dbGetHistoryBounds"],
        ["dbClearStatisticsBounds", 1, 2],
        ["dbClearHistoryBounds", 1_556_000_000, 4],
        ["dbImportQueueSQL", "DELETE"],
        ["dbExportQueueSQL"],
        ["dbFlush"],
        ["dbHistoryFlush"],
        ["dbBackupFlush"],
    ])
}

/// Calls the functions about the system and the log.
async fn system(client: &Client) -> Result<(), Error> {
    assert_eq!(client.system_query_engine_status().await?, Json::from(1));
    client.system_swap_engine_status().await?;
    client.system_soft_restart().await?;
    client.system_reset_statistics_counters().await?;
    client.system_start_nodes_network_scan().await?;
    let configuration = client.system_get_configuration().await?;
    client.system_set_configuration(&configuration, true).await?;
    // The class of this object is not known, so it stays in Python and only its description arrives.
    let ldap = client.system_get_ldap_configuration().await?;
    assert!(ldap.text().contains("LDAPConfiguration"), "{ldap:?}");
    client.system_set_ldap_configuration("text", false).await?;
    assert_eq!(client.system_get_activity_logs_list().await?, ["a.log", "b.log"]);
    assert_eq!(client.system_get_activity_log("a.log").await?, "content of a.log");
    client.system_remove_activity_log("a.log").await?;
    assert_eq!(client.system_get_action_logs_list().await?, ["c.log"]);
    assert_eq!(client.system_get_action_log("c.log").await?, "content of c.log");
    client.system_remove_action_log("c.log").await?;
    client.log_clear().await?;
    client.log_add_internal_message("inside").await?;
    client.log_add_message("outside, \u{fc}").await?;
    Ok(())
}

fn system_calls() -> Value {
    json!([
        ["systemQueryEngineStatus"],
        ["systemSwapEngineStatus"],
        ["systemSoftRestart"],
        ["systemResetStatisticsCounters"],
        ["systemStartNodesNetworkScan"],
        ["systemGetConfiguration"],
        ["systemSetConfiguration", "MDispatcherConfiguration", true],
        ["systemGetLDAPConfiguration"],
        ["systemSetLDAPConfiguration", "text", false],
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

/// Calls the functions about users, groups, pools and repositories.
async fn accounts(client: &Client) -> Result<(), Error> {
    assert_eq!(client.user_get_list().await?.len(), 1);
    let user = client.user_get("alice").await?;
    client.user_add(&user).await?;
    client.user_remove("alice").await?;
    client.user_configure(&user).await?;
    assert_eq!(client.group_get_list().await?.len(), 1);
    let group = client.group_get("artists").await?;
    client.group_add(&group).await?;
    client.group_remove("artists").await?;
    client.group_configure(&group).await?;
    assert_eq!(client.pool_get_list().await?.len(), 2);
    let pool = client.pool_get("gpu").await?;
    client.pool_configure(&pool).await?;
    client.pool_add(&pool).await?;
    client.pool_remove("gpu").await?;
    client.pool_notify_changes().await?;
    assert_eq!(client.repositories_get_list().await?.len(), 1);
    let repository = client.repositories_get("main").await?;
    client.repositories_configure(&repository).await?;
    client.repositories_add(&repository).await?;
    client.repositories_notify_changes().await?;
    client.repositories_remove("main").await?;
    Ok(())
}

fn account_calls() -> Value {
    json!([
        ["userGetList"],
        ["userGet", "alice"],
        ["userAdd", "MUser"],
        ["userRemove", "alice"],
        ["userConfigure", "MUser"],
        ["groupGetList"],
        ["groupGet", "artists"],
        ["groupAdd", "MGroup"],
        ["groupRemove", "artists"],
        ["groupConfigure", "MGroup"],
        ["poolGetList"],
        ["poolGet", "gpu"],
        ["poolConfigure", "MPool"],
        ["poolAdd", "MPool"],
        ["poolRemove", "gpu"],
        ["poolNotifyChanges"],
        ["repositoriesGetList"],
        ["repositoriesGet", "main"],
        ["repositoriesConfigure", "MRepository"],
        ["repositoriesAdd", "MRepository"],
        ["repositoriesNotifyChanges"],
        ["repositoriesRemove", "main"],
    ])
}

#[tokio::test]
async fn all_functions_reach_the_module_with_all_arguments() {
    let parts = [
        queue_calls(),
        node_calls(),
        connection_calls(),
        system_calls(),
        account_calls(),
    ];
    let expected: Vec<Value> = parts
        .iter()
        .flat_map(|part| part.as_array().unwrap().clone())
        .collect();
    assert_eq!(expected.len(), 101);
    for function in muster_api::catalog::SURFACE.functions {
        let is_called = expected.iter().any(|call| call[0] == function.name);
        assert!(is_called, "the test does not call {}", function.name);
    }
    for host in HOSTS {
        let dispatcher = Dispatcher::start(host, EVERYTHING);
        let client = dispatcher.connect().open().await.unwrap();
        queue(&client).await.unwrap();
        nodes(&client).await.unwrap();
        connections(&client).await.unwrap();
        system(&client).await.unwrap();
        accounts(&client).await.unwrap();
        assert_eq!(dispatcher.calls(), expected, "{host:?}");
    }
}

#[tokio::test]
async fn a_job_is_made_and_submitted() {
    for host in HOSTS {
        let dispatcher = Dispatcher::start(host, EVERYTHING);
        let client = dispatcher.connect().open().await.unwrap();
        let job_type = client.constant("kJobTypeJob").await.unwrap().decode().unwrap();
        let draft = JobDraft::new("shot 7")
            .parent(JobId(-1))
            .template(TemplateId(9))
            .job_type(job_type)
            .depend_mode(1)
            .depends("3")
            .priority(5)
            .packet_type(1)
            .packet_size(10)
            .included_pools("gpu")
            .project("film")
            .department("light")
            .logs_error_check_type(2)
            .maximum_nodes(4)
            .attribute_text("file", "a.ma")
            .attribute_number("start", 1.0);
        let job = draft.create(&client).await.unwrap();
        assert_eq!(job.attribute("file").await.unwrap(), "a.ma");
        let name: String = job.handle().call_as("getName", ()).await.unwrap();
        assert_eq!(name, "shot 7");
        client.job_submit(&job, "alice").await.unwrap();
        assert_eq!(
            dispatcher.calls(),
            [json!(["jobSubmit", "MJob", "alice"])],
            "{host:?}"
        );
    }
}
