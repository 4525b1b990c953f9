//! Connection pools, one for each tokio runtime.
//!
//! A pooled connection is driven by a task of the runtime that opened it. If another runtime used the connection while
//! the first runtime is not running, the request would wait until its timeout.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http_body::Body;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::runtime::{Handle, Id};

use crate::connect::Connector;
use crate::no_runtime::NoRuntime;
use crate::runtime::{Alive, Inside, current_runtime, watch};

/// The connection pools of a client for one server. `B` is the body of its requests.
pub struct Pools<B> {
    connector: Connector,
    idle: Duration,
    pools: Mutex<Vec<Pool<B>>>,
}

/// The connections of one runtime. A clone shares them.
pub struct Pool<B> {
    id: Id,
    runtime: Handle,
    client: Client<Connector, B>,
    alive: Alive,
}

impl<B> Pools<B>
where
    B: Body + Send,
    B::Data: Send,
{
    /// Creates the pools of a client. `idle` is the maximum idle time of a connection. It should be shorter than the
    /// server's limit, so that a request rarely uses a connection that the server is closing.
    pub fn new(connector: Connector, idle: Duration) -> Self {
        Self {
            connector,
            idle,
            pools: Mutex::default(),
        }
    }

    /// Returns the pool of the current runtime. Creates it if necessary, and then drops the pools of runtimes that were
    /// shut down.
    ///
    /// # Errors
    /// The calling thread has no runtime.
    pub fn here(&self) -> Result<Pool<B>, NoRuntime> {
        let runtime = current_runtime()?;
        let id = runtime.id();
        let mut pools = self.pools.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pool) = pools.iter().find(|pool| pool.id == id) {
            return Ok(pool.clone());
        }
        pools.retain(|pool| !pool.is_shut_down());
        let pool = Pool::new(runtime, self.connector.clone(), self.idle);
        pools.push(pool.clone());
        Ok(pool)
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        self.pools.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

impl<B> Pool<B>
where
    B: Body + Send,
    B::Data: Send,
{
    fn new(runtime: Handle, connector: Connector, idle: Duration) -> Self {
        let alive = watch(&runtime);
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(idle)
            .build(connector);
        Self {
            id: runtime.id(),
            alive,
            runtime,
            client,
        }
    }
}

impl<B> Pool<B> {
    /// Returns the HTTP client that uses these connections. Its futures must be polled inside the runtime of the pool:
    /// see [`inside`](Self::inside).
    pub fn client(&self) -> &Client<Connector, B> {
        &self.client
    }

    /// Returns a future that polls this one inside the runtime of the pool, on any thread.
    pub fn inside<F>(&self, future: F) -> Inside<F> {
        Inside::new(self.runtime.clone(), Arc::clone(&self.alive), future)
    }

    fn is_shut_down(&self) -> bool {
        self.alive.is_closed()
    }
}

impl<B> Clone for Pool<B> {
    fn clone(&self) -> Self {
        Self {
            id: self.id,
            runtime: self.runtime.clone(),
            client: self.client.clone(),
            alive: Arc::clone(&self.alive),
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http_body_util::Empty;
    use url::Url;

    use super::*;
    use crate::network::Network;

    const LONG: Duration = Duration::from_secs(20);

    fn pools() -> Pools<Empty<Bytes>> {
        let network = Network::default();
        let connector = network.connector(&Url::parse("http://127.0.0.1").unwrap());
        Pools::new(connector.unwrap(), LONG)
    }

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    }

    #[test]
    fn each_runtime_has_one_pool() {
        let pools = pools();
        let (one, other) = (runtime(), runtime());
        for runtime in [&one, &other, &one] {
            runtime.block_on(async { assert_eq!(pools.here().unwrap().id, runtime.handle().id()) });
        }
        assert_eq!(pools.len(), 2);
        assert!(pools.here().is_err(), "outside a runtime");
    }

    #[test]
    fn pools_of_ended_runtimes_are_dropped() {
        let pools = pools();
        for _ in 0..100 {
            let runtime = runtime();
            let pool = runtime.block_on(async { pools.here().unwrap() });
            assert!(!pool.is_shut_down());
            drop(runtime);
            assert!(pool.is_shut_down());
        }
        assert_eq!(pools.len(), 1);
    }
}
