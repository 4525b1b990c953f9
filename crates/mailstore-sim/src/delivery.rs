//! How an answer leaves: whole, or broken off on purpose.

use std::fmt::Write as _;
use std::io;
use std::time::SystemTime;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

use crate::answer::Answer;

/// What becomes of a request.
pub(crate) enum Delivery {
    Whole(Answer),
    Broken(Broken),
}

/// An answer that is not delivered, or not in whole.
#[derive(Debug)]
pub(crate) struct Broken {
    /// The answer whose head is sent, and how much of its body; without it not a byte is.
    pub(crate) part: Option<(Answer, usize)>,
    pub(crate) ending: Ending,
}

/// What becomes of the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// It is closed in good order, TLS and TCP.
    Close,
    /// TCP RST.
    Reset,
    /// It stays open until the client leaves it.
    Hold,
}

impl Broken {
    /// Sends what is to be sent and ends the connection.
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

/// Makes the drop of a stream send RST instead of FIN.
pub(crate) fn reset(stream: &TcpStream) -> io::Result<()> {
    stream.set_zero_linger()
}

/// The head of an answer that promises its whole body, as [`http`](crate::http) writes those of whole answers.
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
