//! The operations of the examples page and of the receiver, with their documented arguments.

use std::collections::BTreeMap;

use python_bridge::generated_v1::{Draft, Function};
use python_bridge::{FromJson, Request as _, SecretString};

use crate::generated::send::{
    SendCreateDestination, SendCreateManifest, SendCreateTransfer, SendGetManifest, SendGetTransfer,
    SendResumeTransfer, SendWaitForManifest, SendWaitForTransfer,
};
use crate::generated::server::ServerAuth;
use crate::generated::{
    Client, DestinationId, Manifest, ManifestId, ReceiveTransfer, RequestId, Source, Transfer, TransferId,
    catalog,
};
use crate::reference::Reference;
use crate::request::Request;
use crate::start::Start;
use crate::wait::Wait;

/// # Operations of the examples page
///
/// The page documents all of them. Nothing was tried with the package of the vendor.
impl Client {
    /// Authenticates the connection. The result is nothing.
    ///
    /// A wrong password is an error of the kind [`Raised`](crate::ErrorKind::Raised). The class of the exception is not
    /// known.
    pub fn auth(&self, user: &str, password: &SecretString) -> ServerAuth {
        self.server_auth(user, password)
    }

    /// Starts an authentication. The end of the request tells whether the user is authenticated.
    pub fn auth_async(&self, user: &str, password: &SecretString) -> Start<()> {
        let draft = self.draft_of(&catalog::SERVER_AUTH_ASYNC).arg("user", user);
        Start::new(self, draft.arg("password", password))
    }

    /// Creates a manifest from pairs: the path at the destination, and the local path. It sends no files.
    ///
    /// If [`is_outcome_unknown`](crate::Error::is_outcome_unknown) is true for its error, look for the manifest with
    /// `send_get_manifests` before you repeat the call.
    pub fn create_manifest<D: Into<String>, L: Into<String>>(
        &self,
        mappings: impl IntoIterator<Item = (D, L)>,
    ) -> SendCreateManifest {
        let pairs = mappings
            .into_iter()
            .map(|(there, here)| (there.into(), here.into()));
        self.send_create_manifest(pairs.collect::<BTreeMap<String, String>>())
    }

    /// Returns the state of a manifest. It only reads.
    pub fn get_manifest(&self, manifest: impl Into<Reference<ManifestId>>) -> SendGetManifest {
        let draft = self.draft_of(&catalog::SEND_GET_MANIFEST);
        SendGetManifest::from_draft(draft.arg("manifest", manifest.into()))
    }

    /// The blocking wait of the vendor for a manifest. It cannot be cancelled, and other calls wait for it.
    ///
    /// If it takes longer than the timeout of calls, which is a minute unless you set it, Python is ended. The manifest
    /// goes on. [`TaskRef::wait`] has none of these limits.
    pub fn wait_for_manifest(&self, manifest: impl Into<Reference<ManifestId>>) -> SendWaitForManifest {
        let draft = self.draft_of(&catalog::SEND_WAIT_FOR_MANIFEST);
        SendWaitForManifest::from_draft(draft.arg("manifest", manifest.into()))
    }

    /// Names a manifest, to wait for it. It sends nothing.
    pub fn manifest(&self, manifest: impl Into<Reference<ManifestId>>) -> TaskRef<ManifestId> {
        TaskRef(self.clone(), manifest.into())
    }

    /// Creates a destination, or returns the existing one. The default port is 8886.
    pub fn create_destination(&self, address: &str) -> SendCreateDestination {
        self.send_create_destination(address)
    }

    /// Starts to send a manifest to a destination.
    ///
    /// The function has more options, such as the overwrite mode, and their names are not known. If you know them, call
    /// `send.createTransfer` by name; [`OverwriteMode`](crate::OverwriteMode) has an example.
    ///
    /// If [`is_outcome_unknown`](crate::Error::is_outcome_unknown) is true for its error, look for the transfer with
    /// `send_get_transfers` before you repeat the call.
    pub fn create_transfer(
        &self,
        destination: impl Into<Reference<DestinationId>>,
        manifest: impl Into<Reference<ManifestId>>,
    ) -> SendCreateTransfer {
        let draft = self.draft_of(&catalog::SEND_CREATE_TRANSFER);
        let draft = draft.arg("destination", destination.into());
        SendCreateTransfer::from_draft(draft.arg("manifest", manifest.into()))
    }

