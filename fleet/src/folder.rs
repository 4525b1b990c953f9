//! Writes a part of a file at its place, so that a crash loses nothing of it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::path::Path;

/// Writes a part of a file at its place. Writing the same part again changes nothing.
///
/// The rest of the file is kept: a worker that the engine does not know any more may have written more of the same log.
pub(crate) fn write_at(path: &Path, offset: u64, text: &str) -> io::Result<()> {
    let folder = create_folder(path)?;
    let is_new = !path.exists();
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.seek(SeekFrom::Start(offset))?;
    file.write_all(text.as_bytes())?;
    file.sync_data()?;
    if is_new { sync(folder) } else { Ok(()) }
}

/// Writes a whole file, unless it exists. Returns the text of the file.
pub(crate) fn write_once(path: &Path, text: &str) -> io::Result<String> {
    let folder = create_folder(path)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    match file.persist_noclobber(path) {
        Ok(_) => sync(folder).map(|()| text.to_owned()),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => fs::read_to_string(path),
        Err(error) => Err(error.error),
    }
}

/// Creates the folder of a file. Only this user can read it.
fn create_folder(path: &Path) -> io::Result<&Path> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    Ok(folder)
}

/// Writes the entries of a folder to the disk. Other systems than Unix cannot open a folder as a file.
fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()
    } else {
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_is_written_again_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("window/a.log");
        for (offset, text) in [(0, "one "), (4, "two "), (0, "one "), (8, "three"), (4, "two ")] {
            write_at(&path, offset, text).unwrap();
        }
        assert_eq!(fs::read_to_string(path).unwrap(), "one two three");
    }
}
