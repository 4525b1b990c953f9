//! Tests of faults that affect connections and responses, in every phase in which they can occur.

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use mailstore_sim::{Fault, Injection, Phase, Rule, Simulator};

use crate::client::{Client, start_server, wait_until};

const USER: &str = "userName=jane.doe&privileges=none";
const START: &str = "/api/invoke/CreateUser";

/// A request in one phase other than connect, and the simulator that receives it.
struct Case {
    server: Simulator,
    phase: Phase,
    path: &'static str,
    body: String,
}

impl Case {
    fn all() -> Vec<Case> {
        [
            (Phase::Start, "/api/invoke/VerifyStore"),
            (Phase::Poll, "/api/get-status"),
            (Phase::Cancel, "/api/cancel-async"),
            (Phase::Metadata, "/api/get-metadata"),
        ]
        .into_iter()
        .map(|(phase, path)| {
            let server = start_server();
            let first = Client::new(&server).call("VerifyStore", &[("id", "3"), ("includeIndexes", "true")]);
            let token = first["token"].as_str().unwrap();
            let body = match phase {
                Phase::Start => "id=3&includeIndexes=true".to_owned(),
                Phase::Poll => format!("token={token}&lastKnownStatusVersion=3&millisecondsTimeout=1000"),
                Phase::Cancel => format!("token={token}"),
                _ => String::new(),
            };
            Case {
                server,
                phase,
                path,
                body,
            }
        })
        .collect()
    }

    fn inject(&self, fault: Fault) -> Injection {
        self.server.inject(fault.on(self.phase).times(1)).unwrap()
    }

    /// Returns whether the request was processed, if that can be observed.
    fn is_done(&self) -> bool {
        let task = self.server.tasks().remove(0);
        match self.phase {
            Phase::Start => self.server.starts("VerifyStore") == 2,
            Phase::Poll => task.version > 3,
            Phase::Cancel => task.cancelled,
            _ => true,
        }
    }

    /// Asserts that the rule has expired and that a new connection is served normally.
    fn assert_expired(&self, injection: &Injection) {
        assert_eq!(injection.applied(), 1, "{injection:?}");
        assert_eq!(
            Client::new(&self.server).post(self.path, &self.body).status,
            200,
            "{injection:?}"
        );
        assert_eq!(injection.applied(), 1, "{injection:?}");
    }
}

fn split(bytes: &[u8]) -> (&str, &[u8]) {
    let end = bytes
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .expect("the response has a head")
        + 4;
    (std::str::from_utf8(&bytes[..end]).unwrap(), &bytes[end..])
}

#[test]
fn the_connection_is_closed_without_a_response() {
    for case in Case::all() {
        for (fault, done) in [(Fault::close_before(), false), (Fault::close(), true)] {
            let injection = case.inject(fault);
            let (bytes, end) = Client::new(&case.server).last_words(case.path, &case.body);
            assert!(bytes.is_empty() && end.is_ok(), "{injection:?}: {end:?}");
            assert_eq!(
                case.is_done(),
                done || case.phase == Phase::Metadata,
                "{injection:?}"
            );
            assert_eq!(injection.applied(), 1);
        }
        assert_eq!(Client::new(&case.server).post(case.path, &case.body).status, 200);
    }
}

#[test]
fn the_connection_is_reset_immediately_or_after_some_bytes() {
    for case in Case::all() {
        let injection = case.inject(Fault::reset());
        let (bytes, end) = Client::new(&case.server).last_words(case.path, &case.body);
        assert!(bytes.is_empty(), "{injection:?}");
        assert_eq!(
            end.unwrap_err().kind(),
            ErrorKind::ConnectionReset,
            "{injection:?}"
        );
        assert!(case.is_done(), "{injection:?}");

        let injection = case.inject(Fault::reset_after(10));
        let (bytes, end) = Client::new(&case.server).last_words(case.path, &case.body);
        assert_eq!(
            end.unwrap_err().kind(),
            ErrorKind::ConnectionReset,
            "{injection:?}"
        );
        // Bytes that were received may be lost because of the reset.
        if !bytes.is_empty() {
            let (head, body) = split(&bytes);
            assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
            assert_eq!(body.len(), 10);
        }
        case.assert_expired(&injection);
    }
}

