//! Sockets, TLS and HTTP: reads a complete request, passes it to the router, and writes the response.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::{Body as _, Incoming};
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::service::service_fn;
use hyper::{Method, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use crate::answer::{Answer, SERVER_NAME};
use crate::bodies::Held;
use crate::core::Core;
use crate::delivery::{Broken, Delivery};
use crate::route::{self, Request};
use crate::{handshake, misbehave};

/// Maximum size of a request body.
const BODY_LIMIT: usize = 16 * 1024 * 1024;

/// Maximum size of the bytes of a connection that were received but not handled, such as a head.
const BUFFER: usize = 64 * 1024;

/// Maximum size of a body that is read and ignored if the credentials are wrong.
const SMALL_BODY: u64 = 64 * 1024;

/// Timeout for the handshake and for a request, and the maximum idle time of a connection.
const PATIENCE: Duration = Duration::from_secs(120);

/// The error that ends a connection whose response a fault interrupts.
#[derive(Debug, thiserror::Error)]
#[error("a fault interrupts the response")]
struct BrokenOff;

/// Serves one connection until it ends. Errors affect only this connection.
pub(crate) async fn connection(core: &Arc<Core>, stream: TcpStream, tls: TlsAcceptor) {
    // Responses are small and sent one at a time, so Nagle's algorithm would only delay them.
    let _ = stream.set_nodelay(true);
    let Some(stream) = handshake::accept(core, stream, tls, PATIENCE).await else {
        return;
    };
    // A response that a fault interrupts is stored here and sent when hyper has released the connection.
    let broken: Arc<Mutex<Option<Broken>>> = Arc::default();
    let service = service_fn(|request| {
        let (core, broken) = (Arc::clone(core), Arc::clone(&broken));
        async move {
            let delivery = match read(&core, request).await {
                Ok((request, _held)) => misbehave::deliver(&core, route::handle(&core, request).await).await,
                Err(rejection) => Delivery::Whole(rejection),
            };
            match delivery {
                Delivery::Whole(answer) => Ok(response(answer)),
                Delivery::Broken(part) => {
                    *broken.lock().unwrap_or_else(PoisonError::into_inner) = Some(part);
                    Err(BrokenOff)
                }
            }
        }
    });
    let mut served = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .max_buf_size(BUFFER)
        .title_case_headers(true)
        .serve_connection(TokioIo::new(stream), service);
    let _ = (&mut served).await;
    let part = broken.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(part) = part {
        let _ = part.deliver(served.into_parts().io.into_inner()).await;
    }
}

/// Reads the whole request, or returns the response that rejects it. Credentials are checked before the body is read.
async fn read(core: &Core, request: hyper::Request<Incoming>) -> Result<(Request, Held), Answer> {
    let (head, body) = request.into_parts();
    let has_length = head.headers.contains_key(header::CONTENT_LENGTH)
        || head.headers.contains_key(header::TRANSFER_ENCODING);
    if head.method == Method::POST && !has_length {
        return Err(closing(StatusCode::LENGTH_REQUIRED));
    }
    if usize::try_from(body.size_hint().lower()).is_ok_and(|size| size > BODY_LIMIT) {
        return Err(closing(StatusCode::PAYLOAD_TOO_LARGE));
    }
    let authorization = text(&head.headers, &header::AUTHORIZATION);
    if let Err(rejection) = route::admit(core, head.uri.path(), authorization.as_deref()) {
        // A body that is not read would be taken for the next request. A small one has usually arrived.
        let is_small = body.size_hint().upper().is_some_and(|size| size <= SMALL_BODY);
        if !is_small {
            return Err(rejection.with("connection", "close"));
        }
        let mut body = body;
        let ignored = async { while body.frame().await.is_some_and(|frame| frame.is_ok()) {} };
        let _ = tokio::time::timeout(PATIENCE, ignored).await;
        return Err(rejection);
    }
    let (body, held) = match tokio::time::timeout(PATIENCE, whole(core, body)).await {
        Ok(read) => read.map_err(closing)?,
        Err(_) => return Err(closing(StatusCode::REQUEST_TIMEOUT)),
    };
    let request = Request {
        method: head.method,
        path: head.uri.path().to_owned(),
        has_query: head.uri.query().is_some_and(|query| !query.is_empty()),
        content_type: text(&head.headers, &header::CONTENT_TYPE),
        body,
    };
    Ok((request, held))
}

/// Reads a whole body, or returns the status that rejects it.
async fn whole(core: &Core, body: Incoming) -> Result<(Bytes, Held), StatusCode> {
    let mut limited = Limited::new(body, BODY_LIMIT);
    let mut held = core.bodies.hold();
    let mut bytes = Vec::new();
    while let Some(frame) = limited.frame().await {
        let frame = frame.map_err(|error| {
            if error.is::<LengthLimitError>() {
                StatusCode::PAYLOAD_TOO_LARGE
            } else {
                StatusCode::BAD_REQUEST
            }
        })?;
        if let Ok(data) = frame.into_data() {
            if !held.grow(data.len()) {
                return Err(StatusCode::SERVICE_UNAVAILABLE);
            }
            bytes.extend_from_slice(&data);
        }
    }
    Ok((bytes.into(), held))
}

/// Returns an empty response after which the connection is closed.
fn closing(status: StatusCode) -> Answer {
    Answer::empty(status).with("connection", "close")
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// Creates the response with the headers that every response has. `hyper` adds `Date` and `Content-Length`.
fn response(answer: Answer) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(answer.body));
    *response.status_mut() = answer.status;
    let headers = response.headers_mut();
    headers.insert(header::SERVER, HeaderValue::from_static(SERVER_NAME));
    for (name, value) in answer.headers {
        // Header values are ASCII strings of this crate. An invalid value is omitted.
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    response
}
