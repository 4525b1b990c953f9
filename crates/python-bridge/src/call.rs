//! Drafts of calls, calls by name, and the futures that send them.

use std::borrow::Cow;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use serde::Serialize;
use wire_values::{FromJson, IntoOption, Json, ToJson, Unsendable};

use crate::connection::{Connection, Outgoing};
use crate::error::{Error, ErrorKind};
use crate::form::quoted;
use crate::function::{Effect, Function};
use crate::handle::decode;
use crate::handle_table::Slot;
use crate::outgoing::{convert, each_string};
use crate::placement::{Given, Placed};
use crate::version::Version;

type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// A function and its arguments, without the type of the result. Every generated request wraps a draft.
#[doc(hidden)]
#[derive(Clone)]
pub struct Draft {
    connection: Connection,
    name: Cow<'static, str>,
    /// The functions with this name. They differ in their arguments.
    functions: Vec<&'static Function>,
    arguments: Vec<Given>,
    held: Vec<Arc<Slot>>,
    timeout: Option<Duration>,
}

impl Draft {
    pub fn new(connection: &Connection, function: &'static Function) -> Self {
        Self::of(connection, Cow::Borrowed(function.name), vec![function])
    }

    fn of(connection: &Connection, name: Cow<'static, str>, functions: Vec<&'static Function>) -> Self {
        Self {
            connection: connection.clone(),
            name,
            functions,
            arguments: Vec::new(),
            held: Vec::new(),
            timeout: None,
        }
    }

    pub fn arg(self, name: &'static str, value: impl ToJson) -> Self {
        self.object(name, &value)
    }

    pub fn list<T: ToJson>(self, name: &'static str, items: impl IntoIterator<Item = T>) -> Self {
        let items: Vec<T> = items.into_iter().collect();
        self.object(name, &items)
    }

    pub fn texts(self, name: &'static str, items: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let items: Vec<String> = items.into_iter().map(|item| item.as_ref().to_owned()).collect();
        self.object(name, &items)
    }

    pub fn json(mut self, name: &'static str, value: impl Serialize) -> Self {
        self.put_serialized(name.into(), serde_json::to_string(&value), false);
        self
    }

    pub fn object(mut self, name: &'static str, value: &(impl ToJson + ?Sized)) -> Self {
        self.put_json(name.into(), value.to_json(), value.to_public_json(), false);
        self
    }

    /// Sets an optional argument. `None` removes it.
    pub fn optional<T: ToJson>(self, name: &'static str, value: impl IntoOption<T>) -> Self {
        match value.into_option() {
            Some(value) => self.object(name, &value),
            None => self.without(name),
        }
    }

    pub fn optional_list<T: ToJson>(self, name: &'static str, items: impl IntoOption<Vec<T>>) -> Self {
        self.optional::<Vec<T>>(name, items.into_option())
    }

    pub fn optional_object<T: ToJson>(self, name: &'static str, value: impl IntoOption<T>) -> Self {
        self.optional::<T>(name, value.into_option())
    }

    /// Sets an optional JSON argument. A value that serializes to `null`, such as `None`, removes it.
    pub fn optional_json(self, name: &'static str, value: impl Serialize) -> Self {
        let draft = self.json(name, value);
        let is_null = |given: &Given| given.name == name && given.value.as_deref() == Ok("null");
        match draft.arguments.iter().any(is_null) {
            true => draft.without(name),
            false => draft,
        }
    }

    fn without(mut self, name: &str) -> Self {
        self.arguments.retain(|given| given.name != name);
        self
    }

