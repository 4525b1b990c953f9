//! Connects the examples to a server: the server in the environment, or a new simulator.
//!
//! | variable             | meaning                                                              |
//! | -------------------- | -------------------------------------------------------------------- |
//! | `MAILSTORE_HOST`     | host name, `host:port` or URL; if missing, a simulator is started    |
//! | `MAILSTORE_USER`     | user name; default: `admin`                                          |
//! | `MAILSTORE_PASSWORD` | password; required with `MAILSTORE_HOST`                             |
//! | `MAILSTORE_CA`       | PEM file of the trusted certificate; default: those of the platform  |
//! | `MAILSTORE_INSECURE` | `1` accepts any certificate: only for your own server                |
//!
//! For the Service Provider Edition, the names begin with `MAILSTORE_SPE_`.

// Each example uses only some of the items.
#![allow(dead_code, unused_imports)]

mod output;

use std::env;
use std::error::Error;

use mailstore_api::Builder;
use mailstore_sim::{Edition, Simulator};

pub(crate) use output::{note, print, say};

/// A client and its simulator, which must live as long as the client is used.
pub(crate) struct Server<C> {
    pub(crate) client: C,
    _simulator: Option<Simulator>,
}

/// Connects to a MailStore Server.
pub(crate) fn connect() -> Result<Server<mailstore_api::server::Client>, Box<dyn Error>> {
    connect_to(
        Edition::Server,
        "MAILSTORE",
        mailstore_api::server::Client::builder,
    )
}

/// Connects to a MailStore Service Provider Edition.
#[cfg(feature = "spe")]
pub(crate) fn connect_spe() -> Result<Server<mailstore_api::spe::Client>, Box<dyn Error>> {
    connect_to(Edition::Spe, "MAILSTORE_SPE", mailstore_api::spe::Client::builder)
}

fn connect_to<C>(
    edition: Edition,
    prefix: &str,
    builder: fn(&str) -> Builder<C>,
) -> Result<Server<C>, Box<dyn Error>> {
    let variable = |name: &str| env::var(format!("{prefix}_{name}"));
    let Ok(host) = variable("HOST") else {
        let simulator = Simulator::builder(edition).start()?;
        note(&format!(
            "{prefix}_HOST is not set: using a simulator at {}",
            simulator.url()
        ));
        let client = builder(simulator.url())
            .credentials(simulator.user(), simulator.password())
            .certificate_authority(simulator.certificate_pem())
            .build()?;
        return Ok(Server {
            client,
            _simulator: Some(simulator),
        });
    };
    let user = variable("USER").unwrap_or_else(|_| "admin".to_owned());
    let password = variable("PASSWORD").map_err(|_| format!("{prefix}_PASSWORD is not set"))?;
    let mut builder = builder(&host).credentials(&user, password);
    if let Ok(path) = variable("CA") {
        let pem = std::fs::read(&path).map_err(|error| format!("{prefix}_CA: {path}: {error}"))?;
        builder = builder.certificate_authority(pem);
    }
    if variable("INSECURE").is_ok_and(|value| value == "1") {
        builder = builder.danger_accept_invalid_certs(true);
    }
    Ok(Server {
        client: builder.build()?,
        _simulator: None,
    })
}
