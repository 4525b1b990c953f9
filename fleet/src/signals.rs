//! The signals that tell a process to stop.

use miette::Report;
#[cfg(unix)]
use miette::{Context as _, IntoDiagnostic as _};
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Receives Ctrl-C and SIGTERM.
pub(crate) struct Signals {
    #[cfg(unix)]
    interrupt: Signal,
    #[cfg(unix)]
    terminate: Signal,
}

impl Signals {
    /// Begins to listen. From then on, the signals do not end the process by themselves.
    #[cfg(unix)]
    pub(crate) fn listen() -> Result<Self, Report> {
        let listen = |kind, name| {
            signal(kind)
                .into_diagnostic()
                .wrap_err_with(|| format!("cannot listen for {name}"))
        };
        Ok(Self {
            interrupt: listen(SignalKind::interrupt(), "SIGINT")?,
            terminate: listen(SignalKind::terminate(), "SIGTERM")?,
        })
    }

    /// Begins to listen.
    #[cfg(not(unix))]
    pub(crate) fn listen() -> Result<Self, Report> {
        Ok(Self {})
    }

    /// Waits for the next signal.
    pub(crate) async fn next(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
        #[cfg(not(unix))]
        let _ = tokio::signal::ctrl_c().await;
    }
}

/// Returns a future that ends when the process is told to stop.
///
/// # Errors
/// The process cannot listen for signals.
pub fn stopped() -> Result<impl Future<Output = ()>, Report> {
    let mut signals = Signals::listen()?;
    Ok(async move { signals.next().await })
}
