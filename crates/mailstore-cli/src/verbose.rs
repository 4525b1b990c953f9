//! `--verbose`: shows requests and responses on standard error.

use std::io;

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Shows the events of the client. They contain no secrets, arguments or text of the server's log.
pub(crate) fn show_requests() {
    let layer = tracing_subscriber::fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(false)
        .with_target(false)
        .compact()
        .with_span_events(FmtSpan::CLOSE);
    let targets = Targets::new()
        .with_target("https_connect", LevelFilter::DEBUG)
        .with_target("mailstore", LevelFilter::DEBUG)
        .with_target("mailstore_explorer", LevelFilter::DEBUG)
        .with_target("mailstore_transport", LevelFilter::DEBUG);
    // An error means that another subscriber is already set. No other one exists in this program.
    let _ = tracing_subscriber::registry()
        .with(targets)
        .with(layer)
        .try_init();
}
