//! Starts the published Python client of the oaio protocol and a Django server that speaks it, for interoperability tests.
//!
//! Every function panics if a child process does not do what it is told, because a test cannot go on then.

mod environment;
mod peer;
mod process;
mod python_client;
mod request;

pub use environment::Environment;
pub use peer::{Peer, password};
pub use process::Raised;
pub use python_client::{Identity, PythonClient};
pub use request::Request;
