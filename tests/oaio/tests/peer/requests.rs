//! What the Python client sends and writes.

use oaio_interop::{Environment, Identity, Peer, PythonClient};
use serde_json::json;

#[test]
fn a_registration_sends_these_requests() {
    for environment in Environment::all() {
        let peer = Peer::start(environment);
        let alice = PythonClient::start(environment, &peer, "alice");
        let id = alice.register_object(&json!({"_name": "é", "a": [1, null]}));
        let requests = peer.take_requests();
        let lines: Vec<_> = requests.iter().map(|request| request.line()).collect();
        assert_eq!(
            lines,
            [
                "GET /api/login/",
                "POST /api/login/",
                "GET /api/current_stamp/",
                "GET /api/oaio_stampz/",
                "GET /api/current_stamp/",
                "POST /api/register/",
            ]
        );
        assert_eq!(
            requests[1].body,
            r#"{"username": "alice", "password": "secret of alice"}"#
        );
        assert_eq!(
            requests[1].header("Referer"),
            Some(&*format!("http://{}/api/login/", peer.host()))
        );
        assert_eq!(
            requests[1].header("X-CSRFToken"),
            Some(&*requests[0].cookies["csrftoken"])
        );
        assert_eq!(
            requests[5].header("X-CSRFToken"),
            Some(&*requests[1].cookies["csrftoken"])
        );
        for request in &requests {
            assert_eq!(request.header("X-OAIO-user"), Some("b'alice'"));
            assert_eq!(request.header("X-OAIO-dvc"), Some("b'python'"));
            assert_eq!(request.header("X-OAIO-app"), Some("b'demo'"));
        }
        let stamp = id.rsplit('\u{2044}').next().unwrap();
        let expected = [
            r#"{"oaio_id": "demo\u2afbalice\ufe6bpython\u2044\u00e9\u2044"#,
            stamp,
            r#"", "client_stamp": ""#,
            stamp,
            r#"", "server_stamp": "", "client_values": {"_name": "\u00e9", "a": [1, null]}, "server_values": {}, "#,
            r#""csh_id": "Digi", "username": "alice", "device_id": "python", "app_id": "demo", "csh_access_right": "C"}"#,
        ];
        assert_eq!(requests[5].body, expected.concat());
    }
}

#[test]
fn a_record_file_is_one_python_literal() {
    for environment in Environment::all() {
        let peer = Peer::start(environment);
        let alice = PythonClient::start(environment, &peer, "alice");
        let id = alice.register_object(&json!({"n": null, "t": "it's é\n"}));
        let stamp = id.rsplit('\u{2044}').next().unwrap();
        let values = r#"{'n': None, 't': "it's é\n"}"#;
        assert_eq!(
            alice.record_file(&id),
            format!(
                "{{'oaio_id': '{id}', 'client_stamp': '{stamp}', 'server_stamp': '{stamp}', 'client_values': {values}, \
                 'server_values': {values}, 'csh_id': 'Digi', 'username': 'alice', 'device_id': 'python', \
                 'app_id': 'demo', 'csh_access_right': 'C'}}"
            )
        );
    }
}

#[test]
fn a_user_name_with_other_letters_is_sent_as_a_bytes_literal() {
    for environment in Environment::all() {
        let peer = Peer::start(environment);
        let folder = tempfile::tempdir().unwrap();
        let client = PythonClient::start_at(
            environment,
            &peer,
            &Identity::of("zoë"),
            &folder.path().join("root"),
        );
        let id = client.register_object(&json!({}));
        client.must("userz_access", &json!({"oaio_id": id}));
        let requests = peer.take_requests();
        assert_eq!(requests[0].header("X-OAIO-user"), Some(r"b'zo\xc3\xab'"));
        let last = &requests.last().unwrap().path;
        assert!(
            last.starts_with("/api/user_subz/demo%E2%AB%BBzo%C3%AB%EF%B9%ABpython%E2%81%84"),
            "{last}"
        );
    }
}
