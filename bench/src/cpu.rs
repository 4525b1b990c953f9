//! CPU time, from the kernel.

use std::io;

/// Runs a function. Returns its result and the CPU time that the current thread used meanwhile, in seconds.
pub(crate) fn time<T>(run: impl FnOnce() -> T) -> io::Result<(T, f64)> {
    let before = clock::of_thread()?;
    let made = run();
    Ok((made, clock::of_thread()? - before))
}

/// Returns the CPU time of this process since its start, in seconds.
pub(crate) fn of_process() -> io::Result<f64> {
    clock::of_process()
}

/// Returns the peak of the memory of this process in bytes. Linux only.
pub(crate) fn peak_memory() -> io::Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<f64>().ok());
    let kibibytes = kibibytes.ok_or_else(|| io::Error::other("/proc/self/status has an unknown form"))?;
    Ok(kibibytes * 1024.0)
}

#[cfg(target_os = "linux")]
mod clock {
    use std::io;

    use rustix::time::{ClockId, clock_gettime};

    fn seconds(clock: ClockId) -> f64 {
        let time = clock_gettime(clock);
        time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
    }

    pub(super) fn of_thread() -> io::Result<f64> {
        Ok(seconds(ClockId::ThreadCPUTime))
    }

    pub(super) fn of_process() -> io::Result<f64> {
        Ok(seconds(ClockId::ProcessCPUTime))
    }
}

#[cfg(not(target_os = "linux"))]
mod clock {
    use std::io;

    pub(super) fn of_thread() -> io::Result<f64> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(super) fn of_process() -> io::Result<f64> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// Returns the median.
pub(crate) fn median(figures: Vec<f64>) -> f64 {
    percentile(figures, 50)
}

/// Returns the figure that this part of all figures, in percent, is below.
pub(crate) fn percentile(mut figures: Vec<f64>, percent: usize) -> f64 {
    figures.sort_by(f64::total_cmp);
    let place = figures.len() * percent / 100;
    figures.get(place).copied().unwrap_or(f64::NAN)
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
