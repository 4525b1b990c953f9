//! The session with the server: login, cookies, the CSRF token and the clock.
//!
//! Before each request, the session requests the server's clock. If this shows that the session has expired, the client
//! logs in once more. So a request that may change the server is only sent in a working session, and it is never sent
//! twice. The Python client does the same (observed).

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, COOKIE, HeaderValue, REFERER, USER_AGENT};
use http::{Method, Request};
use http_body_util::Full;
use https_connect::excerpt;
use indexmap::IndexMap;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;
use url::Url;
use wire_values::{FromJson, Problem, Reader, from_json};

use crate::error::{Error, ErrorKind};
use crate::http::{Answer, Http};
use crate::identity::Identity;
use crate::json_text;
use crate::stamp::Stamp;

/// Maximum difference of the clocks, in microseconds. It is the limit of the Python client.
const MAX_SKEW: i64 = 69_000_000;

const AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

const CSRF: &str = "csrftoken";

/// A session with one server. Its requests are sent one after the other.
pub(crate) struct Session {
    http: Http,
    base: Url,
    identity: Identity,
    password: SecretString,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    is_logged_in: bool,
    cookies: IndexMap<String, String>,
    /// The CSRF token that requests send, and the URL of the request that sent it first.
    csrf: Option<(String, String)>,
}

/// What a request sends.
pub(crate) enum Outgoing {
    Get,
    /// A request with this JSON text. It may change the server.
    Post(String),
}

impl Session {
    pub(crate) fn new(http: Http, base: Url, identity: Identity, password: SecretString) -> Self {
        Self {
            http,
            base,
            identity,
            password,
            state: Mutex::default(),
        }
    }

    /// Logs in if there is no session, and checks that the clocks agree. Returns the time of the server.
    pub(crate) async fn connect(&self) -> Result<Stamp, Error> {
        let mut state = self.state.lock().await;
        self.ready(&mut state).await
    }

    /// Sends a request in a working session. Returns the body of a successful response.
    ///
    /// # Errors
    /// The session cannot be opened, or the request failed. A request that may change the server is not repeated.
    pub(crate) async fn request(&self, path: &str, outgoing: Outgoing) -> Result<String, Error> {
        let mut state = self.state.lock().await;
        self.ready(&mut state).await?;
        let may_change = matches!(outgoing, Outgoing::Post(_));
        let answer = self.exchange(&mut state, path, outgoing).await?;
        let name = |error: Error| error.of_request(path);
        if !answer.is_success() {
            return Err(name(self.http_error(&state, &answer, may_change)));
        }
        let text = String::from_utf8(answer.body);
        text.map_err(|_| name(Error::response("it is not UTF-8")))
    }

    /// Ends the session, if there is one.
    pub(crate) async fn log_out(&self) -> Result<(), Error> {
        let mut state = self.state.lock().await;
        if state.is_logged_in {
            let answer = self
                .exchange(&mut state, "logout/", Outgoing::Post(String::new()))
                .await?;
            // The error needs the cookies, because it leaves them out.
            let error = self.http_error(&state, &answer, false).of_request("logout/");
            *state = State::default();
            if !answer.is_success() {
                return Err(error);
            }
        }
        Ok(())
    }

    async fn ready(&self, state: &mut State) -> Result<Stamp, Error> {
        if state.is_logged_in {
            let answer = self.exchange(state, CLOCK, Outgoing::Get).await?;
            if answer.is_success() {
                return self.check_clock(&answer);
            }
            if !is_expired(answer.status) {
                return Err(self.http_error(state, &answer, false).of_request(CLOCK));
            }
            tracing::debug!(status = answer.status, "the session has expired");
            state.is_logged_in = false;
            state.csrf = None;
        }
        self.log_in(state).await?;
        let answer = self.exchange(state, CLOCK, Outgoing::Get).await?;
        if !answer.is_success() {
            state.is_logged_in = false;
            return Err(self.http_error(state, &answer, false).of_request(CLOCK));
        }
        self.check_clock(&answer)
    }

    async fn log_in(&self, state: &mut State) -> Result<(), Error> {
        const LOGIN: &str = "login/";
        let answer = self.exchange(state, LOGIN, Outgoing::Get).await?;
        if !answer.is_success() {
            return Err(self.http_error(state, &answer, false).of_request(LOGIN));
        }
        if !state.cookies.contains_key(CSRF) {
            let problem =
                "it sets no cookie `csrftoken`. Check that the address is the address of an oaio server";
            return Err(Error::response(problem).of_request(LOGIN));
        }
        let credentials = Zeroizing::new(json_text::of_strings(&[
            ("username", &self.identity.user_name),
            ("password", self.password.expose_secret()),
        ]));
        let answer = self
            .exchange_bytes(state, LOGIN, Some(Bytes::from_owner(credentials)), false)
            .await?;
        if !answer.is_success() {
            let (status, body) = (answer.status, self.excerpt(state, &answer.body));
            let kind = match status {
                400..=499 => ErrorKind::Login { status, body },
                _ => ErrorKind::Http {
                    status,
                    body,
                    may_have_changed: false,
                },
            };
            return Err(Error::new(kind).of_request(LOGIN));
        }
        state.is_logged_in = true;
        tracing::debug!("logged in");
        Ok(())
    }

