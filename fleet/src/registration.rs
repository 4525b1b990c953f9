//! Makes a worker known to the engine: at its start, and again if the engine has lost it.
//!
//! The engine keeps the address of a worker, and a workflow continues at the address at which it began. So a worker of
//! another version must not take over an address while workflows of that address are under way.

use std::borrow::Cow;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use miette::{Report, miette};
use restate_sdk::endpoint::ServiceOptions;
use restate_sdk::service::{IntoServiceDefinition, ServiceDefinition};
use serde::Deserialize;
use serde_json::json;
use tokio::time::sleep;

use crate::api::{Engine, is_address, quoted};
use crate::hooks;

/// The name under which the engine keeps the version of a worker.
const VERSION: &str = "mailstore-fleet.version";

/// The service that has the version.
const SERVICE: &str = "MailCall";

/// The pause between two attempts to reach the engine.
const PAUSE: Duration = Duration::from_millis(200);

/// The pause between two questions whether the engine still knows the worker.
const CHECK: Duration = Duration::from_secs(60);

/// The pause between two questions whether an engine that is away is back.
const AWAY: Duration = Duration::from_secs(1);

/// Returns a service that tells the engine the version of this worker.
pub fn with_version(service: impl IntoServiceDefinition) -> ServiceDefinition {
    let options = ServiceOptions::new().metadata(VERSION, version());
    service.into_service_definition().options(options)
}

/// Returns the version of this worker. Another version may have other steps in its workflows.
fn version() -> Cow<'static, str> {
    hooks::version().map_or(Cow::Borrowed(env!("CARGO_PKG_VERSION")), Cow::Owned)
}

/// What the engine says about an address.
#[derive(Deserialize)]
struct Deployment {
    id: String,
    uri: Option<String>,
    protocol_type: Option<String>,
    #[serde(default)]
    services: Vec<Service>,
}

#[derive(Deserialize)]
struct Service {
    name: String,
    #[serde(default)]
    metadata: std::collections::HashMap<String, String>,
}

impl Deployment {
    /// Returns the version of the worker. Workers before the first release had none.
    fn version(&self) -> &str {
        let service = self.services.iter().find(|service| service.name == SERVICE);
        let version = service.and_then(|service| service.metadata.get(VERSION));
        version.map_or("without a number", String::as_str)
    }
}

#[derive(Deserialize)]
struct Deployments {
    deployments: Vec<Deployment>,
}

/// Whether the engine must be told about a worker.
#[derive(Debug, PartialEq, Eq)]
enum Known {
    /// The engine sends new requests to it.
    Used,
    /// The engine does not know the address, sends new requests to another one, or may take another version of it.
    NotUsed,
    /// Workflows of another version are under way.
    Taken { version: String, requests: usize },
}

impl Engine {
    /// Tells the engine the address of a worker. New requests go to it from then on.
    ///
    /// # Errors
    /// The engine cannot reach the worker, or reaches it without streams in both directions. The start of every call
    /// would then have an unknown outcome.
    pub async fn register(&self, uri: &str) -> Result<(), Report> {
        let url = format!("{}/deployments", self.admin());
        let request = self.post(&url, &json!({ "uri": uri, "force": true }));
        let deployment: Deployment = self.json(request, "register the worker").await?;
        let deployment = self.deployment(&deployment.id).await?;
        if deployment.protocol_type.as_deref() == Some("BidiStream") {
            return Ok(());
        }
        self.forget(&deployment.id).await?;
        Err(miette!(
            help = "The engine must reach the worker over HTTP/2 with streams in both directions. Check the proxies between them.",
            "the engine would call the worker with one request for each step, which is refused"
        ))
    }

