//! The client of the web server.

use std::fmt;
use std::sync::Arc;

use http::Method;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::error::{Error, ErrorKind};
use super::job_submission::JobSubmission;
use super::pool::Pool;
use super::session::{Outgoing, Session};
use super::template::Template;

/// A client for the web server of one Dispatcher. A clone shares its session.
///
/// The client logs in when it needs a token. If the server returns 401, the client logs in once more. Requests of one
/// client are sent one after the other. Dropping a future does not undo its request.
#[derive(Clone)]
pub struct Rest {
    session: Arc<Session>,
    is_read_only: bool,
}

impl Rest {
    pub(super) fn new(session: Session, is_read_only: bool) -> Self {
        Self {
            session: Arc::new(session),
            is_read_only,
        }
    }

    /// Requests a new token. All other methods do this when it is necessary.
    ///
    /// # Errors
    /// The server rejects the credentials, or no response arrives.
    pub async fn login(&self) -> Result<(), Error> {
        self.session.log_in().await
    }

    /// Returns all pools.
    ///
    /// # Errors
    /// The server returns an error, or no valid response arrives.
    pub async fn pools(&self) -> Result<Vec<Pool>, Error> {
        let data = self.read(Method::GET, "pools/list", &[]).await?;
        list(data, "pools", "`name`").map_err(|error| error.of_request("GET pools/list"))
    }

    /// Returns all templates.
    ///
    /// # Errors
    /// The server returns an error, or no valid response arrives.
    pub async fn templates(&self) -> Result<Vec<Template>, Error> {
        let data = self
            .read(Method::POST, "templates/list", &[("select", "name")])
            .await?;
        list(data, "templates", "`name` and `id`").map_err(|error| error.of_request("POST templates/list"))
    }

    /// Submits a job. Returns the `ResponseData` of the server. Its form is not documented.
    ///
    /// The submission is sent once. See [`Error::is_outcome_unknown`].
    ///
    /// # Errors
    /// - [`ErrorKind::ReadOnly`]: nothing was sent.
    /// - The server returns an error, or no valid response arrives.
    pub async fn submit(&self, submission: &JobSubmission) -> Result<Value, Error> {
        let body = json!({ "RequestData": submission });
        self.raw(Method::POST, "queue/actions", &[("name", "submit")], Some(&body))
            .await
    }

    /// Sends a request to another path below `/api/`, such as `pools/list`. Returns the `ResponseData` of the server.
    ///
    /// A `GET` request must only read: it is repeated after a new login. All other requests are sent once. The body must
    /// contain the member `RequestData`, if the server needs it. The client adds the token to the query.
    ///
    /// # Errors
    /// - [`ErrorKind::InvalidInput`]: the path is invalid, or the query contains `authToken`.
    /// - [`ErrorKind::ReadOnly`]: the client is read-only, and the method is not `GET`.
    /// - The server returns an error, or no valid response arrives.
    pub async fn raw(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Value, Error> {
        let is_odd = |c: char| matches!(c, '?' | '#' | '\\') || c.is_control();
        if path.is_empty() || path.contains(is_odd) || path.contains("..") || path.starts_with('/') {
            return Err(Error::invalid(
                "the path must be relative to `/api/`, without a query, control characters and `..`",
            ));
        }
        if query.iter().any(|(name, _)| *name == "authToken") {
            return Err(Error::invalid("the client adds `authToken` to the query itself"));
        }
        let may_change = method != Method::GET;
        if may_change && self.is_read_only {
            return Err(Error::new(ErrorKind::ReadOnly).of_request(&format!("{method} {path}")));
        }
        let outgoing = Outgoing {
            method,
            path,
            query,
            body: body.map(Value::to_string),
            may_change,
        };
        self.session.request(&outgoing).await
    }

    async fn read(&self, method: Method, path: &str, query: &[(&str, &str)]) -> Result<Value, Error> {
        let outgoing = Outgoing {
            method,
            path,
            query,
            body: None,
            may_change: false,
        };
        self.session.request(&outgoing).await
    }
}

/// Returns a list of the data. The error shows no value, because it may be a secret.
fn list<T: DeserializeOwned>(mut data: Value, name: &str, members: &str) -> Result<Vec<T>, Error> {
    let list = data.get_mut(name).map(Value::take).unwrap_or_default();
    serde_json::from_value(list).map_err(|_| {
        Error::new(ErrorKind::InvalidResponse {
            problem: format!("`ResponseData.{name}` is not a list of objects with {members}"),
            may_have_changed: false,
        })
    })
}

/// Shows no secrets.
impl fmt::Debug for Rest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rest")
            .field("is_read_only", &self.is_read_only)
            .finish_non_exhaustive()
    }
}
