//! The client: its operations on objects.

use std::path::Path;
use std::sync::Arc;

use crate::access::AccessRight;
use crate::api::{SubscriptionId, UserAccess};
use crate::copies::Copy;
use crate::core::Core;
use crate::error::{Error, ErrorKind};
use crate::list::List;
use crate::local_state::LocalState;
use crate::object::Object;
use crate::object_id::ObjectId;
use crate::registered::Registered;
use crate::report::{ConflictKind, SyncReport};
use crate::stamp::Stamp;
use crate::sync;
use crate::transfer;
use crate::values::Values;
use crate::version::{Attached, Registration, Update};

/// A client of an oaio server, with a folder on this machine.
///
/// Objects are registered and updated in the folder first, and then sent to the server. So an object is not lost if the
/// server cannot be reached: [`synchronize`](Self::synchronize) sends it later.
///
/// Cloning is cheap. Clones share the session and the folder.
///
/// Every future may be dropped. The folder then contains a complete version of each object, and the next
/// synchronization continues. A request that may change the server is never sent twice.
///
/// ```no_run
/// use std::sync::Arc;
/// use oaio_client::{AccessRight, Client, DirectoryHost, Error, SecretString, Values};
///
/// async fn share_a_note(password: SecretString) -> Result<(), Error> {
///     let client = Client::builder("oaio.example.com")
///         .credentials("alice", password)
///         .app_id("notes")
///         .device_id("laptop")
///         .root("/home/alice/oaio_root")
///         .storage_host("Digi", Arc::new(DirectoryHost::new("/srv/files")))
///         .build()?;
///     let note = client.register_object(Values::new().with("_name", "first note")).await?.into_object();
///     client.upsert_subscription(&note.id, "bob", AccessRight::Update).await?;
///     let report = client.synchronize().await?;
///     println!("{} conflicts", report.conflicts.len());
///     Ok(())
/// }
/// ```
#[derive(Clone)]
pub struct Client {
    pub(crate) core: Arc<Core>,
}

impl Client {
    /// Logs in, unless a session exists, and checks that the clocks of the server and of this machine agree. Returns the
    /// time of the server. Other operations do this when they need it.
    ///
    /// # Errors
    /// The server cannot be reached, it rejected the login, or the clocks differ by more than 69 seconds.
    pub async fn connect(&self) -> Result<Stamp, Error> {
        self.core.api.connect().await
    }

    /// Ends the session on the server, if there is one. A client that is dropped does not do this.
    ///
    /// # Errors
    /// The request failed.
    pub async fn log_out(&self) -> Result<(), Error> {
        self.core.api.log_out().await
    }

    /// Registers an object: saves it in the folder, and sends it to the server.
    ///
    /// If it cannot be sent, the outcome is [`Registered::Local`] with the reason. Waits for a synchronization that is
    /// running, after it has saved the object.
    ///
    /// # Errors
    /// Nothing was registered: the id or the stamp is invalid, the id exists already, the client is read-only, or the
    /// folder cannot be written.
    pub async fn register_object(&self, registration: impl Into<Registration>) -> Result<Registered, Error> {
        self.register(registration.into(), Attached::default()).await
    }

    /// Updates the values of an object in the folder, and sends it to the server. The list of the server is requested
    /// first, so that a version of another client is not replaced unseen. If there is such a version and it is older, it
    /// becomes a copy: see [`copies`](Self::copies).
    ///
    /// If it cannot be sent, the outcome is [`Registered::Local`] with the reason.
    ///
    /// # Errors
    /// Nothing was updated: the object is unknown, the stamp is not newer, the client is read-only, or the folder cannot
    /// be written. Or the new version became a copy: the object was deleted on the server
    /// ([`ErrorKind::DeletedOnServer`]), or the server has a newer version ([`ErrorKind::NewerVersion`]).
    pub async fn update_object(&self, id: &ObjectId, update: impl Into<Update>) -> Result<Registered, Error> {
        self.update(id, update.into(), Attached::default()).await
    }

    /// Deletes an object on the server and removes it from the folder. An object that the server does not list, because it
    /// was deleted or because the user has no access, is only removed from the folder. With `wipe_files`, its attached files are deleted
    /// too: those of its newest version on the storage host, and those that are listed in the object on this machine.
    ///
    /// A Python client keeps the object in its folder. A Rust client removes it at its next synchronization.
    ///
    /// # Errors
    /// The object is unknown, the server has a version that is not in the folder ([`ErrorKind::NewerOnServer`]), or the
    /// server did not delete the object: it stays in the folder. Or the files could not be deleted: the object is then
    /// already deleted.
    pub async fn unregister_object(&self, id: &ObjectId, wipe_files: bool) -> Result<(), Error> {
        self.core.check_writable()?;
        let _one_at_a_time = self.core.synchronizing.lock().await;
        let (object, state) = self.core.object(id).await?;
        let paths = object.values.file_paths()?;
        let folder = self.core.folders.folder_of(&object, &state)?;
        if object.server_stamp.is_some() || state.sent.is_some() {
            self.delete_on_server(&object, &state).await?;
        }
        let removed = id.clone();
        self.core.store(move |store| store.remove(&removed)).await?;
        if wipe_files && !paths.is_empty() {
            transfer::remove_files(folder, paths).await?;
            transfer::delete(&self.core, &object).await?;
        }
        Ok(())
    }

