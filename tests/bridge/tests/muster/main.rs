//! Tests of the client of Muster's Dispatcher API. A program with an embedded Python plays the Dispatcher, and fake modules
//! play the vendor's.

#![allow(clippy::unwrap_used)]

mod dispatcher;
mod functions;
mod gates;
mod objects;
mod template;
