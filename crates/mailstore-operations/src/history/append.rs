//! Adds snapshots to a history.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use fs4::{FileExt, TryLockError};

use super::HistoryError;
use super::line::{LineError, MAX_LENGTH, decode, encode};
use super::tail::{self, Tail};
use crate::snapshot::Snapshot;

/// A history that is open to add snapshots. No other process can write it until the writer is dropped.
#[derive(Debug)]
pub struct HistoryWriter {
    path: PathBuf,
    file: File,
    /// The length of the whole lines. `None` if the file is a device or a pipe.
    length: Option<u64>,
    needs_line_end: bool,
    set_aside: Option<SetAside>,
}

/// The incomplete last line of a history, which was moved to another file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SetAside {
    /// The file that the line was added to.
    pub path: PathBuf,
    /// The length of the line.
    pub bytes: usize,
}

impl HistoryWriter {
    /// Opens a history, or creates an empty one, and locks it.
    ///
    /// A process that is killed or a full disk can leave an incomplete last line. It is added to a file beside the
    /// history, whose name ends with `.incomplete`, and is then removed from the history. The other lines stay as they
    /// are.
    ///
    /// # Errors
    /// The file cannot be opened, another process is writing it, or it is not a history. It is then unchanged.
    pub fn open(path: &Path) -> Result<Self, HistoryError> {
        let file = File::options().read(true).append(true).create(true).open(path);
        let file = file.map_err(|source| HistoryError::Open {
            path: path.to_owned(),
            source,
        })?;
        let mut writer = Self {
            path: path.to_owned(),
            file,
            length: None,
            needs_line_end: false,
            set_aside: None,
        };
        let read_error = |source| HistoryError::Read {
            path: path.to_owned(),
            source,
        };
        if writer.file.metadata().map_err(read_error)?.is_file() {
            writer.lock()?;
            writer.check_first_line()?;
            writer.examine_tail()?;
        }
        Ok(writer)
    }

    /// Returns what was left of an incomplete last line.
    pub fn set_aside(&self) -> Option<&SetAside> {
        self.set_aside.as_ref()
    }

    /// Adds snapshots. When it returns, they are on the disk.
    ///
    /// # Errors
    /// The snapshots cannot be written, for example because the disk is full. The history is then as before.
    pub fn append(&mut self, snapshots: &[Snapshot]) -> Result<(), HistoryError> {
        let mut text = Vec::new();
        if self.needs_line_end {
            text.push(b'\n');
        }
        for snapshot in snapshots {
            let line = encode(snapshot).map_err(|error| self.write_error(error.into()))?;
            text.extend(line);
        }
        if let Err(error) = self.write(&text) {
            if let Some(length) = self.length {
                // If this fails too, the next writer sets the incomplete line aside.
                let _ = self.file.set_len(length);
            }
            return Err(self.write_error(error));
        }
        self.needs_line_end = false;
        self.length = self.length.map(|length| length + text.len() as u64);
        Ok(())
    }

    fn write(&mut self, text: &[u8]) -> io::Result<()> {
        self.file.write_all(text)?;
        match self.length {
            Some(0) => {
                self.file.sync_all()?;
                sync_folder(&self.path)
            }
            Some(_) => self.file.sync_all(),
            // A device or a pipe cannot be synchronized.
            None => Ok(()),
        }
    }

    fn lock(&self) -> Result<(), HistoryError> {
        let path = self.path.clone();
        // The method of the standard library with this name needs a newer compiler than this crate.
        match FileExt::try_lock(&self.file) {
            Ok(()) => Ok(()),
            Err(TryLockError::WouldBlock) => Err(HistoryError::Locked { path }),
            Err(TryLockError::Error(source)) => Err(HistoryError::Lock { path, source }),
        }
    }

    /// A file that is not a history is not changed.
    fn check_first_line(&mut self) -> Result<(), HistoryError> {
        let mut line = Vec::new();
        let read = self.file.rewind().and_then(|()| {
            BufReader::new(&self.file)
                .take(MAX_LENGTH)
                .read_until(b'\n', &mut line)
        });
        read.map_err(|error| self.read_error(error))?;
        if !line.ends_with(b"\n") {
            // The tail is examined next.
            return Ok(());
        }
        let path = self.path.clone();
        match decode(&line) {
            Ok(_) => Ok(()),
            Err(LineError::Newer(version)) => Err(HistoryError::Newer {
                path,
                line: 1,
                version,
            }),
            Err(LineError::Other(source)) => Err(HistoryError::OtherFormat {
                path,
                source: Some(source),
            }),
        }
    }

    fn examine_tail(&mut self) -> Result<(), HistoryError> {
        let length = self.file.metadata().map(|metadata| metadata.len());
        let length = length.map_err(|error| self.read_error(error))?;
        self.length = Some(length);
        match tail::read(&mut self.file, length).map_err(|error| self.read_error(error))? {
            Tail::Complete => Ok(()),
            Tail::WithoutLineEnd => {
                self.needs_line_end = true;
                Ok(())
            }
            Tail::Incomplete { start, bytes } => self
                .move_aside(start, &bytes)
                .map_err(|error| self.write_error(error)),
            Tail::OtherFormat => Err(HistoryError::OtherFormat {
                path: self.path.clone(),
                source: None,
            }),
        }
    }

    /// Moves an incomplete last line to another file. If the process ends in between, the line is in both files.
    fn move_aside(&mut self, start: u64, line: &[u8]) -> io::Result<()> {
        let mut name = OsString::from(&self.path);
        name.push(".incomplete");
        let path = PathBuf::from(name);
        let mut file = File::options().append(true).create(true).open(&path)?;
        file.write_all(line)?;
        file.write_all(b"\n")?;
        file.sync_all()?;
        sync_folder(&path)?;
        self.file.set_len(start)?;
        self.file.sync_all()?;
        self.length = Some(start);
        self.set_aside = Some(SetAside {
            path,
            bytes: line.len(),
        });
        Ok(())
    }

    fn read_error(&self, source: io::Error) -> HistoryError {
        HistoryError::Read {
            path: self.path.clone(),
            source,
        }
    }

    fn write_error(&self, source: io::Error) -> HistoryError {
        HistoryError::Write {
            path: self.path.clone(),
            source,
        }
    }
}

/// Makes the name of a new file durable. Windows cannot open a folder like a file.
fn sync_folder(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}
