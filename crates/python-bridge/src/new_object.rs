//! Creates objects in Python.

use serde::Serialize;

use crate::connection::{Connection, Outgoing};
use crate::error::Error;
use crate::form::quoted;
use crate::function::Effect;
use crate::handle::{Handle, serialized};
use crate::outgoing::convert;

impl Connection {
    /// Creates an object of a class of the module. `arguments` is a tuple or a list, or `()`.
    ///
    /// If the future is dropped, the object is freed. A read-only connection allows it, because it only creates an object
    /// in Python.
    ///
    /// # Errors
    /// Those of a call.
    ///
    /// ```
    /// # async fn example(connection: &python_bridge::Connection) -> Result<(), python_bridge::Error> {
    /// let job = connection.new_object("MJob", ()).await?;
    /// job.call("setName", ("nightly",)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn new_object(&self, class: &str, arguments: impl Serialize) -> Result<Handle, Error> {
        let outgoing = self.creation(class, &serialized(arguments)?)?;
        let created = self.send(outgoing).await?;
        self.handle(&created).map_err(|error| error.of(class))
    }

    fn creation(&self, class: &str, arguments: &str) -> Result<Outgoing, Error> {
        let mut held = Vec::new();
        let arguments = convert(arguments, self.handles(), &mut held)
            .map_err(|problem| Error::value(problem).of(class))?;
        Ok(Outgoing {
            name: class.to_owned(),
            body: format!("\"new\":{},\"args\":{arguments}", quoted(class)),
            effect: Effect::Read,
            timeout: None,
            held,
        })
    }
}
