//! Blocking calls, for programs without an async runtime.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use tokio::runtime::{Builder, Runtime};

use crate::access::AccessRight;
use crate::api::{SubscriptionId, UserAccess};
use crate::copies::Copy;
use crate::error::{Error, ErrorKind};
use crate::object::Object;
use crate::object_id::ObjectId;
use crate::registered::Registered;
use crate::report::SyncReport;
use crate::stamp::Stamp;
use crate::version::{AttachedFile, AttachedFolder, Registration, Update};

/// A client whose operations block the thread. Its methods are those of [`crate::Client`].
///
/// ```no_run
/// use oaio_client::{Client, SecretString, Values, blocking};
///
/// # fn example(password: SecretString) -> Result<(), oaio_client::Error> {
/// let client = Client::builder("oaio.example.com")
///     .credentials("alice", password)
///     .app_id("notes")
///     .device_id("laptop")
///     .root("/home/alice/oaio_root")
///     .build()?;
/// let client = blocking::Client::from(client);
/// let registered = client.register_object(Values::new().with("_name", "first note"))?;
/// println!("{}", registered.object().id);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client(crate::Client);

impl From<crate::Client> for Client {
    fn from(client: crate::Client) -> Self {
        Self(client)
    }
}

macro_rules! blocking {
    ($($name:ident($($argument:ident: $ty:ty),*) -> $result:ty;)*) => {
        impl Client {
            $(
                #[doc = concat!("Like [`", stringify!($name), "`](crate::Client::", stringify!($name), "), but blocks the thread.")]
                ///
                /// # Errors
                /// Those of the async method.
                pub fn $name(&self, $($argument: $ty),*) -> Result<$result, Error> {
                    block_on(self.0.$name($($argument),*))
                }
            )*
        }
    };
}
blocking! {
    connect() -> Stamp;
    log_out() -> ();
    register_object(registration: impl Into<Registration>) -> Registered;
    register_file(file: AttachedFile) -> Registered;
    register_folder(folder: AttachedFolder) -> Registered;
    update_object(id: &ObjectId, update: impl Into<Update>) -> Registered;
    update_file(id: &ObjectId, file: AttachedFile) -> Registered;
    update_folder(id: &ObjectId, folder: AttachedFolder) -> Registered;
    unregister_object(id: &ObjectId, wipe_files: bool) -> ();
    upsert_subscription(id: &ObjectId, user_name: &str, right: AccessRight) -> SubscriptionId;
    unsubscribe(id: &ObjectId, user_name: &str) -> ();
    userz_access(id: &ObjectId) -> Vec<UserAccess>;
    users() -> Vec<UserAccess>;
    wipe_user(user_name: &str) -> ();
    synchronize() -> SyncReport;
    last_sync_stamp() -> Stamp;
    set_last_sync_stamp(stamp: Stamp) -> ();
    object(id: &ObjectId) -> Object;
    objects() -> Vec<Object>;
    file_paths(id: &ObjectId) -> Vec<PathBuf>;
    copies() -> Vec<Copy>;
    remove_copy(id: &ObjectId, stamp: Stamp) -> ();
}

impl Client {
    /// Returns the folder of the client.
    pub fn root(&self) -> &Path {
        self.0.root()
    }
}

/// Runs a future to its end on this thread. One runtime with one thread serves the sockets of all blocking calls.
fn block_on<T>(future: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let _entered = runtime()?.enter();
    pollster::block_on(future)
}

fn runtime() -> Result<&'static Runtime, Error> {
    static RUNTIME: OnceLock<std::io::Result<Runtime>> = OnceLock::new();
    let started = RUNTIME.get_or_init(|| {
        Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("oaio-blocking")
            .enable_all()
            .build()
    });
    started.as_ref().map_err(|error| {
        Error::new(ErrorKind::Configuration(format!(
            "the runtime for blocking calls cannot be started: {error}"
        )))
    })
}
