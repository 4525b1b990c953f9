//! The error for a window that the engine does not know.

use mailstore_api::printable;
use miette::miette;

use crate::api::Engine;
use crate::exit::Failed;

/// How many windows a message names.
const SHOWN: usize = 5;

/// Returns the error for a window that the engine does not know.
pub(crate) async fn unknown_window(engine: &Engine, window: &str) -> Failed {
    let windows = match engine.windows().await {
        Ok(windows) => windows,
        Err(error) => return Failed::Work(error),
    };
    let nearest = mailstore_reach::nearest(window, windows.iter().map(String::as_str));
    let help = match nearest {
        Some(nearest) => format!("Did you mean `{}`?", printable(nearest)),
        None if windows.is_empty() => {
            "The engine knows no window. `--admin` chooses another engine.".to_owned()
        }
        None => {
            let last = &windows[windows.len().saturating_sub(SHOWN)..];
            format!("The last windows are {}.", printable(&last.join(", ")))
        }
    };
    Failed::Usage(miette!(
        help = help,
        "the engine does not know the window `{}`",
        printable(window)
    ))
}
