//! Drafts of calls, calls by name, and the futures that send them.

use std::borrow::Cow;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use secrecy::zeroize::Zeroizing;
use serde::Serialize;
use tokio::time::Instant;
use tracing::Instrument;
use wire_values::{FromJson, IntoOption, Json, ToArgument, ToArguments, ToJson, Unsendable};

use crate::arguments::Arguments;
use crate::call_future::{CallFuture, Ended, opaque_debug};
use crate::connection::Connection;
use crate::envelope::Reply;
use crate::error::{Error, ErrorKind};
use crate::exchange::{Kept, SharedFuture};
use crate::function::{Effect, Function};
use crate::poller::Poller;
use crate::task::Task;
use crate::task_core::{OnUpdate, TaskCore};
use crate::token::StatusToken;
use crate::trace;
use crate::update::Update;
use crate::wait::WaitOptions;

/// A function and its arguments, without the type of the result. Every generated request wraps a draft.
#[doc(hidden)]
#[derive(Clone)]
pub struct Draft {
    connection: Connection,
    name: Cow<'static, str>,
    path: Cow<'static, str>,
    effect: Effect,
    arguments: Arguments,
    timeout: Option<Duration>,
    wait: Option<WaitOptions>,
    on_update: Option<OnUpdate>,
}

impl Draft {
    pub fn new(connection: &Connection, function: &'static Function) -> Self {
        Self::of(
            connection,
            Cow::Borrowed(function.name),
            Cow::Borrowed(function.path),
            function.effect,
        )
    }

    /// Creates a call of a read-only function by its wire name. The function need not be in the catalog.
    pub(crate) fn reading(connection: &Connection, name: &'static str) -> Self {
        Self::of(
            connection,
            Cow::Borrowed(name),
            Cow::Borrowed("api/invoke/"),
            Effect::Read,
        )
    }

    /// Creates a request of an operation of the protocol, such as `get-status`.
    pub(crate) fn protocol(connection: &Connection, name: &'static str, effect: Effect) -> Self {
        Self::of(connection, Cow::Borrowed(name), Cow::Borrowed("api/"), effect)
    }

    fn of(connection: &Connection, name: Cow<'static, str>, path: Cow<'static, str>, effect: Effect) -> Self {
        let connection = connection.clone();
        Self {
            connection,
            name,
            path,
            effect,
            arguments: Arguments::default(),
            timeout: None,
            wait: None,
            on_update: None,
        }
    }

    pub fn arg(self, name: &'static str, value: impl ToArgument) -> Self {
        self.arg_of_any_type(name, &value)
    }

    /// Sets an argument. It is not generic, so clients do not compile it for each type.
    fn arg_of_any_type(mut self, name: &'static str, value: &dyn ToArgument) -> Self {
        self.set(Cow::Borrowed(name), value);
        self
    }

    pub(crate) fn set(&mut self, name: Cow<'static, str>, value: &dyn ToArgument) {
        self.arguments.set(name, value);
    }

    pub fn list<T: ToArgument>(mut self, name: &'static str, items: impl IntoIterator<Item = T>) -> Self {
        let items: Vec<T> = items.into_iter().collect();
        self.arguments
            .set_list(Cow::Borrowed(name), items.iter().map(ToArgument::to_argument));
        self
    }

    pub fn texts(mut self, name: &'static str, items: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let items: Vec<String> = items.into_iter().map(|item| item.as_ref().to_owned()).collect();
        self.arguments
            .set_list(Cow::Borrowed(name), items.iter().map(ToArgument::to_argument));
        self
    }

    pub fn json(mut self, name: &'static str, value: impl Serialize) -> Self {
        self.arguments.set_json(Cow::Borrowed(name), &value);
        self
    }

    pub fn object(self, name: &'static str, value: &(impl ToJson + ?Sized)) -> Self {
        self.object_of_any_type(name, value.to_json(), value.to_public_json())
    }

    /// Sets a JSON argument. It is not generic, like [`arg_of_any_type`](Self::arg_of_any_type).
    fn object_of_any_type(
        mut self,
        name: &'static str,
        value: Result<Json, Unsendable>,
        public: Result<Json, Unsendable>,
    ) -> Self {
        self.arguments.set_object(Cow::Borrowed(name), value, public);
        self
    }

    /// Sets an optional argument. `None` removes it.
    pub fn optional<T: ToArgument>(mut self, name: &'static str, value: impl IntoOption<T>) -> Self {
        match value.into_option() {
            Some(value) => self.arg_of_any_type(name, &value),
            None => {
                self.arguments.unset(name);
                self
            }
        }
    }

