//! Tests of the REST client with a server that behaves as the notes about Muster's web server say.

#![allow(clippy::unwrap_used)]

mod calls;
mod secrets;
mod server;
mod session;