    /// Gives a user a right on an object, or changes the right. [`AccessRight::None`] ends the subscription.
    ///
    /// Idempotent, so it may be retried.
    ///
    /// # Errors
    /// The right is unknown, the client is read-only, or the request failed.
    pub async fn upsert_subscription(
        &self,
        id: &ObjectId,
        user_name: &str,
        right: AccessRight,
    ) -> Result<SubscriptionId, Error> {
        self.core.check_writable()?;
        if right.is_unknown() || user_name.is_empty() {
            return Err(Error::invalid(
                "a subscription needs the name of a user and one of the rights that this version knows",
            ));
        }
        self.core.api.subscribe(id, user_name, &right).await
    }

    /// Ends the subscription of a user. The user keeps the version in the folder of the user's client.
    ///
    /// Idempotent, so it may be retried.
    ///
    /// # Errors
    /// The client is read-only, or the request failed.
    pub async fn unsubscribe(&self, id: &ObjectId, user_name: &str) -> Result<(), Error> {
        self.upsert_subscription(id, user_name, AccessRight::None)
            .await
            .map(drop)
    }

    /// Returns all users and their rights on an object, ordered by right and name.
    ///
    /// # Errors
    /// The request failed.
    pub async fn userz_access(&self, id: &ObjectId) -> Result<Vec<UserAccess>, Error> {
        self.core.api.users(Some(id)).await
    }

    /// Returns all users of the server, ordered by name. None of them has a right.
    ///
    /// # Errors
    /// The request failed.
    pub async fn users(&self) -> Result<Vec<UserAccess>, Error> {
        self.core.api.users(None).await
    }

    /// Deletes a user and all objects of the user on the server. Only administrators may do this.
    ///
    /// # Errors
    /// The client is read-only, or the request failed.
    pub async fn wipe_user(&self, user_name: &str) -> Result<(), Error> {
        self.core.check_writable()?;
        if user_name.is_empty() {
            return Err(Error::invalid("the name of the user is empty"));
        }
        self.core.api.wipe_user(user_name).await
    }

    /// Uploads what was changed in the folder, and downloads what was changed on the server.
    ///
    /// One object that fails does not stop the others. May be dropped and repeated at any time.
    ///
    /// # Errors
    /// Nothing was synchronized: the server cannot be reached, it rejected the login or the request of its list, the
    /// clocks differ, or the folder cannot be read.
    pub async fn synchronize(&self) -> Result<SyncReport, Error> {
        sync::all(&self.core).await
    }

    /// Returns the time of the last synchronization without errors. The oldest stamp if there was none.
    ///
    /// # Errors
    /// The file of the stamp cannot be read or is damaged.
    pub async fn last_sync_stamp(&self) -> Result<Stamp, Error> {
        self.core.store(|store| store.last_sync_stamp()).await
    }

    /// Sets the time of the last synchronization. It has no effect on synchronizations.
    ///
    /// # Errors
    /// The file of the stamp cannot be written.
    pub async fn set_last_sync_stamp(&self, stamp: Stamp) -> Result<(), Error> {
        self.core
            .store(move |store| store.set_last_sync_stamp(stamp))
            .await
    }

    /// Returns an object as it is in the folder. Does not use the network.
    ///
    /// # Errors
    /// The object is unknown, or its file is damaged.
    pub async fn object(&self, id: &ObjectId) -> Result<Object, Error> {
        self.core.object(id).await.map(|(object, _)| object)
    }

