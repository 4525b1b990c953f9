//! The nine snippets of the vendor's page, which are the example `snippets` of the client.

#[path = "../../../../crates/jetstream-api/examples/snippets/page/mod.rs"]
mod page;

use std::time::Duration;

use crate::support::builder;

/// What the snippets print.
async fn printed(variables: &[(&str, &str)]) -> Result<Vec<String>, String> {
    let mut output = Vec::new();
    let result = page::run(|| builder(variables), Duration::from_millis(1), &mut output).await;
    result.map_err(|error| error.to_string())?;
    let text = String::from_utf8(output).unwrap();
    Ok(text.lines().map(str::to_owned).collect())
}

#[tokio::test]
async fn the_snippets_print_what_the_page_shows() {
    let lines = printed(&[]).await.unwrap();
    let expected = [
        "1",
        r#"{"errorMessage":"","processing":true,"status":"pending"}"#,
        r#"{"manifestId":"2","processing":true,"status":"pending"}"#,
        r#"{"manifestId":"2","processing":true,"status":"pending"}"#,
        r#""pending""#,
        r#"{"manifestId":"2","processing":false,"status":"complete","totalFiles":1,"totalSize":1091}"#,
        "[1,1091]",
        r#"{"destinationAddress":"localhost","destinationIP":"127.0.0.1","destinationId":"42","destinationPort":8886}"#,
        r#"{"destinationId":"42","processing":true,"requestTime":1500000000000000,"status":"pending","transferId":"17"}"#,
        r#"{"destinationId":"42","processing":true,"requestTime":1500000000000000,"startTime":1500000000000001,"status":"sending","transferId":"17"}"#,
        r#""sending""#,
        r#"{"bytesSent":1091,"destinationId":"42","endTime":1500000002500000,"processing":false,"requestTime":1500000000000000,"status":"complete","transferId":"17"}"#,
        "1091",
    ];
    assert_eq!(lines, expected);
}

#[tokio::test]
async fn the_snippets_resume_a_suspended_transfer() {
    let lines = printed(&[("JETSTREAM_END", "suspended transfer")]).await.unwrap();
    let last: Vec<&str> = lines.iter().rev().take(2).map(String::as_str).collect();
    assert_eq!(last, ["1091", "The transfer has been paused."]);
}

#[tokio::test]
async fn the_snippets_end_with_the_reason_of_a_failure() {
    for (end, error) in [
        (
            "failed manifest",
            "The manifest failed, because the file is missing",
        ),
        ("failed transfer", "The transfer failed, because the disk is full"),
    ] {
        assert_eq!(printed(&[("JETSTREAM_END", end)]).await, Err(error.to_owned()));
    }
}

#[tokio::test]
async fn the_snippets_run_with_the_names_of_version_2() {
    let lines = printed(&[("JETSTREAM_VERSION", "2.9.0")]).await.unwrap();
    assert_eq!(lines.last().unwrap(), "1091");
}

macro_rules! snippet {
    ($name:literal) => {
        (
            $name,
            include_str!(concat!(
                "../../../../crates/jetstream-api/examples/snippets/page/",
                $name,
                ".rs"
            )),
        )
    };
}

#[test]
fn every_statement_of_the_page_is_beside_its_rust_statement() {
    let get = |kind: &str| format!("{0} = api.send.get{1}({0})", kind, capital(kind));
    let wait = |kind: &str| format!("{0} = api.send.waitFor{1}({0})", kind, capital(kind));
    let looks = |kind: &str| {
        vec![
            get(kind),
            kind.to_owned(),
            get(kind),
            format!("while {kind}['processing']:"),
            format!("status = {kind}['status']"),
            "sleep(1)".to_owned(),
            get(kind),
            wait(kind),
            kind.to_owned(),
            wait(kind),
            format!("if {kind}['status'] == 'error':"),
            format!(
                "raise MyError('The {kind} failed, because {{reason}}'.format(reason={kind}['errorMessage']))"
            ),
        ]
    };
    let texts = |lines: &[&str]| lines.iter().map(|&line| line.to_owned()).collect::<Vec<_>>();
    let monitor_manifest = [looks("manifest"), vec![wait("manifest"), "manifest".to_owned()]].concat();
    let suspended = texts(&[
        "if transfer['status'] == 'suspended':",
        "print('The transfer has been paused.')",
    ]);
    let snippets = [
        (
            snippet!("connect"),
            texts(&[
                "from jetstream import Jetstream",
                "serverAddress = 'localhost'",
                "serverPort = 8886",
                "api = Jetstream().api(serverAddress, serverPort)",
                "api.connect()",
            ]),
        ),
        (snippet!("scope"), texts(&["with api:", "pass"])),
        (snippet!("auth"), texts(&["api.server.auth('jsmith', 'secret')"])),
        (
            snippet!("auth_async"),
            texts(&[
                "auth_request = api.server.authAsync('jsmith', 'secret')",
                "api.server.getRequestStatus(auth_request)",
                "api.server.getRequestResult(auth_request)",
            ]),
        ),
        (
            snippet!("create_manifest"),
            texts(&[
                "mappings = {'/data/docs/readme.txt': '/local/home/readme.txt'}",
                "manifest = api.send.createManifest(mappings=mappings)",
                "manifest",
            ]),
        ),
        (snippet!("monitor_manifest"), monitor_manifest),
        (
            snippet!("create_destination"),
            texts(&[
                "destinationAddress = 'localhost'",
                "destinationPort = 8886",
                "destination = api.send.createDestination(destinationAddress, destinationPort=destinationPort)",
            ]),
        ),
        (
            snippet!("create_transfer"),
            texts(&[
                "transfer = api.send.createTransfer(destination, manifest)",
                "transfer",
            ]),
        ),
        (
            snippet!("monitor_transfer"),
            [looks("transfer"), suspended].concat(),
        ),
    ];
    for ((name, text), statements) in snippets {
        let mut comments = text
            .lines()
            .filter_map(|line| line.trim_start().strip_prefix("// "));
        for statement in statements {
            assert!(
                comments.any(|comment| comment == statement),
                "{name} lacks, or has in another order: {statement}"
            );
        }
    }
}

fn capital(kind: &str) -> String {
    kind[..1].to_uppercase() + &kind[1..]
}
