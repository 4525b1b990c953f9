//! Traces on request: where they are sent, and the exporter of a worker.

use std::time::Duration;

use miette::{IntoDiagnostic as _, Report, WrapErr as _, miette};
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::FilterExt as _;
use tracing_subscriber::filter::{Targets, filter_fn};
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::tls::use_ring;

/// How long the last spans may take at the end of the worker.
const FLUSH: Duration = Duration::from_secs(3);

/// How long a collector may take for one request.
const REQUEST: Duration = Duration::from_secs(3);

/// The path that a collector has for traces.
const PATH: &str = "/v1/traces";

/// The address of a collector, as `http://host:port`.
#[derive(Clone, Debug)]
pub struct Collector(String);

impl Collector {
    /// Reads an address. An empty one stands for no collector, as in the variables of OpenTelemetry.
    ///
    /// # Errors
    /// The text is not an address that begins with `http://`, or it has a user or a password.
    pub fn of(text: Option<&str>) -> Result<Option<Self>, Report> {
        text.filter(|text| !text.is_empty()).map(str::parse).transpose()
    }

    /// Returns the address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for Collector {
    type Err = Report;

    fn from_str(text: &str) -> Result<Self, Report> {
        let address = text.trim_end_matches('/');
        let url = reqwest::Url::parse(address).into_diagnostic()?;
        if url.scheme() != "http" {
            return Err(miette!(
                "the address of a collector begins with http://: use a collector on this machine, which can send on with TLS"
            ));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(miette!("the address of a collector has no user and no password"));
        }
        Ok(Self(address.to_owned()))
    }
}

/// The exporter of a worker. It sends spans from a thread of its own, so a collector that is down delays no call.
pub(crate) struct Exporter(SdkTracerProvider);

impl Exporter {
    /// Begins to send the spans of this process to a collector.
    ///
    /// # Errors
    /// The exporter cannot be created.
    pub(crate) fn install(collector: &Collector) -> Result<Self, Report> {
        use_ring();
        let exporter = SpanExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(format!("{}{PATH}", collector.as_str()))
            .with_timeout(REQUEST)
            .build()
            .into_diagnostic()
            .wrap_err("cannot create the exporter of the traces")?;
        let service = Resource::builder()
            .with_service_name("mailstore-fleet-worker")
            .build();
        let provider = SdkTracerProvider::builder()
            .with_resource(service)
            .with_batch_exporter(exporter)
            .build();
        let ours = Targets::new()
            .with_target("mailstore_fleet", LevelFilter::INFO)
            .with_target("mailstore_transport", LevelFilter::DEBUG);
        // Log events are left out, because their text may be that of an error.
        let spans = filter_fn(|metadata| metadata.is_span());
        let layer = tracing_opentelemetry::layer()
            .with_tracer(provider.tracer("mailstore-fleet"))
            .with_location(false)
            .with_target(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
            .with_filter(ours.and(spans));
        tracing_subscriber::registry()
            .with(layer)
            .try_init()
            .into_diagnostic()
            .wrap_err("cannot begin the traces")?;
        Ok(Self(provider))
    }

    /// Sends the last spans, as far as the collector takes them in time.
    pub(crate) async fn end(self) {
        let flush = move || {
            // A collector that is down changes nothing else about the end of the worker.
            let _ = self.0.shutdown_with_timeout(FLUSH);
        };
        let _ = tokio::task::spawn_blocking(flush).await;
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_without_tls_and_credentials() {
        let address = |text| Collector::of(Some(text)).map(|found| found.map(|found| found.0));
        assert_eq!(
            address("http://127.0.0.1:4318/").unwrap().unwrap(),
            "http://127.0.0.1:4318"
        );
        assert_eq!(address("").unwrap(), None);
        for wrong in [
            "https://127.0.0.1:4318",
            "127.0.0.1:4318",
            "http://a:b@127.0.0.1:4318",
        ] {
            assert!(address(wrong).is_err(), "{wrong}");
        }
    }
}
