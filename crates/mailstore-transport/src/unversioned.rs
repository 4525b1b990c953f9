//! The seam between the client and the network, for tests and for transports of your own.
//!
//! **This module is outside of semantic versioning:** it may change in any release.
//!
//! [`Builder::exchange`](crate::Builder::exchange) gives a client an [`Exchange`] of yours in place of TLS
//! connections. With a scripted one, a program's own code is tested without a server:
//!
//! ```
//! use std::collections::VecDeque;
//! use std::sync::Mutex;
//!
//! use mailstore_transport::unversioned::{Answer, BoxFuture, ConnectError, Exchange, Post, PostError};
//! use mailstore_transport::{Call, ConnectCause, Connection, Error, Json};
//! # use mailstore_transport::{Builder, Effect, Function, Surface};
//! # static DELETE: Function = Function::new("DeleteUser", "api/invoke/", Effect::Destructive, false, &[]);
//! # static SURFACE: Surface = Surface::new("server", "MailStore Server", "24", 8463, "", &[&DELETE]);
//!
//! /// The code under test.
//! async fn clean_up(client: &Connection) -> Result<&'static str, Error> {
//!     match Call::<Json>::new(client, "DeleteUser").arg("userName", "jane").await {
//!         Ok(_) => Ok("deleted"),
//!         Err(error) if error.is_outcome_unknown() => Ok("look at the server"),
//!         Err(error) => Err(error),
//!     }
//! }
//!
//! /// Gives one answer after the other.
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
//!     // The script has no answer to the request for the function list.
//!     .assume_edition()
//!     .build()?;
//! assert_eq!(clean_up(&client).await?, "deleted");
//! assert_eq!(clean_up(&client).await?, "look at the server");
//! assert!(clean_up(&client).await.unwrap_err().is_auth());
//! assert!(!clean_up(&client).await.unwrap_err().is_transient());
//! # Ok::<(), Error>(())
//! # }).unwrap();
//! ```

pub use crate::connect_error::ConnectError;
pub use crate::exchange::{Answer, BoxFuture, Exchange, Post, PostError};
