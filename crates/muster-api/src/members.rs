//! The members of objects that are known.
//!
//! "Documented" means that a page of the vendor has the member. "Seen in use" means that a published script uses it.

use python_bridge::{Error, ErrorKind, FromJson, Handle};

use crate::generated::JobId;
use crate::object::{BackupBoundaries, BackupJob, Chunk, Job, StringRef};

/// Returns a member of the snapshot.
fn known<T: FromJson>(handle: &Handle, getter: &str) -> Option<T> {
    T::from_json(&handle.get(getter)?).ok()
}

/// These values are those of the moment in which the Dispatcher returned the job. They are `None` if the getter failed or
/// returned another type.
impl Job {
    /// Returns the id. The getter is documented, and seen in use.
    pub fn job_id(&self) -> Option<JobId> {
        known(self.handle(), "getJobId")
    }

    /// Returns the name. The getter is documented.
    pub fn name(&self) -> Option<String> {
        known(self.handle(), "getName")
    }

    /// Returns the status. The getter is documented, but not the values.
    pub fn status(&self) -> Option<i64> {
        known(self.handle(), "getStatus")
    }

    /// Returns the text of an attribute of the template. The getter is seen in use.
    ///
    /// # Errors
    /// Those of a call.
    pub async fn attribute(&self, name: &str) -> Result<String, Error> {
        self.handle().call_as("attributeGetString", (name,)).await
    }
}

/// These values are those of the moment in which the Dispatcher returned the chunk.
impl Chunk {
    /// Returns the id. The getter is documented.
    pub fn chunk_id(&self) -> Option<crate::ChunkId> {
        known(self.handle(), "getChunkId")
    }

    /// Returns the first frame. The getter is seen in use, and the type of its result is not known.
    pub fn start_frame(&self) -> Option<f64> {
        self.handle().get("getStartFrame")?.decode().ok()
    }

    /// Returns the last frame. The getter is seen in use, and the type of its result is not known.
    pub fn end_frame(&self) -> Option<f64> {
        self.handle().get("getEndFrame")?.decode().ok()
    }
}

impl BackupJob {
    /// Returns the id. The getter is documented.
    pub fn id(&self) -> Option<crate::BackupJobId> {
        known(self.handle(), "getId")
    }
}

impl BackupBoundaries {
    /// Returns the number of jobs in the archive. The getter is documented.
    pub fn jobs_count(&self) -> Option<i64> {
        known(self.handle(), "getJobsCount")
    }
}

impl StringRef {
    /// Sets the text. The setter is seen in use.
    ///
    /// # Errors
    /// Those of a call.
    pub async fn set_text(&self, text: &str) -> Result<(), Error> {
        self.handle().call("setString", (text,)).await.map(drop)
    }
}

/// Returns the code and the description of an error object of Muster. Returns `None` for other errors.
pub fn muster_error(error: &Error) -> Option<(i64, &str)> {
    match error.kind() {
        ErrorKind::Muster { code, description } => Some((*code, description)),
        _ => None,
    }
}
