//! Both sides of a benchmark of calls.

use std::future::Future;
use std::io;
use std::str::FromStr;

use mailstore_api::server::Client;
use tokio_rustls::rustls::crypto::ring;

use crate::peer::{Failure, Peer};
use crate::target::Target;

/// A client that calls `GetServerInfo`.
pub(crate) trait Caller: Clone + Send + Sync + 'static {
    fn new(target: &Target) -> Result<Self, Failure>;

    fn call(&self) -> impl Future<Output = Result<(), Failure>> + Send;
}

impl Caller for Client {
    fn new(target: &Target) -> Result<Self, Failure> {
        let client = Client::builder(&target.url)
            .credentials("admin", "admin".to_owned())
            .certificate_authority(target.certificate.clone())
            .build()?;
        Ok(client)
    }

    async fn call(&self) -> Result<(), Failure> {
        std::hint::black_box(self.get_server_info().await?);
        Ok(())
    }
}

impl Caller for Peer {
    fn new(target: &Target) -> Result<Self, Failure> {
        Peer::new(target, ring::default_provider())
    }

    async fn call(&self) -> Result<(), Failure> {
        std::hint::black_box(self.get_server_info().await?);
        Ok(())
    }
}

/// The name of a side, for benchmarks that run each side in a process of its own.
#[derive(Clone, Copy)]
pub(crate) enum Side {
    Ours,
    Peer,
}

impl Side {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Peer => "peer",
        }
    }
}

impl FromStr for Side {
    type Err = io::Error;

    fn from_str(name: &str) -> Result<Self, io::Error> {
        [Self::Ours, Self::Peer]
            .into_iter()
            .find(|side| side.name() == name)
            .ok_or_else(|| io::Error::other(format!("there is no side `{name}`")))
    }
}

/// Creates a runtime of one thread, so that the CPU time of the thread is that of all calls.
pub(crate) fn runtime() -> io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}

/// Sends calls one after the other with a new client.
pub(crate) fn call_in_order<C: Caller>(target: &Target, calls: usize) -> Result<(), Failure> {
    let client = C::new(target)?;
    runtime()?.block_on(async {
        for _ in 0..calls {
            client.call().await?;
        }
        Ok(())
    })
}
