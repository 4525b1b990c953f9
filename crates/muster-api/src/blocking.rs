//! Blocking calls, for programs without an async runtime. Requests have `send_blocking`.

use python_bridge::{Error, Json, block_on};

use crate::generated::Client;
use crate::job_draft::JobDraft;
use crate::object::{BackupQuery, Job, StringRef};
use crate::open::{Connect, Spawn};

impl Connect {
    /// Like [`open`](Self::open), but blocks the thread.
    ///
    /// # Errors
    /// Those of [`open`](Self::open).
    pub fn open_blocking(self) -> Result<Client, Error> {
        block_on(self.open())
    }
}

impl Spawn {
    /// Like [`spawn`](Self::spawn), but blocks the thread.
    ///
    /// # Errors
    /// Those of [`spawn`](Self::spawn).
    pub fn spawn_blocking(self) -> Result<Client, Error> {
        block_on(self.spawn())
    }
}

impl Client {
    /// Like [`constant`](Self::constant), but blocks the thread.
    ///
    /// # Errors
    /// Those of [`constant`](Self::constant).
    pub fn constant_blocking(&self, name: &str) -> Result<Json, Error> {
        block_on(self.constant(name))
    }

    /// Like [`new_backup_query`](Self::new_backup_query), but blocks the thread.
    ///
    /// # Errors
    /// Those of [`new_backup_query`](Self::new_backup_query).
    pub fn new_backup_query_blocking(&self) -> Result<BackupQuery, Error> {
        block_on(self.new_backup_query())
    }

    /// Like [`new_string_ref`](Self::new_string_ref), but blocks the thread.
    ///
    /// # Errors
    /// Those of [`new_string_ref`](Self::new_string_ref).
    pub fn new_string_ref_blocking(&self) -> Result<StringRef, Error> {
        block_on(self.new_string_ref())
    }
}

impl JobDraft {
    /// Like [`create`](Self::create), but blocks the thread.
    ///
    /// # Errors
    /// Those of [`create`](Self::create).
    pub fn create_blocking(&self, client: &Client) -> Result<Job, Error> {
        block_on(self.create(client))
    }
}
