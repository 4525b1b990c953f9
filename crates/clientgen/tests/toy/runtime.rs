//! The runtime of the toy product: sends calls as JSON objects over a channel.

use std::fmt;
use std::sync::mpsc::{self, Sender};

use wire_values::{FromJson, IntoOption, Serialize, ToJson, Value, from_json};

use self::generated_v1::Function;

/// A call and where its response goes. Both are JSON.
pub(crate) type Call = (String, Sender<String>);

/// What generated code uses.
pub(crate) mod generated_v1 {
    pub(crate) use super::{Connection, Draft, any, request};
    pub(crate) use crate::catalog_types::{Argument, ArgumentKind, Effect, Function, Surface};
    pub(crate) use wire_values::{
        AnyId, IntoOption, Json, Microseconds, SecretString, Serialize, Unknown, UnknownWord, any_id,
        number_id, record, text_id, words,
    };
}

#[derive(Clone, Debug)]
pub(crate) struct Connection(pub(crate) Sender<Call>);

/// A call with its arguments. The first argument that cannot be sent is the error of the call.
#[derive(Clone)]
pub(crate) struct Draft {
    connection: Connection,
    function: &'static Function,
    arguments: Result<serde_json::Map<String, Value>, String>,
}

impl Draft {
    pub(crate) fn new(connection: &Connection, function: &'static Function) -> Self {
        Self {
            connection: connection.clone(),
            function,
            arguments: Ok(serde_json::Map::new()),
        }
    }

    pub(crate) fn arg(self, name: &'static str, value: impl ToJson) -> Self {
        self.object(name, &value)
    }

    pub(crate) fn object(self, name: &'static str, value: &(impl ToJson + ?Sized)) -> Self {
        let value = value.to_json().map_err(|error| error.to_string());
        self.put(
            name,
            value.and_then(|json| json.decode().map_err(|error| error.to_string())),
        )
    }

    pub(crate) fn json(self, name: &'static str, value: impl Serialize) -> Self {
        self.put(
            name,
            serde_json::to_value(value).map_err(|error| error.to_string()),
        )
    }

    pub(crate) fn texts(self, name: &'static str, items: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let items: Vec<String> = items.into_iter().map(|item| item.as_ref().to_owned()).collect();
        self.object(name, &items)
    }

    pub(crate) fn optional<T: ToJson>(self, name: &'static str, value: impl IntoOption<T>) -> Self {
        match value.into_option() {
            Some(value) => self.arg(name, value),
            None => self,
        }
    }

    pub(crate) fn optional_list<T: ToJson>(self, name: &'static str, items: impl IntoOption<Vec<T>>) -> Self {
        self.optional::<Vec<T>>(name, items.into_option())
    }

    /// Sends the call and waits for the response.
    pub(crate) fn send<T: FromJson>(self) -> Result<T, String> {
        let call = serde_json::json!({ "function": self.function.name, "arguments": self.arguments? });
        let (sender, response) = mpsc::channel();
        let closed = |_| "the server has stopped".to_owned();
        self.connection
            .0
            .send((call.to_string(), sender))
            .map_err(|_| closed(()))?;
        let response = response.recv().map_err(|_| closed(()))?;
        from_json(&response).map_err(|error| error.to_string())
    }

    fn put(mut self, name: &str, value: Result<Value, String>) -> Self {
        self.arguments = self.arguments.and_then(|mut arguments| {
            arguments.insert(name.to_owned(), value?);
            Ok(arguments)
        });
        self
    }
}

impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Draft").field(&self.function.name).finish()
    }
}

macro_rules! request {
    ($name:ident = $function:literal => $output:ty) => {
        /// Sends the call. The response is there when this returns.
        impl ::std::future::IntoFuture for $name {
            type Output = Result<$output, String>;
            type IntoFuture = ::std::future::Ready<Self::Output>;

            fn into_future(self) -> Self::IntoFuture {
                ::std::future::ready(self.0.send())
            }
        }
    };
}
pub(crate) use request;

/// A value of any type, for code that never runs.
pub(crate) fn any<T>() -> T {
    unreachable!("this code never runs")
}
