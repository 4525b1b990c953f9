//! Executes the steps of a synchronization.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use crate::core::{Core, run_blocking};
use crate::engine::{self, Absence, Local, Step};
use crate::error::{Error, ErrorKind};
use crate::folders;
use crate::list::List;
use crate::local_state::LocalState;
use crate::object::Object;
use crate::object_id::ObjectId;
use crate::report::{Conflict, ConflictKind, Failed, SkipReason, Skipped, SyncReport};
use crate::stamp::Stamp;
use crate::store::Store;
use crate::transfer;

/// Maximum age of the list with which an upload is decided. The list is requested again if it is older, and after a transfer
/// of files, because another client may have uploaded a version in the meantime.
const LIST_AGE: Duration = Duration::from_secs(1);

/// Synchronizes all objects.
pub(crate) async fn all(core: &Core) -> Result<SyncReport, Error> {
    let _one_at_a_time = core.synchronizing.lock().await;
    let mut sync = Sync {
        core,
        report: SyncReport::default(),
    };
    let local = sync.load().await?;
    let list = List::request(core).await?;
    for (id, error) in &list.invalid {
        let reason = SkipReason::InvalidRecord(error.to_string());
        sync.skip(id, reason);
    }
    // An object with an invalid record on one side is left as it is on the other side.
    let left: BTreeSet<String> = sync
        .report
        .skipped
        .iter()
        .filter(|skipped| skipped.is_in_place())
        .map(|skipped| skipped.id.clone())
        .collect();
    let is_kept = |id: &ObjectId| !left.contains(id.as_str());
    let local = local.into_iter().filter(|local| is_kept(&local.object.id));
    let listed = list.objects.values().filter(|object| is_kept(&object.id));
    let steps = engine::plan(local.collect(), listed.cloned().collect());
    sync.run(steps, list).await;
    if sync.report.is_complete() {
        core.store(|store| store.set_last_sync_stamp(Stamp::now()))
            .await?;
    }
    Ok(sync.report)
}

/// Uploads one object of the folder. The list of the server is requested if the server knows the object already.
///
/// # Errors
/// The object could not be uploaded. It stays in the folder.
pub(crate) async fn one(core: &Core, id: &ObjectId) -> Result<SyncReport, Error> {
    let _one_at_a_time = core.synchronizing.lock().await;
    let mut sync = Sync {
        core,
        report: SyncReport::default(),
    };
    let (object, state) = core.object(id).await?;
    let local = Local::new(object, &state);
    if local.is_new() {
        sync.upload(local.object, true, None, &mut List::default())
            .await?;
        return Ok(sync.report);
    }
    let mut list = List::request(core).await?;
    if let Some(step) = engine::decide(local, list.find(id)?) {
        sync.execute(step, &mut list).await?;
    }
    Ok(sync.report)
}

struct Sync<'a> {
    core: &'a Core,
    report: SyncReport,
}

