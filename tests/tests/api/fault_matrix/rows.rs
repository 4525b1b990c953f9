//! The faults, and the rules that cause each of them in each phase.

use super::cell::{Cell, STEPS};
use super::column::{Called, Column};
use super::expect::{Class, Expect};

/// Faults of requests, as strings of the simulator.
const ROWS: &[(&str, Class)] = &[
    ("delay:30ms", Class::Fine),
    ("stall", Class::Silent),
    ("stall-before", Class::Silent),
    ("stall:20", Class::Silent),
    ("stall:99999", Class::Fine),
    ("reset", Class::Lost),
    ("reset:0", Class::Lost),
    ("reset:2", Class::Lost),
    ("reset:50", Class::Lost),
    ("reset:99999", Class::PerhapsLost),
    ("close", Class::Lost),
    ("close-before", Class::Lost),
    ("truncate:0", Class::Lost),
    ("truncate:3", Class::Lost),
    ("truncate:80", Class::Lost),
    ("truncate:99999", Class::Fine),
    ("garble", Class::Unreadable),
    ("html", Class::Unreadable),
    ("status:302", Class::Http(302)),
    ("status:401", Class::Http(401)),
    ("status:403", Class::Http(403)),
    ("status:404", Class::Http(404)),
    ("status:408", Class::Http(408)),
    ("status:429", Class::Http(429)),
    ("status:500", Class::Http(500)),
    ("status:502", Class::Http(502)),
    ("status:503", Class::Http(503)),
    ("status:504", Class::Http(504)),
    ("status-after:401", Class::Http(401)),
    ("status-after:500", Class::Http(500)),
    ("status-after:502", Class::Http(502)),
    ("status-after:503", Class::Http(503)),
    ("status-after:504", Class::Http(504)),
    ("bom:0", Class::Fine),
    ("bom:2", Class::Unreadable),
    ("word:melting", Class::Word),
    ("log-missing", Class::NoLog),
    ("version-missing", Class::Fine),
    ("version-text", Class::Fine),
    ("skip", Class::Fine),
    ("repeat", Class::Fine),
    ("stale", Class::Fine),
    ("older", Class::Fine),
    ("no-hold", Class::Fine),
    ("forget", Class::Forgotten),
    ("cut-line", Class::Fine),
    ("cut-line-end", Class::Fine),
    ("cut-pair", Class::Fine),
    ("restart-keep:50ms", Class::Restarted),
    ("restart:50ms", Class::Reborn),
];

/// Faults of new connections. After the start, they apply when the client opens a new connection.
const CONNECTIONS: &[(&str, Class)] = &[
    ("delay:30ms", Class::Fine),
    ("stall", Class::Unconnected),
    ("reset", Class::Unconnected),
    ("close", Class::Unconnected),
    ("refuse", Class::Unconnected),
];

/// Rows with a fault that lasts until the client gives up. There are few, because giving up takes long.
const LASTING: &[&str] = &["reset:50", "close", "status:503", "refuse"];

pub(crate) fn cells() -> Vec<Cell> {
    let mut cells = Vec::new();
    for column in Column::ALL {
        cells.extend(ROWS.iter().filter_map(|row| of_request(*row, column)));
        cells.extend(CONNECTIONS.iter().filter_map(|row| of_connection(*row, column)));
    }
    cells
}

fn of_request((fault, class): (&'static str, Class), column: Column) -> Option<Cell> {
    let of_poll = ["skip", "repeat", "stale", "older", "no-hold"].contains(&fault);
    let cuts = fault.starts_with("cut-");
    let unsent = ["stall-before", "close-before"].contains(&fault) || fault.starts_with("status:");
    // The response to a cancellation has no log.
    let logs = class == Class::NoLog;
    let stalls = class == Class::Silent;
    let fits = match column {
        Column::Connect => false,
        Column::Sent(_) => unsent,
        Column::Answered(Called::Action) => !unsent && !of_poll,
        // The log of a read is empty.
        Column::Answered(Called::Read) => !unsent && !of_poll && !cuts && !logs,
        Column::First => fault != "older",
        Column::Middle => true,
        // The response is complete before the connection stalls, so the next poll times out. This takes too long.
        Column::Each => fault != "stall:99999",
        // The last status is neither skipped nor cut, and no poll waits for it.
        Column::Last(Called::Read) if logs => false,
        Column::Last(_) => !cuts && !["skip", "no-hold"].contains(&fault),
        Column::Always => LASTING.contains(&fault),
        Column::Cancel => !of_poll && !cuts && !logs,
        Column::CancelLost => Expect::passes(class),
    };
    let steps = if stalls && column == Column::Each {
        2
    } else {
        STEPS
    };
    let rules = match column {
        Column::Connect => Vec::new(),
        Column::Sent(_) | Column::Answered(_) => vec![format!("start #1 {fault}")],
        Column::First => vec![format!("poll #1 {fault}")],
        Column::Middle => vec![format!(
            "poll #{} {fault}",
            if fault == "no-hold" { 2 } else { 3 }
        )],
        Column::Each if (class == Class::Fine || logs) && !repeats(fault) => vec![format!("poll {fault}")],
        // Every other poll, so that each status arrives at the second attempt.
        Column::Each => (1..=steps)
            .map(|n| format!("poll #{} {fault}", 2 * n - 1))
            .collect(),
        Column::Last(_) if unsent => vec![format!("poll #{STEPS} {fault}")],
        Column::Last(_) => vec![format!("poll last x1 {fault}")],
        Column::Always => vec![format!("poll {fault}")],
        Column::Cancel => vec![format!("cancel #1 {fault}")],
        Column::CancelLost => vec![format!("cancel {fault}")],
    };
    let expect = Expect::of(class, column);
    fits.then_some(Cell {
        row: fault,
        column,
        rules,
        steps,
        expect,
    })
}

/// Returns whether the fault hides the news. A call with this fault in every poll would never end.
fn repeats(fault: &str) -> bool {
    ["repeat", "stale", "older", "version-missing"].contains(&fault)
}

fn of_connection((fault, class): (&'static str, Class), column: Column) -> Option<Cell> {
    let row = match fault {
        "delay:30ms" => "connect delay:30ms",
        "stall" => "connect stall",
        "reset" => "connect reset",
        "close" => "connect close",
        _ => "connect refuse",
    };
    let lost_at = |poll: usize| {
        vec![
            format!("poll #{poll} close-before"),
            format!("connect #2 {fault}"),
        ]
    };
    let rules = match column {
        Column::Connect => vec![format!("connect #1 {fault}")],
        Column::First => lost_at(1),
        Column::Middle => lost_at(3),
        Column::Each => (1..=STEPS)
            .flat_map(|n| {
                [
                    format!("poll #{} close-before", 2 * n - 1),
                    format!("connect #{} {fault}", 2 * n),
                ]
            })
            .collect(),
        Column::Last(_) => lost_at(STEPS),
        Column::Always if LASTING.contains(&fault) => vec![format!("connect {fault}")],
        // The connection of the call is closed before the cancellation is sent.
        Column::Cancel => vec![format!("connect #2 {fault}")],
        _ => return None,
    };
    Some(Cell {
        row,
        column,
        rules,
        steps: STEPS,
        expect: Expect::of(class, column),
    })
}
