//! A running simulator: its thread, its state, and how it is stopped.

use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use mailstore_metadata::Dump;
use serde_json::Value;
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::{mpsc as commands, oneshot};
use tokio_rustls::TlsAcceptor;

use crate::changes::Changes;
use crate::core::{Core, Settings};
use crate::restart::Restart;
use crate::serve;
use crate::tls::Identity;
use crate::{Edition, Error, Injection, LongCall, Received, Rule, WrongRule};

/// A running server. Dropping it stops the server and releases its port.
///
/// It has its own thread and runtime. It can be started and stopped from asynchronous and blocking code, and a paused
/// clock or a busy runtime of the caller does not affect it.
///
/// ```
/// use mailstore_sim::Simulator;
///
/// let server = Simulator::start()?;
/// println!("{} has the fingerprint {}", server.url(), server.fingerprint());
/// assert_eq!(server.starts("VerifyStore"), 0);
/// # Ok::<(), mailstore_sim::Error>(())
/// ```
pub struct Simulator {
    core: Arc<Core>,
    address: SocketAddr,
    url: String,
    pem: String,
    fingerprint: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Simulator {
    /// Returns the simulated product.
    pub fn edition(&self) -> Edition {
        self.core.settings.edition
    }

    /// Returns the URL, such as `https://127.0.0.1:49152`, without a trailing slash.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the address on which it listens, with the actual port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the self-signed certificate in PEM. It is valid for `localhost` and the loopback addresses.
    ///
    /// A client that uses it as a trust root verifies the connection completely.
    pub fn certificate_pem(&self) -> &str {
        &self.pem
    }

    /// Returns the SHA-256 of the DER form of the certificate, as 64 lower-case hexadecimal digits.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// Returns the only accepted user name.
    pub fn user(&self) -> &str {
        &self.core.settings.user
    }

    /// Returns the only accepted password.
    pub fn password(&self) -> &str {
        &self.core.settings.password
    }

    /// Returns the authenticated calls of API functions, oldest first: the last 10,000, or fewer if their arguments
    /// are larger than 64 MiB in total.
    ///
    /// Calls of functions that do not exist are included. `get-metadata`, `get-status` and `cancel-async` are not.
    pub fn received(&self) -> Vec<Received> {
        self.core.world().calls.all()
    }

    /// Returns the number of starts of the function. A start is a call with valid arguments that was processed.
    ///
    /// Calls that failed later, for example because of an unknown user, count as well. The count is not limited.
    pub fn starts(&self, function: &str) -> usize {
        self.core.world().calls.starts(function)
    }

    /// Returns the number of polls for calls of the function. The count is not limited.
    ///
    /// Polls to which a fault was applied count. Polls with an unknown token do not.
    pub fn polls(&self, function: &str) -> usize {
        self.core.world().calls.polls(function)
    }

    /// Returns the actual states of the last 10,000 long calls, in the order in which they started.
    pub fn tasks(&self) -> Vec<LongCall> {
        self.core.world().tasks.describe()
    }

    /// Adds a fault rule.
    ///
    /// ```
    /// use mailstore_sim::{Fault, Phase, Simulator};
    ///
    /// let server = Simulator::start()?;
    /// let broken = server.inject(Fault::close().on(Phase::Poll).times(3))?;
    /// // ... a client polls ...
    /// assert_eq!(broken.applied(), 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the rule would never apply: its parts contradict each other, or its function does not
    /// exist.
    pub fn inject(&self, rule: Rule) -> Result<Injection, WrongRule> {
        rule.check_with(&self.core.settings.dump)?;
        Ok(self.core.world().faults.add(rule))
    }

    /// Returns the active rules in the order in which they were added, with the numbers of their applications.
    pub fn faults(&self) -> Vec<Injection> {
        self.core.world().faults.all()
    }

    /// Removes all rules. Connections that are already stalled stay stalled.
    pub fn clear_faults(&self) {
        self.core.world().faults.clear();
    }

    /// Changes the results of later calls of a function, like [`Builder::result`](crate::Builder::result). Earlier
    /// changes are applied first. The results of running calls do not change.
    ///
    /// # Errors
    ///
    /// Returns [`Error::NoSuchFunction`] if the function list does not contain the function.
    pub fn change_result(
        &self,
        function: &str,
        change: impl Fn(Value) -> Value + Send + Sync + 'static,
    ) -> Result<(), Error> {
        check_listed(function, &self.core.settings.dump)?;
        self.core.world().changes.add(function, change);
        Ok(())
    }

    /// Restarts the server: closes every connection, refuses connections for this time, and then listens again on the
    /// same address. Returns when the connections are closed.
    ///
    /// Long calls and their tokens are lost. Completed changes, rules and counts persist.
    pub fn restart(&self, away: Duration) {
        self.go_away(away, false);
    }

    /// Like [`Simulator::restart`], but tokens stay valid and long calls continue.
    pub fn restart_keeping_tasks(&self, away: Duration) {
        self.go_away(away, true);
    }

    fn go_away(&self, away: Duration, keep: bool) {
        let (done, went) = mpsc::sync_channel(1);
        let done = Some(done);
        // Sending fails only if the thread has ended. The port is then free, and there is nothing to restart.
        if self.core.restarts.send(Restart { away, keep, done }).is_ok() {
            let _ = went.recv();
        }
    }

    /// Returns the number of accepted connections, including those that a fault closed immediately.
    pub fn connections(&self) -> usize {
        self.core.connections.accepted()
    }

    /// Returns the number of open connections. A connection that the client has closed counts until the server
    /// notices.
    pub fn connections_open(&self) -> usize {
        self.core.connections.open()
    }

    /// Returns the maximum number of connections that were open at the same time.
    pub fn connections_peak(&self) -> usize {
        self.core.connections.peak()
    }

    /// Stops serving, closes every connection, and returns when the port is free. Dropping the simulator does the
    /// same.
    pub fn stop(self) {}

    /// Starts serving on a socket that is already bound.
    pub(crate) fn serve(
        settings: Settings,
        socket: TcpSocket,
        rules: Vec<Rule>,
        changes: Changes,
    ) -> Result<Simulator, Error> {
        let address = socket.local_addr().map_err(|cause| Error::Thread { cause })?;
        let identity = Identity::generate(address.ip())?;
        let tls = TlsAcceptor::from(identity.config);
        let (restarts, restart) = commands::unbounded_channel();
        let core = Arc::new(Core::new(settings, restarts));
        for rule in rules {
            core.world().faults.add(rule);
        }
        core.world().changes = changes;
        let (stop, stopped) = oneshot::channel();
        let (report, ready) = mpsc::sync_channel(1);
        let served = Arc::clone(&core);
        // The runtime is created and dropped on this thread: dropping it inside another runtime would panic.
        let run = move || match runtime(socket) {
            Ok((runtime, listener)) => {
                let _ = report.send(Ok(()));
                runtime.block_on(async {
                    tokio::select! {
                        () = serve::serve(served, address, listener, tls, restart) => {}
                        _ = stopped => {}
                    }
                });
            }
            Err(cause) => {
                let _ = report.send(Err(cause));
            }
        };
        let thread = std::thread::Builder::new()
            .name("mailstore-sim".to_owned())
            .spawn(run)
            .map_err(|cause| Error::Thread { cause })?;
        let lost = || Err(std::io::Error::other("the thread ended early"));
        ready
            .recv()
            .unwrap_or_else(|_| lost())
            .map_err(|cause| Error::Thread { cause })?;
        Ok(Simulator {
            core,
            address,
            url: format!("https://{address}"),
            pem: identity.pem,
            fingerprint: identity.fingerprint,
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

fn runtime(socket: TcpSocket) -> std::io::Result<(tokio::runtime::Runtime, TcpListener)> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let listener = {
        let _inside = runtime.enter();
        serve::listen(socket)?
    };
    Ok((runtime, listener))
}

/// Returns an error for a function that the server does not have, because a setting for it would never apply.
pub(crate) fn check_listed(function: &str, dump: &Dump) -> Result<(), Error> {
    match dump.function(function) {
        Some(_) => Ok(()),
        None => Err(Error::NoSuchFunction {
            function: function.to_owned(),
        }),
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Simulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulator")
            .field("edition", &self.edition())
            .field("url", &self.url)
            .field("fingerprint", &self.fingerprint)
            .finish_non_exhaustive()
    }
}
