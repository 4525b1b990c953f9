//! The numbers of users in the contracts of a service provider.

use std::collections::BTreeMap;

use csv::{ReaderBuilder, Trim};
use serde::Deserialize;

use crate::toml_text;

/// How many users the contract of each instance of the Service Provider Edition allows. The API has no such number.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Contract {
    users: BTreeMap<String, u32>,
}

/// The file cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ContractError(String);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    users: BTreeMap<String, u32>,
}

/// A row of a CSV file.
#[derive(Deserialize)]
struct Row {
    instance: String,
    users: u32,
}

impl Contract {
    /// Parses a TOML file. Its `version` is 1, and its table `users` has the number of users by the id of the instance.
    ///
    /// ```
    /// let contract = mailstore_operations::Contract::from_toml("version = 1\n[users]\ndemo = 25\n")?;
    /// assert_eq!(contract.of("demo"), Some(25));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The file is not valid. The error has the line.
    pub fn from_toml(text: &str) -> Result<Self, ContractError> {
        let file: File =
            toml::from_str(text).map_err(|error| ContractError(toml_text::problem(text, &error)))?;
        if file.version != 1 {
            let found = file.version;
            return Err(ContractError(format!(
                "`version` is {found}, but this program only reads version 1"
            )));
        }
        Ok(Self { users: file.users })
    }

    /// Parses a CSV file. Its header is `instance,users`, in any order. Other columns are ignored.
    ///
    /// # Errors
    /// The file is not valid, or an instance has two rows. The error has the line.
    pub fn from_csv(text: &str) -> Result<Self, ContractError> {
        let text = text.trim_start_matches('\u{feff}');
        let mut reader = ReaderBuilder::new().trim(Trim::All).from_reader(text.as_bytes());
        let columns = reader.headers().cloned().unwrap_or_default();
        if let Some(missing) = ["instance", "users"]
            .iter()
            .find(|name| !columns.iter().any(|column| column == **name))
        {
            return Err(ContractError(format!(
                "line 1: the column `{missing}` is missing"
            )));
        }
        let mut users = BTreeMap::new();
        for record in reader.records() {
            let record = record.map_err(|error| {
                let line = error.position().map_or(1, csv::Position::line);
                ContractError(format!(
                    "line {line}: the number of cells is not that of the header"
                ))
            })?;
            let line = record.position().map_or(1, csv::Position::line);
            let row: Row = record.deserialize(Some(&columns)).map_err(|_| {
                ContractError(format!(
                    "line {line}, column `users`: this is not a number of users"
                ))
            })?;
            let instance = mailstore_api::printable(&row.instance).to_string();
            if users.insert(row.instance, row.users).is_some() {
                return Err(ContractError(format!(
                    "line {line}: the instance `{instance}` has another row"
                )));
            }
        }
        Ok(Self { users })
    }

    /// Returns how many users the contract of an instance allows.
    pub fn of(&self, instance: &str) -> Option<u32> {
        self.users.get(instance).copied()
    }

    /// Returns the numbers by the id of the instance.
    pub fn users(&self) -> &BTreeMap<String, u32> {
        &self.users
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_have_the_same_numbers() {
        let toml = Contract::from_toml("version = 1\n[users]\nacme = 100\ndemo = 25\n").unwrap();
        let csv = Contract::from_csv("\u{feff}users,customer,instance\n25,Demo,demo\n100, ,acme\n").unwrap();
        assert_eq!(toml, csv);
        assert_eq!((toml.of("acme"), toml.of("other")), (Some(100), None));
    }

    #[test]
    fn an_invalid_file_is_an_error_with_its_place() {
        for (text, problem) in [
            ("", "line 1: the column `instance` is missing"),
            ("instance,user\n", "line 1: the column `users` is missing"),
            (
                "instance,users\na,1\nb,many\n",
                "line 3, column `users`: this is not a number of users",
            ),
            (
                "instance,users\na,-1\n",
                "line 2, column `users`: this is not a number of users",
            ),
            (
                "instance,users\na\n",
                "line 2: the number of cells is not that of the header",
            ),
            (
                "instance,users\na,1\na,2\n",
                "line 3: the instance `a` has another row",
            ),
        ] {
            assert_eq!(Contract::from_csv(text).unwrap_err().to_string(), problem);
        }
        for (text, problem) in [
            ("version = 2\n[users]\n", "`version` is 2"),
            ("version = 1\n[users]\na = \"x\"\n", "line 3: "),
            ("version = 1\n[user]\n", "line 2: unknown field `user`"),
        ] {
            let error = Contract::from_toml(text).unwrap_err().to_string();
            assert!(error.starts_with(problem), "{error}");
        }
    }
}
