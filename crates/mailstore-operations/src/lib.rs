#![doc = include_str!("../README.md")]

mod archive;
mod installation;
pub mod provision;
mod reading;
mod size;

pub use archive::AnyArchive;
pub use installation::{Installation, ListedArchive};
pub use reading::Reading;
pub use size::Size;