    pub fn optional_list<T: ToArgument>(
        mut self,
        name: &'static str,
        items: impl IntoOption<Vec<T>>,
    ) -> Self {
        match items.into_option() {
            Some(items) => self.list(name, items),
            None => {
                self.arguments.unset(name);
                self
            }
        }
    }

    pub fn optional_object<T: ToJson>(mut self, name: &'static str, value: impl IntoOption<T>) -> Self {
        match value.into_option() {
            Some(value) => self.object(name, &value),
            None => {
                self.arguments.unset(name);
                self
            }
        }
    }

    /// Sets an optional JSON argument. A value that serializes to `null`, such as `None`, removes it.
    pub fn optional_json(mut self, name: &'static str, value: impl Serialize) -> Self {
        self.arguments.set_json(Cow::Borrowed(name), &value);
        self.arguments.unset_null(name);
        self
    }

    pub fn arguments(mut self, values: &impl ToArguments) -> Self {
        for (name, value) in values.to_arguments() {
            self.arguments.put(Cow::Borrowed(name), value);
        }
        self
    }

    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    pub fn wait_options(mut self, options: WaitOptions) -> Self {
        self.wait = Some(options);
        self
    }

    pub fn on_update(mut self, on_update: impl FnMut(&Update) + Send + 'static) -> Self {
        self.on_update = Some(Arc::new(Mutex::new(on_update)));
        self
    }

    pub fn effect(&self) -> Effect {
        self.effect
    }

    pub fn send<T: FromJson>(self) -> CallFuture<T> {
        CallFuture::new(self.send_boxed())
    }

    pub fn start<T: FromJson>(self) -> StartFuture<T> {
        StartFuture {
            inner: self.start_boxed(),
            output: PhantomData,
        }
    }

    /// Boxes the future. This function is not generic, because each client would compile the future of a generic
    /// function again.
    #[inline(never)]
    fn send_boxed(self) -> SharedFuture<Result<Ended, Error>> {
        Box::pin(self.send_untyped())
    }

    /// Boxes the future, like [`send_boxed`](Self::send_boxed).
    #[inline(never)]
    fn start_boxed(self) -> SharedFuture<Result<TaskCore, Error>> {
        Box::pin(self.start_untyped())
    }

    pub fn raw(self) -> RawFuture {
        RawFuture(Box::pin(async {
            let name = self.name.clone();
            let (_, reply) = self.first_reply().await.map_err(|error| error.of(&name))?;
            let checked = reply.check_result();
            checked.map_err(|problem| Error::decode(&problem, &reply.secrets).of(&name))?;
            Ok(reply)
        }))
    }

    async fn send_untyped(mut self) -> Result<Ended, Error> {
        let on_update = self.on_update.take();
        let options = self.wait.unwrap_or(self.connection.limits().wait);
        let timeout = self.first_timeout();
        self.timeout = Some(options.total.map_or(timeout, |total| total.min(timeout)));
        let task = self.start_untyped().await?;
        // The time of the limits starts when the request is sent.
        task.finish_since(Duration::ZERO, options, on_update).await
    }

    async fn start_untyped(self) -> Result<TaskCore, Error> {
        let began = Instant::now();
        let name = self.name.clone();
        let effect = self.effect;
        let (connection, reply) = self.first_reply().await.map_err(|error| error.of(&name))?;
        let limits = connection.limits();
        let poller = Poller::started(name.into_owned(), effect, reply, &limits, began.elapsed())?;
        Ok(TaskCore::new(connection, poller, began))
    }

    /// Timeout of the first response.
    fn first_timeout(&self) -> Duration {
        self.timeout.unwrap_or(self.connection.limits().request_timeout)
    }

    /// Takes the arguments and returns the request of the call.
    ///
    /// # Errors
    /// An argument cannot be sent, or the name of the function is invalid.
    pub(crate) fn request(&mut self) -> Result<Kept, Error> {
        let body = std::mem::take(&mut self.arguments).into_body();
        let body = body.map_err(|(name, problem)| {
            let kind = ErrorKind::Argument {
                name: name.into_owned(),
                problem: problem.to_string(),
            };
            Error::new(kind).because(problem)
        })?;
        if !is_segment(&self.name) {
            return Err(Error::configuration(
                "invalid function name: it may only contain ASCII letters, digits and `_-.~$`, and needs a letter or digit",
            ));
        }
        Ok(Kept {
            path: format!("{}/{}", self.path.trim_matches('/'), self.name),
            body: Zeroizing::new(body),
            timeout: self.first_timeout(),
            response_limit: self.connection.response_limit(&self.name),
        })
    }

