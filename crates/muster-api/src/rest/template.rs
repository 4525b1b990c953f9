//! A template of jobs, as the web server lists it.

use serde::de::{self, Deserializer};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A template: the kind of program that a job runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Template {
    /// Name of the template.
    pub name: String,
    /// Id of the template, which a submission needs.
    #[serde(deserialize_with = "number")]
    pub id: i64,
    /// All other members. They are not known.
    #[serde(flatten)]
    pub others: Map<String, Value>,
}

/// Reads a number, or a text with its digits. Which of them the server sends is not documented.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let value = Value::deserialize(deserializer)?;
    let number = match &value {
        Value::Number(number) => number.as_i64(),
        Value::String(digits) => digits.parse().ok(),
        _ => None,
    };
    number.ok_or_else(|| de::Error::custom("the id of a template is not a number"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_is_a_number_or_its_digits() {
        for id in ["7", "\"7\""] {
            let text = format!("{{\"name\": \"Maya\", \"id\": {id}, \"type\": 1}}");
            let template: Template = serde_json::from_str(&text).unwrap();
            assert_eq!((template.id, template.others.len()), (7, 1));
        }
        assert!(serde_json::from_str::<Template>("{\"name\": \"Maya\", \"id\": 7.5}").is_err());
    }
}
