//! The request to the server to cancel a call, as a step of the life of the call.

use std::sync::Arc;

use mailstore_api::StatusToken;

use crate::hooks::{Point, reach};
use crate::life::Life;
use crate::request_cancel::request_cancel;
use crate::spans;

impl Life<'_> {
    /// Asks the server to cancel the call. Returns whether it was asked.
    pub(super) async fn ask_to_cancel(&mut self, token: &StatusToken) -> bool {
        reach(Point::BeforeCancel).await;
        let token = token.clone();
        let (clients, order) = (Arc::clone(self.clients), Arc::clone(&self.order));
        let invocation = self.ctx.invocation_id().to_owned();
        let ask = move || async move {
            let work = request_cancel(&clients, &order.call, token);
            let asked = spans::of_cancel(&order.call, &invocation, work).await;
            reach(Point::AfterCancel).await;
            asked.err()
        };
        // A second cancellation hides the answer. The server is then asked again, which changes nothing.
        let problem = self.steps.attempt("cancel", ask).await;
        matches!(problem, Some(None))
    }
}
