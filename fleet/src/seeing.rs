//! The view of windows and calls that `status`, `watch`, `export` and `run` show. It is read from the engine's tables,
//! which needs no worker.

mod call;
mod csv;
mod form;
mod html;
mod json;
mod list;
mod missing;
mod reader;
mod remedy;
mod selection;
mod tables;
mod text;
mod totals;
mod window;

pub use call::{SeenCall, Stage};
pub use csv::csv;
pub use form::Form;
pub use html::html;
pub(crate) use json::json;
pub use json::{json_of_window, json_of_windows};
pub use list::{ListedWindow, list};
pub(crate) use missing::unknown_window;
pub use reader::Reader;
pub use selection::Selection;
pub(crate) use tables::moment;
pub(crate) use text::text_of_state;
pub use text::{line_of_window, text_of_window, text_of_windows};
pub use totals::Totals;
pub use window::{Read, SeenWindow, State};
