//! The tables in Markdown.

use std::fmt::Write as _;

use crate::hour::Growth;
use crate::run::Figures;

/// A row: its name, and how its text is made.
type Line = (&'static str, fn(&Figures) -> String);

/// Returns a table with a column for each job.
pub(crate) fn of_jobs(jobs: &[Figures]) -> String {
    const LINES: [Line; 14] = [
        ("time (s)", |job| format!("{:.1}", job.seconds)),
        ("time a call (ms)", |job| each(job, job.seconds * 1000.0)),
        ("starts at the servers", |job| job.counted.starts.to_string()),
        ("most at the same time, overall", |job| {
            job.counted.most_overall.to_string()
        }),
        ("most at the same time, one server", |job| {
            job.counted.most_per_server.to_string()
        }),
        ("peak memory, engine (MB)", |job| {
            format!("{:.0}", job.used.engine.memory)
        }),
        ("peak memory, worker (MB)", |job| {
            format!("{:.0}", job.used.worker.memory)
        }),
        ("CPU a call, engine (ms)", |job| {
            each(job, job.used.engine.cpu * 1000.0)
        }),
        ("CPU a call, worker (ms)", |job| {
            each(job, job.used.worker.cpu * 1000.0)
        }),
        ("journal of its workflow a call (entries)", |job| {
            each(job, job.workflows.entries as f64)
        }),
        ("journal of its request a call (entries)", |job| {
            each(job, job.requests.entries as f64)
        }),
        ("journal of the job a call (entries)", |job| {
            each(job, job.job.entries as f64)
        }),
        ("journals a call (bytes)", |job| {
            each(
                job,
                (job.workflows.bytes + job.requests.bytes + job.job.bytes) as f64,
            )
        }),
        ("data folder at the end (MB)", |job| {
            format!("{:.0}", job.disk as f64 / 1e6)
        }),
    ];
    let mut text = String::from("| calls |");
    for job in jobs {
        let _ = write!(text, " {} |", job.setting.calls);
    }
    text.push_str("\n| --- |");
    text.push_str(&" --- |".repeat(jobs.len()));
    for (name, figure) in LINES {
        let _ = write!(text, "\n| {name} |");
        for job in jobs {
            let _ = write!(text, " {} |", figure(job));
        }
    }
    if jobs.iter().any(|job| job.pause.is_some()) {
        text.push_str("\n| no start after the kill (s) |");
        for job in jobs {
            let _ = write!(text, " {:.1} |", job.pause.unwrap_or_default());
        }
    }
    text
}

/// Returns a figure divided by the number of calls.
fn each(job: &Figures, total: f64) -> String {
    format!("{:.1}", total / job.setting.calls as f64)
}

/// Returns a table about a running call. A slice is 290 seconds long after the first minutes.
pub(crate) fn of_slices(growth: Growth) -> String {
    const SLICES: f64 = 3600.0 / 290.0;
    let slices = growth.slices as f64;
    let (entries, bytes) = (
        growth.size.entries as f64 / slices,
        growth.size.bytes as f64 / slices,
    );
    format!(
        "| journal of a running call | entries | bytes |\n| --- | --- | --- |\n\
         | a slice, average of {slices} | {entries:.2} | {bytes:.0} |\n\
         | an hour of 12.4 slices | {:.0} | {:.0} |",
        entries * SLICES,
        bytes * SLICES
    )
}