    /// Sets an argument. Its secrets are those strings that its public form lacks. It is not generic, so clients do not
    /// compile it for each type.
    fn put_json(
        &mut self,
        name: Cow<'static, str>,
        value: Result<Json, Unsendable>,
        public: Result<Json, Unsendable>,
        by_keyword: bool,
    ) {
        if let (Ok(value), Ok(public)) = (&value, &public)
            && value.text() != public.text()
        {
            let mut shown = Vec::new();
            each_string(public.text(), &mut |text| shown.push(text.to_owned()));
            each_string(value.text(), &mut |text| {
                if !shown.iter().any(|shown| shown == text) {
                    self.connection.secrets().add(text);
                }
            });
        }
        let value = value
            .map(|json| json.text().to_owned())
            .map_err(|problem| problem.to_string());
        self.put(name, value, by_keyword);
    }

    fn put_serialized(
        &mut self,
        name: Cow<'static, str>,
        text: Result<String, serde_json::Error>,
        by_keyword: bool,
    ) {
        // The text of the error may contain the value.
        self.put(
            name,
            text.map_err(|_| "the value cannot be written as JSON".to_owned()),
            by_keyword,
        );
    }

    fn put(&mut self, name: Cow<'static, str>, value: Result<String, String>, by_keyword: bool) {
        let mut arguments = self
            .functions
            .iter()
            .filter_map(|function| function.argument(&name));
        if let (true, Ok(text)) = (arguments.any(|argument| argument.secret), &value) {
            each_string(text, &mut |text| self.connection.secrets().add(text));
        }
        let value = value.and_then(|text| convert(&text, self.connection.handles(), &mut self.held));
        self.arguments.retain(|given| given.name != name);
        self.arguments.push(Given {
            name,
            value,
            by_keyword,
        });
    }

    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    pub fn effect(&self) -> Effect {
        match self.functions[..] {
            [function] => function.effect,
            _ => Effect::Unknown,
        }
    }

    pub fn send<T: FromJson>(self) -> CallFuture<T> {
        let connection = self.connection.clone();
        let name = self.name.clone();
        CallFuture {
            inner: self.send_boxed(),
            connection,
            name,
            output: PhantomData,
        }
    }

    pub fn raw(self) -> RawFuture {
        RawFuture(self.send_boxed())
    }

    /// Boxes the future. This function is not generic, because each client would compile the future of a generic
    /// function again.
    #[inline(never)]
    fn send_boxed(self) -> BoxFuture<Result<Json, Error>> {
        Box::pin(async move {
            let connection = self.connection.clone();
            let name = self.name.clone();
            let outgoing = self.into_outgoing().map_err(|error| error.of(&name))?;
            connection.send(outgoing).await
        })
    }

    fn into_outgoing(self) -> Result<Outgoing, Error> {
        let (function, placed) = self.chosen()?;
        if !function.effect.only_reads() && self.connection.is_read_only() {
            return Err(Error::new(ErrorKind::ReadOnly));
        }
        self.check_present(function)?;
        let body = format!("\"call\":{},{}", quoted(&self.name), placed.members());
        Ok(Outgoing {
            name: self.name.into_owned(),
            body,
            effect: function.effect,
            timeout: self.timeout,
            held: self.held,
        })
    }

    /// Returns the first function that takes these arguments.
    fn chosen(&self) -> Result<(&'static Function, Placed), Error> {
        let mut problem = None;
        for function in &self.functions {
            match Placed::new(function, &self.arguments, self.connection.is_positional()) {
                Ok(placed) => return Ok((function, placed)),
                Err(error) => _ = problem.get_or_insert(error),
            }
        }
        let unlisted = || {
            let problem = "the function is not in the list of functions that may be called";
            Error::new(ErrorKind::Refused(problem.to_owned()))
        };
        Err(problem.unwrap_or_else(unlisted))
    }

