//! Compares archives with rules: profiles, users, administrators, stores, the licence and compliance.
//!
//! Every rule has a stable id. A file in TOML switches rules on and off, sets their parameters and lists exceptions.
//! What cannot be seen is [`Status::Unknown`]. It is never [`Status::Ok`].
//!
//! ```no_run
//! use mailstore_api::{Timestamp, server};
//! use mailstore_operations::Installation;
//! use mailstore_operations::audit::{AuditConfig, audit};
//!
//! # async fn run(client: server::Client) -> Result<(), Box<dyn std::error::Error>> {
//! let config = AuditConfig::from_toml("version = 1\n[rules.store-not-verified]\nmax-days = 14\n")?;
//! let installation = Installation::Server(client);
//! let archives = installation.archives().await?;
//! let report = audit(&installation, &archives, &config, 4, Timestamp::now()).await;
//! print!("{}", report.to_json()?);
//! # Ok(())
//! # }
//! ```

mod checker;
mod compliance;
mod config;
mod exception;
mod patterns;
mod profiles;
mod report;
mod result;
mod rule;
mod run;
mod settings;
mod stores;
mod users;
mod verification;

pub use config::{AuditConfig, AuditError};
pub use exception::Exception;
pub use patterns::Patterns;
pub use report::{AuditReport, Counts};
pub use result::{AuditResult, Excepted, Object, ObjectKind, Status};
pub use rule::{Rule, Severity};
pub use run::audit;
pub use settings::{
    Administrators, AuditLog, LegalHold, LicenceOver, MfaOff, ProfileInterval, Rules, StoreNotVerified,
    Switch, UserWithoutEmail,
};
