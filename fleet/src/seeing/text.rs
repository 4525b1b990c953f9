//! Windows and calls as text for people.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use comfy_table::Table;
use comfy_table::presets::NOTHING;
use humansize::{BINARY, format_size};
use jiff::Timestamp;
use mailstore_api::printable;

use super::call::{SeenCall, Stage};
use super::list::ListedWindow;
use super::selection::Selection;
use super::totals::Totals;
use super::window::{SeenWindow, State};
use crate::advice::command;
use crate::outcome::Outcome;

/// How many skipped calls are named, unless a person has chosen to see them.
const SKIPPED: usize = 20;

/// Returns a window with the selected calls: a table of them, and then each call that a person should look at.
pub fn text_of_window(window: &SeenWindow, selection: &Selection) -> String {
    let calls = selection.of(window);
    let name = printable(&window.window);
    let mut text = format!("Window: {name}\n{}\n", line_of_window(window));
    if let Some(trouble) = &window.trouble {
        let _ = writeln!(text, "Trouble: {}", printable(trouble));
    }
    let is_in_table = |call: &&&SeenCall| selection.is_chosen() || call.is_open();
    let in_table: Vec<&SeenCall> = calls.iter().filter(is_in_table).copied().collect();
    if !in_table.is_empty() {
        let _ = write!(text, "\n{}\n", table_of_calls(&in_table).trim_fmt());
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
            if let Some(decide) = &call.decide {
                let _ = writeln!(text, "    next: {decide}");
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

/// Returns the state of a window in one line.
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

/// Returns the list of windows.
pub fn text_of_windows(windows: &[ListedWindow]) -> String {
    if windows.is_empty() {
        return "The engine knows no window.\n".to_owned();
    }
    let header = [
        "WINDOW",
        "STATE",
        "STARTED",
        "CALLS",
        "OPEN",
        "UNKNOWN",
        "SUCCEEDED",
        "FAILED",
        "OTHER",
    ];
    let mut table = table(header);
    let mut troubles = String::new();
    for window in windows {
        let totals = &window.totals;
        let other = totals.cancelled + totals.skipped + totals.given_up;
        let counts = [
            totals.calls,
            totals.open(),
            totals.unknown,
            totals.succeeded + totals.declared_done,
            totals.failed,
            other,
        ];
        let name = printable(&window.window).to_string();
        let mut row = vec![
            name.clone(),
            window.state.as_str().to_owned(),
            window.started.map_or_else(|| "-".to_owned(), moment),
        ];
        row.extend(counts.iter().map(ToString::to_string));
        table.add_row(row);
        if let Some(trouble) = &window.trouble {
            let _ = writeln!(troubles, "{name}: {}", printable(trouble));
        }
        if totals.in_trouble > 0 {
            let _ = writeln!(
                troubles,
                "{name}: the engine cannot continue {} of its calls",
                totals.in_trouble
            );
        }
    }
    let mut text = format!("{}\n", table.trim_fmt());
    if !troubles.is_empty() {
        let _ = write!(text, "\n{troubles}");
    }
    text
}

fn table_of_calls(calls: &[&SeenCall]) -> Table {
    let mut table = table([
        "STATE", "WAVE", "PROFILE", "INSTANCE", "FUNCTION", "%", "LOG", "STARTED", "SECONDS", "KEY",
    ]);
    for call in calls {
        let or_none = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        table.add_row([
            call.state().to_owned(),
            or_none(call.wave.map(|wave| wave.to_string())),
            printable(&call.profile).to_string(),
            or_none(
                call.instance
                    .as_deref()
                    .map(|instance| printable(instance).to_string()),
            ),
            printable(&call.function).to_string(),
            or_none(call.percent.map(|percent| format!("{percent:.0}"))),
            format_size(call.log_bytes, BINARY),
            or_none(call.started.map(moment)),
            or_none(call.seconds.map(|seconds| seconds.to_string())),
            printable(&call.key).to_string(),
        ]);
    }
    table
}

/// Returns the title under which a call is listed that a person should look at, and the place of the title.
fn problem(call: &SeenCall) -> Option<(u8, String)> {
    let rank = match (call.stage, call.outcome) {
        (Stage::Unknown, _) => 0,
        (_, Some(Outcome::Failed)) => 1,
        (_, Some(Outcome::GivenUp)) => 2,
        (_, Some(Outcome::Cancelled)) => 3,
        (_, Some(Outcome::Skipped)) => 4,
        (Stage::Ended, _) => return None,
        _ => 5,
    };
    if let Some(trouble) = &call.trouble {
        let (state, reason) = (trouble.state.as_str(), printable(&trouble.reason));
        return Some((rank, format!("{}, but {state}: {reason}", call.state())));
    }
    match &call.reason {
        Some(reason) => Some((rank, format!("{}: {}", call.state(), printable(reason)))),
        None if rank < 5 => Some((rank, format!("{}:", call.state()))),
        None => None,
    }
}

/// Returns a moment in whole seconds.
fn moment(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn table<const N: usize>(header: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_style(NOTHING).set_header(header);
    table
}
