//! A checked call.

use mailstore_api::{Call, Connection, ExposeSecret as _, Json, Task};
use mailstore_codegen::model::{Field, Function};
use mailstore_reach::is_secret;
use miette::miette;

use crate::arguments::Given;
use crate::curl;
use crate::exit::{Code, Failed};
use crate::presses::Presses;
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

    /// Starts the call. Ctrl-C stops waiting for the response.
    ///
    /// # Errors
    /// The call cannot be started, or Ctrl-C was pressed. It may then have been executed.
    pub(crate) async fn start(
        &self,
        connection: &Connection,
        call: Call<Json>,
        presses: &mut Presses,
    ) -> Result<Task<Json>, Failed> {
        let request = curl::request(connection.origin(), self.function, self.given);
        tracing::debug!("sending {}", request.trim_end());
        tokio::select! {
            biased;
            started = call.start() => Ok(started?),
            () = presses.reach(1) => Err(self.interrupted()),
        }
    }

    /// The error if Ctrl-C was pressed before the server responded to the start of the call.
    fn interrupted(&self) -> Failed {
        let name = &self.function.wire;
        if self.is_unique() {
            let report = miette!(
                help = "Check its effect on the server before you call it again.",
                "{name}: stopped before the server responded. The server may have executed the call"
            );
            Failed::new(Code::OutcomeUnknown, report)
        } else {
            let report = miette!("{name}: stopped before the server responded");
            Failed::new(Code::Cancelled, report)
        }
    }

    /// Returns whether the result is lost if it cannot be shown, because the call cannot be repeated.
    pub(crate) fn is_unique(&self) -> bool {
        !self.function.effect.only_reads()
    }
}