impl Sync<'_> {
    async fn load(&mut self) -> Result<Vec<Local>, Error> {
        let (loaded, local) = self.core.store(load).await?;
        for damaged in loaded.damaged {
            let reason = SkipReason::Damaged {
                problem: damaged.problem,
                kept_as: damaged.kept_as,
            };
            self.skip(&damaged.name, reason);
        }
        for unsupported in loaded.unsupported {
            self.skip(&unsupported.name, SkipReason::Unsupported(unsupported.problem));
        }
        Ok(local)
    }

    fn skip(&mut self, id: &str, reason: SkipReason) {
        tracing::warn!(id, ?reason, "object skipped");
        self.report.skipped.push(Skipped {
            id: id.to_owned(),
            reason,
        });
    }

    async fn run(&mut self, steps: Vec<Step>, mut list: List) {
        for step in steps {
            let id = step.id().clone();
            let Err(error) = self.execute(step, &mut list).await else {
                continue;
            };
            tracing::warn!(%id, %error, "object not synchronized");
            match ends_everything(&error) {
                true => {
                    self.report.interrupted = Some(error);
                    return;
                }
                false => self.report.failed.push(Failed { id, error }),
            }
        }
    }

    async fn execute(&mut self, step: Step, list: &mut List) -> Result<(), Error> {
        tracing::debug!(id = %step.id(), step = step.name(), "synchronizing");
        match step {
            Step::Adopt { local, .. } => {
                self.uploaded(local).await?;
                Ok(())
            }
            Step::Upload { local, .. } if self.core.is_read_only => {
                self.skip(local.id.as_str(), SkipReason::ReadOnly);
                Ok(())
            }
            Step::Upload {
                local,
                is_first,
                loser,
            } => self.upload(local, is_first, loser, list).await,
            Step::Download {
                server,
                replaced,
                loser,
            } => self.download(server, replaced, loser).await,
            Step::RequestAccess { local } => self.find_absence(local).await,
        }
    }

    async fn upload(
        &mut self,
        local: Object,
        is_first: bool,
        loser: Option<Object>,
        list: &mut List,
    ) -> Result<(), Error> {
        let replaced = loser.as_ref().map(|loser| loser.client_stamp);
        if let Some(loser) = loser {
            self.keep_server(loser).await?;
        }
        let (_, state) = self.core.object(&local.id).await?;
        transfer::upload(self.core, &local, &state).await?;
        let has_files = !local.values.file_paths()?.is_empty();
        if !is_first && (has_files || list.requested.elapsed() > LIST_AGE) {
            let (current, state) = self.core.object(&local.id).await?;
            *list = List::request(self.core).await?;
            let server = list.find(&local.id)?;
            match engine::decide(Local::new(current, &state), server) {
                Some(Step::Upload {
                    local: same, loser, ..
                }) if same.client_stamp == local.client_stamp
                    && loser.as_ref().map(|loser| loser.client_stamp) == replaced => {}
                Some(step) => return Box::pin(self.execute(step, list)).await,
                None => return Ok(()),
            }
        }
        let (id, stamp) = (local.id.clone(), local.client_stamp);
        let sent = self.core.store(move |store| {
            let state = LocalState {
                sent: Some(stamp),
                ..store.local_state(&id)?
            };
            store.save_local_state(&id, &state)
        });
        sent.await?;
        self.core.api.upload(&local, is_first).await?;
        self.uploaded(local).await
    }

    /// Records that the server has this version.
    async fn uploaded(&mut self, uploaded: Object) -> Result<(), Error> {
        self.report.uploaded.push(uploaded.id.clone());
        self.core
            .store(move |store| {
                let Some(current) = store.object(&uploaded.id)? else {
                    return Ok(());
                };
                let state = LocalState {
                    uploaded_at: Some(Stamp::now()),
                    ..store.local_state(&uploaded.id)?
                };
                store.save_local_state(&uploaded.id, &state)?;
                store.save(&engine::after_upload(current, &uploaded))
            })
            .await
    }

    async fn download(
        &mut self,
        server: Object,
        expected: Option<Stamp>,
        loser: Option<(Object, ConflictKind)>,
    ) -> Result<(), Error> {
        if self.is_changed_since(&server.id, expected).await? {
            self.skip(server.id.as_str(), SkipReason::ChangedMeanwhile);
            return Ok(());
        }
        if let Some((loser, kind)) = loser {
            let (id, lost) = (loser.id.clone(), loser.client_stamp);
            let copy = self.keep_local(loser).await?;
            self.conflict(&id, kind, lost, copy);
        }
        let id = server.id.clone();
        let known = self
            .core
            .store(move |store| Ok((store.object(&id)?, store.local_state(&id)?)));
        let (current, state) = known.await?;
        let state = LocalState {
            folder: state.folder,
            is_whole: state.is_whole,
            ..LocalState::default()
        };
        let folder = self.core.folders.folder_of(&server, &state)?;
        check_places(&server, current.as_ref(), &state)?;
        let incoming = transfer::download(self.core, &server).await?;
        let (id, paths) = (server.id.clone(), server.values.file_paths()?);
        let is_saved = self.core.store(move |store| {
            // The program may have changed the object and its files during the transfer.
            if is_changed(store, &server.id, expected)? {
                return Ok(false);
            }
            if let Some(incoming) = incoming {
                incoming.move_to(&folder, &paths)?;
            }
            let id = server.id.clone();
            store.save(&engine::after_download(server))?;
            // The state is saved last, so that an interruption does not hide that this client had uploaded a version.
            store.save_local_state(&id, &state)?;
            Ok(true)
        });
        match is_saved.await? {
            true => self.report.downloaded.push(id),
            false => self.skip(id.as_str(), SkipReason::ChangedMeanwhile),
        }
        Ok(())
    }

    async fn is_changed_since(&self, id: &ObjectId, expected: Option<Stamp>) -> Result<bool, Error> {
        let id = id.clone();
        self.core
            .store(move |store| is_changed(store, &id, expected))
            .await
    }

    /// Finds out why the server does not list an object.
    async fn find_absence(&mut self, local: Object) -> Result<(), Error> {
        let users = self.core.api.users(Some(&local.id)).await?;
        let users = users.iter().map(|user| (user.user_name.as_str(), &user.right));
        match engine::absent(&self.core.identity.user_name, users) {
            Absence::NotMine => self.skip(local.id.as_str(), SkipReason::NotMine),
            Absence::Deleted => {
                let (id, stamp) = (local.id.clone(), local.client_stamp);
                if self.is_changed_since(&id, Some(stamp)).await? {
                    self.skip(id.as_str(), SkipReason::ChangedMeanwhile);
                    return Ok(());
                }
                let (_, state) = self.core.object(&id).await?;
                let is_own = local.is_changed() || state.uploaded_at.is_some();
                // Another server at the same address also lists nothing, so every version is kept.
                let (lost, paths) = (local.client_stamp, local.values.file_paths()?);
                let copy = self.keep_local(local).await?;
                if is_own {
                    self.conflict(&id, ConflictKind::Deleted, lost, copy);
                }
                let (removed, expected) = (id.clone(), Some(stamp));
                let is_removed = self.core.store(move |store| {
                    // The program may have changed the object in the meantime.
                    if is_changed(store, &removed, expected)? {
                        return Ok(false);
                    }
                    store.remove_with_files(&removed, &paths)?;
                    Ok(true)
                });
                match is_removed.await? {
                    true => self.report.deleted.push(id),
                    false => self.skip(id.as_str(), SkipReason::ChangedMeanwhile),
                }
            }
        }
        Ok(())
    }

    /// Keeps a copy of a local version, with its files. A complete copy is not changed: the files in the folder may already
    /// be those of another version.
    async fn keep_local(&self, loser: Object) -> Result<PathBuf, Error> {
        let (copy, is_complete) = self.copy_of(&loser).await?;
        if is_complete {
            return Ok(copy);
        }
        let (_, state) = self.core.object(&loser.id).await?;
        let folder = self.core.folders.folder_of(&loser, &state)?;
        transfer::copy_files(folder, loser.values.file_paths()?, copy.join(FILES)).await?;
        self.core.store(move |store| store.keep_copy(&loser)).await
    }

    /// Keeps a copy of a version of the server, with its files. The local version is uploaded even if the storage host has
    /// lost the files of the other version.
    async fn keep_server(&mut self, loser: Object) -> Result<(), Error> {
        let (id, lost) = (loser.id.clone(), loser.client_stamp);
        let (copy, is_complete) = self.copy_of(&loser).await?;
        if !is_complete {
            match transfer::download(self.core, &loser).await {
                Ok(Some(incoming)) => {
                    let (folder, paths) = (copy.join(FILES), loser.values.file_paths()?);
                    run_blocking(move || incoming.move_to(&folder, &paths)).await?;
                }
                Ok(None) => {}
                Err(error) if matches!(error.kind(), ErrorKind::Storage { .. }) => {
                    tracing::warn!(%id, %error, "the copy has no files");
                }
                Err(error) => return Err(error),
            }
            self.core.store(move |store| store.keep_copy(&loser)).await?;
        }
        self.conflict(&id, ConflictKind::LocalIsNewer, lost, copy);
        Ok(())
    }

    async fn copy_of(&self, loser: &Object) -> Result<(PathBuf, bool), Error> {
        let loser = loser.clone();
        self.core.store(move |store| Ok(store.copy_of(&loser))).await
    }

    fn conflict(&mut self, id: &ObjectId, kind: ConflictKind, lost: Stamp, copy: PathBuf) {
        tracing::warn!(%id, ?kind, "conflict");
        self.report.conflicts.push(Conflict {
            id: id.clone(),
            kind,
            lost,
            copy,
        });
    }
}