    /// Returns the state of a transfer. It only reads.
    pub fn get_transfer(&self, transfer: impl Into<Reference<TransferId>>) -> SendGetTransfer {
        let draft = self.draft_of(&catalog::SEND_GET_TRANSFER);
        SendGetTransfer::from_draft(draft.arg("transfer", transfer.into()))
    }

    /// The blocking wait of the vendor for a transfer. It cannot be cancelled, and other calls wait for it.
    ///
    /// If it takes longer than the timeout of calls, which is a minute unless you set it, Python is ended. The transfer
    /// goes on. [`TaskRef::wait`] has none of these limits.
    pub fn wait_for_transfer(&self, transfer: impl Into<Reference<TransferId>>) -> SendWaitForTransfer {
        let draft = self.draft_of(&catalog::SEND_WAIT_FOR_TRANSFER);
        SendWaitForTransfer::from_draft(draft.arg("transfer", transfer.into()))
    }

    /// Resumes a suspended transfer. The page does not show the result, so it is JSON.
    pub fn resume_transfer(&self, transfer: impl Into<Reference<TransferId>>) -> SendResumeTransfer {
        let draft = self.draft_of(&catalog::SEND_RESUME_TRANSFER);
        SendResumeTransfer::from_draft(draft.arg("transfer", transfer.into()))
    }

    /// Names a transfer, to wait for it. It sends nothing.
    pub fn transfer(&self, transfer: impl Into<Reference<TransferId>>) -> TaskRef<TransferId> {
        TaskRef(self.clone(), transfer.into())
    }

    /// Watches a request. It sends nothing.
    ///
    /// A request that a call by name has started is watched in the same way:
    ///
    /// ```no_run
    /// # async fn example(client: jetstream_api::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use jetstream_api::{Json, ServerRequest};
    ///
    /// let call = client.call("server.duAsync").arg("path", "/data");
    /// let request = client.request::<Json>(&call.returns::<ServerRequest>().await?);
    /// println!("{}", request.wait().await?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn request<T: FromJson + Send + Sync + 'static>(
        &self,
        request: impl Into<Reference<RequestId>>,
    ) -> Request<T> {
        Request::new(self, request.into())
    }

    fn draft_of(&self, function: &'static Function) -> Draft {
        Draft::new(self.connection(), function)
    }
}

/// # Operations of the receiver
///
/// Only superusers may call them: this is documented for the first one, since 1.3.0.
///
/// The arguments of `removeAuthorizedClientAsync` are not documented, so it has no method. Call it by name:
///
/// ```no_run
/// # async fn example(client: jetstream_api::Client) -> Result<(), Box<dyn std::error::Error>> {
/// use jetstream_api::{Json, ServerRequest};
///
/// // This argument is a guess: take it from your package.
/// let call = client.call("recv.removeAuthorizedClientAsync").arg("clientPublicKey", "ssh-rsa AAAA");
/// let request = client.request::<Json>(&call.returns::<ServerRequest>().await?);
/// request.wait().await?;
/// # Ok(())
/// # }
/// ```
impl Client {
    /// Lets a client send to this server (documented).
    ///
    /// `public_key` is the public key of the client. Python also accepts a structure that has it; which structures have it
    /// is not documented.
    pub fn add_authorized_client(&self, public_key: &str) -> Start {
        let draft = self.draft_of(&catalog::RECV_ADD_AUTHORIZED_CLIENT_ASYNC);
        Start::new(self, draft.arg("clientPublicKey", public_key))
    }

    /// Sets whether only authorised clients may send to this server (documented).
    pub fn allow_only_authorized_clients(&self, is_limited: bool) -> Start {
        let draft = self.draft_of(&catalog::RECV_ALLOW_ONLY_AUTHORIZED_CLIENTS_ASYNC);
        Start::new(self, draft.arg("onlyAuthorizedClientsAllowed", is_limited))
    }

    /// Asks for the servers that send to this one (documented). It only reads.
    pub fn sources(&self) -> Start<Vec<Source>> {
        Start::new(self, self.draft_of(&catalog::RECV_GET_SOURCES_ASYNC))
    }

    /// Asks for the transfers that this server receives (documented). It only reads.
    pub fn received_transfers(&self) -> Start<Vec<ReceiveTransfer>> {
        Start::new(self, self.draft_of(&catalog::RECV_GET_TRANSFERS_ASYNC))
    }
}

/// A manifest or transfer of a client. [`Client::manifest`] and [`Client::transfer`] create it.
///
/// Dropping it changes nothing on the server.
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
