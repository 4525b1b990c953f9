//! Shows the progress of a call on standard error: a bar on a terminal, lines otherwise.

use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use mailstore_api::Update;

/// The progress of one call.
pub(crate) struct Progress {
    bar: ProgressBar,
    /// The instance of the call, if there are several. It precedes each line of the log.
    instance: Option<String>,
}

impl Progress {
    /// Shows a bar for a call of this function. `indicatif` hides it if standard error is not a terminal.
    pub(crate) fn new(function: &str) -> Self {
        let bar = ProgressBar::with_draw_target(Some(100), ProgressDrawTarget::stderr());
        Self::of(bar, function, None)
    }

    /// Shows a bar for the call on one of several instances.
    pub(crate) fn in_group(group: &MultiProgress, instance: &str) -> Self {
        let instance = mailstore_reach::printable(instance).to_string();
        let bar = group.add(ProgressBar::new(100));
        Self::of(bar, &instance.clone(), Some(instance))
    }

    fn of(bar: ProgressBar, prefix: &str, instance: Option<String>) -> Self {
        let template = "{prefix} [{elapsed_precise}] {bar:30} {percent:>3} % {wide_msg}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_prefix(mailstore_reach::printable(prefix).to_string());
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { bar, instance }
    }

    /// Shows new lines of the log, the percentage and the current step.
    pub(crate) fn show(&self, update: &Update) {
        for line in update.lines() {
            self.note(&mailstore_reach::printable(line).whole().to_string());
        }
        if let Some(percent) = update.percent() {
            // Between 0 and 100.
            self.bar.set_position(percent as u64);
        }
        if let Some(text) = update.text() {
            self.bar.set_message(mailstore_reach::printable(text).to_string());
        }
    }

    /// Shows a line above the bar.
    pub(crate) fn note(&self, line: &str) {
        self.bar.suspend(|| match &self.instance {
            Some(instance) => mailstore_reach::warn!("{instance}: {line}"),
            None => mailstore_reach::warn!("{line}"),
        });
    }

    /// Removes the bar.
    pub(crate) fn end(&self) {
        self.bar.finish_and_clear();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.end();
    }
}
