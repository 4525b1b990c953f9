//! The committed files of Swagger UI.

use std::fs;

use mailstore_sim::Simulator;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::support::Page;

#[test]
fn the_files_of_swagger_ui_are_those_that_were_downloaded() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/assets");
    let description = fs::read(format!("{folder}/swagger-ui.json")).unwrap();
    let description: Value = serde_json::from_slice(&description).unwrap();
    let digests = description["sha256"].as_object().unwrap();
    let mut names = vec!["swagger-ui.json".to_owned()];
    for (name, expected) in digests {
        let digest = Sha256::digest(fs::read(format!("{folder}/{name}")).unwrap());
        let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(*expected, digest, "{name}: run `cargo xtask swagger-ui`");
        names.push(name.clone());
    }
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name());
    let mut found: Vec<String> = entries.map(|name| name.to_string_lossy().into_owned()).collect();
    names.sort();
    found.sort();
    assert_eq!(found, names, "each file has a digest");
}

/// Also licences are shown, as their terms demand.
#[tokio::test]
async fn the_files_need_no_token_and_contain_none() {
    let simulator = Simulator::start().unwrap();
    let page = Page::read_only(&simulator).await;
    let host = [("Host".to_owned(), page.host.clone())];
    for (path, content_type, encoding) in [
        ("/", "text/html; charset=utf-8", None),
        ("/explorer.js", "text/javascript; charset=utf-8", None),
        ("/explorer.css", "text/css; charset=utf-8", None),
        (
            "/swagger-ui-bundle.js",
            "text/javascript; charset=utf-8",
            Some("gzip"),
        ),
        ("/swagger-ui.css", "text/css; charset=utf-8", Some("gzip")),
        ("/swagger-ui/LICENSE", "text/plain; charset=utf-8", None),
        ("/swagger-ui/NOTICE", "text/plain; charset=utf-8", None),
        (
            "/swagger-ui/swagger-ui-bundle.js.LICENSE.txt",
            "text/plain; charset=utf-8",
            None,
        ),
    ] {
        let response = page.send("GET", path, &host, b"").await;
        assert_eq!(response.status, 200, "{path}");
        assert_eq!(response.header("content-type"), Some(content_type), "{path}");
        assert_eq!(response.header("content-encoding"), encoding, "{path}");
        let token = page.token.as_bytes();
        assert!(
            !response.body.windows(token.len()).any(|part| part == token),
            "{path}"
        );
    }
    assert!(simulator.received().is_empty());
}

/// The page loads nothing from other servers, and its policy forbids scripts and styles inside of it.
#[test]
fn the_page_has_no_inline_code_and_names_no_other_server() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/page");
    for name in ["index.html", "explorer.js", "explorer.css"] {
        let text = fs::read_to_string(format!("{folder}/{name}")).unwrap();
        assert!(!text.contains("http:") && !text.contains("https:"), "{name}");
    }
    let html = fs::read_to_string(format!("{folder}/index.html")).unwrap();
    for inline in ["<style", "style=", "onclick", "<script>"] {
        assert!(!html.contains(inline), "{inline}");
    }
}
