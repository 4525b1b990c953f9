//! Sockets, TLS and HTTP: reads a request completely, has it answered, writes the answer.

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
use crate::core::Core;
use crate::delivery::{Broken, Delivery};
use crate::route::{self, Request};
use crate::{handshake, misbehave};

/// The largest body that is read.
const BODY_LIMIT: usize = 16 * 1024 * 1024;

/// How long a peer may take for the handshake or a request, and how long a connection may stay idle.
const PATIENCE: Duration = Duration::from_secs(120);

/// Ends a connection whose answer is not sent the usual way.
#[derive(Debug, thiserror::Error)]
#[error("the answer is broken off on purpose")]
struct BrokenOff;

/// Serves one connection until it ends. Its errors only affect the peer.
pub(crate) async fn connection(core: &Arc<Core>, stream: TcpStream, tls: TlsAcceptor) {
    // Small answers, one at a time: waiting for more to send would only delay them.
    let _ = stream.set_nodelay(true);
    let Some(stream) = handshake::accept(core, stream, tls, PATIENCE).await else {
        return;
    };
    // An answer that is to be broken off is put here, and sent when HTTP has let go of the connection.
    let broken: Arc<Mutex<Option<Broken>>> = Arc::default();
    let service = service_fn(|request| {
        let (core, broken) = (Arc::clone(core), Arc::clone(&broken));
        async move {
            let delivery = match read(request).await {
                Ok(request) => misbehave::deliver(&core, route::handle(&core, request).await).await,
                Err(refusal) => Delivery::Whole(refusal),
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
        .title_case_headers(true)
        .serve_connection(TokioIo::new(stream), service);
    let _ = (&mut served).await;
    let part = broken.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(part) = part {
        let _ = part.deliver(served.into_parts().io.into_inner()).await;
    }
}

/// Reads the whole request, or says why it is refused.
async fn read(request: hyper::Request<Incoming>) -> Result<Request, Answer> {
    let (head, body) = request.into_parts();
    let has_length = head.headers.contains_key(header::CONTENT_LENGTH)
        || head.headers.contains_key(header::TRANSFER_ENCODING);
    if head.method == Method::POST && !has_length {
        return Err(Answer::empty(StatusCode::LENGTH_REQUIRED).with("connection", "close"));
    }
    if usize::try_from(body.size_hint().lower()).is_ok_and(|size| size > BODY_LIMIT) {
        return Err(Answer::empty(StatusCode::PAYLOAD_TOO_LARGE).with("connection", "close"));
    }
    let body = match tokio::time::timeout(PATIENCE, Limited::new(body, BODY_LIMIT).collect()).await {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(error)) => {
            let status = if error.is::<LengthLimitError>() {
                StatusCode::PAYLOAD_TOO_LARGE
            } else {
                StatusCode::BAD_REQUEST
            };
            return Err(Answer::empty(status).with("connection", "close"));
        }
        Err(_) => return Err(Answer::empty(StatusCode::REQUEST_TIMEOUT).with("connection", "close")),
    };
    Ok(Request {
        method: head.method,
        path: head.uri.path().to_owned(),
        has_query: head.uri.query().is_some_and(|query| !query.is_empty()),
        authorization: text(&head.headers, &header::AUTHORIZATION),
        content_type: text(&head.headers, &header::CONTENT_TYPE),
        body,
    })
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// The answer with the headers that every answer has. `Date` and `Content-Length` are added when it is written.
fn response(answer: Answer) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(answer.body));
    *response.status_mut() = answer.status;
    let headers = response.headers_mut();
    headers.insert(header::SERVER, HeaderValue::from_static(SERVER_NAME));
    for (name, value) in answer.headers {
        // Header values are our own ASCII; one that is not is left out rather than sent broken.
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    response
}