    /// Checks that the running version has the function, and that the module does.
    fn check_present(&self, function: &Function) -> Result<(), Error> {
        let running = self.connection.running_version();
        if let (Some(running), Some(needed)) = (running, Version::parse(function.since))
            && running.is_before(&needed)
        {
            return Err(Error::new(ErrorKind::Version {
                needed: function.since.to_owned(),
                running: running.as_str().to_owned(),
            }));
        }
        let hello = self.connection.hello();
        if !hello.missing.iter().any(|name| *name == self.name) {
            return Ok(());
        }
        let mut problem = "the module".to_owned();
        if let Some(version) = running.map(Version::as_str).or(hello.module_version.as_deref()) {
            problem.push_str(&format!(" (version {version})"));
        }
        problem.push_str(" has no such function");
        if !function.since.is_empty() {
            problem.push_str(&format!(", which is new in version {}", function.since));
        }
        Err(Error::new(ErrorKind::Missing(problem)))
    }
}

/// Shows only the names of arguments, because values may be secret.
impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.arguments.iter().map(|given| &*given.name).collect();
        f.debug_struct("Call")
            .field("function", &self.name)
            .field("arguments", &names)
            .finish()
    }
}

/// A call of a function by its name. Await it.
#[must_use = "a call is sent when it is awaited"]
pub struct Call<T = Json>(Draft, PhantomData<fn() -> T>);

impl<T> Clone for Call<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}

impl Connection {
    /// Creates a call of a function of the list, such as `send.createManifest`. Its result is [`Json`].
    pub fn call(&self, function: &str) -> Call {
        let known = self.surface().functions_named(function).collect();
        Call(
            Draft::of(self, Cow::Owned(function.to_owned()), known),
            PhantomData,
        )
    }
}

impl<T> Call<T> {
    /// Sets the type of the result.
    pub fn returns<R: FromJson>(self) -> Call<R> {
        Call(self.0, PhantomData)
    }

    /// Sets an argument to a value that implements `Serialize`, such as a [`Handle`](crate::Handle) or a
    /// [`PythonValue`](crate::PythonValue).
    ///
    /// Required arguments are sent by their place in the list, and optional ones by keyword. If the list does not know
    /// the arguments of the function, all are sent in the order in which they are set. If it has several functions with
    /// this name, the first that takes the arguments is called.
    pub fn arg(mut self, name: &str, value: impl Serialize) -> Self {
        let text = serde_json::to_string(&value);
        self.0.put_serialized(Cow::Owned(name.to_owned()), text, false);
        self
    }

    /// Sets an argument that is sent by keyword.
    pub fn kwarg(mut self, name: &str, value: impl Serialize) -> Self {
        let text = serde_json::to_string(&value);
        self.0.put_serialized(Cow::Owned(name.to_owned()), text, true);
        self
    }

    /// Sets a secret argument. It is cut out of errors and of the standard error.
    pub fn secret_arg(mut self, name: &str, value: &wire_values::SecretString) -> Self {
        let (json, public) = (value.to_json(), value.to_public_json());
        self.0.put_json(Cow::Owned(name.to_owned()), json, public, false);
        self
    }
}

crate::request_methods!([T: FromJson] Call<T> => T);

/// The future of a call. Its output is the result.
///
/// Dropping it ends the wait. A call that was sent runs to its end, and the next call waits for it.
#[must_use = "futures do nothing unless awaited"]
pub struct CallFuture<T> {
    inner: BoxFuture<Result<Json, Error>>,
    connection: Connection,
    name: Cow<'static, str>,
    output: PhantomData<fn() -> T>,
}

impl<T: FromJson> Future for CallFuture<T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.inner
            .as_mut()
            .poll(context)
            .map(|result| decode(&self.connection, &result?).map_err(|error| error.of(&self.name)))
    }
}

/// The future that `raw` returns. Its output is the result as JSON.
#[must_use = "futures do nothing unless awaited"]
pub struct RawFuture(BoxFuture<Result<Json, Error>>);

impl Future for RawFuture {
    type Output = Result<Json, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(context)
    }
}

impl<T> fmt::Debug for CallFuture<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CallFuture")
    }
}

impl fmt::Debug for RawFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RawFuture")
    }
}
