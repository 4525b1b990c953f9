//! Tests over real TLS sockets with requests written byte by byte, so that no client's habits are built in.

mod arguments;
mod client;
mod command;
mod every_function;
mod http;
mod lifecycle;
mod server_world;
mod spe_world;
mod tasks;
