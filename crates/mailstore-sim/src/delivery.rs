//! The delivery of a response: complete, or interrupted by a fault.

use std::fmt::Write as _;
use std::io;
use std::time::SystemTime;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

use crate::answer::Answer;

/// The result of handling a request.
pub(crate) enum Delivery {
    Whole(Answer),
    Broken(Broken),
}

/// A response that is sent partly or not at all.
#[derive(Debug)]
pub(crate) struct Broken {
    /// The response and the number of bytes of its body to send after its head. `None` sends nothing.
    pub(crate) part: Option<(Answer, usize)>,
    pub(crate) ending: Ending,
}

/// The treatment of the connection afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// TLS and TCP are closed cleanly.
    Close,
    /// The connection is reset (TCP RST).
    Reset,
    /// The connection stays open until the client closes it.
    Hold,
}

impl Broken {
    /// Sends the part of the response that is due and ends the connection.
    pub(crate) async fn deliver(self, mut stream: TlsStream<TcpStream>) -> io::Result<()> {
        if let Some((answer, bytes)) = &self.part {
            let mut wire = head(answer).into_bytes();
            wire.extend_from_slice(answer.body.get(..*bytes).unwrap_or(&answer.body));
            stream.write_all(&wire).await?;
            stream.flush().await?;
        }
        match self.ending {
            Ending::Close => stream.shutdown().await,
            Ending::Reset => reset(stream.get_ref().0),
            Ending::Hold => {
                let mut rest = [0; 1024];
                while stream.read(&mut rest).await? > 0 {}
                Ok(())
            }
        }
    }
}

/// Configures the stream to send RST instead of FIN when it is dropped.
pub(crate) fn reset(stream: &TcpStream) -> io::Result<()> {
    stream.set_zero_linger()
}

/// Returns the head of a response, with the length of the whole body. It is the same head that [`http`](crate::http)
/// writes for complete responses.
fn head(answer: &Answer) -> String {
    let code = answer.status.as_u16();
    let reason = answer.status.canonical_reason().unwrap_or_default();
    let mut head = format!(
        "HTTP/1.1 {code} {reason}\r\nServer: {}\r\n",
        crate::answer::SERVER_NAME
    );
    for (name, value) in &answer.headers {
        // Writing into a string cannot fail.
        let _ = write!(head, "{}: {value}\r\n", title_case(name));
    }
    let date = jiff::Timestamp::try_from(SystemTime::now()).unwrap_or_default();
    let date = date.strftime("%a, %d %b %Y %H:%M:%S GMT");
    let _ = write!(
        head,
        "Content-Length: {}\r\nDate: {date}\r\n\r\n",
        answer.body.len()
    );
    head
}

fn title_case(name: &str) -> String {
    let mut start = true;
    let title = |character: char| {
        let upper = std::mem::replace(&mut start, character == '-');
        if upper {
            character.to_ascii_uppercase()
        } else {
            character
        }
    };
    name.chars().map(title).collect()
}
