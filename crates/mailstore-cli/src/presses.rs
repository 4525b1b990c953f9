//! Counts how often Ctrl-C was pressed.

use std::future::ready;

use miette::IntoDiagnostic as _;
use tokio::select;
use tokio::signal::ctrl_c;
use tokio::sync::watch;

use crate::exit::Failed;

/// The number of times that Ctrl-C was pressed since [`listen`](Self::listen). Clones share it.
#[derive(Clone)]
pub(crate) struct Presses(watch::Receiver<u8>);

impl Presses {
    /// Starts to count. From now on, Ctrl-C does not end the program.
    pub(crate) async fn listen() -> Result<Self, Failed> {
        let (count, presses) = watch::channel(0_u8);
        let mut next = Box::pin(ctrl_c());
        // The first poll registers the handler. The task below is polled later.
        select! {
            biased;
            pressed = &mut next => {
                pressed.into_diagnostic().map_err(Failed::work)?;
                count.send_modify(|count| *count += 1);
                next = Box::pin(ctrl_c());
            }
            () = ready(()) => {}
        }
        tokio::spawn(async move {
            while next.await.is_ok() {
                count.send_modify(|count| *count = count.saturating_add(1));
                next = Box::pin(ctrl_c());
            }
        });
        Ok(Self(presses))
    }

    /// Waits until Ctrl-C was pressed this many times.
    pub(crate) async fn reach(&mut self, wanted: u8) {
        if self.0.wait_for(|count| *count >= wanted).await.is_err() {
            // The counter has stopped, because the handler failed.
            std::future::pending::<()>().await;
        }
    }

    /// Returns whether Ctrl-C was pressed at least once.
    pub(crate) fn any(&self) -> bool {
        *self.0.borrow() > 0
    }
}
