//! The error of starting a simulator.

use std::io;

use crate::WrongRule;

/// The reason why a [`Simulator`](crate::Simulator) could not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The address is not of the form `ip:port`.
    #[error(
        "`{address}` is not a valid address to listen on; write an IP address and a port, such as 127.0.0.1:0"
    )]
    Address {
        /// The given address.
        address: String,
    },
    /// Other machines can reach the address, and [`Builder::allow_remote`](crate::Builder::allow_remote) was not
    /// called.
    #[error(
        "`{address}` is an address that other machines can reach; listen on 127.0.0.1 or [::1], \
         or allow it with `Builder::allow_remote` (on the command line --allow-remote)"
    )]
    NotLoopback {
        /// The given address.
        address: String,
    },
    /// The simulator cannot listen on the address. Usually, it is in use.
    #[error("cannot listen on {address}; choose another port, or 0 for any free port")]
    Listen {
        /// The given address.
        address: String,
        /// The error of the system.
        #[source]
        cause: io::Error,
    },
    /// The key or the self-signed certificate could not be created.
    #[error("cannot create the TLS key and certificate")]
    Certificate {
        /// The error of the TLS library.
        #[source]
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A dump that is built into this crate cannot be parsed.
    #[error("the built-in function list of this edition cannot be parsed")]
    Dump {
        /// The problem and its place.
        #[source]
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A setting changes a function that the function list does not contain.
    #[error(
        "cannot change the behaviour of {function}: the function list does not contain it; names are case-sensitive"
    )]
    NoSuchFunction {
        /// The given name.
        function: String,
    },
    /// The parts of a rule contradict each other, or the rule names a function that the function list does not contain.
    #[error("cannot use a fault rule")]
    Rule {
        /// The problem with the rule.
        #[source]
        cause: WrongRule,
    },
    /// The user name contains a colon, which HTTP Basic cannot encode.
    #[error("the user name contains a colon, which HTTP Basic cannot encode; choose a name without a colon")]
    UserName,
    /// The thread that serves requests, or its runtime, could not be started.
    #[error("cannot start the thread that serves requests")]
    Thread {
        /// The error of the system.
        #[source]
        cause: io::Error,
    },
}
