//! A handle to an object that stays in Python.

use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};
use wire_values::{FromJson, Json, Problem, Reader, ToJson, Unsendable};

use crate::connection::{Connection, Outgoing};
use crate::error::{Error, ErrorKind};
use crate::form::quoted;
use crate::handle_table::Slot;
use crate::outgoing::convert;
use crate::python_value::PythonValue;

/// A handle to an object that stays in Python.
///
/// It belongs to its connection; other connections refuse it. Python frees the object with the next request after the
/// last clone is dropped, and at the end of the connection.
///
/// A handle can be an argument, also inside a larger value. The result of a call can be a handle, or contain handles. If
/// it is taken as [`Json`], its objects stay until [`Connection::handle`] returns their handles and these are dropped, or
/// until the end of the connection.
#[derive(Clone)]
pub struct Handle {
    connection: Connection,
    slot: Arc<Slot>,
}

thread_local! {
    /// The connection whose result this thread decodes.
    static DECODING: RefCell<Option<Connection>> = const { RefCell::new(None) };
}

/// Decodes a result of this connection. Handles in it belong to the connection. If it cannot be decoded, its objects are
/// freed.
pub(crate) fn decode<T: FromJson>(connection: &Connection, json: &Json) -> Result<T, Error> {
    let outer = DECODING.replace(Some(connection.clone()));
    let decoded = T::from_json(json);
    DECODING.set(outer);
    decoded.map_err(|problem| {
        connection.handles().free_all(json);
        // The problem names keys of the result, which may be secrets. Its `source` would show them.
        let mut text = problem.to_string();
        connection.secrets().mask(&mut text);
        Error::new(ErrorKind::Decode(text))
    })
}

impl Connection {
    /// Returns the handle in a result of this connection, which has the form `{"$handle": 7, "class": ...}`.
    ///
    /// # Errors
    /// The result is not a handle.
    pub fn handle(&self, json: &Json) -> Result<Handle, Error> {
        let adopted = Handle::adopt(self, json);
        adopted.ok_or_else(|| Error::new(ErrorKind::Decode("expected a handle".to_owned())))
    }
}

impl Handle {
    fn adopt(connection: &Connection, json: &Json) -> Option<Self> {
        let number = json.get("$handle")?.decode().ok()?;
        let class = json.get("class").and_then(|class| class.decode().ok());
        let snapshot = json.get("snapshot").unwrap_or_default();
        let slot = connection
            .handles()
            .adopt(number, class.unwrap_or_default(), snapshot);
        Some(Self {
            connection: connection.clone(),
            slot,
        })
    }

    /// Returns the name of the class, such as `MJob`.
    pub fn class(&self) -> &str {
        &self.slot.class
    }

    /// Returns the number of the object in Python.
    pub fn number(&self) -> u64 {
        self.slot.number
    }

    /// Returns the results of the getters when Python returned the object, by the names of the getters.
    pub fn snapshot(&self) -> &Json {
        &self.slot.snapshot
    }

    /// Returns the result of one getter when Python returned the object.
    pub fn get(&self, getter: &str) -> Option<Json> {
        self.slot.snapshot.get(getter)
    }

    /// Returns the connection of the object.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Calls a method. `arguments` is a tuple or a list, such as `("name", 7)`, or `()`.
    ///
    /// If the future is dropped, a call that was sent runs to its end.
    ///
    /// # Errors
    /// Those of a call. A read-only connection only allows the methods in `snapshot` and `reads` of the class.
    ///
    /// ```
    /// # async fn example(job: &python_bridge::Handle) -> Result<(), python_bridge::Error> {
    /// job.call("setPriority", (7,)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn call(&self, method: &str, arguments: impl Serialize) -> Result<Json, Error> {
        let outgoing = self.outgoing(method, &serialized(arguments)?)?;
        self.connection.send(outgoing).await
    }

    /// Calls a method like [`call`](Self::call) and decodes its result.
    ///
    /// # Errors
    /// Those of [`call`](Self::call), or the result has another type.
    pub async fn call_as<T: FromJson>(&self, method: &str, arguments: impl Serialize) -> Result<T, Error> {
        let outgoing = self.outgoing(method, &serialized(arguments)?)?;
        let result = self.connection.send(outgoing).await?;
        decode(&self.connection, &result).map_err(|error| error.of(method))
    }

    fn outgoing(&self, method: &str, arguments: &str) -> Result<Outgoing, Error> {
        let mut held = vec![Arc::clone(&self.slot)];
        let name = format!("{}.{method}", self.slot.class);
        let arguments = convert(arguments, self.connection.handles(), &mut held)
            .map_err(|problem| Error::value(problem).of(&name))?;
        Ok(Outgoing {
            body: format!(
                "\"method\":{},\"on\":{},\"args\":{arguments}",
                quoted(method),
                self.slot.number
            ),
            effect: self.connection.effect_of_method(&self.slot.class, method),
            name,
            timeout: None,
            held,
        })
    }
}

/// Returns a list of arguments as JSON.
///
/// # Errors
/// The value is not a tuple or a list, or cannot be written as JSON.
pub(crate) fn serialized(arguments: impl Serialize) -> Result<String, Error> {
    let text = serde_json::to_string(&arguments)
        // The text of the error may contain a value.
        .map_err(|_| Error::value("the arguments cannot be written as JSON"))?;
    match text.as_bytes().first() {
        Some(b'[') => Ok(text),
        Some(b'n') => Ok("[]".to_owned()),
        _ => Err(Error::configuration("the arguments must be a tuple or a list")),
    }
}

impl ToJson for Handle {
    fn to_json(&self) -> Result<Json, Unsendable> {
        PythonValue::handle(self.slot.number, self.connection.handles().session).to_json()
    }
}

/// Writes a form that only arguments of this connection accept.
impl Serialize for Handle {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        PythonValue::handle(self.slot.number, self.connection.handles().session).serialize(serializer)
    }
}

/// Works only while a call decodes its result.
impl FromJson for Handle {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Problem> {
        let json = reader.json()?;
        let connection = DECODING.with_borrow(Clone::clone);
        let adopted = connection.and_then(|connection| Self::adopt(&connection, &json));
        adopted.ok_or_else(|| Problem::expected("a handle", &json))
    }
}

/// Handles are equal if they refer to the same object of the same connection.
impl PartialEq for Handle {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.slot, &other.slot)
    }
}

impl Eq for Handle {}

/// Shows the class and the number, but not the snapshot.
impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle")
            .field("class", &self.slot.class)
            .field("number", &self.slot.number)
            .finish_non_exhaustive()
    }
}
