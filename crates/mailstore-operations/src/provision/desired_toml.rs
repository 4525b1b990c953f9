//! The desired state from a TOML file.

use super::check_desired;
use super::desired::Desired;
use super::error::ProvisionError;
use crate::toml_text;

impl Desired {
    /// Parses a TOML file and checks it.
    ///
    /// # Errors
    /// The file is not valid. The error has the line, and a suggestion if a name is similar to a known one.
    pub fn from_toml(text: &str) -> Result<Self, ProvisionError> {
        let mut desired: Self = toml::from_str(text)
            .map_err(|error| ProvisionError::Desired(toml_text::problem(text, &error)))?;
        check_desired::check(&desired, text)?;
        desired.apply_defaults();
        Ok(desired)
    }
}
