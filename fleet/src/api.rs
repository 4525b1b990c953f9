//! The interfaces of the engine: the ingress, which starts workflows, and the administration.

use std::time::Duration;

use miette::{Context as _, IntoDiagnostic as _, Report, miette};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::tls::use_ring;

/// The time to connect to the engine.
const CONNECT: Duration = Duration::from_secs(5);

/// How long a connection may be silent until it is checked. A job may be waited for through a whole night.
const KEEPALIVE: Duration = Duration::from_secs(30);

/// How long a worker may take to answer the engine.
const WORKER: Duration = Duration::from_secs(10);

/// How long a query is repeated that the engine answers with HTTP 500. An engine does so right after its start.
const STARTING: Duration = Duration::from_secs(10);

/// The pause between two of these queries.
const PAUSE: Duration = Duration::from_millis(100);

/// The addresses of an engine.
#[derive(Clone, Debug, clap::Args)]
pub struct Addresses {
    /// The address of the engine's ingress.
    #[arg(
        long,
        value_name = "URL",
        env = "MAILSTORE_FLEET_INGRESS",
        default_value = "http://127.0.0.1:8080"
    )]
    pub ingress: String,
    /// The address of the engine's administration.
    #[arg(
        long,
        value_name = "URL",
        env = "MAILSTORE_FLEET_ADMIN",
        default_value = "http://127.0.0.1:9070"
    )]
    pub admin: String,
}

/// A client of an engine.
#[derive(Clone, Debug)]
pub struct Engine {
    addresses: Addresses,
    http: Client,
}

/// An invocation that was asked for.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sent {
    /// The identifier of the invocation.
    pub invocation_id: String,
    /// `Accepted`, or `PreviouslyAccepted` if the workflow existed.
    pub status: String,
}

impl Sent {
    /// Returns whether the workflow existed.
    pub fn existed(&self) -> bool {
        self.status == "PreviouslyAccepted"
    }
}

#[derive(Deserialize)]
struct Worker {
    endpoint: String,
}

#[derive(Deserialize)]
struct Rows<T> {
    rows: Vec<T>,
}

impl Engine {
    /// Creates a client. Sends nothing.
    ///
    /// # Errors
    /// The client cannot be created.
    pub fn new(addresses: Addresses) -> Result<Self, Report> {
        use_ring();
        let http = Client::builder()
            .connect_timeout(CONNECT)
            .tcp_keepalive(KEEPALIVE)
            // The engine is reached directly, and its address is often that of this machine.
            .no_proxy()
            .build()
            .into_diagnostic()?;
        Ok(Self { addresses, http })
    }

    /// Returns the address of the administration.
    pub fn admin(&self) -> &str {
        &self.addresses.admin
    }

    /// Returns whether both interfaces answer.
    pub async fn is_healthy(&self) -> bool {
        let Addresses { ingress, admin } = &self.addresses;
        for url in [format!("{ingress}/restate/health"), format!("{admin}/health")] {
            let answer = self.http.get(url).timeout(CONNECT).send().await;
            if !answer.is_ok_and(|answer| answer.status().is_success()) {
                return false;
            }
        }
        true
    }

    /// Returns whether the engine sends new jobs to the worker at this address.
    pub async fn has_worker(&self, uri: &str) -> bool {
        let rows = self.workers().await.unwrap_or_default();
        rows.iter().any(|row| is_address(&row.endpoint, uri))
    }

    /// Returns whether the engine reaches the worker to which it sends new requests. A request to a worker that is not
    /// reached would be kept and repeated by the engine, so this is asked first.
    ///
    /// # Errors
    /// The engine cannot be reached.
    pub async fn reaches_worker(&self) -> Result<bool, Report> {
        let Some(row) = self.workers().await?.into_iter().next() else {
            return Ok(false);
        };
        // The engine asks the worker what it can do, and changes nothing.
        let url = format!("{}/deployments", self.addresses.admin);
        let body = json!({ "uri": row.endpoint, "force": true, "dry_run": true });
        let asked = self.http.post(url).timeout(WORKER).json(&body).send().await;
        Ok(asked.is_ok_and(|answer| answer.status().is_success()))
    }

