//! The committed documents and dumps.

use std::path::{Path, PathBuf};

use base64::prelude::{BASE64_STANDARD, Engine};
use mailstore_metadata::Dump;
use mailstore_sim::Simulator;
use reqwest::Certificate;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use serde_json::Value;

/// The editions with committed documents.
pub(crate) const EDITIONS: [&str; 3] = ["server", "spe", "server-9"];

fn metadata(below: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../metadata/mailstore")
        .join(below)
}

/// A committed document, such as `server` or `3.0/spe`.
pub(crate) fn document(name: &str) -> Value {
    serde_json::from_str(&text(name)).expect(name)
}

/// The text of a committed document.
pub(crate) fn text(name: &str) -> String {
    std::fs::read_to_string(metadata(&format!("openapi/{name}.json"))).expect(name)
}

/// Names of all committed documents.
pub(crate) fn names() -> impl Iterator<Item = String> {
    EDITIONS
        .into_iter()
        .flat_map(|edition| [edition.to_owned(), format!("3.0/{edition}")])
}

/// The dump of an edition.
pub(crate) fn dump(edition: &str) -> Dump {
    let name = match edition {
        "server" => "server-24",
        "spe" => "spe-24",
        name => name,
    };
    let bytes = std::fs::read(metadata(&format!("{name}.json"))).expect(name);
    Dump::parse(name, &bytes).expect(name)
}

/// The operations of a document: the path and the value of `post`.
pub(crate) fn operations(document: &Value) -> Vec<(&str, &Value)> {
    let paths = document["paths"].as_object().expect("paths");
    paths
        .iter()
        .map(|(path, item)| (path.as_str(), &item["post"]))
        .collect()
}

/// An HTTP client that trusts a simulator and logs in.
pub(crate) fn http(simulator: &Simulator, password: &str) -> reqwest::Client {
    // An error means that an earlier test has already installed the provider.
    let _ = tokio_rustls::rustls::crypto::ring::default_provider().install_default();
    let certificate = Certificate::from_pem(simulator.certificate_pem().as_bytes()).unwrap();
    let login = BASE64_STANDARD.encode(format!("{}:{password}", simulator.user()));
    let login = HeaderValue::try_from(format!("Basic {login}")).unwrap();
    reqwest::Client::builder()
        .tls_certs_only([certificate])
        .default_headers(HeaderMap::from_iter([(AUTHORIZATION, login)]))
        .build()
        .unwrap()
}

/// The place and the schema of every top-level schema in a document.
pub(crate) fn schemas(document: &Value) -> Vec<(String, &Value)> {
    let components = document["components"]["schemas"].as_object().expect("schemas");
    let mut schemas: Vec<(String, &Value)> = components
        .iter()
        .map(|(name, schema)| (name.clone(), schema))
        .collect();
    for (path, operation) in operations(document) {
        let form = &operation["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"];
        let response = &operation["responses"]["200"]["content"]["application/json"]["schema"];
        schemas.push((format!("{path} 200"), response));
        if !form.is_null() {
            schemas.push((format!("{path} form"), form));
        }
    }
    schemas
}
