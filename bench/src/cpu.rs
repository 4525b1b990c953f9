//! The CPU time of the main thread.

use std::io;

/// Runs a function. Returns its result and the CPU time that the main thread used meanwhile, in seconds. Linux only.
pub(crate) fn time<T>(run: impl FnOnce() -> T) -> io::Result<(T, f64)> {
    let before = used()?;
    let made = run();
    Ok((made, used()? - before))
}

/// Returns the CPU time of the main thread in seconds. The main thread does all the work.
fn used() -> io::Result<f64> {
    let text = std::fs::read_to_string("/proc/self/schedstat")?;
    let nanoseconds = text.split(' ').next().and_then(|word| word.parse::<u64>().ok());
    nanoseconds
        .map(|nanoseconds| nanoseconds as f64 / 1e9)
        .ok_or_else(|| io::Error::other("/proc/self/schedstat has an unknown form"))
}

/// Returns the median.
pub(crate) fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Returns the CPU model and the number of cores.
pub(crate) fn machine() -> String {
    let cpus = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpus
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
        .map_or("unknown CPU", |(_, model)| model);
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!("{model}, {cores} cores")
}
