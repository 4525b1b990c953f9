//! The forms in which windows are printed.

use miette::{IntoDiagnostic as _, Report};

use super::json::{json_of_window, json_of_windows};
use super::list::ListedWindow;
use super::selection::Selection;
use super::text::{text_of_window, text_of_windows};
use super::window::SeenWindow;

/// The forms in which windows and calls are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Form {
    /// Tables for people.
    #[default]
    Table,
    /// JSON for programs.
    Json,
}

impl Form {
    /// Prints a window with the selected calls. `run`, `status` and `watch` have this summary in common.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn print_window(self, window: &SeenWindow, selection: &Selection) -> Result<(), Report> {
        let text = match self {
            Self::Table => text_of_window(window, selection),
            Self::Json => json_of_window(window, selection),
        };
        mailstore_reach::print(&text).into_diagnostic()
    }

    /// Prints the list of windows. `worker` says whether a worker answers, if it was asked.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn print_windows(self, windows: &[ListedWindow], worker: Option<bool>) -> Result<(), Report> {
        let text = match self {
            Self::Table => text_of_windows(windows, worker),
            Self::Json => json_of_windows(windows, worker),
        };
        mailstore_reach::print(&text).into_diagnostic()
    }
}
