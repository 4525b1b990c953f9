//! The profiles of the command `mailstore`: servers, users, what is trusted, and where the passwords are. The file
//! contains no password.

mod access;
mod keyring;
mod password;
mod problem;
mod profile;
mod profiles;
mod replace;

pub use crate::keyring::{Keyring, OfSystem};
pub use crate::password::{first_line, forget, run, source, source_within};
pub use crate::problem::Problem;
pub use crate::profile::{PasswordCommand, Pin, Profile};
pub use crate::profiles::Profiles;
pub use crate::replace::replace;
