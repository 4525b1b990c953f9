//! Windows and calls as JSON for programs.

use mailstore_api::printable_json;
use serde::Serialize;

use super::call::SeenCall;
use super::list::ListedWindow;
use super::selection::Selection;
use super::totals::Totals;
use super::window::SeenWindow;

/// The first members of each document. The version changes if a member is removed or gets another meaning.
#[derive(Serialize)]
struct Document<T> {
    format: &'static str,
    version: u32,
    #[serde(flatten)]
    content: T,
}

#[derive(Serialize)]
struct Windows<'a> {
    worker: Option<bool>,
    windows: &'a [ListedWindow],
}

/// A window with the selected calls.
#[derive(Serialize)]
struct Selected<'a> {
    #[serde(flatten)]
    window: &'a SeenWindow,
    remedies: Vec<String>,
    servers: Vec<Server<'a>>,
    calls: Vec<&'a SeenCall>,
}

/// How many calls of a server are in each stage.
#[derive(Serialize)]
struct Server<'a> {
    server: &'a str,
    totals: Totals,
}

/// Returns a window with the selected calls as JSON.
pub fn json_of_window(window: &SeenWindow, selection: &Selection) -> String {
    let calls = selection.of(window);
    let servers = window.per_server().into_iter();
    let servers = servers.map(|(server, totals)| Server { server, totals });
    let selected = Selected {
        window,
        remedies: window.remedies(),
        servers: servers.collect(),
        calls,
    };
    json("mailstore-fleet-window", selected)
}

/// Returns the list of windows as JSON. `worker` says whether a worker answers, if it was asked.
pub fn json_of_windows(windows: &[ListedWindow], worker: Option<bool>) -> String {
    json("mailstore-fleet-windows", Windows { worker, windows })
}

/// Returns a document of this format with the content.
pub(crate) fn json(format: &'static str, content: impl Serialize) -> String {
    let document = Document {
        format,
        version: 1,
        content,
    };
    let text = serde_json::to_string_pretty(&document)
        .expect("the document has only texts, numbers and lists, which JSON can always hold");
    printable_json(&text) + "\n"
}
