//! The session with the web server: login, token, and one new login if the server returns 401.
//!
//! A request that may change the server is sent once. Before it, the session reads the list of pools if it has not just
//! logged in. So an expired token is noticed by a request that can be repeated.

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, USER_AGENT};
use http::{Method, Request};
use http_body_util::Full;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use tokio::sync::Mutex;
use url::Url;

use super::answer::{Answer, token};
use super::error::{Error, ErrorKind};
use super::http::Http;

const AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

const LOGIN: &str = "login";

/// A session with one web server. Its requests are sent one after the other.
pub(super) struct Session {
    http: Http,
    base: Url,
    user_name: String,
    password: SecretString,
    token: Mutex<Option<SecretString>>,
}

/// What a request sends.
pub(super) struct Outgoing<'a> {
    pub(super) method: Method,
    pub(super) path: &'a str,
    pub(super) query: &'a [(&'a str, &'a str)],
    /// JSON text.
    pub(super) body: Option<String>,
    pub(super) may_change: bool,
}

const CHECK: Outgoing<'static> = Outgoing {
    method: Method::GET,
    path: "pools/list",
    query: &[],
    body: None,
    may_change: false,
};

impl Session {
    pub(super) fn new(http: Http, base: Url, user_name: String, password: SecretString) -> Self {
        Self {
            http,
            base,
            user_name,
            password,
            token: Mutex::default(),
        }
    }

    /// Requests a new token.
    pub(super) async fn log_in(&self) -> Result<(), Error> {
        let mut token = self.token.lock().await;
        self.renew(&mut token).await
    }

    /// Sends a request in a session. Returns the data of a successful response.
    pub(super) async fn request(&self, outgoing: &Outgoing<'_>) -> Result<Value, Error> {
        let name = format!("{} {}", outgoing.method, outgoing.path);
        let mut token = self.token.lock().await;
        let outcome = match outgoing.may_change {
            true => self.once(&mut token, outgoing).await,
            false => self.repeatable(&mut token, outgoing).await,
        };
        outcome
            .and_then(|answer| self.data(token.as_ref(), answer, outgoing.may_change))
            .map_err(|error| error.of_request(&name))
    }

    /// Sends a request that only reads. It logs in once more if the token has expired.
    async fn repeatable(
        &self,
        token: &mut Option<SecretString>,
        outgoing: &Outgoing<'_>,
    ) -> Result<Answer, Error> {
        let is_new = token.is_none();
        if is_new {
            self.renew(token).await?;
        }
        let answer = self.exchange_twice(token.as_ref(), outgoing).await?;
        if is_new || !answer.is_expired() {
            return self.accepted(token, answer);
        }
        tracing::debug!("the token has expired");
        self.renew(token).await?;
        let answer = self.exchange(token.as_ref(), outgoing).await?;
        self.accepted(token, answer)
    }

    /// Sends a request that may change the server. It is sent once, with a token that has just been accepted.
    async fn once(&self, token: &mut Option<SecretString>, outgoing: &Outgoing<'_>) -> Result<Answer, Error> {
        match token {
            None => self.renew(token).await?,
            Some(_) => {
                let checked = self.repeatable(token, &CHECK).await;
                checked.map_err(|error| error.of_request("GET pools/list"))?;
            }
        }
        let answer = self.exchange(token.as_ref(), outgoing).await?;
        self.accepted(token, answer)
    }

    async fn renew(&self, session_token: &mut Option<SecretString>) -> Result<(), Error> {
        *session_token = None;
        let outgoing = Outgoing {
            method: Method::POST,
            path: LOGIN,
            query: &[
                ("username", &self.user_name),
                ("password", self.password.expose_secret()),
            ],
            body: None,
            may_change: false,
        };
        let named = |error: Error| error.of_request("POST login");
        let answer = self.exchange(None, &outgoing).await.map_err(named)?;
        if answer.is_rejection() {
            return Err(named(self.login_error(None, &answer)));
        }
        let data = self.data(None, answer, false).map_err(named)?;
        let Some(new) = token(&data) else {
            let problem = "it contains no text `ResponseData.authToken`";
            return Err(named(invalid(problem.to_owned(), false)));
        };
        *session_token = Some(SecretString::from(new));
        tracing::debug!("logged in");
        Ok(())
    }

