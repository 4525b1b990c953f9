//! The view of windows and calls that `status`, `watch`, `export` and `run` show. It is read from the engine's tables,
//! which needs no worker.

mod call;
mod list;
mod reader;
mod totals;
mod window;

pub use call::{SeenCall, Stage};
pub use list::{ListedWindow, list};
pub use reader::Reader;
pub use totals::Totals;
pub use window::{Read, SeenWindow, State};
