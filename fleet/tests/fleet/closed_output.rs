//! No command panics if the reader of its standard output closes, or if its output cannot be written.

use std::fs::File;
use std::process::Stdio;

use crate::commands::{DONE, FAILED, printed, verify_file, write_job};
use crate::support::{Fleet, server};

/// What happens to the standard output of a command.
#[derive(Clone, Copy, Debug)]
enum Output {
    /// The reader closes before the command writes.
    Unread,
    /// The disk is full.
    #[cfg(target_os = "linux")]
    FullDisk,
}

impl Output {
    fn all() -> impl Iterator<Item = Self> {
        [
            Self::Unread,
            #[cfg(target_os = "linux")]
            Self::FullDisk,
        ]
        .into_iter()
    }

    fn pipe(self) -> Stdio {
        match self {
            Self::Unread => {
                let (reader, writer) = std::io::pipe().unwrap();
                drop(reader);
                writer.into()
            }
            #[cfg(target_os = "linux")]
            Self::FullDisk => File::options().write(true).open("/dev/full").unwrap().into(),
        }
    }

    /// The exit code of a command that succeeds otherwise.
    fn code(self) -> i32 {
        match self {
            Self::Unread => DONE,
            #[cfg(target_os = "linux")]
            Self::FullDisk => FAILED,
        }
    }
}

#[tokio::test]
async fn no_command_panics_if_its_output_is_not_read_or_cannot_be_written() {
    let fleet = Fleet::of_one(server(1)).await;
    let job = write_job(&fleet, &verify_file(3));
    let window = "test/verify";
    printed(&fleet.command(&["run", &job]).await, DONE);
    for words in [
        &["run", &job][..],
        &["run", &job, "--dry-run"],
        &["run", &job, "--output", "json"],
        &["status"],
        &["status", window, "--all"],
        &["watch", window],
        &["export", window, "--output", "csv"],
        &["results", window],
    ] {
        for output in Output::all() {
            let mut command = fleet.prepared(words);
            let started = command.stdout(output.pipe()).stderr(Stdio::piped()).spawn();
            let ended = started.unwrap().wait_with_output().await.unwrap();
            let text = String::from_utf8(ended.stderr).unwrap();
            assert!(!text.contains("panicked"), "{words:?} {output:?}: {text}");
            assert_eq!(
                ended.status.code(),
                Some(output.code()),
                "{words:?} {output:?}: {text}"
            );
        }
    }
}
