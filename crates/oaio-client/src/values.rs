//! The values of an object.

use std::fmt;
use std::str::FromStr;

use indexmap::IndexMap;
use wire_values::{FromJson, Json, Problem, Reader, ToJson, Unsendable};

use crate::error::Error;

/// The values of an object: names and JSON values, in their order.
///
/// Three names have a meaning: `_name` is the name of the object, `_file_paths` lists the attached files, and
/// `_root_path` is the folder of these files.
///
/// Values may be private, so `Debug` shows only their names. Two sets of values are equal if they have the same names
/// and equal values, in any order.
///
/// ```
/// use oaio_client::Values;
///
/// let values = Values::new().with("title", "first note").with("pages", 3);
/// assert_eq!(values.get("pages").map(|pages| pages.text()), Some("3"));
/// let parsed: Values = r#"{"pages": 3, "title": "first note"}"#.parse()?;
/// assert_eq!(values, parsed);
/// # Ok::<(), oaio_client::Error>(())
/// ```
#[derive(Clone, Default, PartialEq)]
pub struct Values(IndexMap<String, Json>);

impl Values {
    pub(crate) const NAME: &str = "_name";
    pub(crate) const ROOT_PATH: &str = "_root_path";
    pub(crate) const FILE_PATHS: &str = "_file_paths";

    /// Returns no values.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns these values with one more. A value with the same name is replaced.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Json>) -> Self {
        self.set(name, value);
        self
    }

    /// Sets a value. A value with the same name is replaced.
    pub fn set(&mut self, name: &str, value: impl Into<Json>) {
        self.0.insert(name.to_owned(), value.into());
    }

    /// Removes a value and returns it.
    pub fn remove(&mut self, name: &str) -> Option<Json> {
        self.0.shift_remove(name)
    }

    /// Returns a value.
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.0.get(name)
    }

    /// Returns all names and values in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Json)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Returns the number of values.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether there are no values.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the name of the object: the string `_name`.
    pub fn name(&self) -> Option<String> {
        self.string(Self::NAME)
    }

    /// Returns the folder of the attached files as the values name it: the string `_root_path`.
    pub fn root_path(&self) -> Option<String> {
        self.string(Self::ROOT_PATH).filter(|path| !path.is_empty())
    }

    /// Returns the paths of the attached files, relative to their folder: the strings of `_file_paths`.
    ///
    /// # Errors
    /// `_file_paths` is not a list of strings.
    pub fn file_paths(&self) -> Result<Vec<String>, Error> {
        match self.get(Self::FILE_PATHS) {
            None => Ok(Vec::new()),
            Some(paths) if paths.is_null() => Ok(Vec::new()),
            Some(paths) => Vec::from_json(paths).map_err(|_| {
                Error::invalid(format!(
                    "the value `{}` is not a list of strings",
                    Self::FILE_PATHS
                ))
            }),
        }
    }

    /// Sets all values of `other`. Other values stay.
    pub(crate) fn merge(&mut self, other: Values) {
        self.0.extend(other.0);
    }

    fn string(&self, name: &str) -> Option<String> {
        self.get(name).and_then(|value| String::from_json(value).ok())
    }
}

impl<N: Into<String>, V: Into<Json>> FromIterator<(N, V)> for Values {
    fn from_iter<T: IntoIterator<Item = (N, V)>>(values: T) -> Self {
        let values = values.into_iter();
        Self(values.map(|(name, value)| (name.into(), value.into())).collect())
    }
}

/// Parses the text of a JSON object.
impl FromStr for Values {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let parsed = serde_json::from_str(text);
        parsed
            .map(Self)
            .map_err(|problem| Error::invalid(format!("the values are not a JSON object: {problem}")))
    }
}

impl FromJson for Values {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Problem> {
        let json = reader.json()?;
        let values = json.decode();
        values
            .map(Self)
            .map_err(|_| Problem::expected("an object", &json))
    }
}

impl ToJson for Values {
    fn to_json(&self) -> Result<Json, Unsendable> {
        let members = self.0.iter().map(|(name, value)| {
            let name = Json::from(name.as_str());
            format!("{}:{}", name.text(), value.text())
        });
        let text = format!("{{{}}}", members.collect::<Vec<_>>().join(","));
        // Each member is valid JSON, so the object is valid.
        Ok(text.parse().unwrap_or_default())
    }
}

impl fmt::Debug for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Values ")?;
        f.debug_set().entries(self.0.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_digit_of_a_number_is_kept() {
        let text = r#"{"big":123456789012345678901234567890,"exact":0.10}"#;
        let values: Values = text.parse().unwrap();
        assert_eq!(values.to_json().unwrap().text(), text);
    }

    #[test]
    fn values_that_are_not_a_json_object_are_rejected() {
        for text in ["", "[]", "{'a': 1}", "{\"a\": NaN}", "{\"a\": 1", "null"] {
            let error = text.parse::<Values>().expect_err(text).to_string();
            assert!(error.starts_with("the values are not a JSON object: "), "{error}");
        }
    }

    #[test]
    fn debug_shows_no_value() {
        let values = Values::new().with("pin", "hunter2");
        assert_eq!(format!("{values:?}"), r#"Values {"pin"}"#);
    }

    #[test]
    fn paths_of_files_must_be_strings() {
        assert!(Values::new().file_paths().unwrap().is_empty());
        let values: Values = r#"{"_file_paths": ["a", 1]}"#.parse().unwrap();
        assert!(
            values
                .file_paths()
                .unwrap_err()
                .to_string()
                .contains("_file_paths")
        );
    }
}
