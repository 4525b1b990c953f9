//! The tables of windows, servers and calls for people.

use comfy_table::Table;
use comfy_table::presets::NOTHING;
use humansize::{BINARY, format_size};
use jiff::Timestamp;

use super::call::SeenCall;
use super::list::ListedWindow;
use super::totals::Totals;
use crate::advice::short;

/// Returns the table of windows.
pub(super) fn table_of_windows(windows: &[ListedWindow]) -> String {
    let mut table = table([
        "WINDOW",
        "STATE",
        "STARTED",
        "CALLS",
        "OPEN",
        "UNKNOWN",
        "SUCCEEDED",
        "FAILED",
        "OTHER",
    ]);
    for window in windows {
        let totals = &window.totals;
        let other = totals.cancelled + totals.skipped + totals.not_sent + totals.given_up;
        let counts = [
            totals.calls,
            totals.open(),
            totals.unknown,
            totals.succeeded + totals.declared_done,
            totals.failed,
            other,
        ];
        let mut row = vec![
            short(&window.window),
            window.state.as_str().to_owned(),
            or_dash(window.started.map(moment)),
        ];
        row.extend(counts.iter().map(ToString::to_string));
        table.add_row(row);
    }
    shown(&table)
}

/// Returns the table of servers.
pub(super) fn table_of_servers(servers: &[(&str, Totals)]) -> String {
    let mut table = table(["SERVER", "CALLS", "OPEN", "UNKNOWN", "SUCCEEDED", "NOT DONE"]);
    for (server, totals) in servers {
        table.add_row([
            short(server),
            totals.calls.to_string(),
            totals.open().to_string(),
            totals.unknown.to_string(),
            (totals.succeeded + totals.declared_done).to_string(),
            totals.not_done().to_string(),
        ]);
    }
    shown(&table)
}

/// Returns the table of calls.
pub(super) fn table_of_calls(calls: &[&SeenCall]) -> String {
    let mut table = table([
        "STATE", "WAVE", "PROFILE", "INSTANCE", "FUNCTION", "%", "LOG", "STARTED", "SECONDS", "KEY",
    ]);
    for call in calls {
        table.add_row([
            call.state().to_owned(),
            or_dash(call.wave.map(|wave| wave.to_string())),
            short(&call.profile),
            or_dash(call.instance.as_deref().map(short)),
            short(&call.function),
            or_dash(call.percent.map(|percent| format!("{percent:.0}"))),
            format_size(call.log_bytes, BINARY),
            or_dash(call.started.map(moment)),
            or_dash(call.seconds.map(|seconds| seconds.to_string())),
            short(&call.key),
        ]);
    }
    shown(&table)
}

/// Returns a moment in whole seconds.
pub(crate) fn moment(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn or_dash(text: Option<String>) -> String {
    text.unwrap_or_else(|| "-".to_owned())
}

fn table<const N: usize>(header: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_style(NOTHING).set_header(header);
    table
}

fn shown(table: &Table) -> String {
    format!("{}\n", table.trim_fmt())
}
