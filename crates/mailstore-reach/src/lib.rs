//! What the command `mailstore` and the tools of this workspace share: the connection to a server with its options and
//! errors, the functions of an edition, the output, saved function lists, and generated files.

mod address;
mod cargo;
mod catalog;
mod check_value;
mod command_line;
mod confirmation;
mod edition;
mod editions;
mod environment;
mod live;
mod lookup;
mod nearest;
mod options;
mod output;
mod password;
mod record;
mod up_to_date;
mod wording;

pub use address::origin;
pub use cargo::{cargo, cargo_outside};
pub use catalog::{Catalog, Words, is_instance, is_secret};
pub use check_value::check_value;
pub use command_line::{arguments_of_this_run, command_line};
pub use confirmation::{confirmation, danger};
pub use edition::edition_parser;
pub use editions::{CODEGEN, Editions, Entry, Files};
pub use environment::variable;
pub use live::{
    Live, ask, ask_list, builder, cause, configure, connect, dump, edition_at, explain, trusting,
    usual_edition,
};
pub use lookup::find;
pub use mailstore_metadata::{Edition, INSTANCE_ARGUMENT};
pub use mailstore_transport::{is_printable, printable, printable_json};
pub use nearest::nearest;
pub use options::Options;
pub use output::{keep_commands_on_one_line, print, print_error, print_line, print_while_read};
pub use password::{PasswordSource, password_of_environment, prompt_for_password};
pub use record::{Record, check_record, record_path};
pub use up_to_date::{Folder, bring_up_to_date, report_notes};
pub use wording::{about_argument, kind_of_argument, name_of_type, without_markdown};
