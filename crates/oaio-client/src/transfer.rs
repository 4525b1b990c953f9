//! Transfers the attached files of an object. Files are streamed.

use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, ReadBuf};

use crate::core::{Core, run_blocking};
use crate::error::{Error, ErrorKind};
use crate::folders;
use crate::host::{Content, HostError};
use crate::local_state::LocalState;
use crate::object::Object;
use crate::progress::{Direction, FileProgress, OnProgress};
use crate::store::Incoming;

/// The size of the parts in which a file is read.
const PART: usize = 64 * 1024;

/// Uploads all attached files of this version to its storage host.
///
/// # Errors
/// A file cannot be read, or the storage host did not accept it.
pub(crate) async fn upload(core: &Core, object: &Object, state: &LocalState) -> Result<(), Error> {
    let paths = object.values.file_paths()?;
    if paths.is_empty() {
        return Ok(());
    }
    let folder = core.folders.folder_of(object, state)?;
    let host = core.host(object).await?;
    for path in paths {
        let (folder, relative) = (folder.clone(), path.clone());
        let opened = run_blocking(move || folders::open_for_reading(&folder, &relative));
        let (file, length) = opened.await?;
        let place = host_path(object, &path);
        let reader = Counted::new(core, object, &path, Direction::Upload, file, length);
        let transferred = Arc::clone(&reader.transferred);
        let content = Content {
            reader: Box::pin(reader),
            length: Some(length),
        };
        let deployed = host.deploy(&place, content).await;
        deployed.map_err(|cause| failed(object, &place, cause))?;
        let transferred = transferred.load(Ordering::Relaxed);
        if transferred != length {
            let problem = format!("{transferred} bytes were read of a file of {length} bytes");
            return Err(failed(object, &place, problem.into()));
        }
        tracing::debug!(id = %object.id, path, length, "file uploaded");
    }
    Ok(())
}

/// Downloads all attached files of this version. The caller moves them to their places. Files that an interrupted
/// download has completed are not downloaded again. Returns `None` if there are no files.
///
/// # Errors
/// The storage host did not return a file, or it cannot be written.
pub(crate) async fn download(core: &Core, object: &Object) -> Result<Option<Incoming>, Error> {
    let paths = object.values.file_paths()?;
    if paths.is_empty() {
        return Ok(None);
    }
    for path in &paths {
        folders::check_relative(path)?;
    }
    let host = core.host(object).await?;
    let (id, stamp) = (object.id.clone(), object.client_stamp);
    let incoming = core.store(move |store| store.incoming(&id, stamp)).await?;
    for (index, path) in paths.iter().enumerate() {
        if incoming.is_complete(index) {
            continue;
        }
        let place = host_path(object, path);
        let content = host.content(&place).await;
        let content = content.map_err(|cause| failed(object, &place, cause))?;
        let total = content.length;
        let part = incoming.clone();
        let file = run_blocking(move || part.create(index)).await?;
        let mut file = tokio::fs::File::from_std(file);
        let mut reader = Counted::with_total(core, object, path, Direction::Download, content.reader, total);
        copy(&mut reader, &mut file).await.map_err(|error| match error {
            Copy::Read(error) => failed(object, &place, error.into()),
            Copy::Write(error) => Error::file(incoming.part(index), "cannot write the file", error),
        })?;
        let transferred = reader.transferred.load(Ordering::Relaxed);
        if let Some(total) = total
            && total != transferred
        {
            let problem = format!("{transferred} bytes arrived instead of {total}");
            return Err(failed(object, &place, problem.into()));
        }
        let part = incoming.clone();
        run_blocking(move || part.complete(index)).await?;
        tracing::debug!(id = %object.id, path, length = transferred, "file downloaded");
    }
    Ok(Some(incoming))
}

/// Copies attached files to another folder of this machine. Files that are missing are left out.
pub(crate) async fn copy_files(from: PathBuf, paths: Vec<String>, to: PathBuf) -> Result<(), Error> {
    run_blocking(move || {
        for path in paths {
            if folders::exists(&from, &path)? {
                folders::copy(&from, &path, &to)?;
            }
        }
        Ok(())
    })
    .await
}

/// Removes attached files of this machine.
pub(crate) async fn remove_files(folder: PathBuf, paths: Vec<String>) -> Result<(), Error> {
    run_blocking(move || paths.iter().try_for_each(|path| folders::remove(&folder, path))).await
}

/// Deletes the files of this version on its storage host.
pub(crate) async fn delete(core: &Core, object: &Object) -> Result<(), Error> {
    let host = core.host(object).await?;
    let place = format!("{}/{}", object.id, object.client_stamp);
    host.delete(&place)
        .await
        .map_err(|cause| failed(object, &place, cause))
}

/// Returns the path of a file on its storage host. Each version of an object has a folder there.
fn host_path(object: &Object, path: &str) -> String {
    format!("{}/{}/{path}", object.id, object.client_stamp)
}

fn failed(object: &Object, path: &str, cause: HostError) -> Error {
    Error::new(ErrorKind::Storage {
        host: object.storage_host.clone().unwrap_or_default(),
        path: path.to_owned(),
        problem: cause.to_string(),
    })
    .because(cause)
}

enum Copy {
    Read(io::Error),
    Write(io::Error),
}

async fn copy(reader: &mut (impl AsyncRead + Unpin), file: &mut tokio::fs::File) -> Result<(), Copy> {
    let mut buffer = vec![0; PART];
    loop {
        let length = reader.read(&mut buffer).await.map_err(Copy::Read)?;
        let Some(read) = buffer.get(..length).filter(|read| !read.is_empty()) else {
            break;
        };
        file.write_all(read).await.map_err(Copy::Write)?;
    }
    file.flush().await.map_err(Copy::Write)?;
    file.sync_all().await.map_err(Copy::Write)
}

/// A reader that reports its progress.
struct Counted {
    reader: Pin<Box<dyn AsyncRead + Send>>,
    /// The number of bytes that were read. The caller keeps a copy of it.
    transferred: Arc<AtomicU64>,
    report: Option<(OnProgress, FileProgress)>,
}

impl Counted {
    fn new(
        core: &Core,
        object: &Object,
        path: &str,
        direction: Direction,
        file: std::fs::File,
        length: u64,
    ) -> Self {
        let reader = Box::pin(tokio::fs::File::from_std(file));
        Self::with_total(core, object, path, direction, reader, Some(length))
    }

    fn with_total(
        core: &Core,
        object: &Object,
        path: &str,
        direction: Direction,
        reader: Pin<Box<dyn AsyncRead + Send>>,
        total: Option<u64>,
    ) -> Self {
        let progress = FileProgress {
            object: object.id.clone(),
            path: path.to_owned(),
            direction,
            transferred: 0,
            total,
        };
        Self {
            reader,
            transferred: Arc::default(),
            report: core.on_progress.clone().map(|report| (report, progress)),
        }
    }
}

impl AsyncRead for Counted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let outcome = self.reader.as_mut().poll_read(context, buffer);
        if matches!(outcome, Poll::Ready(Ok(()))) {
            let this = &mut *self;
            let read = (buffer.filled().len() - before) as u64;
            let transferred = this.transferred.fetch_add(read, Ordering::Relaxed) + read;
            if let Some((report, progress)) = &mut this.report {
                progress.transferred = transferred;
                report(progress);
            }
        }
        outcome
    }
}
