//! Checks which users may read and write the file with the profiles.

use std::path::Path;

use crate::problem::Problem;

/// Returns an error if another user may change the file, because it determines which command is started and which
/// certificate is trusted.
#[cfg(unix)]
pub(crate) fn check_that_only_the_user_may_write(path: &Path) -> Result<(), Problem> {
    use std::os::unix::fs::MetadataExt as _;

    use miette::{IntoDiagnostic as _, miette};

    const WRITABLE_BY_OTHERS: u32 = 0o022;
    let metadata = std::fs::metadata(path)
        .into_diagnostic()
        .map_err(Problem::Usage)?;
    let path = path.display();
    let (owner, own) = (metadata.uid(), rustix::process::geteuid().as_raw());
    if owner != own && owner != 0 {
        return Err(Problem::Usage(miette!(
            help = "Move it away and run `mailstore login` again.",
            "{path} belongs to another user, who could change it"
        )));
    }
    if metadata.mode() & WRITABLE_BY_OTHERS != 0 {
        return Err(Problem::Usage(miette!(
            help = format!("Check its contents, then run `chmod 600 {path}`."),
            "other users may change {path}"
        )));
    }
    Ok(())
}

/// On Windows, the folder of the user gives access to this user and to administrators alone.
#[cfg(not(unix))]
pub(crate) fn check_that_only_the_user_may_write(_: &Path) -> Result<(), Problem> {
    Ok(())
}

/// Warns if other users may read the file.
#[cfg(unix)]
pub(crate) fn warn_if_others_may_read(path: &Path) {
    use std::os::unix::fs::MetadataExt as _;

    if std::fs::metadata(path).is_ok_and(|metadata| others_may_read(path, metadata.mode())) {
        let path = path.display();
        mailstore_reach::warn!(
            "Warning: other users may read {path}, which contains a password command. Run `chmod 600 {path}`."
        );
    }
}

/// Returns whether other users may read a file with this mode.
#[cfg(unix)]
fn others_may_read(path: &Path, mode: u32) -> bool {
    const READABLE_BY_OTHERS: u32 = 0o044;
    // systemd gives the user of a service access by an entry of its own, which looks like access of the group.
    mode & READABLE_BY_OTHERS != 0 && !path.starts_with("/run/credentials")
}

/// On Windows, the folder of the user gives access to this user and to administrators alone.
#[cfg(not(unix))]
pub(crate) fn warn_if_others_may_read(_: &Path) {}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_the_group_can_be_read_by_others_unless_systemd_gave_it_to_a_service() {
        let own = Path::new("/home/anna/.config/mailstore/config.toml");
        assert!(others_may_read(own, 0o100_440));
        assert!(others_may_read(own, 0o100_604));
        assert!(!others_may_read(own, 0o100_600));
        let given = Path::new("/run/credentials/mailstore-audit.service/config.toml");
        assert!(!others_may_read(given, 0o100_440));
    }
}
