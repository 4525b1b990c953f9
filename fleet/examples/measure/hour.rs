//! The journal of a call that runs for hours. The slices in which it is followed are shortened to get many of them.

use std::time::Duration;

use mailstore_fleet::call::Limits;
use miette::{Report, miette};

use crate::journal::Size;
use crate::processes::Fleet;
use crate::run::batch;
use crate::simulators::Simulators;

/// The length of a slice in milliseconds.
const SLICE: u64 = 50;

/// The longest time of the measurement.
const LONGEST: Duration = Duration::from_secs(120);

/// How the journal of a running call grows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Growth {
    pub(crate) slices: u64,
    pub(crate) size: Size,
}

/// Follows a running call for about this many slices, and returns how its journal grew.
pub(crate) async fn run(slices: u64) -> Result<Growth, Report> {
    // The log grows with every slice, and the call does not end.
    let simulators = Simulators {
        servers: 1,
        stores: 1,
        step: SLICE,
        steps: 10_000,
    };
    let fleet = Fleet::start(&simulators, Some(&SLICE.to_string())).await?;
    let limits = Limits {
        overall: 1,
        per_server: 1,
    };
    let batch = batch(&fleet, 1, limits);
    fleet.engine.send("FleetRun", &batch.key(), "run", &batch).await?;
    let work = async {
        let first = after(&fleet, 10).await?;
        let last = after(&fleet, first.slices + slices).await?;
        Ok(Growth {
            slices: last.slices - first.slices,
            size: Size {
                entries: last.size.entries - first.size.entries,
                bytes: last.size.bytes - first.size.bytes,
            },
        })
    };
    let growth = tokio::time::timeout(LONGEST, work).await;
    let growth = growth.map_err(|_| miette!("the call was not followed in time"))?;
    fleet.end().await?;
    growth
}

/// Waits until a call was followed in this many slices. Returns the size of its journal.
async fn after(fleet: &Fleet, slices: u64) -> Result<Growth, Report> {
    #[derive(serde::Deserialize)]
    struct Row {
        slices: u64,
        entries: u64,
        bytes: Option<u64>,
    }
    // One query, so that its figures belong together.
    const SQL: &str = "SELECT count(*) AS entries, sum(j.raw_length) AS bytes, \
         count(CASE WHEN j.name = 'follow' THEN 1 END) AS slices \
         FROM sys_journal j JOIN sys_invocation i ON i.id = j.id \
         WHERE i.target_service_name = 'MailCall' AND i.target_handler_name = 'run'";
    loop {
        let rows: Vec<Row> = fleet.engine.query(SQL).await?;
        if let Some(row) = rows.first()
            && row.slices >= slices
        {
            return Ok(Growth {
                slices: row.slices,
                size: Size {
                    entries: row.entries,
                    bytes: row.bytes.unwrap_or_default(),
                },
            });
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
