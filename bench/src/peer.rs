//! The peer: a client for the same server, written by hand with `reqwest`.

use std::error::Error;
use std::time::Duration;

use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE};
use reqwest::{Certificate, Client, Url};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio_rustls::rustls::crypto::CryptoProvider;

use crate::target::Target;

pub(crate) type Failure = Box<dyn Error + Send + Sync>;

#[derive(Clone)]
pub(crate) struct Peer {
    http: Client,
    get_server_info: Url,
    pub(crate) verify_store: Url,
    pub(crate) get_status: Url,
}

/// The result of `GetServerInfo`, with the fields of the client's `ServerInfo`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "the fields are only decoded")]
pub(crate) struct ServerInfo {
    machine_name: String,
    version: String,
}

/// The members of a response that a caller needs.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", bound = "T: DeserializeOwned")]
pub(crate) struct Envelope<T> {
    pub(crate) status_code: String,
    pub(crate) status_version: Option<u64>,
    pub(crate) token: Option<String>,
    pub(crate) log_output: Option<String>,
    pub(crate) result: Option<T>,
}

impl Peer {
    /// Creates a client that trusts the certificate of the server. `provider` does the cryptography.
    pub(crate) fn new(target: &Target, provider: CryptoProvider) -> Result<Self, Failure> {
        // An error means that an earlier benchmark has installed the provider.
        let _ = provider.install_default();
        let certificate = Certificate::from_pem(target.certificate.as_bytes())?;
        let http = Client::builder()
            .no_proxy()
            .tls_certs_only([certificate])
            .timeout(Duration::from_secs(120))
            .user_agent("peer/1.0")
            .build()?;
        let base = Url::parse(&target.url)?;
        // The addresses are parsed once, as a careful author would do it.
        Ok(Self {
            http,
            get_server_info: base.join("api/invoke/GetServerInfo")?,
            verify_store: base.join("api/invoke/VerifyStore")?,
            get_status: base.join("api/get-status")?,
        })
    }

    pub(crate) async fn get_server_info(&self) -> Result<ServerInfo, Failure> {
        let answer: Envelope<ServerInfo> = self.post(&self.get_server_info, &[]).await?;
        if answer.status_code != "succeeded" {
            return Err(format!("the call ended as {}", answer.status_code).into());
        }
        answer.result.ok_or_else(|| "the result is missing".into())
    }

    /// Sends a form and decodes the response.
    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        url: &Url,
        form: &[(&str, &str)],
    ) -> Result<Envelope<T>, Failure> {
        let request = self.http.post(url.clone()).basic_auth("admin", Some("admin"));
        let request = if form.is_empty() {
            // Without a body, `reqwest` does not send the length, which the server requires.
            request
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header(CONTENT_LENGTH, 0)
        } else {
            request.form(form)
        };
        let body = request.send().await?.error_for_status()?.bytes().await?;
        let text = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&body);
        Ok(serde_json::from_slice(text)?)
    }
}