    /// Returns what a request without its arguments consists of.
    pub(crate) fn into_parts(self) -> (Connection, Cow<'static, str>, Effect) {
        (self.connection, self.name, self.effect)
    }

    async fn first_reply(mut self) -> Result<(Connection, Reply), Error> {
        let began = Instant::now();
        let secrets = self.arguments.secrets();
        let post = self.request()?;
        let timeout = post.timeout;
        let span = trace::call(&self.name, self.effect);
        let started = self
            .connection
            .start(&post, self.effect)
            .instrument(span.clone())
            .await;
        let mut reply = match started {
            Ok(reply) => reply,
            Err(error) => {
                let left = timeout.saturating_sub(began.elapsed());
                let explained = self.connection.explain_not_found(error, &self.name, left);
                return Err(explained.instrument(span).await);
            }
        };
        reply.conceal(&secrets);
        reply.secrets.extend(&secrets);
        reply.status_token = reply.token.take().map(|token| StatusToken {
            token,
            version: reply.version.unwrap_or(0),
            function: self.name.into_owned(),
            origin: self.connection.origin().to_owned(),
            surface: self.connection.surface().name.to_owned(),
            open: Vec::new(),
        });
        Ok((self.connection, reply))
    }
}

/// Whether a name is one segment of a path without escapes.
fn is_segment(name: &str) -> bool {
    name.contains(|c: char| c.is_ascii_alphanumeric())
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_-.~$".contains(&b))
}

/// Shows only the names of arguments, because values may be secret.
impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("function", &self.name)
            .field("arguments", &self.arguments)
            .finish()
    }
}

/// A call of any function by its wire name. Only the server checks its arguments.
///
/// Use it for functions that the client does not have. Await it, or [`start`](Self::start) it.
#[must_use = "a call is sent when it is awaited or started"]
pub struct Call<T = Json>(Draft, PhantomData<fn() -> T>);

impl<T> Clone for Call<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}

impl<T: FromJson> Call<T> {
    /// Creates a call of the function with this wire name, such as `GetServerInfo`.
    pub fn new(connection: &Connection, function: &str) -> Self {
        let known = connection.surface().function(function);
        let path = known.map_or("api/invoke/", |known| known.path);
        let effect = known.map_or(Effect::Unknown, |known| known.effect);
        Self(
            Draft::of(
                connection,
                Cow::Owned(function.to_owned()),
                Cow::Borrowed(path),
                effect,
            ),
            PhantomData,
        )
    }

    /// Sets an argument by its wire name. Replaces an earlier value.
    pub fn arg(mut self, name: &str, value: impl ToArgument) -> Self {
        self.0.arguments.set(Cow::Owned(name.to_owned()), &value);
        self
    }

    /// Sets a list argument. Its items are sent separated by commas.
    pub fn list_arg<I: ToArgument>(mut self, name: &str, items: impl IntoIterator<Item = I>) -> Self {
        let items: Vec<I> = items.into_iter().collect();
        self.0.arguments.set_list(
            Cow::Owned(name.to_owned()),
            items.iter().map(ToArgument::to_argument),
        );
        self
    }

    /// Sets a JSON argument to a value that implements `Serialize`.
    pub fn json_arg(mut self, name: &str, value: impl Serialize) -> Self {
        self.0.arguments.set_json(Cow::Owned(name.to_owned()), &value);
        self
    }
}

crate::request_methods!([T: FromJson] Call<T> => T);

/// The future that `start` returns. Its output is a [`Task`].
#[must_use = "futures do nothing unless awaited"]
pub struct StartFuture<T> {
    inner: SharedFuture<Result<TaskCore, Error>>,
    output: PhantomData<fn() -> T>,
}

impl<T: FromJson> Future for StartFuture<T> {
    type Output = Result<Task<T>, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.inner.as_mut().poll(context).map(|core| core.map(Task::new))
    }
}

/// The future that `raw` returns. Its output is the first response of the server.
#[must_use = "futures do nothing unless awaited"]
pub struct RawFuture(SharedFuture<Result<Reply, Error>>);

impl Future for RawFuture {
    type Output = Result<Reply, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(context)
    }
}

opaque_debug!([T] StartFuture<T>, [] RawFuture);
