//! Windows and calls as text for people.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::Timestamp;
use mailstore_api::printable;

use super::call::{SeenCall, Stage};
use super::list::ListedWindow;
use super::remedy::NO_WORKER;
use super::selection::Selection;
use super::tables::{moment, table_of_calls, table_of_servers, table_of_windows};
use super::totals::Totals;
use super::window::{SeenWindow, State};
use crate::advice::{command, short};
use crate::outcome::Outcome;

/// How many skipped calls are named, unless a person has chosen to see them.
const SKIPPED: usize = 20;

/// How many servers are named, unless a person has chosen to see all of them.
const SERVERS: usize = 20;

/// The place of the calls that run or wait, after all problems.
const RUNNING: u8 = 6;

/// Returns a window with the selected calls: a table of them, and then each call that a person should look at.
pub fn text_of_window(window: &SeenWindow, selection: &Selection) -> String {
    let calls = selection.of(window);
    let name = short(&window.window);
    let mut text = format!("Window: {name}\n{}", text_of_state(window));
    text += &servers(window, selection);
    let is_in_table = |call: &&&SeenCall| selection.is_chosen() || call.is_open();
    let in_table: Vec<&SeenCall> = calls.iter().filter(is_in_table).copied().collect();
    if !in_table.is_empty() {
        let _ = write!(text, "\n{}", table_of_calls(&in_table));
    }
    let mut groups: BTreeMap<(u8, String), Vec<&SeenCall>> = BTreeMap::new();
    for call in calls {
        if let Some((rank, title)) = problem(call) {
            groups.entry((rank, title)).or_default().push(call);
        }
    }
    for ((_, title), calls) in &groups {
        let _ = writeln!(text, "\n{title}");
        let is_skipped = calls.iter().all(|call| call.outcome == Some(Outcome::Skipped));
        let named = match is_skipped && !selection.is_chosen() {
            true => SKIPPED,
            false => calls.len(),
        };
        for call in calls.iter().take(named) {
            let _ = writeln!(text, "  {}", printable(&call.key));
            if let Some(log) = &call.log {
                let _ = writeln!(text, "    log: {}", printable(log));
            }
            for next in call.next() {
                let _ = writeln!(text, "    next: {next}");
            }
        }
        if calls.len() > named {
            let _ = writeln!(
                text,
                "  and {} more. `{}` lists them.",
                calls.len() - named,
                command(&["status", &window.window, "--outcome", "skipped"])
            );
        }
    }
    text
}

/// Returns the state of a window, what is wrong with it, and what to do.
pub(crate) fn text_of_state(window: &SeenWindow) -> String {
    let mut text = line_of_window(window) + "\n";
    if let Some(trouble) = &window.trouble {
        let _ = writeln!(text, "Trouble: {trouble}");
    }
    for remedy in window.remedies() {
        let _ = writeln!(text, "To do: {remedy}");
    }
    text
}

/// Returns the state of a window and its totals, each in a line.
pub fn line_of_window(window: &SeenWindow) -> String {
    let mut text = format!("State: {}", window.state.as_str());
    let mut time = |name: &str, time: Option<Timestamp>| {
        if let Some(time) = time {
            let _ = write!(text, ", {name} {}", moment(time));
        }
    };
    time("started", window.started);
    match window.ended {
        Some(ended) => time("ended", Some(ended)),
        None => {
            time("opens", window.opens.filter(|_| window.state == State::Waiting));
            time("closes", window.closes);
        }
    }
    text + "\n" + &line_of_totals(&window.totals)
}

fn line_of_totals(totals: &Totals) -> String {
    let counts = totals.named().map(|(name, count)| format!("{count} {name}"));
    let counts: Vec<String> = counts.collect();
    let mut text = format!("Calls: {}", totals.calls);
    if !counts.is_empty() {
        let _ = write!(text, " ({})", counts.join(", "));
    }
    if totals.in_trouble > 0 {
        let _ = write!(text, ". The engine cannot continue {} of them", totals.in_trouble);
    }
    text
}

/// Returns the list of windows. `worker` says whether a worker answers, if it was asked.
pub fn text_of_windows(windows: &[ListedWindow], worker: Option<bool>) -> String {
    if windows.is_empty() {
        return "The engine knows no window.\n".to_owned();
    }
    let mut text = table_of_windows(windows);
    let mut troubles = String::new();
    if worker == Some(false) {
        let _ = writeln!(troubles, "{NO_WORKER}");
    }
    for window in windows {
        let name = short(&window.window);
        if let Some(trouble) = &window.trouble {
            let _ = writeln!(troubles, "{name}: {trouble}");
        }
        let calls = window.totals.in_trouble;
        if calls > 0 {
            let _ = writeln!(
                troubles,
                "{name}: the engine cannot continue {calls} of its calls"
            );
        }
        if calls > 0 || window.trouble.is_some() {
            let command = command(&["status", &window.window]);
            let _ = writeln!(troubles, "  `{command}` says what to do.");
        }
    }
    if !troubles.is_empty() {
        let _ = write!(text, "\n{troubles}");
    }
    text
}

/// Returns the servers of a window on which a call is open, or ended without success. Those with unknown outcomes are
/// first. Skipped calls do not count.
fn servers(window: &SeenWindow, selection: &Selection) -> String {
    let all = window.per_server();
    let count = all.len();
    let is_quiet = |totals: &Totals| totals.open() + totals.unknown + totals.not_done() == totals.skipped;
    let mut shown: Vec<(&str, Totals)> = match selection.all {
        true => all,
        false => all.into_iter().filter(|(_, totals)| !is_quiet(totals)).collect(),
    };
    if shown.is_empty() {
        return format!("Servers: {count}\n");
    }
    shown.sort_by_key(|(_, totals)| Reverse((totals.unknown, totals.not_done(), totals.in_trouble)));
    let most = if selection.all { shown.len() } else { SERVERS };
    let more = shown.len().saturating_sub(most);
    shown.truncate(most);
    let mut text = format!("Servers: {count}\n\n{}", table_of_servers(&shown));
    if more > 0 {
        let command = command(&["status", &window.window, "--all"]);
        let _ = writeln!(text, "and {more} more. `{command}` lists them.");
    }
    text
}

/// Returns the title under which a call is listed that a person should look at, and the place of the title.
fn problem(call: &SeenCall) -> Option<(u8, String)> {
    let rank = match (call.stage, call.outcome) {
        (Stage::Unknown, _) => 0,
        (_, Some(Outcome::Failed)) => 1,
        (_, Some(Outcome::NotSent)) => 2,
        (_, Some(Outcome::GivenUp)) => 3,
        (_, Some(Outcome::Cancelled)) => 4,
        (_, Some(Outcome::Skipped)) => 5,
        (Stage::Ended, _) => return None,
        _ => RUNNING,
    };
    if let Some(trouble) = &call.trouble {
        return Some((rank, format!("{}, but {trouble}", call.state())));
    }
    match &call.reason {
        Some(reason) => Some((rank, format!("{}: {}", call.state(), short(reason)))),
        None if rank < RUNNING => Some((rank, format!("{}:", call.state()))),
        None => None,
    }
}
