//! Shows what happens in a window that is followed.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, IsTerminal as _};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Timestamp;
use mailstore_reach::print_while_read;
use tokio::sync::Notify;

use crate::advice::{command, short};
use crate::seeing::{Form, SeenCall, SeenWindow, Selection, line_of_window, moment, text_of_state};

/// How many calls a terminal shows.
const SHOWN: usize = 12;

/// The pause between two views of a window whose changes are shown.
const PAUSE: Duration = Duration::from_secs(1);

/// The pause between two views of a window of which only the problems are shown.
const QUIET_PAUSE: Duration = Duration::from_secs(5);

/// Shows what happens: a summary that is drawn again on a terminal, and a line for each change elsewhere.
pub(crate) struct Display {
    bar: Option<ProgressBar>,
    /// Whether lines go to standard output, and not to standard error.
    to_output: bool,
    /// Whether only problems are shown.
    is_quiet: bool,
    /// Notified if the reader of standard output has closed it.
    closed: Notify,
}

impl Display {
    pub(crate) fn new(form: Form) -> Self {
        let to_output = form == Form::Table;
        let is_terminal = to_output && io::stdout().is_terminal() && io::stderr().is_terminal();
        let bar = is_terminal.then(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            if let Ok(style) = ProgressStyle::with_template("{msg}") {
                bar.set_style(style);
            }
            bar
        });
        Self {
            bar,
            to_output,
            is_quiet: false,
            closed: Notify::new(),
        }
    }

    /// Creates a display that shows only problems, on standard error, if the output is no terminal.
    pub(crate) fn of_problems(form: Form) -> Self {
        let mut display = Self::new(form);
        if display.bar.is_none() {
            (display.to_output, display.is_quiet) = (false, true);
        }
        display
    }

    /// Returns the shortest pause between two views.
    pub(super) fn pause(&self) -> Duration {
        if self.is_quiet { QUIET_PAUSE } else { PAUSE }
    }

    pub(super) fn note(&self, line: &str) {
        let print = || {
            if !self.to_output {
                mailstore_reach::warn!("{line}");
            } else if let Ok(false) = print_while_read(&format!("{line}\n")) {
                self.closed.notify_one();
            }
        };
        match &self.bar {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }

    /// Waits until the reader of standard output has closed it. This is noticed with the next line.
    ///
    /// Cancel-safe.
    pub(super) async fn closed(&self) {
        self.closed.notified().await;
    }

    pub(super) fn show(&self, before: Option<&SeenWindow>, window: &SeenWindow) {
        if let Some(bar) = &self.bar {
            bar.set_message(summary(window));
            return bar.tick();
        }
        match before {
            _ if self.is_quiet => {}
            None => self.note(&line_of_window(window)),
            Some(before) => changes(before, window, Timestamp::now())
                .iter()
                .for_each(|line| self.note(line)),
        }
        let remedies = window.remedies();
        if before.is_none_or(|before| before.remedies() != remedies) {
            remedies.iter().for_each(|remedy| self.note(remedy));
        }
    }

    pub(super) fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        self.end();
    }
}

/// Returns the short summary of a window: its totals and the calls that are under way or need a person.
fn summary(window: &SeenWindow) -> String {
    let mut text = format!("{}\n{}", short(&window.window), text_of_state(window));
    let selection = Selection::default();
    let calls = selection.of(window);
    let mut shown: Vec<&SeenCall> = calls.iter().copied().filter(|call| call.is_open()).collect();
    let others = calls.len() - shown.len();
    let more = shown.len().saturating_sub(SHOWN);
    shown.truncate(SHOWN);
    for call in shown {
        let percent = call
            .percent
            .map_or_else(String::new, |percent| format!(" {percent:.0} %"));
        let _ = writeln!(text, "  {}{percent}  {}", described(call), short(&call.key));
    }
    if more > 0 {
        let _ = writeln!(text, "  and {more} more are under way");
    }
    if others > 0 {
        let _ = writeln!(
            text,
            "`{}` lists the calls that did not succeed.",
            command(&["status", &window.window])
        );
    }
    text
}