    /// Returns whether the engine must be told about the worker at this address.
    async fn knows(&self, uri: &str) -> Result<Known, Report> {
        #[derive(Deserialize)]
        struct Count {
            requests: usize,
        }
        let url = format!("{}/deployments", self.admin());
        let all: Deployments = self.json(self.get(&url), "list the workers").await?;
        let is_this = |found: &&Deployment| found.uri.as_deref().is_some_and(|found| is_address(found, uri));
        let Some(found) = all.deployments.iter().find(is_this) else {
            return Ok(Known::NotUsed);
        };
        let sql = format!(
            "SELECT count(*) AS requests FROM sys_invocation WHERE pinned_deployment_id = {} AND status <> 'completed'",
            quoted(&found.id)
        );
        let counts: Vec<Count> = self.query(&sql).await?;
        let requests = counts.first().map_or(0, |count| count.requests);
        if requests == 0 {
            return Ok(Known::NotUsed);
        }
        let found = self.deployment(&found.id).await?;
        if found.version() != version() {
            return Ok(Known::Taken {
                version: found.version().to_owned(),
                requests,
            });
        }
        Ok(if self.has_worker(uri).await {
            Known::Used
        } else {
            Known::NotUsed
        })
    }

    async fn deployment(&self, id: &str) -> Result<Deployment, Report> {
        let url = format!("{}/deployments/{id}", self.admin());
        self.json(self.get(&url), "check the worker").await
    }
}

/// A worker that the engine may use.
pub(crate) struct Registration<'a> {
    engine: &'a Engine,
    uri: String,
    is_quiet: bool,
    known: Known,
}

impl<'a> Registration<'a> {
    /// Waits for the engine, and asks whether it may use a worker at this address. The worker answers no request until
    /// then, because it could continue a workflow of another version.
    ///
    /// # Errors
    /// Workflows of another version are under way at the address.
    pub(crate) async fn new(engine: &'a Engine, address: SocketAddr, is_quiet: bool) -> Result<Self, Report> {
        let uri = format!("http://{address}");
        let mut waits = false;
        let known = loop {
            // An engine that has just started answers no questions about its tables.
            if engine.is_healthy().await
                && let Ok(known) = engine.knows(&uri).await
            {
                break known;
            }
            if !waits {
                mailstore_reach::warn!("The worker waits for the engine at {}.", engine.admin());
                waits = true;
            }
            sleep(PAUSE).await;
        };
        if let Known::Taken {
            version: other,
            requests,
        } = known
        {
            let help = "Start this worker at another port with `--port`, and the other version at this one until its \
                        workflows have ended: see docs/new-versions.md.";
            return Err(miette!(
                help = help,
                "the engine has {requests} requests under way at {uri} that began with the version {}, and this is \
                 the version {}, which may have other steps",
                mailstore_reach::printable(&other),
                version()
            ));
        }
        Ok(Self {
            engine,
            uri,
            is_quiet,
            known,
        })
    }

    /// Tells the engine the address of the worker, and again whenever the engine has lost it. The worker must answer
    /// meanwhile.
    ///
    /// # Errors
    /// The engine rejects the worker.
    pub(crate) async fn keep(self) -> Result<Infallible, Report> {
        if self.known != Known::Used {
            self.register().await?;
        }
        if !self.is_quiet {
            mailstore_reach::say!("The worker is ready at {}.", self.uri);
        }
        let mut is_away = false;
        loop {
            let pause = if is_away || hooks::hurries() { AWAY } else { CHECK };
            sleep(pause).await;
            let found = self.engine.is_registered(&self.uri).await;
            is_away = found.is_err();
            if let Ok(false) = found {
                self.register().await?;
                mailstore_reach::warn!("The engine did not know this worker any more, and uses it again.");
            }
        }
    }

    /// Tells the engine the address, as soon as it answers.
    async fn register(&self) -> Result<(), Report> {
        loop {
            match self.engine.register(&self.uri).await {
                Err(report) if self.engine.is_healthy().await => return Err(report),
                Err(_) => sleep(AWAY).await,
                Ok(()) => return Ok(()),
            }
        }
    }
}
