//! Text from a server or a file is data: no place of an error passes on characters that control a terminal, change the
//! direction of writing or forge a line, and no text is shown at any length.

use std::error::Error as StdError;
use std::fmt::Write as _;

use mailstore_api::server::Client;
use mailstore_api::server::maintenance::VerifyStore;
use mailstore_api::{Error, Json, StatusToken, is_printable, printable_json};
use mailstore_codegen::Overlay;
use mailstore_metadata::Dump;
use mailstore_transport::unversioned::{Answer, BoxFuture, Exchange, Post, PostError};
use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme};
use serde_json::json;

use crate::support::{Act, Server};
use crate::trust::table::Table;

/// The longest text that one error may become, with all its causes.
const LONGEST: usize = 30_000;

/// Kinds of hostile text.
fn hostile() -> Vec<(&'static str, String)> {
    let short = [
        ("an escape sequence that clears the screen", "\u{1b}[2J"),
        ("an escape sequence that sets the title", "\u{1b}]0;title\u{7}"),
        ("a control character of C1", "\u{9b}31m"),
        ("a backspace, a delete and a null character", "\u{8}\u{7f}\0"),
        ("an override of the writing direction", "\u{202e}nimda"),
        ("isolates of the writing direction", "\u{2067}a\u{2069}"),
        ("zero-width characters", "\u{200b}\u{feff}\u{2060}"),
        ("line and paragraph separators", "\u{2028}FORGED\u{2029}FORGED"),
        ("a forged line", "\r\nFORGED: everything is fine"),
        ("invisible tags", "\u{e0041}\u{e0042}"),
    ];
    let mut texts: Vec<(&str, String)> = short
        .iter()
        .map(|(name, text)| (*name, format!("jane{text} text")))
        .collect();
    texts.push(("100,000 characters", "x".repeat(100_000)));
    texts
}

/// Responds to every request with this body.
struct Fixed(String);

impl Exchange for Fixed {
    fn post(&self, _: Post) -> BoxFuture<Result<Answer, PostError>> {
        let answer = Answer::new(200, self.0.clone());
        Box::pin(async { Ok(answer) })
    }
}

fn client(body: impl Into<String>) -> Client {
    Client::builder("mailstore.example.com:8463")
        .exchange(Fixed(body.into()))
        .assume_edition()
        .credentials("admin", "secret")
        .build()
        .unwrap()
}

