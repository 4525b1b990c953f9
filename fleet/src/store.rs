//! The object stores of logs and results. Their credentials come from the environment.

use std::collections::BTreeMap;
use std::error::Error as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use object_store::aws::AmazonS3Builder;
use object_store::client::{HttpError, HttpErrorKind};
use object_store::path::Path;
use object_store::{BackoffConfig, Error, GetOptions, ObjectStore, PutOptions, RetryConfig};

use crate::tls::use_ring;

/// How long a request is repeated. A call waits longer than this, but does not hold up its journal for it.
const RETRY: Duration = Duration::from_secs(10);

/// The clients of object stores by the names of their buckets.
#[derive(Default)]
pub(crate) struct Stores(Mutex<BTreeMap<String, Arc<dyn ObjectStore>>>);

impl Stores {
    /// Writes an object, in place of an earlier one.
    ///
    /// # Errors
    /// The object was not written. The error contains neither the address nor the response of the store, because they
    /// may contain credentials.
    pub(crate) async fn put(&self, bucket: &str, name: &str, text: String) -> Result<(), &'static str> {
        let store = self.of(bucket)?;
        let path = Path::parse(name).map_err(|_| "the name of the object is not valid")?;
        let written = store.put_opts(&path, text.into(), PutOptions::default()).await;
        written.map(drop).map_err(|error| reason(&error))
    }

    /// Reads an object.
    ///
    /// # Errors
    /// The object was not read. The error contains neither the address nor the response of the store, because they may
    /// contain credentials.
    pub(crate) async fn get(&self, bucket: &str, name: &str) -> Result<String, &'static str> {
        let store = self.of(bucket)?;
        let path = Path::parse(name).map_err(|_| "the name of the object is not valid")?;
        let read = store.get_opts(&path, GetOptions::default()).await;
        let bytes = match read {
            Ok(object) => object.bytes().await,
            Err(Error::NotFound { .. }) => return Err("the object or the bucket does not exist (404)"),
            Err(error) => return Err(reason(&error)),
        };
        let bytes = bytes.map_err(|error| reason(&error))?;
        String::from_utf8(bytes.into()).map_err(|_| "the object is no text")
    }

    fn of(&self, bucket: &str) -> Result<Arc<dyn ObjectStore>, &'static str> {
        let mut stores = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(store) = stores.get(bucket) {
            return Ok(Arc::clone(store));
        }
        use_ring();
        let retry = RetryConfig {
            backoff: BackoffConfig::default(),
            max_retries: 3,
            retry_timeout: RETRY,
        };
        let store = AmazonS3Builder::from_env()
            .with_bucket_name(bucket)
            .with_retry(retry)
            .build()
            .map_err(|_| "the variables AWS_* of the worker are not complete or not valid")?;
        let store: Arc<dyn ObjectStore> = Arc::new(store);
        stores.insert(bucket.to_owned(), Arc::clone(&store));
        Ok(store)
    }
}

/// Returns why a request failed, in words of this program.
fn reason(error: &Error) -> &'static str {
    match error {
        Error::NotFound { .. } => return "the bucket does not exist (404)",
        Error::PermissionDenied { .. } => return "the store denies the access (403)",
        Error::Unauthenticated { .. } => return "the store does not accept the credentials (401)",
        _ => {}
    }
    let mut cause = error.source();
    while let Some(error) = cause {
        match error.downcast_ref::<HttpError>().map(HttpError::kind) {
            Some(HttpErrorKind::Connect) => {
                return "the store, or the service with its credentials, cannot be reached";
            }
            Some(HttpErrorKind::Timeout) => return "the store does not answer in time",
            _ => cause = error.source(),
        }
    }
    "the store returned an error"
}
