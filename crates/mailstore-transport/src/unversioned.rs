//! The interface between the client and the network, for tests and for transports of your own.
//!
//! **This module is outside of semantic versioning:** it may change in any release.
//!
//! [`Builder::exchange`](crate::Builder::exchange) replaces the TLS connections of a client with your own [`Exchange`].
//! With a scripted exchange, a program can test its code without a server:
//!
//! ```
//! use std::collections::VecDeque;
//! use std::sync::Mutex;
//!
//! use mailstore_transport::unversioned::{Answer, BoxFuture, ConnectError, Exchange, Post, PostError};
//! use mailstore_transport::{Call, ConnectCause, Connection, Error, Json};
//! # use mailstore_transport::{Builder, Effect, Function, Surface};
//! # static DELETE: Function = Function::new("DeleteUser").path("api/invoke/").effect(Effect::Destructive);
//! # static SURFACE: Surface =
//! #     Surface::new("server", "MailStore Server").version("24").port(8463).functions(&[&DELETE]);
//!
//! /// The code under test.
//! async fn clean_up(client: &Connection) -> Result<&'static str, Error> {
//!     match Call::<Json>::new(client, "DeleteUser").arg("userName", "jane").await {
//!         Ok(_) => Ok("deleted"),
//!         Err(error) if error.is_outcome_unknown() => Ok("check the server"),
//!         Err(error) => Err(error),
//!     }
//! }
//!
//! /// Returns the next response of the script.
//! struct Script(Mutex<VecDeque<Result<Answer, PostError>>>);
//!
//! impl Exchange for Script {
//!     fn post(&self, post: Post) -> BoxFuture<Result<Answer, PostError>> {
//!         assert_eq!(post.path, "api/invoke/DeleteUser");
//!         assert_eq!(post.body, "userName=jane");
//!         let answer = self.0.lock().unwrap().pop_front().expect("no more requests");
//!         Box::pin(async { answer })
//!     }
//! }
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap().block_on(async {
//! let lost = PostError::Lost { timeout: None, cause: "connection reset".into() };
//! let refused = ConnectError::new(ConnectCause::Untrusted, "not trusted");
//! let refused = PostError::NotSent { timeout: None, cause: refused.into() };
//! let script = [
//!     Ok(Answer::succeeded(serde_json::Value::Null)),
//!     Err(lost),
//!     Ok(Answer::new(401, "")),
//!     Err(refused),
//! ];
//! // `server::Client::builder(..)` in a program.
//! let client = Connection::builder(&SURFACE, "mailstore.example.com")
//!     .exchange(Script(Mutex::new(script.into())))
//!     // The script has no response to the request for the function list.
//!     .assume_edition()
//!     .build()?;
//! assert_eq!(clean_up(&client).await?, "deleted");
//! assert_eq!(clean_up(&client).await?, "check the server");
//! assert!(clean_up(&client).await.unwrap_err().is_auth());
//! assert!(!clean_up(&client).await.unwrap_err().is_transient());
//! # Ok::<(), Error>(())
//! # }).unwrap();
//! ```
//!
//! To test code that only handles an [`Error`], create errors with [`start_error`] and [`running_error`].

pub use https_connect::ConnectError;

pub use crate::exchange::{Answer, BoxFuture, Exchange, Post, PostError};
pub use crate::relay::Relay;
pub use crate::secrets::forms_of_secret;

use crate::envelope::ServerError;
use crate::error::{Error, ErrorKind, Stage};
use crate::failure::Failure;
use crate::function::Function;
use crate::status::StatusCode;
use crate::token::StatusToken;

/// Creates the error of the request that starts a call, for tests of code that handles errors.
///
/// Its methods return the same as for an error of a client. The `catalog` of a client contains the functions. Use
/// [`ErrorKind::OutcomeUnknown`] for the lost response to a call that may change the server, and [`ErrorKind::Lost`]
/// for the lost response to a read-only call.
///
/// ```
/// use mailstore_transport::unversioned::{failed, start_error};
/// use mailstore_transport::{Error, ErrorKind};
/// # use mailstore_transport::{Effect, Function};
/// # static DELETE_USER: Function = Function::new("DeleteUser").path("api/invoke/").effect(Effect::Destructive);
///
/// /// The code under test.
/// fn exit_code(error: &Error) -> i32 {
///     match error {
///         error if error.is_outcome_unknown() => 3,
///         error if error.is_auth() => 2,
///         _ => 1,
///     }
/// }
///
/// // `&catalog::DELETE_USER` in a program.
/// let error = |kind| start_error(kind, &DELETE_USER);
/// assert_eq!(exit_code(&error(ErrorKind::OutcomeUnknown { timeout: None })), 3);
/// assert_eq!(exit_code(&error(ErrorKind::Unauthorized)), 2);
/// let refused = error(failed("User jane does not exist."));
/// assert_eq!(exit_code(&refused), 1);
/// assert_eq!(refused.to_string(), "DeleteUser: User jane does not exist.");
/// ```
pub fn start_error(kind: ErrorKind, function: &Function) -> Error {
    Error::new(kind).of(function.name).affecting(function.effect)
}

/// Creates the error of a running call, for tests of code that handles errors. It contains the token, unless the kind
/// is [`ErrorKind::TokenExpired`].
///
/// ```
/// use mailstore_transport::unversioned::running_error;
/// use mailstore_transport::{ErrorKind, StatusToken};
/// # use mailstore_transport::{Effect, Function};
/// # static VERIFY_STORE: Function =
/// #     Function::new("VerifyStore").path("api/invoke/").effect(Effect::Maintenance).long();
///
/// let token: StatusToken = serde_json::from_str(
///     r#"{"format": 1, "token": "b3af0ebae4dd755d1a54b9756817baee", "version": 9, "function": "VerifyStore",
///         "origin": "https://mailstore.example.com:8463", "surface": "server"}"#,
/// )?;
/// let broken = running_error(ErrorKind::Lost { timeout: None }, &VERIFY_STORE, token.clone());
/// assert!(broken.is_resumable() && broken.is_outcome_unknown());
/// assert_eq!(broken.task_token(), Some(&token));
///
/// let expired = running_error(ErrorKind::TokenExpired, &VERIFY_STORE, token);
/// assert!(expired.is_token_expired() && expired.task_token().is_none());
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn running_error(kind: ErrorKind, function: &Function, token: StatusToken) -> Error {
    let error = start_error(kind, function).at(Stage::Status);
    let token = (!error.is_token_expired()).then_some(&token);
    error.with_token(token)
}

/// Returns the kind of error of a call that the server executed and that failed with this message.
pub fn failed(message: &str) -> ErrorKind {
    ended(StatusCode::Failed, message)
}

/// Returns the kind of error of a call that was cancelled: see [`Error::is_cancelled`].
pub fn cancelled() -> ErrorKind {
    ended(StatusCode::Cancelled, "")
}

fn ended(status: StatusCode, message: &str) -> ErrorKind {
    let error = (!message.is_empty()).then(|| ServerError {
        message: message.to_owned(),
        details: String::new(),
    });
    ErrorKind::Failed(Failure {
        status,
        error,
        log_tail: Vec::new(),
        log_dropped: 0,
        percent: None,
    })
}
