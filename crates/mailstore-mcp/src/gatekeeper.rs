//! Confirmations by the person at the terminal.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use mailstore_transport::printable;
use serde_json::Value;

use crate::confirmation::{CONFIRMATION, Confirmations, ExactCall, NotConfirmed};
use crate::question::description;
use crate::refusal::Refusal;
use crate::terminal::Terminal;

/// Asks the person at the terminal before calls that destroy something.
pub(crate) struct Gatekeeper {
    confirmations: Mutex<Confirmations>,
    terminal: Box<dyn Terminal>,
    origin: String,
}

impl Gatekeeper {
    pub(crate) fn new(terminal: Box<dyn Terminal>, lifetime: Duration, origin: String) -> Self {
        Self {
            confirmations: Mutex::new(Confirmations::new(lifetime)),
            terminal,
            origin,
        }
    }

    /// Returns whether a call may be sent: it has the token that the person passed on. Without a token, shows a new one
    /// on the terminal.
    ///
    /// # Errors
    /// The call is not confirmed.
    pub(crate) fn admit(
        &self,
        call: &ExactCall,
        danger: &str,
        token: Option<&Value>,
        now: Instant,
    ) -> Result<(), Refusal> {
        let Some(token) = token.filter(|token| !token.is_null()) else {
            return Err(self.ask(call, danger, now));
        };
        // A token that is not a text is a wrong token.
        let token = token.as_str().unwrap_or_default();
        let redeemed = self.confirmations().redeem(call, token, now);
        redeemed.map_err(refusal)
    }

    /// Shows a new token on the terminal. Returns why the call is not sent yet.
    fn ask(&self, call: &ExactCall, danger: &str, now: Instant) -> Refusal {
        let description = match description(call, danger, &self.origin) {
            Ok(description) => description,
            Err(refusal) => return refusal,
        };
        let mut confirmations = self.confirmations();
        let replaces = if confirmations.is_waiting(call, now) {
            "This token replaces the one before.\n"
        } else {
            ""
        };
        let token = match confirmations.request(call.clone(), now) {
            Ok(token) => token,
            Err(reason) => return refusal(reason),
        };
        let minutes = minutes(confirmations.lifetime());
        // The function and the server are named again, because the beginning may have left the screen.
        let text = format!(
            "{description}\n{replaces}To allow {} on {} once within {minutes}, give the assistant this token: {token}\nTo refuse it, do nothing.",
            printable(&call.function),
            printable(&self.origin),
        );
        if self.terminal.show(&text).is_err() {
            confirmations.withdraw(call);
            return Refusal::new(
                format!(
                    "{} needs a confirmation by a person, and this program has no terminal on which it can ask for it",
                    call.function
                ),
                format!(
                    "Do not try again. Tell the person what you wanted to do. The person can call it with `mailstore call {}`, or start the assistant from a terminal.",
                    call.function
                ),
            );
        }
        Refusal::new(
            format!("{} needs a confirmation by the person", call.function),
            format!(
                "The person reads what the call would do, and a token, on the terminal. Ask the person for the token. Then call the tool again with the same arguments and with `{CONFIRMATION}`. The token is valid for {minutes} and for one call."
            ),
        )
    }

    fn confirmations(&self) -> MutexGuard<'_, Confirmations> {
        // No code that holds the lock leaves a half-made change behind.
        self.confirmations.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn minutes(lifetime: Duration) -> String {
    match lifetime.as_secs().div_ceil(60) {
        0 | 1 => "1 minute".to_owned(),
        count => format!("{count} minutes"),
    }
}

fn refusal(reason: NotConfirmed) -> Refusal {
    let again = format!(
        "Call the tool without `{CONFIRMATION}`, so that the person reads a new token. The arguments of both calls must be the same."
    );
    match reason {
        NotConfirmed::NotRequested => Refusal::new(
            "no confirmation is waiting for this call with exactly these arguments. A token is valid for one call",
            again,
        ),
        NotConfirmed::Expired => Refusal::new("the confirmation token has expired", again),
        NotConfirmed::Wrong => Refusal::new(
            "the confirmation token is wrong",
            "Ask the person to read the token again. Do not guess it.",
        ),
        NotConfirmed::TooManyTries => Refusal::new(
            "the confirmation token is wrong, and it is no longer valid after too many tries",
            again,
        ),
        NotConfirmed::Locked => Refusal::new(
            "there were too many wrong confirmation tokens, so no call can be confirmed any more",
            "Do not try again. Tell the person: `mailstore mcp` must be started again.",
        ),
        NotConfirmed::TooManyWaiting => Refusal::new(
            "too many calls wait for a confirmation",
            "Ask the person about the calls that wait, and wait until they expire.",
        ),
        NotConfirmed::NoRandomness => Refusal::new(
            "a confirmation token cannot be created, because the operating system returned no random numbers",
            "Do not try again. Tell the person.",
        ),
    }
}
