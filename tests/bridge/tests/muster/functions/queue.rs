//! The functions about jobs, chunks and the backup.

use muster_api::{BackupJobId, ChunkId, Client, Error, JobId};
use serde_json::{Value, json};

use super::labels::{JOB, labels};

pub(super) async fn run(client: &Client) -> Result<(), Error> {
    let jobs = client.job_get_list().await?;
    let found: Vec<_> = jobs
        .iter()
        .map(|job| (job.job_id(), job.name(), job.status()))
        .collect();
    let expected = [(1, "first"), (2, "second")];
    let expected = expected.map(|(id, name)| (Some(JobId(id)), Some(name.to_owned()), Some(4)));
    assert_eq!(found, expected);
    let job = client.job_get(JOB).await?;
    assert_eq!((job.job_id(), job.name()), (Some(JOB), Some("job 7".to_owned())));
    client.job_reparent(JOB, JobId(-1)).await?;
    client.job_submit(&job, "alice").await?;
    client.job_edit(&jobs[1]).await?;
    let folder = client.job_add_folder(JobId(5), "alice", "new").await?;
    assert_eq!(folder, JobId(1005));
    client.job_reinit(JOB).await?;
    client.job_delete(JobId(8)).await?;
    client.job_update_status(JobId(9)).await?;
    client.job_update(JobId(10)).await?;

    let chunks = client.chunk_get_list(JOB).await?;
    let ids: Vec<_> = chunks.iter().map(muster_api::Chunk::chunk_id).collect();
    assert_eq!(ids, [Some(ChunkId::from(7)), Some(ChunkId::from(8))]);
    let chunk = client.chunk_get(JOB, &ChunkId::from("3")).await?;
    assert_eq!(chunk.chunk_id(), Some(ChunkId::from("3")));
    assert_eq!((chunk.start_frame(), chunk.end_frame()), (Some(1.0), Some(25.0)));
    client.chunk_set_status(JOB, &ChunkId::from(3), 2).await?;
    let history = client.chunk_get_history(JOB, &ChunkId::from(3)).await?;
    assert_eq!(labels!(history), ["MHistoryChunk: job 7, chunk 3"]);
    let history = client.chunk_get_job_history(JobId(6)).await?;
    assert_eq!(
        labels!(history),
        ["MHistoryChunk: job 6, chunk 1", "MHistoryChunk: job 6, chunk 2"]
    );

    client.backup_job(JOB, 1).await?;
    client.backup_job_and_delete(JOB, 2).await?;
    client
        .backup_restore_job(&BackupJobId::from(5), 10, JobId(4))
        .await?;
    assert_eq!(client.backup_get_boundaries().await?.jobs_count(), Some(42));
    let query = client.new_backup_query().await?;
    let found = client.backup_query(&query).await?;
    let ids: Vec<_> = found.iter().map(muster_api::BackupJob::id).collect();
    assert_eq!(ids, [Some(BackupJobId::from(5)), Some(BackupJobId::from("six"))]);
    Ok(())
}

pub(super) fn calls() -> Value {
    json!([
        ["jobGetList"],
        ["jobGet", 7],
        ["jobReparent", 7, -1],
        ["jobSubmit", "MJob job 7", "alice"],
        ["jobEdit", "MJob second"],
        ["jobAddFolder", 5, "alice", "new"],
        ["jobReinit", 7],
        ["jobDelete", 8],
        ["jobUpdateStatus", 9],
        ["jobUpdate", 10],
        ["chunkGetList", 7],
        ["chunkGet", 7, "3"],
        ["chunkSetStatus", 7, 3, 2],
        ["chunkGetHistory", 7, 3],
        ["chunkGetHistory", 6],
        ["backupJob", 7, 1],
        ["backupJobAndDelete", 7, 2],
        ["backupRestoreJob", 5, 10, 4],
        ["backupGetBoundaries", "MBackupQueryBoundaries"],
        ["backupQuery", "MBackupQuery"],
    ])
}