    /// The server may close a connection while the request is on its way. A read is repeated once.
    async fn exchange_twice(
        &self,
        token: Option<&SecretString>,
        outgoing: &Outgoing<'_>,
    ) -> Result<Answer, Error> {
        match self.exchange(token, outgoing).await {
            Err(error) if matches!(error.kind(), ErrorKind::Lost { .. }) && !is_timeout(&error) => {
                tracing::debug!(path = outgoing.path, "request repeated");
                self.exchange(token, outgoing).await
            }
            outcome => outcome,
        }
    }

    async fn exchange(&self, token: Option<&SecretString>, outgoing: &Outgoing<'_>) -> Result<Answer, Error> {
        // The URL contains secrets, so neither an error nor a log shows it.
        let url = Zeroizing::new(self.url(token, outgoing)?);
        let mut request = Request::builder()
            .method(outgoing.method.clone())
            .uri(url.as_str())
            .header(USER_AGENT, AGENT)
            .header(ACCEPT, "application/json");
        if outgoing.body.is_some() {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        let body = Bytes::from(outgoing.body.clone().unwrap_or_default());
        let request = request.body(Full::new(body));
        let request = request.map_err(|_| Error::invalid("the request has an invalid URL"))?;
        tracing::trace!(path = outgoing.path, "request");
        let answer = self.http.send(request, outgoing.may_change).await?;
        tracing::trace!(path = outgoing.path, status = answer.status(), "response");
        Ok(answer)
    }

    fn url(&self, token: Option<&SecretString>, outgoing: &Outgoing<'_>) -> Result<String, Error> {
        let joined = self.base.join(outgoing.path).ok();
        let url = joined.filter(|url| url.as_str().starts_with(self.base.as_str()));
        let mut url = url.ok_or_else(|| Error::invalid("the path does not stay below `/api/`"))?;
        {
            let mut query = url.query_pairs_mut();
            query.extend_pairs(outgoing.query);
            if let Some(token) = token {
                query.append_pair("authToken", token.expose_secret());
            }
        }
        Ok(url.into())
    }

    /// Returns the data of a successful response.
    fn data(&self, token: Option<&SecretString>, answer: Answer, may_change: bool) -> Result<Value, Error> {
        if !answer.is_success() {
            return Err(Error::new(ErrorKind::Refused {
                status: answer.status(),
                code: answer.failure_code(),
                description: self.description(token, &answer),
                may_have_changed: may_change && !answer.is_rejection(),
            }));
        }
        answer.data().map_err(|problem| invalid(problem, may_change))
    }

    /// Forgets a token that the server rejects although it is new.
    fn accepted(&self, token: &mut Option<SecretString>, answer: Answer) -> Result<Answer, Error> {
        if !answer.is_expired() {
            return Ok(answer);
        }
        let error = self.login_error(token.as_ref(), &answer);
        *token = None;
        Err(error)
    }

    fn login_error(&self, token: Option<&SecretString>, answer: &Answer) -> Error {
        Error::new(ErrorKind::Login {
            status: answer.status(),
            description: self.description(token, answer),
        })
    }

    /// Returns what the server says about an error, without the password and the token.
    fn description(&self, token: Option<&SecretString>, answer: &Answer) -> String {
        let secrets = token.into_iter().chain([&self.password]);
        answer.description(secrets.map(ExposeSecret::expose_secret))
    }
}

fn invalid(problem: String, may_have_changed: bool) -> Error {
    Error::new(ErrorKind::InvalidResponse {
        problem,
        may_have_changed,
    })
}

fn is_timeout(error: &Error) -> bool {
    std::error::Error::source(error).is_some_and(|source| source.is::<tokio::time::error::Elapsed>())
}
