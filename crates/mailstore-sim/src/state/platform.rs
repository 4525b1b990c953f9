//! The platform of the Service Provider Edition: machines, administrators and configuration.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::configuration::Configuration;
use crate::envelope::Failure;

/// A certificate's thumbprint: 40 upper-case hexadecimal digits.
pub(crate) const THUMBPRINT: &str = "0123456789ABCDEF0123456789ABCDEF01234567";

/// The machines and administrators of a platform.
#[derive(Debug, Default)]
pub(crate) struct Platform {
    pub(crate) hosts: Machines,
    pub(crate) client_access_servers: Machines,
    pub(crate) administrators: Vec<Administrator>,
    pub(crate) configuration: Configuration,
    /// The directories on instance hosts: server name and path.
    pub(crate) directories: Vec<(String, String)>,
}

/// A system administrator. Passwords are not stored.
#[derive(Debug, Clone)]
pub(crate) struct Administrator {
    pub(crate) user: String,
    pub(crate) full_name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) mfa: bool,
}

impl Administrator {
    /// Parses the `config` object of the functions that create and change administrators.
    pub(crate) fn read(config: &Value) -> Result<Administrator, Failure> {
        let text = |key: &str| config.get(key).and_then(Value::as_str).map(str::to_owned);
        match text("userName").filter(|user| !user.is_empty()) {
            Some(user) => Ok(Administrator {
                user,
                full_name: text("fullName"),
                email: text("emailAddress"),
                mfa: false,
            }),
            None => Err(Failure::new(
                "The configuration of an administrator must contain a 'userName'.",
            )),
        }
    }

    pub(crate) fn row(&self) -> Value {
        json!({ "userName": self.user, "fullName": self.full_name, "emailAddress": self.email })
    }
}

impl Platform {
    pub(crate) fn administrator(&mut self, user: &str) -> Result<&mut Administrator, Failure> {
        let found = self
            .administrators
            .iter_mut()
            .find(|known| known.user.eq_ignore_ascii_case(user));
        found.ok_or_else(|| Failure::new(format!("There is no system administrator with the name {user}.")))
    }
}

/// Machines by name, each with its configuration as a JSON object.
#[derive(Debug, Default)]
pub(crate) struct Machines(BTreeMap<String, Value>);

impl Machines {
    /// Adds a machine. A missing `port` or certificate is filled in.
    pub(crate) fn add(&mut self, config: &Value, port: i64) -> Result<(), Failure> {
        let name = name(config)?;
        if self.0.contains_key(&name) {
            return Err(Failure::new(format!(
                "A server with the name {name} exists already."
            )));
        }
        self.0.insert(name, complete(config, port));
        Ok(())
    }

    /// Replaces the configuration of a machine.
    pub(crate) fn set(&mut self, config: &Value, port: i64) -> Result<(), Failure> {
        let name = name(config)?;
        self.find(&name)?;
        self.0.insert(name, complete(config, port));
        Ok(())
    }

    pub(crate) fn delete(&mut self, name: &str) -> Result<(), Failure> {
        self.find(name)?;
        self.0.remove(name);
        Ok(())
    }

    pub(crate) fn find(&self, name: &str) -> Result<&Value, Failure> {
        self.0
            .get(name)
            .ok_or_else(|| Failure::new(format!("There is no server with the name {name}.")))
    }

    /// Returns the machines that a filter selects. A filter without a match selects none and is not an error
    /// (observed).
    pub(crate) fn select(&self, filter: Option<&str>) -> Vec<&Value> {
        let selects =
            |name: &str| filter.is_none_or(|filter| filter == "*" || filter.eq_ignore_ascii_case(name));
        self.0
            .iter()
            .filter(|(name, _)| selects(name))
            .map(|(_, config)| config)
            .collect()
    }
}

fn name(config: &Value) -> Result<String, Failure> {
    let name = config
        .get("serverName")
        .and_then(Value::as_str)
        .filter(|name| !name.is_empty());
    name.map(str::to_owned)
        .ok_or_else(|| Failure::new("The configuration of a server must contain a 'serverName'."))
}

fn complete(config: &Value, port: i64) -> Value {
    let mut complete = json!({ "port": port, "serverCertificate": { "thumbprint": THUMBPRINT } });
    if let (Value::Object(complete), Value::Object(given)) = (&mut complete, config) {
        complete.extend(given.iter().map(|(key, value)| (key.clone(), value.clone())));
    }
    complete
}
