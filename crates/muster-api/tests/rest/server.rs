//! A small web server with the four known calls. It keeps what it received.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use muster_api::rest::Rest;
use serde_json::{Value, json};

/// What the server received in one request.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    /// Such as `POST /api/login`.
    pub(crate) line: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: Value,
    /// The value of the header `Content-Length`.
    pub(crate) content_length: Option<usize>,
}

impl Received {
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        let mut query = self.query.iter();
        query
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// What the server does next with a request. By default it answers as Muster does.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Next {
    /// The token has expired.
    Expire,
    /// The server closes the connection after it has read a request to this path.
    Close(&'static str),
    /// The server answers a request to this path with a status and a body.
    Answer(&'static str, u16, &'static str),
    /// The server redirects a request to this path to a port of this machine, with the query of the request.
    Redirect(&'static str, u16, u16),
}

#[derive(Default)]
struct State {
    received: Vec<Received>,
    next: Vec<Next>,
    token: u32,
}

/// The server. It ends with the test program.
pub(crate) struct Server {
    address: String,
    state: Arc<Mutex<State>>,
}

pub(crate) const PASSWORD: &str = "pass word&1";

impl Server {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let state = Arc::clone(&shared);
                thread::spawn(move || serve(stream.unwrap(), &state));
            }
        });
        Self { address, state }
    }

    pub(crate) fn client(&self) -> Rest {
        let builder = Rest::builder(&self.address).no_proxy();
        builder.credentials("alice", PASSWORD).build().unwrap()
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.rsplit(':').next().unwrap().parse().unwrap()
    }

    pub(crate) fn next(&self, next: Next) {
        self.state.lock().unwrap().next.push(next);
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.state.lock().unwrap().received.clone()
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.received()
            .into_iter()
            .map(|received| received.line)
            .collect()
    }
}

fn serve(stream: TcpStream, state: &Mutex<State>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut writer = stream;
    while let Some(received) = read(&mut reader) {
        let location = state.lock().unwrap().location(&received);
        let Some((status, body)) = state.lock().unwrap().answer(received) else {
            return;
        };
        let head = format!(
            "HTTP/1.1 {status} Status\r\n{location}Content-Length: {}\r\n\r\n",
            body.len()
        );
        if writer.write_all(format!("{head}{body}").as_bytes()).is_err() {
            return;
        }
    }
}

fn read(reader: &mut impl BufRead) -> Option<Received> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let mut words = lines[0].split(' ');
    let (method, target) = (words.next()?, words.next()?);
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let length = lines.iter().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse().unwrap())
    });
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    Some(Received {
        line: format!("{method} {path}"),
        query: form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
        body: serde_json::from_slice(&body).unwrap_or_default(),
        content_length: length,
    })
}

impl State {
    /// Returns the header of a redirect.
    fn location(&self, received: &Received) -> String {
        let port = self.next.iter().find_map(|next| match next {
            Next::Redirect(path, _, port) if received.line.ends_with(path) => Some(port),
            _ => None,
        });
        let Some(port) = port else {
            return String::new();
        };
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&received.query)
            .finish();
        format!("Location: http://127.0.0.1:{port}/api/pools/list?{query}\r\n")
    }

    /// Returns the status and the body. `None` closes the connection.
    fn answer(&mut self, received: Received) -> Option<(u16, String)> {
        self.received.push(received.clone());
        if let Some(index) = self.next.iter().position(|next| *next == Next::Expire) {
            self.next.remove(index);
            self.token += 1;
        }
        let of_path = |next: &Next| match next {
            Next::Close(path) | Next::Answer(path, ..) | Next::Redirect(path, ..) => {
                received.line.ends_with(path)
            }
            Next::Expire => false,
        };
        if let Some(index) = self.next.iter().position(of_path) {
            return match self.next.remove(index) {
                Next::Answer(_, status, body) => Some((status, body.to_owned())),
                Next::Redirect(_, status, _) => Some((status, String::new())),
                _ => None,
            };
        }
        if received.line == "POST /api/login" {
            let is_known =
                received.query("username") == Some("alice") && received.query("password") == Some(PASSWORD);
            return Some(match is_known {
                true => envelope(200, "", &json!({ "authToken": self.token_text() })),
                false => envelope(
                    403,
                    &format!("{:?} is wrong", received.query("password")),
                    &Value::Null,
                ),
            });
        }
        if received.query("authToken") != Some(&self.token_text()) {
            return Some(envelope(401, "the token is not valid", &Value::Null));
        }
        Some(match received.line.as_str() {
            "GET /api/pools/list" => envelope(
                200,
                "",
                &json!({"pools": [{"name": "farm"}, {"name": "gpu", "id": 2}]}),
            ),
            "POST /api/templates/list" => envelope(
                200,
                "",
                &json!({"templates": [{"name": "Maya", "id": 1}, {"name": "Nuke", "id": "12"}]}),
            ),
            "POST /api/queue/actions" => envelope(200, "", &json!({"jobId": 77})),
            _ => envelope(400, "unknown method", &Value::Null),
        })
    }

    fn token_text(&self) -> String {
        format!("t/ken+{}", self.token)
    }
}

fn envelope(status: u16, description: &str, data: &Value) -> (u16, String) {
    let status_object = json!({"Code": status, "Time": 1_556_000_000, "Description": description});
    let body = json!({"ResponseStatus": status_object, "ResponseData": data});
    (status, body.to_string())
}