#[test]
fn a_truncated_body_announces_its_full_length() {
    for case in Case::all() {
        let mut client = Client::new(&case.server);
        let whole = client.post("/api/get-metadata", "");
        let injection = case.inject(Fault::truncate(20));
        let (bytes, end) = client.last_words(case.path, &case.body);
        end.unwrap();
        let (head, body) = split(&bytes);
        assert_eq!(body.len(), 20);
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("Content-Length: "))
            .unwrap();
        assert!(length.parse::<usize>().unwrap() > 20, "{head}");
        // Nothing else shows that this response is faulty.
        let names = |head: &str| {
            let names = head.lines().skip(1).filter_map(|line| line.split(':').next());
            let mut names: Vec<String> = names.map(str::to_owned).collect();
            names.sort();
            names
        };
        assert_eq!(names(head), names(&whole.head));
        case.assert_expired(&injection);
    }
}

#[test]
fn a_stalled_connection_stays_open_until_the_client_closes_it() {
    for case in Case::all() {
        for (fault, done) in [(Fault::stall_before(), false), (Fault::stall(), true)] {
            let injection = case.inject(fault);
            let mut client = Client::new(&case.server);
            client.send(case.path, &case.body);
            wait_until(|| injection.applied() == 1);
            assert!(client.is_silent_for(Duration::from_millis(20)), "{injection:?}");
            assert_eq!(
                case.is_done(),
                done || case.phase == Phase::Metadata,
                "{injection:?}"
            );
            drop(client);
            wait_until(|| case.server.connections_open() == 0);
        }
    }
}

#[test]
fn a_body_that_stalls_ends_when_the_simulator_stops() {
    for case in Case::all() {
        let injection = case.inject(Fault::stall_after(7));
        let mut client = Client::new(&case.server);
        client.send(case.path, &case.body);
        wait_until(|| injection.applied() == 1);
        let server = case.server;
        let ended = std::thread::scope(|scope| {
            let reader = scope.spawn(|| client.rest());
            server.stop();
            reader.join().unwrap()
        });
        if !ended.is_empty() {
            assert_eq!(split(&ended).1.len(), 7);
        }
    }
}

#[test]
fn a_delayed_response_is_unchanged() {
    for case in Case::all() {
        let injection = case.inject(Fault::delay(Duration::from_millis(40)));
        let before = Instant::now();
        let answer = Client::new(&case.server).post(case.path, &case.body);
        assert!(before.elapsed() >= Duration::from_millis(40), "{injection:?}");
        assert_eq!(answer.status, 200);
        assert!(answer.json().is_object() || case.phase == Phase::Metadata);
        case.assert_expired(&injection);
    }
}

#[test]
fn garbled_and_html_bodies_are_not_json() {
    for case in Case::all() {
        let mut client = Client::new(&case.server);
        let injection = case.inject(Fault::garble());
        let answer = client.post(case.path, &case.body);
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("Content-Type"), Some("application/json"));
        assert!(std::str::from_utf8(&answer.body).is_err(), "{injection:?}");
        assert!(case.is_done());

        let injection = case.inject(Fault::html());
        let answer = client.post(case.path, &case.body);
        assert_eq!(answer.status, 200);
        assert!(
            answer.header("Content-Type").unwrap().starts_with("text/html"),
            "{injection:?}"
        );
        assert!(answer.text().starts_with("<!DOCTYPE html>"));
        case.assert_expired(&injection);
    }
}

#[test]
fn error_statuses_occur_before_or_after_processing() {
    for case in Case::all() {
        let mut client = Client::new(&case.server);
        for code in [401, 403, 404, 408, 429, 500, 502, 503, 504] {
            let injection = case.inject(Fault::status(code));
            let answer = client.post(case.path, &case.body);
            assert_eq!(answer.status, code);
            assert!(!answer.body.is_empty() && answer.body.len() < 1000);
            assert_eq!(answer.header("WWW-Authenticate").is_some(), code == 401);
            assert!(!case.is_done() || case.phase == Phase::Metadata, "{injection:?}");
        }
        let injection = case.inject(Fault::status_after(502));
        assert_eq!(client.post(case.path, &case.body).status, 502);
        assert!(case.is_done(), "{injection:?}");
        case.assert_expired(&injection);
    }
}

