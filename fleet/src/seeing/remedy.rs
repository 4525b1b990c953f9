//! What a person should do so that the engine can continue a window.

use super::window::SeenWindow;
use crate::trouble::{Stuck, Trouble};

/// What to do if no worker answers.
pub(super) const NO_WORKER: &str =
    "No worker answers. Start one with `mailstore-fleet worker`. Calls that run go on at their servers.";

impl SeenWindow {
    /// Returns what a person should do so that the engine can continue the window.
    pub fn remedies(&self) -> Vec<String> {
        let calls = self.calls.iter().filter_map(|call| call.trouble.as_ref());
        let troubles: Vec<&Trouble> = calls.chain(&self.trouble).collect();
        let mut remedies = Vec::new();
        if self.worker == Some(false) || troubles.iter().any(|trouble| trouble.is_without_worker()) {
            remedies.push(NO_WORKER.to_owned());
        }
        let has = |state: Stuck| {
            troubles
                .iter()
                .any(|trouble| trouble.state == state && !trouble.is_without_worker())
        };
        if has(Stuck::Retrying) {
            remedies.push(
                "The engine tries again by itself. If this does not help, read the output of the worker."
                    .to_owned(),
            );
        }
        let paused: Vec<&str> = self
            .calls
            .iter()
            .filter_map(|call| call.resume.as_deref())
            .chain(self.resume.as_deref())
            .collect();
        if let Some(command) = paused.first() {
            let others = match paused.len() {
                1 => String::new(),
                count => format!(" This is the first of {count} commands."),
            };
            remedies.push(format!(
                "The engine has paused a workflow, and waits for a person. `{command}` resumes it.{others}"
            ));
        }
        if has(Stuck::Ended) {
            remedies.push(
                "The job was ended at the engine, with its calls. Look at the servers of the calls whose outcome is unknown. `mailstore-fleet run JOB.toml --continue` starts the calls that were not sent."
                    .to_owned(),
            );
        }
        remedies
    }
}
