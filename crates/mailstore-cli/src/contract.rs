//! The option for contracts of a service provider.

use std::path::PathBuf;

use mailstore_operations::Contract;
use miette::{IntoDiagnostic as _, WrapErr as _};

use crate::exit::Failed;
use crate::plan::{is_csv, read, shown};

/// The file with the numbers of users that contracts allow.
#[derive(clap::Args)]
pub(crate) struct ContractFile {
    /// The file with the number of users that the contract of each instance allows: TOML, or CSV with the columns
    /// `instance` and `users` if its name ends with `.csv`.
    #[arg(long, value_name = "FILE", help_heading = "Service Provider Edition")]
    contract: Option<PathBuf>,
}

impl ContractFile {
    /// Reads the file, if there is one.
    pub(crate) fn contract(&self) -> Result<Contract, Failed> {
        let Some(file) = &self.contract else {
            return Ok(Contract::default());
        };
        let text = read(file)?;
        let contract = if is_csv(file) {
            Contract::from_csv(&text)
        } else {
            Contract::from_toml(&text)
        };
        contract
            .into_diagnostic()
            .wrap_err_with(|| shown(file))
            .map_err(Failed::usage)
    }
}
