//! Property tests: no input causes a panic, and every call ends.

use std::collections::BTreeSet;
use std::time::Duration;

use hyper::{Method, StatusCode};
use mailstore_metadata::Dump;
use proptest::prelude::*;
use serde_json::Value;

use crate::Edition;
use crate::answer::Answer;
use crate::core::{Core, Settings};
use crate::delivery::Delivery;
use crate::functions;
use crate::misbehave;
use crate::route::{self, Request};

fn core(edition: Edition, immediate: bool) -> Core {
    let bytes = match edition {
        Edition::Server => include_bytes!("dumps/server.json").as_slice(),
        Edition::Spe => include_bytes!("dumps/spe.json").as_slice(),
    };
    let (restarts, _) = tokio::sync::mpsc::unbounded_channel();
    let settings = Settings {
        edition,
        user: "admin".to_owned(),
        password: "admin".to_owned(),
        dump: Dump::parse("dump", bytes).expect("the dump is valid"),
        version: "24".to_owned(),
        step: Duration::ZERO,
        steps: None,
        token_lifetime: Duration::from_secs(60),
        bom: false,
        immediate,
        long: BTreeSet::new(),
    };
    Core::new(settings, restarts)
}

fn ask(core: &Core, path: &str, body: String) -> Answer {
    let request = Request {
        method: Method::POST,
        path: path.to_owned(),
        has_query: false,
        content_type: Some("application/x-www-form-urlencoded".to_owned()),
        body: body.into(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build();
    let delivery = runtime
        .expect("the runtime starts")
        .block_on(async { misbehave::deliver(core, route::handle(core, request).await).await });
    match delivery {
        Delivery::Whole(answer) => answer,
        Delivery::Broken(broken) => panic!("broken off: {broken:?}"),
    }
}

/// Creates values that functions accept, and any other strings.
fn value() -> impl Strategy<Value = String> {
    const KNOWN: &[&str] = &[
        "",
        "1",
        "2",
        "3",
        "0",
        "-1",
        "9223372036854775807",
        "true",
        "false",
        "demo",
        "acme",
        "*",
        "john.doe",
        "admin",
        "none",
        "read,write",
        "host1",
        "/",
        "a//b",
        "john.doe/Exchange",
        "3:100",
        "UTC",
        "$Local",
        "2026-01-01T00:00:00",
        "0001-01-01T00:00:00",
        "9999-12-31T23:59:59",
        "03:30",
        "Last",
        "31",
        "720",
        "{}",
        "[]",
        "null",
        r#"{"name":"x"}"#,
        r#"{"userName":"x"}"#,
        r#"{"serverName":"host1"}"#,
        r#"{"instanceID":"demo","startMode":7}"#,
        "current",
        "disabled",
        "\u{0}\u{1F4E7}",
    ];
    prop_oneof![9 => proptest::sample::select(KNOWN).prop_map(str::to_owned), 1 => any::<String>()]
}

fn calls() -> impl Strategy<Value = Vec<(usize, Vec<String>)>> {
    proptest::collection::vec((0_usize..200, proptest::collection::vec(value(), 10)), 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Every request results in an envelope.
    #[test]
    fn no_arguments_cause_a_panic(spe in any::<bool>(), immediate in any::<bool>(), calls in calls()) {
        let core = core(if spe { Edition::Spe } else { Edition::Server }, immediate);
        let functions = core.settings.dump.functions().to_vec();
        for (place, values) in calls {
            let function = &functions[place % functions.len()];
            let mut form = form_urlencoded::Serializer::new(String::new());
            for (argument, value) in function.arguments.iter().zip(&values) {
                form.append_pair(&argument.name, value);
            }
            let answer = ask(&core, &format!("/api/invoke/{}", function.name), form.finish());
            prop_assert_eq!(answer.status, StatusCode::OK);
            let envelope: Value = serde_json::from_slice(&answer.body).expect("JSON");
            // The table lists exactly the long calls.
            let long = functions::is_long(&function.name) && !immediate;
            prop_assert_eq!(envelope["token"].is_string(), long && envelope["statusCode"] != "failed");
            let Some(token) = envelope["token"].as_str() else { continue };
            let poll = format!("token={token}&lastKnownStatusVersion=3&millisecondsTimeout=0");
            let mut ended = false;
            for _ in 0..60 {
                let answer = ask(&core, "/api/get-status", poll.clone());
                let status: Value = serde_json::from_slice(&answer.body).expect("JSON");
                ended |= status["statusCode"] != "running";
            }
            prop_assert!(ended, "{} does not end", function.name);
        }
    }

    /// A body that is not a form, or an invalid path, does not cause a panic either.
    #[test]
    fn no_path_or_body_causes_a_panic(path in "(/api/(invoke/|get-|cancel-async|))?.{0,20}", body in any::<String>()) {
        let answer = ask(&core(Edition::Server, true), &path, body);
        prop_assert!(answer.status.as_u16() < 500);
    }
}
