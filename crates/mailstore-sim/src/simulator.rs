//! A running simulator: its thread, what it tells about itself, and how it stops.

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

/// A running server. Dropping it stops it and frees its port.
///
/// It has its own thread and runtime, so it can be started and stopped from asynchronous and blocking code
/// alike, and a paused clock or a busy runtime of the caller does not reach it.
///
/// ```
/// use mailstore_sim::Simulator;
///
/// let server = Simulator::start()?;
/// println!("{} trusts {}", server.url(), server.fingerprint());
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
    /// Which product is simulated.
    pub fn edition(&self) -> Edition {
        self.core.settings.edition
    }

    /// Where it answers, such as `https://127.0.0.1:49152`, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The address it listens on, with the port the system chose.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The self-signed certificate in PEM, valid for `localhost` and the loopback addresses.
    ///
    /// A client that takes it as a trust root verifies the connection completely.
    pub fn certificate_pem(&self) -> &str {
        &self.pem
    }

    /// SHA-256 of the certificate's DER form: 64 lower-case hexadecimal digits.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The only user name it accepts.
    pub fn user(&self) -> &str {
        &self.core.settings.user
    }

    /// The only password it accepts.
    pub fn password(&self) -> &str {
        &self.core.settings.password
    }

    /// Every authenticated call of an API function, oldest first: the last 10,000 of them, or fewer if their
    /// arguments hold more than 64 MiB together.
    ///
    /// Calls of functions that do not exist are among them; `get-metadata`, `get-status` and `cancel-async` are not.
    pub fn received(&self) -> Vec<Received> {
        self.core.world().calls.all()
    }

    /// How often the function was started, which is: called with arguments that were accepted.
    ///
    /// Calls that then failed, for an unknown user say, count; they did reach the function. The count has no bound.
    pub fn starts(&self, function: &str) -> usize {
        self.core.world().calls.starts(function)
    }

    /// How many polls arrived for calls of the function. The count has no bound.
    ///
    /// Polls that met a fault count, those with an unknown token do not.
    pub fn polls(&self, function: &str) -> usize {
        self.core.world().calls.polls(function)
    }

    /// Every long call as it truly is, in the order they started: the last 10,000 of them.
    pub fn tasks(&self) -> Vec<LongCall> {
        self.core.world().tasks.describe()
    }

    /// Misbehaves by this rule from now on.
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
    /// If the rule's parts do not fit together or its function does not exist, so that it would never apply.
    pub fn inject(&self, rule: Rule) -> Result<Injection, WrongRule> {
        rule.check_with(&self.core.settings.dump)?;
        Ok(self.core.world().faults.add(rule))
    }

    /// Every rule at work, with how often it was applied, in the order they were added.
    pub fn faults(&self) -> Vec<Injection> {
        self.core.world().faults.all()
    }

    /// Behaves again: forgets every rule. Connections that are stalled already stay so.
    pub fn clear_faults(&self) {
        self.core.world().faults.clear();
    }

    /// From now on, changes the result of a function before it is answered: as [`Builder::result`](crate::Builder::result), and on top of what
    /// was asked for before. Calls that run already end with the result they would have had.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchFunction`] if the function list does not have it.
    pub fn change_result(
        &self,
        function: &str,
        change: impl Fn(Value) -> Value + Send + Sync + 'static,
    ) -> Result<(), Error> {
        check_listed(function, &self.core.settings.dump)?;
        self.core.world().changes.add(function, change);
        Ok(())
    }

    /// Restarts the server: closes every connection, refuses connections for this long, and then listens again at the
    /// same address. Returns when the connections are closed.
    ///
    /// Long calls are lost and their tokens unknown. What was done stays done, and so do rules and counts.
    pub fn restart(&self, away: Duration) {
        self.go_away(away, false);
    }

    /// As [`Simulator::restart`], but tokens stay known and long calls go on.
    pub fn restart_keeping_tasks(&self, away: Duration) {
        self.go_away(away, true);
    }

    fn go_away(&self, away: Duration, keep: bool) {
        let (done, went) = mpsc::sync_channel(1);
        let done = Some(done);
        // Fails only if the thread is gone, and then the port is free and nothing is left to restart.
        if self.core.restarts.send(Restart { away, keep, done }).is_ok() {
            let _ = went.recv();
        }
    }

    /// How many connections were accepted so far, those among them that were closed at once on purpose.
    pub fn connections(&self) -> usize {
        self.core.connections.accepted()
    }

    /// How many connections are open. One that its client left counts until the server has noticed.
    pub fn connections_open(&self) -> usize {
        self.core.connections.open()
    }

    /// How many connections were open at the same time at most.
    pub fn connections_peak(&self) -> usize {
        self.core.connections.peak()
    }

    /// Stops serving, closes every connection, and returns when the port is free. Dropping does the same.
    pub fn stop(self) {}

    /// Starts serving on a socket that is bound already.
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
        // The runtime lives and dies on this thread: elsewhere, dropping it inside another runtime would panic.
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

/// Refuses a setting for a function that the server does not have: it would never apply.
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
