//! The journal of applying a plan. It is written before and after each call.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use fs4::{FileExt, TryLockError};
use mailstore_api::Timestamp;
use serde::{Deserialize, Serialize};

use super::error::ProvisionError;
use super::plan::{Object, Plan};
use super::step::Step;

/// The journal of applying a plan: a file with a JSON object in each line.
///
/// Every line is on the disk before the next call is sent. A second program that opens the same journal gets an error.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
    /// The length of the whole lines in the file.
    length: u64,
    entries: Vec<Entry>,
}

/// The first line.
#[derive(Debug, Deserialize, PartialEq, Serialize)]
struct Header {
    format: u32,
    server: String,
    archive: String,
    /// The SHA-256 of the plan.
    plan: String,
}

/// A line about a call.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Entry {
    at: Timestamp,
    /// The place of the change in the plan.
    change: usize,
    step: Step,
    state: State,
    /// The ids of the profiles with the same name, before a profile is created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ids: Option<Vec<i64>>,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum State {
    /// The call is sent next.
    Begun,
    /// The server carried it out.
    Done,
    /// The server did not carry it out.
    Failed,
    /// It is not known whether the server carried it out.
    Unknown,
}

/// A call in the journal.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call<'a> {
    pub(crate) change: usize,
    pub(crate) object: &'a Object,
    pub(crate) step: &'a Step,
}

impl Journal {
    /// Opens the journal of a plan, or creates it. A line that was not written to its end is removed.
    ///
    /// # Errors
    /// The file cannot be opened or written, it is the journal of another plan, or another program uses it. The file is
    /// not changed then.
    pub fn open(path: impl Into<PathBuf>, plan: &Plan) -> Result<Self, ProvisionError> {
        let path = path.into();
        let header = Header::of(plan)?;
        let file = open_file(&path)?;
        let mut journal = Self {
            path,
            file,
            length: 0,
            entries: Vec::new(),
        };
        let mut bytes = Vec::new();
        journal
            .file
            .read_to_end(&mut bytes)
            .map_err(|error| journal.error(&error.to_string()))?;
        // A line that was not written to its end may end within a letter.
        let whole = bytes
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |end| end + 1);
        let text = std::str::from_utf8(bytes.get(..whole).unwrap_or_default())
            .map_err(|_| journal.error("the file is not a journal"))?;
        let mut lines = text.lines();
        match lines.next() {
            // A crash while the first line was written leaves a part of it.
            None if !header.line()?.as_bytes().starts_with(&bytes) => {
                return Err(journal.error("the file is not a journal"));
            }
            None => {
                journal.cut(0)?;
                journal.write(&header.line()?)?;
            }
            Some(first) => {
                let found: Header =
                    serde_json::from_str(first).map_err(|_| journal.error("the file is not a journal"))?;
                if found != header {
                    return Err(journal.error(&format!(
                        "the journal is of another plan: for {}, archive {}. Choose another file, or remove this one if that plan is finished",
                        mailstore_api::printable(&found.server),
                        mailstore_api::printable(&found.archive)
                    )));
                }
                for (index, line) in lines.enumerate() {
                    let entry = serde_json::from_str(line)
                        .map_err(|error| journal.error(&format!("line {}: {error}", index + 2)))?;
                    journal.entries.push(entry);
                }
                journal.cut(whole as u64)?;
            }
        }
        Ok(journal)
    }

    /// Returns whether the server may have carried a call out, and the ids that were noted before it was sent.
    pub(crate) fn begun(&self, call: &Call<'_>) -> Option<Vec<i64>> {
        let mut begun = Vec::new();
        for entry in self.of(call) {
            match entry.state {
                State::Begun => begun.push(entry),
                // The server did not carry out what was sent last.
                State::Failed => drop(begun.pop()),
                State::Done | State::Unknown => {}
            }
        }
        begun.first().map(|entry| entry.ids.clone().unwrap_or_default())
    }

    /// Returns whether the server carried a call out.
    pub(crate) fn is_done(&self, call: &Call<'_>) -> bool {
        self.of(call).any(|entry| entry.state == State::Done)
    }

    /// Notes that a call is sent next.
    pub(crate) fn begin(&mut self, call: &Call<'_>, ids: Option<Vec<i64>>) -> Result<(), ProvisionError> {
        self.add(call, State::Begun, ids)
    }

    /// Notes that the server carried a call out.
    pub(crate) fn done(&mut self, call: &Call<'_>) -> Result<(), ProvisionError> {
        self.add(call, State::Done, None)
    }

    /// Notes that the server did not carry a call out.
    pub(crate) fn failed(&mut self, call: &Call<'_>) -> Result<(), ProvisionError> {
        self.add(call, State::Failed, None)
    }

    /// Notes that it is not known whether the server carried a call out.
    pub(crate) fn unknown(&mut self, call: &Call<'_>) -> Result<(), ProvisionError> {
        self.add(call, State::Unknown, None)
    }

    fn of(&self, call: &Call<'_>) -> impl Iterator<Item = &Entry> {
        let (change, step) = (call.change, call.step.clone());
        self.entries
            .iter()
            .filter(move |entry| entry.change == change && entry.step == step)
    }

    fn add(&mut self, call: &Call<'_>, state: State, ids: Option<Vec<i64>>) -> Result<(), ProvisionError> {
        let entry = Entry {
            at: Timestamp::now(),
            change: call.change,
            step: call.step.clone(),
            state,
            ids,
        };
        tracing::debug!(object = %call.object, step = %call.step, ?state, "journal");
        let line = serde_json::to_string(&entry).map_err(|error| self.error(&error.to_string()))?;
        self.write(&format!("{line}\n"))?;
        self.entries.push(entry);
        Ok(())
    }

    fn write(&mut self, line: &str) -> Result<(), ProvisionError> {
        let written = self.file.write_all(line.as_bytes());
        let written = written.and_then(|()| self.file.sync_data());
        if let Err(error) = written {
            // The next line would continue a part of this one. The error of the removal is less useful.
            let _ = self.cut(self.length);
            return Err(self.error(&format!("the journal cannot be written: {error}")));
        }
        self.length += line.len() as u64;
        Ok(())
    }

    /// Removes everything after `length`.
    fn cut(&mut self, length: u64) -> Result<(), ProvisionError> {
        let cut = self.file.set_len(length);
        let cut = cut.and_then(|()| self.file.seek(SeekFrom::Start(length)).map(drop));
        self.length = length;
        cut.map_err(|error| self.error(&format!("the journal cannot be written: {error}")))
    }

    fn error(&self, problem: &str) -> ProvisionError {
        error(&self.path, problem)
    }
}