/// The folder with the files of a copy.
const FILES: &str = "files";

fn load(store: &Store) -> Result<(crate::store::Loaded, Vec<Local>), Error> {
    let mut loaded = store.load()?;
    let objects = std::mem::take(&mut loaded.objects);
    let mut local = Vec::with_capacity(objects.len());
    for object in objects.into_values() {
        let state = store.local_state(&object.id)?;
        local.push(Local::new(object, &state));
    }
    Ok((loaded, local))
}

/// Returns whether the object in the folder is another version than the decision was about. `expected` is the stamp of
/// that version, if there was one.
fn is_changed(store: &Store, id: &ObjectId, expected: Option<Stamp>) -> Result<bool, Error> {
    let current = store.object(id)?;
    Ok(current.map(|current| current.client_stamp) != expected)
}

/// Checks that a version of the server does not write other files of a folder from which this machine registered files.
fn check_places(server: &Object, current: Option<&Object>, state: &LocalState) -> Result<(), Error> {
    let Some(folder) = &state.folder else {
        return Ok(());
    };
    let known = current.map_or(Ok(Vec::new()), |current| current.values.file_paths())?;
    for path in server.values.file_paths()? {
        let is_new_in_folder = || Ok::<_, Error>(state.is_whole && !folders::exists(folder, &path)?);
        if !known.contains(&path) && !is_new_in_folder()? {
            return Err(Error::invalid(format!(
                "the version of the server has the file {path:?}, which is not a file of the object on this machine. It \
                 was not written to {}",
                folder.display()
            )));
        }
    }
    Ok(())
}

/// Whether the other objects would fail with the same error.
fn ends_everything(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Connect { .. }
            | ErrorKind::Login { .. }
            | ErrorKind::ClockSkew { .. }
            | ErrorKind::NoRuntime
    )
}
