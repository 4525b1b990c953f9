//! A request whose response is returned as the server sent it, for programs that pass responses on.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use wire_values::ToArgument;

use crate::call::Draft;
use crate::connection::Connection;
use crate::error::Error;
use crate::exchange::Answer;
use crate::function::{Effect, Function};

/// A request whose response is returned as the server sent it: every HTTP status, with the whole body.
///
/// It is sent like the requests of a client: with its credentials, trust, timeouts and size limits. A read-only client
/// refuses it if it may change the server, and the edition of the server is verified before the first change. It is
/// repeated only if nothing was sent, or if it only reads.
///
/// ```
/// use mailstore_transport::unversioned::{Answer, BoxFuture, Exchange, Post, PostError, Relay};
/// use mailstore_transport::{Connection, Error};
/// # use mailstore_transport::{Effect, Function, Surface};
/// # static GET_USERS: Function = Function::new("GetUsers").path("api/invoke/").effect(Effect::Read);
/// # static SURFACE: Surface =
/// #     Surface::new("server", "MailStore Server").version("24").port(8463).functions(&[&GET_USERS]);
///
/// /// A server that rejects the credentials.
/// struct Rejecting;
///
/// impl Exchange for Rejecting {
///     fn post(&self, _: Post) -> BoxFuture<Result<Answer, PostError>> {
///         Box::pin(async { Ok(Answer::new(401, "Who are you?")) })
///     }
/// }
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let connection = Connection::builder(&SURFACE, "mailstore.example.com").exchange(Rejecting).build()?;
/// // `&catalog::GET_USERS` in a program.
/// let answer = Relay::call(&connection, &GET_USERS).send().await?;
/// assert_eq!((answer.status, &*answer.body), (401, &b"Who are you?"[..]));
/// # Ok::<(), Error>(())
/// # }).unwrap();
/// ```
#[must_use = "a request is sent by `send`"]
pub struct Relay {
    draft: Draft,
    /// The function whose call is polled. Its limit applies to the response.
    polled: Option<&'static Function>,
    cancels: bool,
}

impl Relay {
    /// Starts a call of a function.
    pub fn call(connection: &Connection, function: &'static Function) -> Self {
        Self::of(Draft::new(connection, function))
    }

    /// Requests the function list: `get-metadata`.
    pub fn metadata(connection: &Connection) -> Self {
        Self::of(Draft::protocol(connection, "get-metadata", Effect::Read))
    }

    /// Requests the status of a running call: `get-status`. `function` is the function of the call, if it is known.
    pub fn status(connection: &Connection, function: Option<&'static Function>) -> Self {
        Self {
            polled: function,
            ..Self::of(Draft::protocol(connection, "get-status", Effect::Read))
        }
    }

    /// Requests the cancellation of a running call: `cancel-async`. `effect` is the effect of the call. A read-only
    /// client cancels only calls that read.
    pub fn cancel(connection: &Connection, effect: Effect) -> Self {
        Self {
            cancels: true,
            ..Self::of(Draft::protocol(connection, "cancel-async", effect))
        }
    }

    fn of(draft: Draft) -> Self {
        Self {
            draft,
            polled: None,
            cancels: false,
        }
    }

    /// Adds an argument by its wire name. Replaces an earlier value.
    pub fn arg(mut self, name: impl Into<Cow<'static, str>>, value: impl ToArgument) -> Self {
        self.draft.set(name.into(), &value);
        self
    }

    /// Sets the timeout of the response. By default, it is the `request_timeout` of the client.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.draft = self.draft.timeout(timeout);
        self
    }

    /// Sends the request and returns the response.
    ///
    /// If the future is dropped, the server may still execute the call.
    ///
    /// # Errors
    /// There is no complete response, an argument cannot be sent, or the client is read-only and the request may change
    /// the server. A response with any HTTP status is not an error.
    pub async fn send(mut self) -> Result<Answer, Error> {
        let request = self.draft.request();
        let (connection, name, effect) = self.draft.into_parts();
        let answer = match request {
            Ok(mut request) => {
                if let Some(function) = self.polled {
                    request.response_limit = function.response_limit;
                }
                connection.relay(&request, effect, self.cancels).await
            }
            Err(error) => Err(error),
        };
        answer.map_err(|error| error.of(&name))
    }
}

/// Shows only the names of arguments, because values may be secret.
impl fmt::Debug for Relay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Relay").field(&self.draft).finish()
    }
}
