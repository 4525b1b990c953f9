//! `mailstore-fleet watch`: follows a window until it ends.

mod display;

use std::time::Duration;

use mailstore_api::printable;
use miette::{Report, miette};
use tokio::time::{Instant, sleep, timeout};

use crate::advice::command;
use crate::api::{Addresses, Engine};
use crate::exit::{Failed, Outcome};
use crate::seeing::{Form, Reader, SeenWindow, Selection, State, unknown_window};
use crate::signals::stopped;
pub(crate) use display::Display;

/// How long the engine may take to answer.
const ANSWER: Duration = Duration::from_secs(60);

/// What is said of an engine that is away.
const AWAY: &str = "The engine does not answer. The job goes on when it is back.";

/// How long the engine may know nothing of the window after it was started again.
const MISSING: Duration = Duration::from_secs(60);

/// Follow a window until it ends, and show its summary. This needs no worker, and survives restarts of the engine.
///
/// Ctrl-C ends this command only: the job goes on. If the program that reads the output ends, as `head -5` does, this
/// command ends with the next change.
#[derive(clap::Args)]
pub struct Arguments {
    /// The window, such as `2026-11-27/verify`.
    #[arg(value_name = "WINDOW")]
    window: String,
    /// The form of the summary. With `json`, the changes are printed on standard error.
    #[arg(long, value_enum, default_value_t)]
    output: Form,
    #[command(flatten)]
    engine: Addresses,
}

/// Follows a window until it ends.
///
/// # Errors
/// The engine does not know the window or cannot be reached at first. A person stops this command, or the reader of standard
/// output closes it, before the window has ended.
pub async fn run(arguments: Arguments) -> Result<Outcome, Failed> {
    let engine = Engine::new(arguments.engine).map_err(Failed::Work)?;
    let display = Display::new(arguments.output);
    let stop = stopped().map_err(Failed::Work)?;
    let window = tokio::select! {
        window = follow(&engine, &arguments.window, &display, false) => window?,
        () = stop => return Err(Failed::Work(goes_on(&arguments.window))),
        // The reader of standard output has closed it, as `head -5` does.
        () = display.closed() => return Err(Failed::Work(goes_on(&arguments.window))),
    };
    display.end();
    let printed = arguments.output.print_window(&window, &Selection::default());
    printed.map_err(Failed::Work)?;
    Ok(window.outcome())
}

/// Returns the message for a command that a person stopped while its job goes on.
pub(crate) fn goes_on(window: &str) -> Report {
    let help = format!(
        "`{}` follows it again, and `{}` cancels it.",
        command(&["watch", window]),
        command(&["cancel", window])
    );
    miette!(help = help, "stopped: the job goes on without this command")
}

/// Follows a window until it ends, also while the engine is away. A window that is not certain to exist must be known
/// to the engine at first.
///
/// The engine spends at most a fifth of the time on answers.
pub(crate) async fn follow(
    engine: &Engine,
    name: &str,
    display: &Display,
    exists: bool,
) -> Result<SeenWindow, Failed> {
    let mut reader = Reader::new(engine);
    let mut before: Option<SeenWindow> = None;
    let mut answered = Instant::now();
    let mut is_away = false;
    loop {
        let asked = Instant::now();
        let read = timeout(ANSWER, reader.window(name)).await;
        match (read, exists || before.is_some()) {
            (Ok(Ok(Some(window))), _) => {
                if is_away {
                    display.note("The engine answers again.");
                }
                (is_away, answered) = (false, Instant::now());
                let has_ended = window.state == State::Ended;
                if before.is_some() || !has_ended {
                    display.show(before.as_ref(), &window);
                }
                if has_ended {
                    return Ok(window);
                }
                before = Some(window);
            }
            (Ok(Ok(None)), false) => return Err(unknown_window(engine, name).await),
            (Ok(Err(error)), false) => return Err(Failed::Work(error)),
            (Ok(Ok(None)), true) if answered.elapsed() > MISSING => {
                let message = format!("the engine no longer knows the window `{}`", printable(name));
                return Err(Failed::Work(miette!(message)));
            }
            // The engine has not read all its tables after its start.
            (Ok(Ok(None)), true) => {}
            (Ok(Err(_)) | Err(_), _) if is_away => {}
            (Ok(Err(error)), true) => {
                is_away = true;
                display.note(&format!("{AWAY} ({error})"));
            }
            (Err(_), _) => {
                is_away = true;
                display.note(AWAY);
            }
        }
        sleep(display.pause().max(asked.elapsed() * 4)).await;
    }
}
