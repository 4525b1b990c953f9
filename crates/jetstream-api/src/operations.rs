//! The operations of the examples page, with their documented arguments.

use python_bridge::generated_v1::Draft;
use python_bridge::{Error, FromJson, Request as _, SecretString};

use crate::generated::send::{
    SendCreateDestination, SendCreateManifest, SendCreateTransfer, SendGetManifest, SendGetTransfer,
    SendResumeTransfer, SendWaitForManifest, SendWaitForTransfer,
};
use crate::generated::server::ServerAuth;
use crate::generated::{
    Client, DestinationId, Manifest, ManifestId, ReceiveTransfer, ServerRequest, Source, Transfer,
    TransferId, catalog,
};
use crate::reference::Reference;
use crate::request::Request;
use crate::wait::Wait;

/// # Operations of the examples page
impl Client {
    /// Authenticates the connection.
    pub fn auth(&self, user: &str, password: &SecretString) -> ServerAuth {
        self.server_auth(user, password)
    }

    /// Starts an authentication.
    ///
    /// # Errors
    /// The call failed. The end of the request tells whether the user is authenticated.
    pub async fn auth_async(&self, user: &str, password: &SecretString) -> Result<Request<()>, Error> {
        Ok(self.request(&self.server_auth_async(user, password).await?))
    }

    /// Creates a manifest from pairs: the path at the destination, and the local path. It sends no files.
    pub fn create_manifest<D: Into<String>, L: Into<String>>(
        &self,
        mappings: impl IntoIterator<Item = (D, L)>,
    ) -> SendCreateManifest {
        let pairs = mappings
            .into_iter()
            .map(|(there, here)| (there.into(), here.into()));
        self.send_create_manifest(pairs.collect::<std::collections::BTreeMap<String, String>>())
    }

    /// Returns the state of a manifest.
    pub fn get_manifest(&self, manifest: impl Into<Reference<ManifestId>>) -> SendGetManifest {
        let draft = Draft::new(self.connection(), &catalog::SEND_GET_MANIFEST);
        SendGetManifest::from_draft(draft.arg("manifest", manifest.into()))
    }

    /// The blocking wait of the vendor for a manifest. It cannot be cancelled, and other calls wait for it.
    ///
    /// The timeout of the call ends Python, so set it long enough. [`TaskRef::wait`] has none of these limits.
    pub fn wait_for_manifest(&self, manifest: impl Into<Reference<ManifestId>>) -> SendWaitForManifest {
        let draft = Draft::new(self.connection(), &catalog::SEND_WAIT_FOR_MANIFEST);
        SendWaitForManifest::from_draft(draft.arg("manifest", manifest.into()))
    }

    /// Names a manifest, to wait for it.
    pub fn manifest(&self, manifest: impl Into<Reference<ManifestId>>) -> TaskRef<ManifestId> {
        TaskRef(self.clone(), manifest.into())
    }

    /// Creates a destination, or returns the existing one. The default port is 8886.
    pub fn create_destination(&self, address: &str) -> SendCreateDestination {
        self.send_create_destination(address)
    }

    /// Starts to send a manifest to a destination.
    pub fn create_transfer(
        &self,
        destination: impl Into<Reference<DestinationId>>,
        manifest: impl Into<Reference<ManifestId>>,
    ) -> SendCreateTransfer {
        let draft = Draft::new(self.connection(), &catalog::SEND_CREATE_TRANSFER);
        let draft = draft.arg("destination", destination.into());
        SendCreateTransfer::from_draft(draft.arg("manifest", manifest.into()))
    }

    /// Returns the state of a transfer.
    pub fn get_transfer(&self, transfer: impl Into<Reference<TransferId>>) -> SendGetTransfer {
        let draft = Draft::new(self.connection(), &catalog::SEND_GET_TRANSFER);
        SendGetTransfer::from_draft(draft.arg("transfer", transfer.into()))
    }

    /// The blocking wait of the vendor for a transfer. It cannot be cancelled, and other calls wait for it.
    ///
    /// The timeout of the call ends Python, so set it long enough. [`TaskRef::wait`] has none of these limits.
    pub fn wait_for_transfer(&self, transfer: impl Into<Reference<TransferId>>) -> SendWaitForTransfer {
        let draft = Draft::new(self.connection(), &catalog::SEND_WAIT_FOR_TRANSFER);
        SendWaitForTransfer::from_draft(draft.arg("transfer", transfer.into()))
    }

    /// Resumes a suspended transfer.
    pub fn resume_transfer(&self, transfer: impl Into<Reference<TransferId>>) -> SendResumeTransfer {
        let draft = Draft::new(self.connection(), &catalog::SEND_RESUME_TRANSFER);
        SendResumeTransfer::from_draft(draft.arg("transfer", transfer.into()))
    }

    /// Names a transfer, to wait for it.
    pub fn transfer(&self, transfer: impl Into<Reference<TransferId>>) -> TaskRef<TransferId> {
        TaskRef(self.clone(), transfer.into())
    }

    /// Lets a client send to this server. Only superusers may call it.
    ///
    /// # Errors
    /// The call failed.
    pub async fn add_authorized_client(&self, public_key: &str) -> Result<Request, Error> {
        Ok(self.request(&self.recv_add_authorized_client_async(public_key).await?))
    }

    /// Sets whether only authorised clients may send to this server.
    ///
    /// # Errors
    /// The call failed.
    pub async fn allow_only_authorized_clients(&self, is_limited: bool) -> Result<Request, Error> {
        Ok(self.request(&self.recv_allow_only_authorized_clients_async(is_limited).await?))
    }

    /// Asks for the servers that send to this one.
    ///
    /// # Errors
    /// The call failed.
    pub async fn sources(&self) -> Result<Request<Vec<Source>>, Error> {
        Ok(self.request(&self.recv_get_sources_async().await?))
    }

    /// Asks for the transfers that this server receives.
    ///
    /// # Errors
    /// The call failed.
    pub async fn received_transfers(&self) -> Result<Request<Vec<ReceiveTransfer>>, Error> {
        Ok(self.request(&self.recv_get_transfers_async().await?))
    }

    /// Watches a request that a call by name has started.
    pub fn request<T: FromJson + Send + Sync + 'static>(&self, started: &ServerRequest) -> Request<T> {
        Request::new(self, started)
    }
}

/// A manifest or transfer of a client. [`Client::manifest`] and [`Client::transfer`] create it.
#[derive(Clone, Debug)]
pub struct TaskRef<I>(Client, Reference<I>);

impl TaskRef<ManifestId> {
    /// Waits until the server has collected the files. It calls `getManifest` until `processing` is false.
    pub fn wait<'a>(&self) -> Wait<'a, Manifest> {
        let Self(client, reference) = self.clone();
        Wait::new(move || client.get_manifest(reference.clone()).into_future())
    }
}

impl TaskRef<TransferId> {
    /// Waits until the server stops its work. It calls `getTransfer` until `processing` is false.
    pub fn wait<'a>(&self) -> Wait<'a, Transfer> {
        let Self(client, reference) = self.clone();
        Wait::new(move || client.get_transfer(reference.clone()).into_future())
    }
}
