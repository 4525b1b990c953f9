//! Passwords and tokens appear nowhere but in the request to the MailStore server.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use mailstore_explorer::{Explorer, Settings};
use mailstore_sim::{Edition, Simulator};
use tracing_subscriber::fmt::MakeWriter;

use crate::support::{Page, builder, document_of};

const CANARY: &str = "canary-7f3a";

/// Collects the log.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn the_log_contains_functions_but_no_values_and_no_token() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(log.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let simulator = Simulator::start().unwrap();
    let page = Page::with_writes(&simulator).await;
    let create = format!("userName=anna-{CANARY}&privileges=login&password={CANARY}");
    let mut responses = vec![
        page.post("/api/invoke/CreateUser", &create).await,
        page.post("/api/invoke/DeleteUser", &format!("userName={CANARY}"))
            .await,
        page.post("/api/invoke/CreateUser", &format!("password={CANARY}"))
            .await,
        page.post("/api/invoke/CreateUser", &format!("{CANARY}=1")).await,
    ];
    // The text to type is for this page only.
    responses.remove(1);
    for response in &responses {
        let text = format!("{}{}", response.head, String::from_utf8_lossy(&response.body));
        assert!(!text.contains(CANARY), "{text}");
        assert!(!text.contains(&page.token), "{text}");
    }
    let text = log.text();
    assert!(
        text.contains("CreateUser") && text.contains("DeleteUser"),
        "{text}"
    );
    assert!(!text.contains(CANARY) && !text.contains(&page.token), "{text}");
}

#[tokio::test]
async fn debug_output_contains_no_token_and_no_password() {
    let simulator = Simulator::start().unwrap();
    let connection = builder(&simulator).credentials("admin", CANARY).build().unwrap();
    let explorer = Explorer::bind(connection, document_of(Edition::Server), Settings::default());
    let explorer = explorer.await.unwrap();
    let url = explorer.secret_url();
    let token = url.split('=').nth(1).unwrap();
    assert!(token.len() == 64);
    let shown = format!("{explorer:?}");
    assert!(!shown.contains(token) && !shown.contains(CANARY));
}

#[tokio::test]
async fn two_explorers_have_different_tokens() {
    let simulator = Simulator::start().unwrap();
    let (one, two) = (
        Page::read_only(&simulator).await,
        Page::read_only(&simulator).await,
    );
    assert_ne!(one.token, two.token);
    let mut headers = one.headers();
    headers.retain(|(name, _)| name != "X-Explorer-Token");
    headers.push(("X-Explorer-Token".to_owned(), two.token.clone()));
    assert_eq!(
        one.send("POST", "/api/invoke/GetUsers", &headers, b"")
            .await
            .status,
        403
    );
}