/// Returns the state of a call, with what keeps the engine from continuing it.
fn described(call: &SeenCall) -> String {
    match &call.trouble {
        Some(trouble) => format!("{} ({})", call.state(), short(&trouble.reason)),
        None => call.state().to_owned(),
    }
}

/// Returns a line for each change between two views of a window.
fn changes(before: &SeenWindow, after: &SeenWindow, now: Timestamp) -> Vec<String> {
    let time = moment(now);
    let mut lines = Vec::new();
    if before.trouble != after.trouble {
        let trouble = after.trouble.as_ref().map(ToString::to_string);
        let trouble = trouble.unwrap_or_else(|| "the engine continues the job".to_owned());
        lines.push(format!("{time} {}: {trouble}", short(&after.window)));
    }
    let earlier: BTreeMap<&str, &SeenCall> = before
        .calls
        .iter()
        .map(|call| (call.key.as_str(), call))
        .collect();
    for call in &after.calls {
        let state = described(call);
        let was = earlier.get(call.key.as_str());
        if was.is_some_and(|was| {
            described(was) == state && was.attempt == call.attempt && was.reason == call.reason
        }) {
            continue;
        }
        let reason = call
            .reason
            .as_deref()
            .map(|reason| format!(": {}", short(reason)));
        let key = short(&call.key);
        lines.push(format!("{time} {key}: {state}{}", reason.unwrap_or_default()));
    }
    lines
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::call::{Batch, Call, CallEffect, Limits, OnFailure, Target};
    use crate::known::KnownRun;
    use crate::known::Workflow;
    use crate::seeing::{Read, Stage};
    use crate::trouble::{Stuck, Trouble};

    fn window() -> SeenWindow {
        let target = |profile: &str| Target {
            profile: profile.to_owned(),
            server: "https://127.0.0.1:1".to_owned(),
            instance: None,
        };
        let call = |profile: &str| Call::new("w", target(profile), "Ping", [].into(), CallEffect::Read, 0);
        let batch = Batch {
            window: "w".to_owned(),
            calls: vec![call("a\u{1b}[2J"), call("b")],
            limits: Limits {
                overall: 1,
                per_server: 1,
            },
            on_failure: OnFailure::Stop,
            starts: None,
            logs: "logs".to_owned(),
            round: 1,
            left_out: 0,
        };
        let run = KnownRun {
            window: "w".to_owned(),
            invocation: "inv_1".to_owned(),
            round: 1,
            completed: false,
            workflow: Workflow::default(),
        };
        let read = Read {
            runs: vec![run],
            batches: vec![Some(batch.into())],
            ..Read::default()
        };
        SeenWindow::new("w", read, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn each_change_is_one_line_without_control_characters() {
        let before = window();
        let mut after = before.clone();
        assert!(changes(&before, &after, Timestamp::UNIX_EPOCH).is_empty());
        after.calls[0].stage = Stage::Unknown;
        after.calls[0].reason = Some("the answer\nwas lost\u{7}".to_owned());
        after.trouble = Some(Trouble {
            state: Stuck::Retrying,
            reason: "no worker answers".to_owned(),
        });
        let lines = changes(&before, &after, Timestamp::UNIX_EPOCH);
        assert_eq!(
            lines,
            [
                "1970-01-01T00:00:00Z w: the engine tries again: no worker answers",
                r"1970-01-01T00:00:00Z w:a\u{1b}[2J::Ping:e3b0c44298fc1c14: unknown: the answer\nwas lost\u{7}",
            ]
        );
    }

    #[test]
    fn a_short_summary_names_the_calls_that_are_under_way() {
        let mut window = window();
        window.calls[0].stage = Stage::Unknown;
        window.calls[1].stage = Stage::Running;
        window.calls[1].percent = Some(41.6);
        let text = summary(&window);
        assert!(text.contains("  running 42 %  w:b::Ping:"), "{text}");
        assert!(text.contains("`mailstore-fleet status w` lists"), "{text}");
        assert!(!text.contains('\u{1b}'), "{text}");
    }
}