/// Returns every text that an error can become.
fn texts(error: &(dyn StdError + 'static)) -> String {
    let mut all = format!("{error}\n{error:?}\n{error:#?}\n");
    let mut cause = error.source();
    while let Some(next) = cause {
        writeln!(all, "{next}\n{next:?}").unwrap();
        cause = next.source();
    }
    all
}

fn texts_of(error: &Error) -> String {
    let mut all = texts(error);
    writeln!(all, "{:?}\n{}", error.kind(), error.kind()).unwrap();
    if let Some(said) = error.server_error() {
        writeln!(all, "{said:?}").unwrap();
    }
    all
}

fn report(error: &(impl Diagnostic + 'static)) -> String {
    let mut report = texts(error);
    GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor())
        .with_width(200)
        .render_report(&mut report, error)
        .unwrap();
    report
}

/// Describes the first problem of a text that is shown, or returns `safe`.
fn judge(shown: &str) -> String {
    if let Some(found) = shown.chars().find(|c| *c != '\n' && !is_printable(*c)) {
        return format!("contains U+{:04X}", u32::from(found));
    }
    if shown.lines().any(|line| line.trim_start().starts_with("FORGED")) {
        return "contains a forged line".to_owned();
    }
    if shown.len() > LONGEST {
        return format!("has {} bytes", shown.len());
    }
    "safe".to_owned()
}

/// The error of a call for which the server returns this envelope.
async fn failed(envelope: serde_json::Value) -> String {
    let client = client(envelope.to_string());
    texts_of(&client.delete_user("jane").await.unwrap_err())
}

/// Returns what is shown of a text at each place that a server controls in the response to a call.
async fn in_responses(text: &str) -> Vec<(&'static str, String)> {
    let ended = |status: &str| json!({"statusCode": status, "statusVersion": 2});
    let with = |member: &str, value: serde_json::Value| {
        let mut envelope = ended("failed");
        envelope[member] = value;
        envelope
    };
    let result = |result: serde_json::Value| {
        let mut envelope = ended("succeeded");
        envelope["result"] = result;
        envelope.to_string()
    };
    let as_json: Json = client(result(json!({text: text})))
        .call("GetUsers")
        .await
        .unwrap();
    let reply = client(with("statusText", json!(text)).to_string())
        .delete_user("jane")
        .raw()
        .await
        .unwrap();
    let typed = client(result(json!([{"userName": [text]}]))).get_users().await;
    let mut shown = vec![
        (
            "the message",
            failed(with("error", json!({"message": text}))).await,
        ),
        (
            "the details",
            failed(with("error", json!({"message": "m", "details": text}))).await,
        ),
        (
            "an error that is a string",
            failed(with("error", json!(text))).await,
        ),
        ("the status word", failed(ended(text)).await),
        ("the log", failed(with("logOutput", json!(text))).await),
        ("the status text", format!("{reply:?}")),
        ("a value of another type", texts_of(&typed.unwrap_err())),
        (
            "a name in a result",
            format!("{as_json:?}").chars().take(LONGEST).collect(),
        ),
        (
            "JSON that is printed",
            as_json.to_string().chars().take(LONGEST).collect(),
        ),
        (
            "JSON that a tool writes",
            printable_json(&json!(text).to_string())
                .chars()
                .take(LONGEST)
                .collect(),
        ),
    ];
    for (place, body) in [
        ("a body that is not JSON", text.to_owned()),
        ("a web page", format!("<html>{text}")),
        ("JSON with text after it", format!("{}{text}", ended("succeeded"))),
        (
            "a member that is not JSON",
            format!(r#"{{"statusCode":"failed","{text}":{text}}}"#),
        ),
    ] {
        let error = client(body).delete_user("jane").await.unwrap_err();
        shown.push((place, texts_of(&error)));
    }
    shown
}

/// Returns what is shown of a text in names that a program passes on, and in saved tokens.
async fn in_names(text: &str) -> Vec<(&'static str, String)> {
    let client = client(json!({"statusCode": "failed"}).to_string());
    let called = client.call(text).await.unwrap_err();
    let saved = |function: &str, origin: &str| -> StatusToken {
        let saved = json!({"format": 1, "token": "00", "version": 1, "function": function, "origin": origin,
            "surface": "server"});
        serde_json::from_value(saved).unwrap()
    };
    let token = saved(text, client.connection().origin());
    let moved = saved("VerifyStore", text);
    vec![
        ("the name of a function", texts_of(&called)),
        (
            "a saved status token",
            format!("{token:?}").chars().take(LONGEST).collect(),
        ),
        (
            "the function of a saved token",
            texts_of(&client.resume_as::<VerifyStore>(token).map(drop).unwrap_err()),
        ),
        (
            "the server of a saved token",
            texts_of(&client.resume::<()>(moved).map(drop).unwrap_err()),
        ),
    ]
}

/// Returns what is shown of a text at each place of a function list and of an overlay.
async fn in_files(text: &str) -> Vec<(&'static str, String)> {
    let list = |function: serde_json::Value| json!([function]).to_string();
    let argument = |name: &str, word: &str| {
        list(json!({"name": "F", "args": [{"name": name, "type": word, "nullable": true}]}))
    };
    let dump = |name: &str, text: String| report(&Dump::parse(name, text.as_bytes()).unwrap_err());
    let unknown = argument("a", text);
    let difference = client(unknown.clone()).compatibility().await;
    let difference = match difference {
        Ok(found) => format!("{found}\n{found:?}").chars().take(LONGEST).collect(),
        Err(error) => texts_of(&error),
    };
    let overlay = |text: String| report(&Overlay::parse("overlay.toml", &text).map(drop).unwrap_err());
    vec![
        (
            "a function of a list",
            dump("list.json", list(json!({"name": text}))),
        ),
        (
            "a path of a list",
            dump("list.json", list(json!({"name": "F", "path": text}))),
        ),
        (
            "an argument of a list",
            dump("list.json", argument(text, "string")),
        ),
        ("a type of a list", dump("list.json", unknown)),
        ("a list that is not JSON", dump("list.json", format!("[{text}]"))),
        (
            "a list that is a failed call",
            dump(
                "list.json",
                json!({"statusCode": "failed", "error": {"message": text}}).to_string(),
            ),
        ),
        ("the file name of a list", dump(text, "[1]".to_owned())),
        ("a type that is compared", difference),
        ("an overlay that is not TOML", overlay(format!("a = {text}"))),
    ]
}

#[tokio::test]
async fn no_place_of_an_error_passes_on_hostile_text() {
    let mut table = Table::new("text");
    for (kind, text) in hostile() {
        let mut shown = in_responses(&text).await;
        shown.extend(in_names(&text).await);
        shown.extend(in_files(&text).await);
        for (place, shown) in shown {
            table.equal(format!("{kind} in {place}"), "safe", judge(&shown));
        }
    }
    table.assert_all_held();
}

/// The client does not show the reason phrase and the headers of a response.
#[tokio::test]
async fn no_part_of_http_passes_on_hostile_text() {
    let mut table = Table::new("text of HTTP");
    for (kind, text) in hostile() {
        for (place, head) in [
            (
                "the reason phrase",
                format!("HTTP/1.1 500 {text}\r\nContent-Length: 0\r\n\r\n"),
            ),
            (
                "a header",
                format!("HTTP/1.1 429 Slow\r\nRetry-After: {text}\r\nContent-Length: 0\r\n\r\n"),
            ),
            (
                "the name of a header",
                format!("HTTP/1.1 500 No\r\n{text}: 1\r\nContent-Length: 0\r\n\r\n"),
            ),
            ("the version of HTTP", format!("{text} 200 OK\r\n\r\n")),
        ] {
            let server = Server::start([Act::SendAndClose(head.into_bytes())]).await;
            let error = server.client().delete_user("jane").await.unwrap_err();
            table.equal(format!("{kind} in {place}"), "safe", judge(&texts_of(&error)));
        }
    }
    table.assert_all_held();
}

/// The text itself is not changed. A program can show it in its own way.
#[tokio::test]
async fn the_text_of_the_server_stays_available() {
    let mut table = Table::new("text by name");
    for (kind, text) in hostile() {
        let envelope = json!({"statusCode": "failed", "error": {"message": text, "details": text}});
        let error = client(envelope.to_string())
            .delete_user("jane")
            .await
            .unwrap_err();
        let said = error.server_error().unwrap();
        table.equal(format!("{kind}: message"), true, said.message == text);
        table.equal(format!("{kind}: details"), true, said.details == text);
    }
    table.assert_all_held();
}
