//! Attacks and faults that the client must withstand, as tables with one row for each.
//!
//! This command prints all tables:
//!
//! ```text
//! cargo test -p mailstore-tests --all-features --test api trust:: -- --nocapture
//! ```

mod certificates;
mod credentials;
mod encodings;
mod http;
mod memory;
mod observe;
mod pace;
mod plain_calls;
mod proxies;
mod proxy;
mod proxy_environment;
mod raw;
mod secrets;
mod table;
mod text;
