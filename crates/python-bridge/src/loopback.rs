//! Connects to a host program on this machine that pumps the bridge.

use std::io::{self, Read};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::zeroize::Zeroizing;
use serde::Deserialize;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::time::{sleep, timeout};

use crate::error::Error;
use crate::handshake::{Side, Token, nonce};
use crate::line::{LONGEST_LINE, Lines};
use crate::private_file;
use crate::secrets::Secrets;

/// The longest line of the handshake, in bytes.
const LONGEST_GREETING: usize = 4096;

/// The longest file with a token, in bytes.
const LONGEST_TOKEN_FILE: u64 = 4096;

/// How long to wait before the next attempt.
const PAUSE: Duration = Duration::from_millis(50);

/// Both directions of a connection.
type Opened = (Lines<OwnedReadHalf>, OwnedWriteHalf);

#[derive(Deserialize)]
struct Greeting {
    nonce: String,
    proof: String,
}

/// Connects to the host program whose token is in this file, and proves that both know the token.
///
/// # Errors
/// The files cannot be read, the host program does not listen, or it does not know the token.
pub(crate) async fn connect(
    token_file: &Path,
    secrets: &Secrets,
    handshake_timeout: Duration,
) -> Result<Opened, Error> {
    let token = read_token(token_file, secrets)?;
    let port = read_port(token_file)?;
    let opening = async {
        // A host program serves one client at a time, and may not yet know that the client before has gone.
        loop {
            if let Some(opened) = try_once(port, &token).await? {
                return Ok(opened);
            }
            sleep(PAUSE).await;
        }
    };
    match timeout(handshake_timeout, opening).await {
        Ok(opened) => opened,
        Err(_) => Err(Error::start(format!(
            "the host program did not answer the handshake in {handshake_timeout:?}. It may be busy, or serve another client"
        ))),
    }
}

/// Returns `None` if the host program closed the connection before it said anything.
async fn try_once(port: u16, token: &Token) -> Result<Option<Opened>, Error> {
    let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(|error| {
            Error::start(format!("nothing listens on port {port} of this machine")).because(error)
        })?;
    let _ = stream.set_nodelay(true);
    let (reader, mut writer) = stream.into_split();
    let mut lines = Lines::new(reader, LONGEST_GREETING);
    let own = nonce()?;
    let hello = format!("{{\"hello\": 1, \"nonce\": \"{own}\"}}\n");
    if writer.write_all(hello.as_bytes()).await.is_err() {
        return Ok(None);
    }
    let Ok(Some(line)) = lines.next().await else {
        return Ok(None);
    };
    let proof = proof_for(&line, &own, token)?;
    writer
        .write_all(proof.as_bytes())
        .await
        .map_err(|error| Error::start("the host program closed the connection").because(error))?;
    lines.set_longest(LONGEST_LINE);
    Ok(Some((lines, writer)))
}

/// Verifies the greeting of the host program, and returns the line with the own proof.
fn proof_for(greeting: &[u8], own: &str, token: &Token) -> Result<String, Error> {
    let greeting: Greeting = serde_json::from_slice(greeting)
        .map_err(|_| Error::start("the program on this port is not the host program"))?;
    if !token.verifies(&greeting.proof, Side::Server, own, &greeting.nonce) {
        return Err(Error::start("the program on this port does not know the token"));
    }
    let proof = token
        .proof(Side::Client, own, &greeting.nonce)
        .ok_or_else(|| Error::start("the proof cannot be calculated"))?;
    Ok(format!("{{\"proof\": \"{proof}\"}}\n"))
}

fn read_token(path: &Path, secrets: &Secrets) -> Result<Token, Error> {
    let file = private_file::open(path)?;
    let mut text = Zeroizing::new(String::new());
    file.take(LONGEST_TOKEN_FILE)
        .read_to_string(&mut text)
        .map_err(|error| cannot_read(path, error))?;
    let token = Token::parse(&text).ok_or_else(|| {
        Error::configuration(format!(
            "{}: the file must contain a token of 64 hexadecimal digits",
            path.display()
        ))
    })?;
    secrets.add(text.trim());
    Ok(token)
}

fn read_port(token_file: &Path) -> Result<u16, Error> {
    let mut path = token_file.as_os_str().to_owned();
    path.push(".port");
    let path = PathBuf::from(path);
    let text = std::fs::read_to_string(&path).map_err(|error| cannot_read(&path, error))?;
    let port = text.trim().parse().ok().filter(|port| *port != 0);
    port.ok_or_else(|| Error::start(format!("{}: the file contains no port", path.display())))
}

fn cannot_read(path: &Path, error: io::Error) -> Error {
    Error::start(format!("{} cannot be read: {error}", path.display())).because(error)
}
