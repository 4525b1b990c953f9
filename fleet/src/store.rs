//! The object stores of logs and results. Their credentials come from the environment.

use std::collections::BTreeMap;
use std::error::Error as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use object_store::aws::AmazonS3Builder;
use object_store::client::{HttpError, HttpErrorKind};
use object_store::path::Path;
use object_store::{BackoffConfig, Error, GetOptions, ObjectStore, PutMode, PutOptions, RetryConfig};

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

    /// Writes an object, unless it exists. Returns the text of the object.
    ///
    /// # Errors
    /// The object was not written. The error contains neither the address nor the response of the store, because they
    /// may contain credentials.
    pub(crate) async fn put_once(
        &self,
        bucket: &str,
        name: &str,
        text: String,
    ) -> Result<String, &'static str> {
        let store = self.of(bucket)?;
        let path = Path::parse(name).map_err(|_| "the name of the object is not valid")?;
        // A store that does not know the condition below writes in any case, so the object is looked for at first.
        if let Some(found) = read(store.as_ref(), &path).await? {
            return Ok(found);
        }
        let unless_it_exists = PutOptions::from(PutMode::Create);
        match store.put_opts(&path, text.clone().into(), unless_it_exists).await {
            Ok(_) => Ok(text),
            Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) => self.get(bucket, name).await,
            Err(error) => Err(reason(&error)),
        }
    }

    /// Reads an object.
    ///
    /// # Errors
    /// The object was not read. The error contains neither the address nor the response of the store, because they may
    /// contain credentials.
    pub(crate) async fn get(&self, bucket: &str, name: &str) -> Result<String, &'static str> {
        let store = self.of(bucket)?;
        let path = Path::parse(name).map_err(|_| "the name of the object is not valid")?;
        let found = read(store.as_ref(), &path).await?;
        found.ok_or("the object or the bucket does not exist (404)")
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

/// Returns the text of an object, or `None` if it does not exist.
async fn read(store: &dyn ObjectStore, path: &Path) -> Result<Option<String>, &'static str> {
    let bytes = match store.get_opts(path, GetOptions::default()).await {
        Ok(object) => object.bytes().await,
        Err(Error::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(reason(&error)),
    };
    let bytes = bytes.map_err(|error| reason(&error))?;
    let text = String::from_utf8(bytes.into()).map_err(|_| "the object is no text")?;
    Ok(Some(text))
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

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_object_that_is_written_once_keeps_its_first_text() {
        let stores = Stores::default();
        let memory: Arc<dyn ObjectStore> = Arc::new(object_store::memory::InMemory::new());
        stores.0.lock().unwrap().insert("bucket".to_owned(), memory);
        let write = |number: u32| stores.put_once("bucket", "nights/note", number.to_string());
        let texts = futures_util::future::join_all((0..8).map(write)).await;
        let later = write(8).await;
        for text in &texts {
            assert_eq!(text, &later);
        }
    }
}
