//! A stand-in for an object store: it keeps what is put and returns it, and fails on request.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// The account of the worker. Tests search for both where they must not be.
pub(crate) const KEY: &str = "CANARYKEY41d7c02e";
pub(crate) const SECRET: &str = "canary-secret-b8e61f";

/// An object store on 127.0.0.1.
#[derive(Clone)]
pub(crate) struct S3 {
    pub(crate) url: String,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    /// The objects by their paths.
    objects: BTreeMap<String, String>,
    /// The status with which every request fails.
    failure: Option<u16>,
    refused: usize,
}

impl S3 {
    /// Starts a store that answers every request with this status, if there is one.
    pub(crate) fn start(failure: Option<u16>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let store = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            state: Arc::default(),
        };
        store.fail(failure);
        let served = store.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let store = served.clone();
                std::thread::spawn(move || store.answer(stream));
            }
        });
        store
    }

    /// Fails every request with a status from now on, or none.
    pub(crate) fn fail(&self, status: Option<u16>) {
        self.state.lock().unwrap().failure = status;
    }

    /// Returns how many requests failed.
    pub(crate) fn refused(&self) -> usize {
        self.state.lock().unwrap().refused
    }

    /// Returns the variables with which a worker reaches this store.
    pub(crate) fn variables(&self) -> Vec<(&'static str, String)> {
        vec![
            ("AWS_ACCESS_KEY_ID", KEY.to_owned()),
            ("AWS_SECRET_ACCESS_KEY", SECRET.to_owned()),
            ("AWS_ENDPOINT", self.url.clone()),
            ("AWS_ALLOW_HTTP", "true".to_owned()),
        ]
    }

    /// Returns the objects by their paths.
    pub(crate) fn objects(&self) -> BTreeMap<String, String> {
        self.state.lock().unwrap().objects.clone()
    }

    /// Returns the log of the only call. Each byte must be in the pieces; a piece may repeat bytes of another one.
    pub(crate) fn log(&self) -> String {
        let mut log = String::new();
        for (path, text) in self.objects() {
            let Some((_, name)) = path.split_once("/log-01-") else {
                continue;
            };
            let (start, end) = name.split_once('-').unwrap();
            let (start, end): (usize, usize) = (start.parse().unwrap(), end.parse().unwrap());
            assert_eq!(end - start, text.len(), "{path}");
            assert!(start <= log.len(), "bytes before {path} are missing");
            if end > log.len() {
                log.push_str(&text[log.len() - start..]);
            }
        }
        log
    }

    fn answer(&self, stream: TcpStream) {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        loop {
            let mut head = Vec::new();
            let mut line = String::new();
            while reader.read_line(&mut line).is_ok_and(|size| size > 2) {
                head.push(std::mem::take(&mut line));
            }
            let Some(request) = head.first() else { return };
            let path = request.split(' ').nth(1).unwrap().to_owned();
            let header = |name: &str| {
                let found = head.iter().find_map(|line| {
                    let (key, value) = line.split_once(':')?;
                    key.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
                });
                found.unwrap_or_default()
            };
            let mut body = vec![0; header("content-length").parse().unwrap_or(0)];
            if reader.read_exact(&mut body).is_err() {
                return;
            }
            let account = format!("AWS4-HMAC-SHA256 Credential={KEY}/");
            let is_known = header("authorization").starts_with(&account);
            let mut state = self.state.lock().unwrap();
            let found = state.objects.get(&path).cloned();
            let (status, found) = match (state.failure, request.split(' ').next()) {
                (Some(status), _) => (status, None),
                (None, Some("PUT")) if is_known && found.is_some() && header("if-none-match") == "*" => {
                    (412, None)
                }
                (None, Some("PUT")) if is_known => (200, None),
                (None, Some("GET")) if is_known => (if found.is_some() { 200 } else { 404 }, found),
                _ => (403, None),
            };
            if status != 200 {
                state.refused += 1;
            } else if found.is_none() {
                state.objects.insert(path, String::from_utf8(body).unwrap());
            }
            drop(state);
            // A real store repeats the account and more of the request in its errors.
            let body = if status == 200 {
                found.unwrap_or_default()
            } else {
                format!("<Error><Code>Failed</Code><AWSAccessKeyId>{KEY}</AWSAccessKeyId></Error>")
            };
            let answer = format!(
                "HTTP/1.1 {status} x\r\nETag: \"1\"\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            );
            if (&stream).write_all(answer.as_bytes()).is_err() {
                return;
            }
        }
    }
}