    async fn exchange(&self, state: &mut State, path: &str, outgoing: Outgoing) -> Result<Answer, Error> {
        match outgoing {
            Outgoing::Post(text) => {
                let body = Some(Bytes::from(text));
                self.exchange_bytes(state, path, body, true).await
            }
            Outgoing::Get => match self.exchange_bytes(state, path, None, false).await {
                // The server may close a connection while the request is on its way. A read is repeated once.
                Err(error) if matches!(error.kind(), ErrorKind::Lost { .. }) && !is_timeout(&error) => {
                    tracing::debug!(%error, path, "request repeated");
                    self.exchange_bytes(state, path, None, false).await
                }
                outcome => outcome,
            },
        }
    }

    /// Sends one request, and keeps the cookies of its response.
    async fn exchange_bytes(
        &self,
        state: &mut State,
        path: &str,
        body: Option<Bytes>,
        may_change: bool,
    ) -> Result<Answer, Error> {
        let named = |error: Error| error.of_request(path);
        let url = format!("{}{path}", self.base);
        if body.is_some() {
            state.renew_csrf(&url);
        }
        let request = self.build(state, &url, body).map_err(|error| {
            named(Error::invalid(format!("the request cannot be sent: {error}")).because(error))
        })?;
        tracing::trace!(path, "request");
        let answer = self.http.send(request, may_change).await.map_err(named)?;
        tracing::trace!(path, status = answer.status, "response");
        for (name, value) in &answer.cookies {
            match value.is_empty() {
                true => _ = state.cookies.shift_remove(name),
                false => _ = state.cookies.insert(name.clone(), value.clone()),
            }
        }
        Ok(answer)
    }

    fn build(
        &self,
        state: &State,
        url: &str,
        body: Option<Bytes>,
    ) -> Result<Request<Full<Bytes>>, http::Error> {
        let method = match body {
            Some(_) => Method::POST,
            None => Method::GET,
        };
        let mut request = Request::builder()
            .method(method)
            .uri(url)
            .header(USER_AGENT, AGENT)
            .header(ACCEPT, "*/*");
        for (name, value) in self.identity.headers() {
            request = request.header(name, value);
        }
        if let Some((token, referer)) = &state.csrf {
            request = request
                .header("x-csrftoken", secret(token)?)
                .header(REFERER, referer);
        }
        if !state.cookies.is_empty() {
            let cookies = state
                .cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"));
            let cookies = Zeroizing::new(cookies.collect::<Vec<_>>().join("; "));
            request = request.header(COOKIE, secret(&cookies)?);
        }
        if body.as_ref().is_some_and(|body| !body.is_empty()) {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        request.body(Full::new(body.unwrap_or_default()))
    }

    fn check_clock(&self, answer: &Answer) -> Result<Stamp, Error> {
        let text = String::from_utf8_lossy(&answer.body);
        let invalid =
            |problem: &dyn std::fmt::Display| Error::response(problem.to_string()).of_request(CLOCK);
        let clock: Clock = from_json(&text).map_err(|problem| invalid(&problem))?;
        let server: Stamp = clock.current_stamp.parse().map_err(|error| invalid(&error))?;
        let local = Stamp::now();
        let difference = local.timestamp().as_microsecond() - server.timestamp().as_microsecond();
        match difference.abs() > MAX_SKEW {
            true => Err(Error::new(ErrorKind::ClockSkew { server, local }).of_request(CLOCK)),
            false => Ok(server),
        }
    }

    fn http_error(&self, state: &State, answer: &Answer, may_have_changed: bool) -> Error {
        Error::new(ErrorKind::Http {
            status: answer.status,
            body: self.excerpt(state, &answer.body),
            may_have_changed,
        })
    }

    /// Returns the beginning of a response, without the password and the cookies.
    fn excerpt(&self, state: &State, body: &[u8]) -> String {
        let cookies = state.cookies.values().map(String::as_str);
        excerpt(body, cookies.chain([self.password.expose_secret()]))
    }
}

impl State {
    /// Sends the newest token from now on. The server checks it in requests that may change something.
    fn renew_csrf(&mut self, url: &str) {
        if let Some(token) = self.cookies.get(CSRF)
            && self.csrf.as_ref().is_none_or(|(sent, _)| sent != token)
        {
            self.csrf = Some((token.clone(), url.to_owned()));
        }
    }
}

const CLOCK: &str = "current_stamp/";

/// The response of `current_stamp/`.
struct Clock {
    current_stamp: String,
}

impl FromJson for Clock {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Problem> {
        let json = reader.json()?;
        let stamp = json
            .get("current_stamp")
            .and_then(|stamp| String::from_json(&stamp).ok());
        stamp
            .map(|current_stamp| Self { current_stamp })
            .ok_or_else(|| Problem::expected("an object with the string `current_stamp`", &json))
    }
}

/// Whether this status of a probe means that the session has expired. Django redirects to the login page or denies.
fn is_expired(status: u16) -> bool {
    matches!(status, 301..=303 | 307 | 308 | 401 | 403)
}

fn is_timeout(error: &Error) -> bool {
    std::error::Error::source(error).is_some_and(|source| source.is::<tokio::time::error::Elapsed>())
}

fn secret(text: &str) -> Result<HeaderValue, http::Error> {
    let mut value = HeaderValue::from_str(text)?;
    value.set_sensitive(true);
    Ok(value)
}
