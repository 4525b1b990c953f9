//! Changes users and profiles by plan: a file has the desired state, a plan has the differences, and applying the plan
//! makes them.
//!
//! ```no_run
//! use mailstore_api::{Timestamp, server};
//! use mailstore_operations::provision::{ApplyLock, Desired, Journal, PlanOptions, apply, make_plan, read_state};
//!
//! # async fn run(client: server::Client) -> Result<(), Box<dyn std::error::Error>> {
//! let desired = Desired::from_toml(&std::fs::read_to_string("users.toml")?)?;
//! let state = read_state(&client, &desired, 4).await?;
//! let options = PlanOptions {
//!     server: client.connection().origin().to_owned(),
//!     archive: "server".to_owned(),
//!     ..PlanOptions::default()
//! };
//! let plan = make_plan(&desired, &state, &options, Timestamp::now());
//! print!("{}", plan.to_text());
//! let _lock = ApplyLock::acquire("locks".as_ref(), &plan, Timestamp::now())?;
//! let mut journal = Journal::open("users.plan.journal.jsonl", &plan)?;
//! let report = apply(&client, &plan, &mut journal).await?;
//! assert!(report.is_complete());
//! # Ok(())
//! # }
//! ```

mod apply;
mod apply_lock;
mod apply_profile;
mod apply_user;
mod check_desired;
mod delete_guard;
mod desired;
mod desired_csv;
mod desired_toml;
mod digest;
mod error;
mod field;
mod fresh_user;
mod journal;
mod plan;
mod plan_options;
mod plan_profiles;
mod plan_text;
mod plan_users;
mod planner;
mod same_name;
mod secret_source;
mod send;
mod state;
mod step;
mod user_field;
mod value;

pub use apply::{ApplyReport, apply};
pub use apply_lock::ApplyLock;
pub use desired::{DefaultUser, Defaults, Desired, DesiredProfile, DesiredUser, Existence};
pub use error::ProvisionError;
pub use field::Field;
pub use journal::Journal;
pub use plan::{Action, Change, FieldChange, Object, Plan};
pub use plan_options::PlanOptions;
pub use planner::make_plan;
pub use secret_source::SecretSource;
pub use state::{ArchiveState, read_state};
pub use value::Value;