impl Header {
    fn of(plan: &Plan) -> Result<Self, ProvisionError> {
        Ok(Self {
            format: 1,
            server: plan.server.clone(),
            archive: plan.archive.clone(),
            plan: plan.digest()?,
        })
    }

    fn line(&self) -> Result<String, ProvisionError> {
        let text = serde_json::to_string(self);
        let text = text.map_err(|error| ProvisionError::Plan(error.to_string()))?;
        Ok(format!("{text}\n"))
    }
}

fn open_file(path: &Path) -> Result<File, ProvisionError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    let file = options
        .open(path)
        .map_err(|cause| error(path, &cause.to_string()))?;
    if !file.metadata().is_ok_and(|metadata| metadata.is_file()) {
        return Err(error(path, "this is not a file"));
    }
    match FileExt::try_lock(&file) {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(error(
            path,
            "another program is applying this plan. Wait until it has ended",
        )),
        Err(TryLockError::Error(cause)) => Err(error(path, &format!("the file cannot be locked: {cause}"))),
    }
}

fn error(path: &Path, problem: &str) -> ProvisionError {
    ProvisionError::Journal {
        path: path.to_owned(),
        problem: problem.to_owned(),
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    /// `/dev/full` is a full disk.
    #[test]
    fn a_full_disk_is_an_error_with_the_path() {
        let mut journal = Journal {
            path: "plan.journal.jsonl".into(),
            file: OpenOptions::new().write(true).open("/dev/full").unwrap(),
            length: 0,
            entries: Vec::new(),
        };
        let object = Object::User("jane".into());
        let call = Call {
            change: 0,
            object: &object,
            step: &Step::Create,
        };
        let text = journal.begin(&call, None).unwrap_err().to_string();
        assert!(
            text.starts_with("plan.journal.jsonl: the journal cannot be written"),
            "{text}"
        );
        assert!(journal.begun(&call).is_none());
    }
}
