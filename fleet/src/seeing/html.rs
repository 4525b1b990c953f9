//! A window as a page. The page has the form of the report of the operations.

use jiff::Timestamp;
use mailstore_operations::page::{grouped, moment, name, page, shown, tile};
use maud::{Markup, html as markup};

use super::call::SeenCall;
use super::totals::Totals;
use super::window::SeenWindow;
use crate::advice::short;

/// The number of calls that the page lists. The other forms have all of them.
const MOST: usize = 2000;

/// Returns a window as one page, which loads nothing.
pub fn html(window: &SeenWindow, now: Timestamp) -> String {
    let body = markup! {
        (header(window, now))
        main {
            (tiles(&window.totals))
            (problems(window))
            (servers(window))
            (slowest(window))
        }
        (footer())
    };
    page(&format!("Fleet: {}", window.window), &body)
}

fn header(window: &SeenWindow, now: Timestamp) -> Markup {
    markup! {
        header {
            h1 { "Fleet: " (name(&window.window)) }
            p.muted {
                "State: " (window.state.as_str()) ". "
                @if let Some(started) = window.started { "Started: " (moment(started)) ". " }
                @if let Some(ended) = window.ended {
                    "Ended: " (moment(ended)) ". "
                    @if let Some(started) = window.started {
                        "Duration: " (duration(ended.duration_since(started).as_secs())) ". "
                    }
                }
                "Page made: " (moment(now)) "."
            }
            @if let Some(trouble) = &window.trouble {
                p.notice { (trouble) }
            }
            @for remedy in window.remedies() {
                p.notice { (shown(&remedy)) }
            }
        }
    }
}

fn tiles(totals: &Totals) -> Markup {
    let is_bad = |title: &str| {
        matches!(
            title,
            "unknown" | "failed" | "not sent" | "cancelled" | "skipped" | "given up"
        )
    };
    markup! {
        section.tiles aria-label="Totals" {
            (tile("calls", &grouped(totals.calls), false, &markup! {}))
            @for (title, count) in totals.named() {
                (tile(title, &grouped(count), is_bad(title), &markup! {}))
            }
        }
    }
}

/// The calls that did not succeed, and those that the engine cannot continue.
fn problems(window: &SeenWindow) -> Markup {
    let is_problem = |call: &&SeenCall| (!call.is_open() && !call.is_success()) || call.trouble.is_some();
    let calls: Vec<&SeenCall> = window.calls.iter().filter(is_problem).collect();
    if calls.is_empty() {
        return markup! {};
    }
    markup! {
        section {
            h2 { "Calls that did not succeed" }
            table.attention {
                thead {
                    tr {
                        th scope="col" { "Call" }
                        th scope="col" { "Outcome" }
                        th scope="col" { "Reason" }
                        th scope="col" { "Log" }
                    }
                }
                tbody {
                    @for call in calls.iter().take(MOST) {
                        tr {
                            th scope="row" { (title(call)) }
                            td.bad.time data-label="Outcome" { (call.state()) }
                            td data-label="Reason" {
                                @if let Some(reason) = &call.reason { (short(reason)) }
                                @if let Some(trouble) = &call.trouble {
                                    span.note.warn { (trouble) }
                                }
                                @for next in call.next() { span.note { code { (next) } } }
                            }
                            td data-label="Log" {
                                @match &call.log {
                                    Some(log) => (shown(log)),
                                    None => span.muted { "–" },
                                }
                            }
                        }
                    }
                }
            }
            (more(calls.len()))
        }
    }
}

fn servers(window: &SeenWindow) -> Markup {
    let servers = window.per_server();
    markup! {
        section {
            h2 { "Servers" }
            table {
                thead {
                    tr {
                        th scope="col" { "Server" }
                        @for title in ["Calls", "Open", "Unknown", "Succeeded", "Not done"] {
                            th.number scope="col" { (title) }
                        }
                    }
                }
                tbody {
                    @for (server, totals) in servers.iter().take(MOST) {
                        tr {
                            th scope="row" { (name(server)) }
                            td.number data-label="Calls" { (grouped(totals.calls)) }
                            td.number data-label="Open" { (grouped(totals.open())) }
                            td.number data-label="Unknown" { (grouped(totals.unknown)) }
                            td.number data-label="Succeeded" { (grouped(totals.succeeded + totals.declared_done)) }
                            td.number data-label="Not done" { (grouped(totals.not_done())) }
                        }
                    }
                }
            }
            (more(servers.len()))
        }
    }
}

/// The calls that took the longest time.
fn slowest(window: &SeenWindow) -> Markup {
    let mut calls: Vec<(&SeenCall, i64)> = window
        .calls
        .iter()
        .filter_map(|call| Some((call, call.seconds?)))
        .collect();
    if calls.is_empty() {
        return markup! {};
    }
    calls.sort_by_key(|(_, seconds)| std::cmp::Reverse(*seconds));
    markup! {
        section {
            h2 { "Durations" }
            table {
                thead {
                    tr {
                        th scope="col" { "Call" }
                        th scope="col" { "Outcome" }
                        th scope="col" { "Started" }
                        th.number scope="col" { "Duration" }
                    }
                }
                tbody {
                    @for (call, seconds) in calls.iter().take(MOST) {
                        tr {
                            th scope="row" { (title(call)) }
                            td.time data-label="Outcome" { (call.state()) }
                            td.time data-label="Started" {
                                @if let Some(started) = call.started { (moment(started)) }
                            }
                            td.number data-label="Duration" { (duration(*seconds)) }
                        }
                    }
                }
            }
            (more(calls.len()))
        }
    }
}

fn title(call: &SeenCall) -> Markup {
    let instance = call
        .instance
        .as_deref()
        .map_or_else(String::new, |instance| format!(" · {instance}"));
    markup! {
        (name(&format!("{}{instance} · {}", call.profile, call.function)))
        span.note { (name(&call.key)) }
    }
}

fn more(rows: usize) -> Markup {
    markup! {
        @if rows > MOST {
            p.muted { (grouped(rows - MOST)) " more are in the other forms of this summary." }
        }
    }
}

fn footer() -> Markup {
    markup! {
        footer {
            ul {
                li { "A call with an unknown outcome may have reached its server or not. It waits for a decision." }
                li { "The duration is the time from the moment before the call was sent to its end. Times are in UTC." }
            }
        }
    }
}

/// Returns a duration such as `1 h 05 min` or `42 s`.
fn duration(seconds: i64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {:02} s", seconds / 60, seconds % 60),
        _ => format!("{} h {:02} min", seconds / 3600, seconds % 3600 / 60),
    }
}