    /// Returns all objects of the folder, ordered by id. Does not use the network. Damaged files are set aside.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub async fn objects(&self) -> Result<Vec<Object>, Error> {
        let loaded = self.core.store(|store| store.load()).await?;
        Ok(loaded.objects.into_values().collect())
    }

    /// Returns the versions that lost a conflict and are kept as copies.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub async fn copies(&self) -> Result<Vec<Copy>, Error> {
        self.core.store(|store| store.copies()).await
    }

    /// Removes a copy and its files.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub async fn remove_copy(&self, id: &ObjectId, stamp: Stamp) -> Result<(), Error> {
        let id = id.clone();
        self.core.store(move |store| store.remove_copy(&id, stamp)).await
    }

    /// Returns the folder of the client.
    pub fn root(&self) -> &Path {
        self.core.folders.root()
    }

    /// Deletes an object on the server, if the server lists it.
    async fn delete_on_server(&self, object: &Object, state: &LocalState) -> Result<(), Error> {
        let Some(server) = List::request(&self.core).await?.find(&object.id)? else {
            return Ok(());
        };
        let newest = Some(server.client_stamp);
        match newest == object.server_stamp || newest == state.sent {
            true => self.core.api.delete(object).await,
            false => Err(Error::new(ErrorKind::NewerOnServer(object.id.clone()))),
        }
    }

    pub(crate) async fn register(
        &self,
        registration: Registration,
        attached: Attached,
    ) -> Result<Registered, Error> {
        self.core.check_writable()?;
        let object = self.new_object(registration)?;
        let id = object.id.clone();
        self.core
            .store(move |store| {
                if store.object(&object.id)?.is_some() {
                    return Err(Error::new(ErrorKind::AlreadyRegistered(object.id)));
                }
                attached.place()?;
                let state = LocalState {
                    folder: attached.folder,
                    is_whole: attached.is_whole,
                    ..LocalState::default()
                };
                store.save_local_state(&object.id, &state)?;
                store.save(&object)
            })
            .await?;
        self.send(&id).await
    }

    pub(crate) fn new_object(&self, registration: Registration) -> Result<Object, Error> {
        let Registration {
            values,
            stamp,
            id,
            storage_host,
        } = registration;
        values.file_paths()?;
        let identity = &self.core.identity;
        let stamp = stamp.unwrap_or_else(Stamp::now);
        let id = match id {
            Some(id) => id,
            None => ObjectId::new(
                &identity.app_id,
                &identity.user_name,
                &identity.device_id,
                name(&values)?.as_deref(),
                stamp,
            )?,
        };
        Ok(Object {
            id,
            client_stamp: stamp,
            server_stamp: None,
            values,
            server_values: Values::new(),
            storage_host: Some(storage_host.unwrap_or_else(|| self.core.default_host.clone())),
            user_name: identity.user_name.clone(),
            device_id: identity.device_id.clone(),
            app_id: identity.app_id.clone(),
            access_right: AccessRight::Create,
        })
    }

    pub(crate) async fn update(
        &self,
        id: &ObjectId,
        update: Update,
        attached: Attached,
    ) -> Result<Registered, Error> {
        self.core.check_writable()?;
        let updated = id.clone();
        self.core
            .store(move |store| {
                let current = store.object(&updated)?;
                let current = current.ok_or_else(|| Error::new(ErrorKind::UnknownObject(updated)))?;
                let stamp = update
                    .stamp
                    .unwrap_or_else(|| Stamp::now().max(current.newest().next()));
                current.check_newer(stamp)?;
                let mut values = match update.is_reset {
                    true => Values::new(),
                    false => current.values.clone(),
                };
                values.merge(update.values);
                values.file_paths()?;
                attached.place()?;
                if let Some(folder) = attached.folder {
                    let state = LocalState {
                        folder: Some(folder),
                        is_whole: attached.is_whole,
                        ..store.local_state(&current.id)?
                    };
                    store.save_local_state(&current.id, &state)?;
                }
                store.save(&Object {
                    client_stamp: stamp,
                    values,
                    ..current
                })
            })
            .await?;
        self.send(id).await
    }

    /// Sends an object that is in the folder.
    async fn send(&self, id: &ObjectId) -> Result<Registered, Error> {
        let outcome = sync::one(&self.core, id).await;
        if let Ok(report) = &outcome
            && let Some(conflict) = report
                .conflicts
                .iter()
                .find(|conflict| conflict.kind == ConflictKind::Deleted)
        {
            return Err(Error::new(ErrorKind::DeletedOnServer {
                id: id.clone(),
                copy: conflict.copy.clone(),
            }));
        }
        if let Ok(report) = &outcome
            && let Some(conflict) = report
                .conflicts
                .iter()
                .find(|conflict| conflict.kind == ConflictKind::ServerIsNewer)
        {
            return Err(Error::new(ErrorKind::NewerVersion {
                id: id.clone(),
                copy: conflict.copy.clone(),
            }));
        }
        let object = self.object(id).await?;
        Ok(match outcome {
            Ok(_) if !object.is_changed() => Registered::Synced(object),
            Ok(report) => Registered::Local(object, not_sent(&report)),
            Err(error) => {
                tracing::debug!(%id, %error, "object saved only in the folder");
                Registered::Local(object, error)
            }
        })
    }
}

/// Why an object was not sent although no request failed.
fn not_sent(report: &SyncReport) -> Error {
    let reasons: Vec<String> = report
        .skipped
        .iter()
        .map(|skipped| format!("{:?}", skipped.reason))
        .collect();
    Error::invalid(match reasons.is_empty() {
        true => "the program changed the object again while it was sent".to_owned(),
        false => format!("the object was not sent: {}", reasons.join(", ")),
    })
}

/// Returns the part of an id that describes the object. The Python client uses the same rules (observed).
fn name(values: &Values) -> Result<Option<String>, Error> {
    if let Some(name) = values.get(Values::NAME) {
        let name = name.decode();
        return name
            .map(Some)
            .map_err(|_| Error::invalid(format!("the value `{}` is not a string", Values::NAME)));
    }
    if let Some(root) = values.root_path() {
        return Ok(Some(root.trim_matches('/').to_owned()));
    }
    Ok(match values.file_paths()?.as_slice() {
        [path] => Some(path.clone()),
        _ => None,
    })
}
