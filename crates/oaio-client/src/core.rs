//! What all operations of a client share: the server, the folder and the storage hosts.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::api::Api;
use crate::error::{Error, ErrorKind};
use crate::folders::Folders;
use crate::host::{OpenHost, StorageArguments, StorageHost};
use crate::identity::Identity;
use crate::local_state::LocalState;
use crate::object::Object;
use crate::object_id::ObjectId;
use crate::progress::OnProgress;
use crate::store::Store;

/// The shared parts of a client.
pub(crate) struct Core {
    pub(crate) api: Api,
    pub(crate) identity: Identity,
    pub(crate) folders: Folders,
    pub(crate) hosts: HashMap<String, OpenHost>,
    pub(crate) default_host: String,
    pub(crate) on_progress: Option<OnProgress>,
    pub(crate) is_read_only: bool,
    /// Held during a synchronization, so that there is one at a time.
    pub(crate) synchronizing: tokio::sync::Mutex<()>,
    store: Arc<Mutex<Store>>,
}

/// The settings of [`Core::new`].
pub(crate) struct Parts {
    pub(crate) api: Api,
    pub(crate) identity: Identity,
    pub(crate) folders: Folders,
    pub(crate) hosts: HashMap<String, OpenHost>,
    pub(crate) default_host: String,
    pub(crate) on_progress: Option<OnProgress>,
    pub(crate) is_read_only: bool,
    pub(crate) store: Store,
}

impl Core {
    pub(crate) fn new(parts: Parts) -> Self {
        Self {
            api: parts.api,
            identity: parts.identity,
            folders: parts.folders,
            hosts: parts.hosts,
            default_host: parts.default_host,
            on_progress: parts.on_progress,
            is_read_only: parts.is_read_only,
            synchronizing: tokio::sync::Mutex::default(),
            store: Arc::new(Mutex::new(parts.store)),
        }
    }

    /// # Errors
    /// The client is read-only.
    pub(crate) fn check_writable(&self) -> Result<(), Error> {
        match self.is_read_only {
            true => Err(Error::new(ErrorKind::ReadOnly)),
            false => Ok(()),
        }
    }

    /// Calls a function with the store, on a thread for blocking calls. Files are read and written only there. The
    /// function runs to its end, even if the future is dropped.
    pub(crate) async fn store<T: Send + 'static>(
        &self,
        access: impl FnOnce(&Store) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let store = Arc::clone(&self.store);
        run_blocking(move || access(&store.lock().unwrap_or_else(PoisonError::into_inner))).await
    }

    /// Returns an object of the folder and what the client knows about its files and uploads.
    pub(crate) async fn object(&self, id: &ObjectId) -> Result<(Object, LocalState), Error> {
        let id = id.clone();
        self.store(move |store| {
            let object = store.object(&id)?;
            let state = store.local_state(&id)?;
            object
                .map(|object| (object, state))
                .ok_or_else(|| Error::new(ErrorKind::UnknownObject(id)))
        })
        .await
    }

    /// Connects to the storage host of an object, with arguments from the server.
    pub(crate) async fn host(&self, object: &Object) -> Result<Arc<dyn StorageHost>, Error> {
        let id = object.storage_host.as_deref().unwrap_or_default();
        let failed = |problem: String| {
            Error::new(ErrorKind::Storage {
                host: id.to_owned(),
                path: String::new(),
                problem,
            })
        };
        let open = self.hosts.get(id).ok_or_else(|| {
            failed("the client does not know it. Add it with `storage_host` of the builder".to_owned())
        })?;
        let arguments = StorageArguments::new(self.api.storage_arguments(id).await?);
        open(&arguments).map_err(|cause| failed(cause.to_string()).because(cause))
    }
}

/// Calls a function on a thread for blocking calls.
pub(crate) async fn run_blocking<T: Send + 'static>(
    function: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let runtime = https_connect::current_runtime()?;
    match runtime.spawn_blocking(function).await {
        Ok(outcome) => outcome,
        Err(ended) => match ended.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(ended) => Err(Error::new(ErrorKind::NoRuntime).because(ended)),
        },
    }
}
