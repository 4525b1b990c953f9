//! Connection pools, one for each tokio runtime.
//!
//! A pooled connection is driven by a task of the runtime that opened it. If another runtime used the connection while
//! the first runtime is not running, the request would wait until its timeout.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::runtime::{Handle, Id};

use crate::connect::Connector;
use crate::form::Form;
use crate::no_runtime::NoRuntime;
use crate::runtime::{self, Alive};

/// Maximum idle time of a connection. It is shorter than the server's limit (120 s), so that a call rarely uses a
/// connection that the server is closing.
const IDLE: Duration = Duration::from_secs(60);

pub(crate) struct Pools {
    connector: Connector,
    pools: Mutex<Vec<Pool>>,
}

/// The connections of one runtime.
#[derive(Clone)]
pub(crate) struct Pool {
    id: Id,
    pub(crate) runtime: Handle,
    pub(crate) client: Client<Connector, Form>,
    pub(crate) alive: Alive,
}

impl Pools {
    pub(crate) fn new(connector: Connector) -> Self {
        Self {
            connector,
            pools: Mutex::default(),
        }
    }

    /// Returns the pool of the current runtime. Creates it if necessary, and then drops the pools of runtimes that were
    /// shut down.
    pub(crate) fn here(&self) -> Result<Pool, NoRuntime> {
        let runtime = runtime::current()?;
        let id = runtime.id();
        let mut pools = self.pools.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pool) = pools.iter().find(|pool| pool.id == id) {
            return Ok(pool.clone());
        }
        pools.retain(|pool| !pool.is_shut_down());
        let pool = Pool::new(runtime, self.connector.clone());
        pools.push(pool.clone());
        Ok(pool)
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        self.pools.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

impl Pool {
    fn new(runtime: Handle, connector: Connector) -> Self {
        let alive = runtime::watch(&runtime);
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .build(connector);
        Self {
            id: runtime.id(),
            alive,
            runtime,
            client,
        }
    }

    fn is_shut_down(&self) -> bool {
        self.alive.is_closed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trust::Trust;

    fn pools() -> Pools {
        let tls = Trust::Anything.config(None).unwrap();
        Pools::new(Connector::new(None, tls, false, Duration::from_secs(1)))
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
