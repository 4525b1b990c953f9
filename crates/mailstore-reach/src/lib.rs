//! Connects the tools of this workspace to a server: its edition, the credentials, and the trusted certificates.
//!
//! All commands that connect to a server take the same options and explain the same errors.

mod cargo;
mod command_line;
mod edition;
mod environment;
mod live;
mod nearest;
mod options;
mod output;
mod password;

pub use cargo::{cargo, cargo_outside};
pub use command_line::{arguments_of_this_run, command_line};
pub use edition::edition_parser;
pub use environment::variable;
pub use live::{
    Live, ask, builder, cause, configure, connect, dump, edition_at, explain, known, origin, trusting,
    usual_edition,
};
pub use mailstore_metadata::Edition;
pub use mailstore_transport::{is_printable, printable, printable_json};
pub use nearest::nearest;
pub use options::Options;
pub use output::{keep_commands_on_one_line, print, print_error, print_line};
pub use password::{PasswordSource, password_of_environment, prompt_for_password};
