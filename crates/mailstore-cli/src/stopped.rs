//! Waits until the user or the system stops the program.

use miette::IntoDiagnostic as _;

use crate::exit::Failed;
use crate::presses::Presses;

/// Registers handlers for Ctrl-C and for the signal with which the system stops a program. The future ends when one of
/// them arrives.
pub(crate) async fn listen() -> Result<impl Future<Output = ()>, Failed> {
    let mut presses = Presses::listen().await?;
    let terminated = terminated()?;
    Ok(async move {
        tokio::select! {
            () = presses.reach(1) => {}
            () = terminated => {}
        }
    })
}

#[cfg(unix)]
fn terminated() -> Result<impl Future<Output = ()>, Failed> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut signals = signal(SignalKind::terminate())
        .into_diagnostic()
        .map_err(Failed::work)?;
    Ok(async move {
        signals.recv().await;
    })
}

/// Other systems have no such signal.
#[cfg(not(unix))]
fn terminated() -> Result<impl Future<Output = ()>, Failed> {
    Ok(std::future::pending())
}
