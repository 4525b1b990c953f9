//! Four calls of the REST interface of Muster's web server, and raw requests for the others.
//!
//! The calls are known from published programs that use Muster. The vendor's list of all calls is not known.

mod answer;
#[cfg(feature = "blocking")]
mod blocking;
mod builder;
mod client;
mod error;
mod http;
mod job_submission;
mod pool;
mod session;
mod template;

pub use ::http::Method;
pub use builder::Builder;
pub use client::Rest;
pub use error::{Error, ErrorKind};
pub use job_submission::JobSubmission;
pub use pool::Pool;
pub use template::Template;
