//! Why a simulator could not start.

use std::io;

use crate::WrongRule;

/// Why a [`Simulator`](crate::Simulator) could not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The address is not of the form `ip:port`.
    #[error(
        "`{address}` is not an address to listen on; write an IP address and a port, such as 127.0.0.1:0"
    )]
    Address {
        /// What was given.
        address: String,
    },
    /// The address can be reached from other machines, and that was not asked for.
    #[error(
        "`{address}` can be reached from other machines; listen on 127.0.0.1 or [::1], \
         or allow it with `Builder::allow_remote` (on the command line --allow-remote)"
    )]
    NotLoopback {
        /// What was given.
        address: String,
    },
    /// Nothing can listen on the address; mostly it is in use.
    #[error("cannot listen on {address}; choose another port, or 0 for any free one")]
    Listen {
        /// What was given.
        address: String,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// The key or the self-signed certificate could not be made.
    #[error("cannot make the TLS key and certificate")]
    Certificate {
        /// What the TLS library said.
        #[source]
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A dump that is built into this crate cannot be read.
    #[error("the built-in function list of this edition cannot be read")]
    Dump {
        /// What is wrong with it, and where.
        #[source]
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A function was told to run long or to answer otherwise that is not in the function list.
    #[error("the function list has no {function} to run long or answer otherwise; names are case sensitive")]
    NoSuchFunction {
        /// What was given.
        function: String,
    },
    /// A rule whose parts do not fit together, or that names a function the list does not have.
    #[error("cannot misbehave as asked")]
    Rule {
        /// What is wrong with it.
        #[source]
        cause: WrongRule,
    },
    /// The user name holds a colon, which HTTP Basic cannot carry.
    #[error("the user name must not contain a colon")]
    UserName,
    /// The thread that serves, or its runtime, could not be started.
    #[error("cannot start the thread that serves requests")]
    Thread {
        /// What the system said.
        #[source]
        cause: io::Error,
    },
}