#[test]
fn the_number_of_byte_order_marks_can_be_changed() {
    for case in Case::all() {
        let mut client = Client::new(&case.server);
        for count in [0, 1, 2] {
            case.inject(Fault::byte_order_marks(count));
            let body = client.post(case.path, &case.body).body;
            let marks = body
                .chunks(3)
                .take_while(|bytes| *bytes == b"\xEF\xBB\xBF")
                .count();
            assert_eq!(marks, usize::from(count), "{}", case.phase);
        }
    }
}

/// Creates a rule for the next connection.
fn next_connection(fault: Fault) -> Rule {
    fault.on(Phase::Connect).times(1)
}

#[test]
fn faults_end_new_connections() {
    let server = start_server();
    for fault in [Fault::refuse(), Fault::close(), Fault::reset()] {
        let injection = server.inject(next_connection(fault)).unwrap();
        let error = Client::try_new(&server).map(drop).unwrap_err();
        let kinds = [
            ErrorKind::UnexpectedEof,
            ErrorKind::ConnectionReset,
            ErrorKind::BrokenPipe,
        ];
        assert!(kinds.contains(&error.kind()), "{injection:?}: {error}");
        assert_eq!(injection.applied(), 1);
        Client::try_new(&server).unwrap();
    }
    assert_eq!(server.connections(), 6);
}

#[test]
fn handshakes_can_be_delayed_or_stalled() {
    let server = start_server();
    let delay = Fault::delay(Duration::from_millis(30));
    server.inject(next_connection(delay)).unwrap();
    let before = Instant::now();
    Client::try_new(&server).unwrap();
    assert!(before.elapsed() >= Duration::from_millis(30));

    let stalled = server.inject(next_connection(Fault::stall())).unwrap();
    let tcp = std::net::TcpStream::connect(server.address()).unwrap();
    wait_until(|| stalled.applied() == 1);
    tcp.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
    assert!(std::io::Read::read(&mut &tcp, &mut [0]).is_err());
    wait_until(|| server.connections_open() == 1);
    drop(tcp);
    wait_until(|| server.connections_open() == 0);
}

#[test]
fn connections_are_refused_for_a_time() {
    let server = start_server();
    let rule = Fault::refuse()
        .on(Phase::Connect)
        .lasting(Duration::from_millis(50));
    let injection = server.inject(rule).unwrap();
    wait_until(|| Client::try_new(&server).is_ok());
    let refused = injection.applied();
    assert!(refused > 0);
    Client::try_new(&server).unwrap();
    assert_eq!(injection.applied(), refused, "the rule has expired");
}

#[test]
fn starts_count_only_processed_requests() {
    let server = start_server();
    let mut attempts = 0;
    for (fault, processed) in [
        (Fault::refuse(), false),
        (Fault::close_before(), false),
        (Fault::stall_before(), false),
        (Fault::status(503), false),
        (Fault::close(), true),
        (Fault::reset(), true),
        (Fault::status_after(503), true),
        (Fault::garble(), true),
    ] {
        let phase = if fault == Fault::refuse() {
            Phase::Connect
        } else {
            Phase::Start
        };
        let before = server.starts("CreateUser");
        let injection = server.inject(fault.clone().on(phase).times(1)).unwrap();
        let user = format!("{USER}{attempts}");
        if let Ok(mut client) = Client::try_new(&server) {
            attempts += 1;
            client.send(START, &user);
            wait_until(|| injection.applied() == 1);
        }
        let started = server.starts("CreateUser") - before;
        assert_eq!(started, usize::from(processed), "{injection:?}");
    }
    let received = server.received();
    assert_eq!(
        received.len(),
        attempts,
        "requests are recorded whether or not they were executed"
    );
    let accepted = received.iter().filter(|call| call.accepted).count();
    assert_eq!(accepted, server.starts("CreateUser"));
}

#[test]
fn no_fault_applies_to_wrong_credentials() {
    let server = start_server();
    let injection = server.inject(Fault::close().on(Phase::Start)).unwrap();
    let request = format!("POST {START} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
    assert_eq!(Client::new(&server).raw(&request).status, 401);
    assert_eq!(injection.applied(), 0);
}