    /// Returns the address of the worker to which the engine sends new requests.
    async fn workers(&self) -> Result<Vec<Worker>, Report> {
        const SQL: &str = "SELECT d.endpoint FROM sys_service s JOIN sys_deployment d ON s.deployment_id = d.id \
             WHERE s.name = 'MailCall'";
        self.query(SQL).await
    }

    /// Returns whether the engine knows a worker at this address.
    pub(crate) async fn is_registered(&self, uri: &str) -> Result<bool, Report> {
        let rows: Vec<Worker> = self.query("SELECT endpoint FROM sys_deployment").await?;
        Ok(rows.iter().any(|row| is_address(&row.endpoint, uri)))
    }

    /// Makes the engine forget a worker.
    pub(crate) async fn forget(&self, id: &str) -> Result<(), Report> {
        let url = format!("{}/deployments/{id}", self.addresses.admin);
        let removal = self.http.delete(url).query(&[("force", "true")]);
        self.answer(removal, "remove the worker").await.map(drop)
    }

    /// Returns a request that reads.
    pub(crate) fn get(&self, url: &str) -> RequestBuilder {
        self.http.get(url)
    }

    /// Returns a request with a body.
    pub(crate) fn post(&self, url: &str, body: &Value) -> RequestBuilder {
        self.http.post(url).json(body)
    }

    /// Starts a workflow, unless it exists.
    ///
    /// # Errors
    /// The engine cannot be reached, or rejects the request.
    pub async fn send(
        &self,
        workflow: &str,
        key: &str,
        handler: &str,
        input: &impl Serialize,
    ) -> Result<Sent, Report> {
        let key = utf8_percent_encode(key, NON_ALPHANUMERIC);
        let url = format!(
            "{}/restate/send/{workflow}/{key}/{handler}",
            self.addresses.ingress
        );
        let what = format!("start {workflow}");
        let answer = self.sent(self.http.post(url).json(input), &what).await?;
        if answer.status() == StatusCode::NOT_FOUND {
            return Err(miette!(
                help = "`mailstore-fleet worker` starts one. It tells the engine what it can do.",
                "cannot {what}: the engine knows no worker"
            ));
        }
        read(accepted(answer, &what).await?, &what).await
    }

    /// Calls a handler of a workflow and waits for its result.
    ///
    /// # Errors
    /// The engine cannot be reached, or the handler returns an error.
    pub async fn call<T: DeserializeOwned>(
        &self,
        workflow: &str,
        key: &str,
        handler: &str,
        input: Option<&Value>,
    ) -> Result<T, Report> {
        let key = utf8_percent_encode(key, NON_ALPHANUMERIC);
        let url = format!(
            "{}/restate/call/{workflow}/{key}/{handler}",
            self.addresses.ingress
        );
        let request = self.http.post(url);
        let request = match input {
            Some(input) => request.json(input),
            None => request,
        };
        self.json(request, &format!("call {workflow}")).await
    }

    /// Asks for the result of an invocation, and waits for the response.
    pub(crate) async fn ask_for_result(&self, invocation: &str) -> reqwest::Result<Response> {
        // The engine does not decode this part of the path. Identifiers have letters, digits and `_`.
        let url = format!("{}/restate/attach/{invocation}", self.addresses.ingress);
        self.http.get(url).send().await
    }

    /// Cancels an invocation. Its workflow decides how it ends. Returns false if it has ended before.
    ///
    /// # Errors
    /// The engine cannot be reached, or does not know the invocation.
    pub async fn cancel(&self, invocation: &str) -> Result<bool, Report> {
        let invocation = utf8_percent_encode(invocation, NON_ALPHANUMERIC);
        let url = format!("{}/invocations/{invocation}/cancel", self.addresses.admin);
        let answer = self.sent(self.http.patch(url), "cancel the workflow").await?;
        if answer.status() == StatusCode::CONFLICT {
            return Ok(false);
        }
        accepted(answer, "cancel the workflow").await?;
        Ok(true)
    }

