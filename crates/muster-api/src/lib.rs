#![doc = include_str!("../README.md")]
#![cfg_attr(not(test), warn(clippy::unwrap_used))]
#![cfg_attr(test, allow(clippy::unwrap_used))]

// Generated code names the types of this crate by the path that clients outside this crate use.
extern crate self as muster_api;

#[cfg(feature = "blocking")]
mod blocking;
mod bounds;
mod class_list;
mod constant;
#[rustfmt::skip]
mod generated;
mod job_draft;
mod job_edit;
mod job_setter;
mod members;
mod new_object;
mod object;
mod open;
mod queue_sql;
pub mod rest;
mod template;

pub use bounds::Bounds;
pub use generated::*;
pub use job_draft::JobDraft;
pub use members::muster_error;
pub use object::{
    BackupBoundaries, BackupJob, BackupQuery, Chunk, Configuration, Console, Group, HistoryChunk, Job, Node,
    Notificator, Pool, Repository, StringRef, User,
};
pub use open::{Connect, Spawn};
pub use python_bridge::{Class, Connection, Error, ErrorKind, Handle, Json};
pub use queue_sql::QueueSql;
pub use template::{TEMPLATE, write_template};
