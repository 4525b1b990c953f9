//! The settings of a client.

use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use https_connect::{ApiAddress, Network};
use secrecy::SecretString;

use crate::api::Api;
use crate::client::Client;
use crate::core::{Core, Parts};
use crate::defuse::defuse;
use crate::error::{Error, ErrorKind};
use crate::folders::Folders;
use crate::host::{HostError, OpenHost, StorageArguments, StorageHost};
use crate::http::Http;
use crate::identity::Identity;
use crate::progress::{FileProgress, OnProgress};
use crate::session::Session;
use crate::store::Store;

/// Maximum size of a response by default, in bytes. The list of all objects is one response.
const MAX_RESPONSE_SIZE: usize = 64 * 1024 * 1024;

impl Client {
    /// Starts to build a client for the server at this address: a host, `host:port`, or a URL. The address without a
    /// scheme means `https`, or `http` for `localhost` and loopback addresses.
    pub fn builder(address: &str) -> Builder {
        Builder::new(address)
    }
}

/// The settings of a client. [`Client::builder`] creates it.
///
/// `Debug` shows neither the password nor keys.
#[must_use = "a builder does nothing until `build` is called"]
pub struct Builder {
    address: String,
    credentials: Option<(String, SecretString)>,
    app_id: String,
    device_id: String,
    root: Option<PathBuf>,
    allowed: Vec<(String, PathBuf)>,
    hosts: HashMap<String, OpenHost>,
    default_host: String,
    on_progress: Option<OnProgress>,
    is_read_only: bool,
    network: Network,
    timeout: Duration,
    max_response_size: usize,
}

impl Builder {
    fn new(address: &str) -> Self {
        Self {
            address: address.to_owned(),
            credentials: None,
            app_id: String::new(),
            device_id: String::new(),
            root: None,
            allowed: Vec::new(),
            hosts: HashMap::new(),
            default_host: "Digi".to_owned(),
            on_progress: None,
            is_read_only: false,
            network: Network::default(),
            timeout: Duration::from_secs(60),
            max_response_size: MAX_RESPONSE_SIZE,
        }
    }

    /// The user name and the password. Required.
    pub fn credentials(mut self, user_name: &str, password: impl Into<SecretString>) -> Self {
        self.credentials = Some((user_name.to_owned(), password.into()));
        self
    }

    /// The id of the program, which becomes a part of ids. Required. It contains only characters that are safe in file
    /// names.
    pub fn app_id(mut self, id: &str) -> Self {
        self.app_id = id.to_owned();
        self
    }

    /// The id of this machine, which becomes a part of ids. Required. Two machines of a user need different ids. It
    /// contains only characters that are safe in file names.
    pub fn device_id(mut self, id: &str) -> Self {
        self.device_id = id.to_owned();
        self
    }

    /// The folder of the client. Required. It is created if it is missing. Its layout is that of the Python client, so
    /// both may use the folder, but not at the same time. Only one Rust client can use it at a time.
    pub fn root(mut self, folder: impl Into<PathBuf>) -> Self {
        self.root = Some(folder.into());
        self
    }

    /// Lets objects of the server have their files in `folder` and below. `prefix` is how their `_root_path` begins: a
    /// placeholder such as `{usr}`, or an absolute path.
    ///
    /// Files of other objects from the server are written to the folder of the client, whatever their `_root_path` is.
    /// The Python client writes them to any path that the server names.
    pub fn allow_root(mut self, prefix: &str, folder: impl Into<PathBuf>) -> Self {
        self.allowed.push((prefix.to_owned(), folder.into()));
        self
    }

    /// Adds a storage host under this id. The client requests the arguments of the storage host from the server, but the
    /// host does not need them.
    pub fn storage_host(self, id: &str, host: Arc<dyn StorageHost>) -> Self {
        self.storage_host_with(id, move |_| Ok(Arc::clone(&host)))
    }

    /// Adds a storage host under this id. `open` gets the arguments from the server, usually credentials, for each object
    /// with files.
    pub fn storage_host_with(
        mut self,
        id: &str,
        open: impl Fn(&StorageArguments) -> Result<Arc<dyn StorageHost>, HostError> + Send + Sync + 'static,
    ) -> Self {
        self.hosts.insert(id.to_owned(), Arc::new(open));
        self
    }

    /// The id of the storage host of new objects. The default is `Digi`, as in the Python client.
    pub fn default_storage_host(mut self, id: &str) -> Self {
        self.default_host = id.to_owned();
        self
    }

    /// Calls this function while files are transferred: after each part that was read. It must return quickly.
    pub fn on_progress(mut self, report: impl Fn(&FileProgress) + Send + Sync + 'static) -> Self {
        self.on_progress = Some(Arc::new(report));
        self
    }

    /// Rejects every operation that may change the server. A synchronization downloads, but it does not upload.
    pub fn read_only(mut self) -> Self {
        self.is_read_only = true;
        self
    }

    https_connect::network_settings!();

    /// Timeout of one request to the server. The default is 60 seconds. It does not limit transfers of files.
    pub fn request_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Maximum size of a response, in bytes. The default is 64 MiB.
    pub fn max_response_size(mut self, bytes: usize) -> Self {
        self.max_response_size = bytes;
        self
    }

    /// Builds the client and opens its folder. Sends no request.
    ///
    /// # Errors
    /// A required setting is missing or invalid, a certificate or the proxy cannot be used, the folder cannot be written,
    /// or another client uses it ([`ErrorKind::Locked`]).
    pub fn build(self) -> Result<Client, Error> {
        let address = ApiAddress {
            http_port: 80,
            danger_allow_http: None,
        };
        let base = address.parse(&self.address)?;
        let (user_name, password) = self
            .credentials
            .ok_or_else(|| missing("the user name and the password", "credentials"))?;
        let root = self.root.ok_or_else(|| missing("the folder", "root"))?;
        let root = std::path::absolute(&root)
            .map_err(|cause| Error::file(&root, "cannot find the folder", cause))?;
        for (id, what, method) in [
            (&self.app_id, "the id of the program", "app_id"),
            (&self.device_id, "the id of this machine", "device_id"),
        ] {
            if id.is_empty() {
                return Err(missing(what, method));
            }
            if defuse(id) != *id {
                return Err(Error::new(ErrorKind::Configuration(format!(
                    "{what} `{}` is not safe in file names. Use `{}`, or letters, digits and `-`",
                    id.escape_debug(),
                    defuse(id)
                ))));
            }
        }
        let identity = Identity {
            user_name,
            device_id: self.device_id,
            app_id: self.app_id,
        };
        identity.check()?;
        let http = Http::new(&self.network, &base, self.timeout, self.max_response_size)?;
        let store = Store::open(&root, self.is_read_only)?;
        let session = Session::new(http, base, identity.clone(), password);
        Ok(Client {
            core: Arc::new(Core::new(Parts {
                api: Api::new(session),
                identity,
                folders: Folders::new(root, self.allowed),
                hosts: self.hosts,
                default_host: self.default_host,
                on_progress: self.on_progress,
                is_read_only: self.is_read_only,
                store,
            })),
        })
    }
}

fn missing(what: &str, method: &str) -> Error {
    Error::new(ErrorKind::Configuration(format!(
        "{what} is missing: call `{method}` of the builder"
    )))
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("address", &ApiAddress::shown(&self.address))
            .field("app_id", &self.app_id)
            .field("device_id", &self.device_id)
            .field("root", &self.root)
            .field("is_read_only", &self.is_read_only)
            .finish_non_exhaustive()
    }
}
