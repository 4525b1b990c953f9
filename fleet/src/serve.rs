//! Serves the handlers of a worker so that their spans continue the traces of the engine.
//!
//! The engine names its span in a header of each attempt. The SDK keeps that header to itself, so it is read here,
//! and its context is attached while the attempt is executed.

use std::convert::Infallible;
use std::future::ready;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http_body::{Body, Frame, SizeHint};
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use opentelemetry::Context as Trace;
use opentelemetry::propagation::TextMapPropagator as _;
use opentelemetry::trace::TraceContextExt as _;
use opentelemetry_http::HeaderExtractor;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use restate_sdk::prelude::Endpoint;
use tokio::net::TcpListener;

/// The pause after a connection could not be accepted.
const PAUSE: Duration = Duration::from_millis(50);

/// Serves until the process ends.
pub(crate) async fn serve(endpoint: Endpoint, listener: TcpListener) -> Infallible {
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            // This process may have no free file handles for a while.
            Err(_) => {
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        };
        let endpoint = endpoint.clone();
        let answer = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
            let trace = trace_of(request.headers());
            let answer = endpoint.handle(request);
            ready(Ok::<_, Infallible>(answer.map(|body| Traced {
                body: Box::pin(body),
                trace,
            })))
        });
        let connection =
            http2::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), answer);
        // The engine tries again after a connection that failed.
        tokio::spawn(async move { drop(connection.await) });
    }
}

/// Returns the trace of an attempt. It is empty if the engine records none, so that the worker begins its own.
fn trace_of(headers: &http::HeaderMap) -> Trace {
    let trace = TraceContextPropagator::new().extract_with_context(&Trace::new(), &HeaderExtractor(headers));
    if trace.span().span_context().is_sampled() {
        trace
    } else {
        Trace::new()
    }
}

/// The answer of an attempt. The SDK executes the handler while its answer is read.
struct Traced<B> {
    body: Pin<Box<B>>,
    trace: Trace,
}

impl<B: Body> Body for Traced<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let _attached = self.trace.clone().attach();
        self.body.as_mut().poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