    /// Returns the rows of a query over the engine's tables. Repeats it for some seconds if the engine has just started and
    /// cannot read its tables yet.
    ///
    /// # Errors
    /// The engine cannot be reached, or rejects the query.
    pub async fn query<T: DeserializeOwned>(&self, sql: &str) -> Result<Vec<T>, Report> {
        let url = format!("{}/query", self.addresses.admin);
        let what = "query the engine";
        let until = Instant::now() + STARTING;
        let answer = loop {
            let request = self.http.post(&url).header("accept", "application/json");
            let answer = self.sent(request.json(&json!({ "query": sql })), what).await?;
            if answer.status() != StatusCode::INTERNAL_SERVER_ERROR || Instant::now() > until {
                break answer;
            }
            sleep(PAUSE).await;
        };
        let rows: Rows<T> = read(accepted(answer, what).await?, what).await?;
        Ok(rows.rows)
    }

    /// Returns a value that a workflow keeps, from the tables of the engine. It has none before it has begun.
    ///
    /// # Errors
    /// The engine cannot be reached, or the value is another one.
    pub async fn state<T: DeserializeOwned>(
        &self,
        workflow: &str,
        key: &str,
        name: &str,
    ) -> Result<Option<T>, Report> {
        #[derive(Deserialize)]
        struct Row {
            value_utf8: String,
        }
        let sql = format!(
            "SELECT value_utf8 FROM state WHERE service_name = {} AND service_key = {} AND key = {}",
            quoted(workflow),
            quoted(key),
            quoted(name)
        );
        let row = self.query::<Row>(&sql).await?.into_iter().next();
        row.map(|row| serde_json::from_str(&row.value_utf8))
            .transpose()
            .into_diagnostic()
    }

    pub(crate) async fn json<T: DeserializeOwned>(
        &self,
        request: RequestBuilder,
        what: &str,
    ) -> Result<T, Report> {
        read(self.answer(request, what).await?, what).await
    }

    async fn answer(&self, request: RequestBuilder, what: &str) -> Result<Response, Report> {
        accepted(self.sent(request, what).await?, what).await
    }

    async fn sent(&self, request: RequestBuilder, what: &str) -> Result<Response, Report> {
        request.send().await.map_err(|error| {
            miette!(
                help = "`mailstore-fleet engine` starts an engine. `--ingress` and `--admin` choose another one.",
                "cannot {what}, because the engine cannot be reached: {}",
                cause(&error)
            )
        })
    }
}

/// Returns whether the engine means the worker at this address. It adds a slash.
pub(crate) fn is_address(found: &str, uri: &str) -> bool {
    found.trim_end_matches('/') == uri
}

/// Returns a text as a literal of SQL.
pub(crate) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Receives and reads a response of the engine.
async fn read<T: DeserializeOwned>(answer: Response, what: &str) -> Result<T, Report> {
    let text = answer.bytes().await.into_diagnostic();
    let text = text.wrap_err_with(|| format!("cannot {what}: the response of the engine was lost"))?;
    parsed(&text, what)
}

/// Reads the text of a response of the engine.
pub(crate) fn parsed<T: DeserializeOwned>(text: &[u8], what: &str) -> Result<T, Report> {
    // A handler without a result has an empty response.
    let text = if text.is_empty() { b"null" } else { text };
    serde_json::from_slice(text)
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot {what}: the engine returned an unexpected response"))
}

/// Returns a response if it is a success.
async fn accepted(answer: Response, what: &str) -> Result<Response, Report> {
    let status = answer.status();
    if status.is_success() {
        return Ok(answer);
    }
    let text = answer.text().await.unwrap_or_default();
    Err(rejected(what, status, &text))
}

/// Returns the error for a response that is no success.
pub(crate) fn rejected(what: &str, status: StatusCode, text: &str) -> Report {
    let message = serde_json::from_str::<Value>(text)
        .ok()
        .and_then(|body| body.get("message").and_then(Value::as_str).map(str::to_owned));
    let message = message.unwrap_or_else(|| text.chars().take(500).collect());
    miette!(
        "cannot {what}: the engine returned {status}: {}",
        mailstore_reach::printable(&message)
    )
}

/// Returns the innermost cause of an error, which names the problem.
fn cause(error: &reqwest::Error) -> String {
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_cannot_end_early() {
        assert_eq!(quoted("a' OR '1'='1"), "'a'' OR ''1''=''1'");
    }
}
