//! Rows `operations`: the time and the memory of the operations for many instances of the Service Provider Edition.
//!
//! The other side is the same operation for a tenth of the instances. Its figures count ten times, so the ratio of linear
//! growth is 1.

mod work;

use std::io;
use std::path::Path;

use jiff::ToSpan as _;
use mailstore_operations::history::{self, HistoryWriter};
use mailstore_operations::snapshot::Snapshot;

pub(crate) use self::work::{Operation, Used, run_part};
use crate::peer::Failure;
use crate::row::Row;
use crate::server::Server;
use crate::sizes::Sizes;
use crate::{cpu, process};

const FULL: Sizes = Sizes {
    instances: 500,
    users: 200,
    days: 730,
};
/// The other side has this part of the instances.
const PART: usize = 10;
/// The operation for a part of the instances is short, so it is measured several times.
const RUNS: usize = 3;
/// Takes a figure from what an operation used.
type Figure = fn(&Used) -> f64;

/// Bytes of a megabyte.
const MEGABYTE: f64 = 1_000_000.0;

pub(crate) fn run() -> io::Result<Vec<Row>> {
    measure(FULL).map_err(io::Error::other)
}

/// Measures every operation.
pub(crate) fn measure(sizes: Sizes) -> Result<Vec<Row>, Failure> {
    if cpu::peak_memory().is_err() {
        let reason = "the memory of a process needs Linux";
        return Ok(vec![Row::unmeasured("operations", "", reason)]);
    }
    let server = Server::instances(sizes)?;
    let folder = tempfile::tempdir()?;
    let few = sizes.instances / PART;
    let mut rows = Vec::new();
    for operation in Operation::ALL {
        let used = |instances: usize, run: usize| -> Result<Used, Failure> {
            let name = format!("{instances}-{run}");
            let place = folder.path().join(&name);
            std::fs::create_dir_all(&place)?;
            let output = process::command("operation")?
                .args([operation.name(), &instances.to_string(), &sizes.users.to_string()])
                .arg(serde_json::to_string(server.target())?)
                .arg(&place)
                .output()?;
            if !output.status.success() {
                let problem = String::from_utf8_lossy(&output.stderr);
                return Err(format!("{} failed: {problem}", operation.name()).into());
            }
            if operation == Operation::Snapshot {
                repeat(&place.join(work::HISTORY), sizes.days)?;
            }
            Ok(serde_json::from_slice(&output.stdout)?)
        };
        let small: Vec<Used> = (0..RUNS).map(|run| used(few, run)).collect::<Result<_, _>>()?;
        let large = used(sizes.instances, 0)?;
        let figures: [(&str, &str, Figure); 3] = [
            ("time", "s", |used| used.seconds),
            ("CPU", "s", |used| used.cpu),
            ("peak memory", "MB", |used| used.peak / MEGABYTE),
        ];
        for (what, unit, figure) in figures {
            let peer = cpu::median(small.iter().map(figure).collect());
            let what = format!("operations: {}, {what}", operation.name());
            rows.push(Row::new(&what, unit, figure(&large), peer * PART as f64));
        }
    }
    Ok(rows)
}

/// Adds the snapshots in a history again for each of the days before, so that it has snapshots of this many days.
fn repeat(path: &Path, days: usize) -> Result<(), Failure> {
    let mut today: Vec<Snapshot> = Vec::new();
    history::read(path, |snapshot| today.push(snapshot))?;
    std::fs::remove_file(path)?;
    let mut writer = HistoryWriter::open(path)?;
    for day in (0..i64::try_from(days)?).rev() {
        let mut earlier = today.clone();
        for snapshot in &mut earlier {
            snapshot.day = snapshot.day.checked_sub(day.days())?;
            snapshot.taken = snapshot.taken.checked_sub((24 * day).hours())?;
        }
        writer.append(&earlier)?;
    }
    Ok(())
}
