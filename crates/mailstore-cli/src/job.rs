//! A checked call.

use mailstore_api::{Call, Connection, ExposeSecret as _, Json};
use mailstore_codegen::model::{Field, Function};

use crate::arguments::Given;
use crate::catalog::is_secret;
use crate::server::Server;
use crate::wait::Limits;

/// A call with checked arguments.
pub(crate) struct Job<'a> {
    pub(crate) function: &'a Function,
    pub(crate) given: &'a [Given<'a>],
    /// The known members of the result.
    pub(crate) fields: &'a [Field],
    pub(crate) server: &'a Server,
    pub(crate) limits: Limits,
}

impl Job<'_> {
    /// Creates the call for a connection.
    pub(crate) fn on(&self, connection: &Connection) -> Call<Json> {
        let mut call = Call::<Json>::new(connection, &self.function.wire);
        for given in self.given {
            let name = &given.argument.wire;
            // Errors hide the values that a call sends as secrets.
            call = if is_secret(given.argument) {
                call.arg(name, given.value.clone())
            } else {
                call.arg(name, given.value.expose_secret())
            };
        }
        call
    }

    /// Returns whether the result is lost if it cannot be shown, because the call cannot be repeated.
    pub(crate) fn is_unique(&self) -> bool {
        !self.function.effect.only_reads()
    }
}
