//! Converts a value to the string that is sent as one argument: booleans in lower case, numbers in plain digits.

use std::borrow::Cow;
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

/// A value that can be sent as one argument.
///
/// Ids, vocabularies and the other types of the API implement it. So do strings, integers, booleans, [`SecretString`],
/// and the date-times and times of [`civil`](jiff::civil).
pub trait ToArgument {
    /// Returns the value of the form field, before percent-encoding.
    ///
    /// # Errors
    /// The server would reject or misread the value. An awaited request returns this error before it sends anything to
    /// the server.
    fn to_argument(&self) -> Result<Cow<'_, str>, Unsendable>;

    /// Returns whether the value is secret. Text that the server returns is kept without secrets.
    fn is_secret(&self) -> bool {
        false
    }
}

/// A value that is sent as several arguments, such as the schedule of a job.
pub trait ToArguments {
    /// Returns the wire names and values of the form fields. A value is an error if it cannot be sent. Arguments that
    /// are not in the list are not sent.
    fn to_arguments(&self) -> Vec<(&'static str, Result<String, Unsendable>)>;
}

impl ToArgument for str {
    fn to_argument(&self) -> Result<Cow<'_, str>, Unsendable> {
        Ok(Cow::Borrowed(self))
    }
}

impl ToArgument for String {
    fn to_argument(&self) -> Result<Cow<'_, str>, Unsendable> {
        Ok(Cow::Borrowed(self))
    }
}

impl ToArgument for bool {
    fn to_argument(&self) -> Result<Cow<'_, str>, Unsendable> {
        Ok(Cow::Borrowed(if *self { "true" } else { "false" }))
    }
}

macro_rules! whole_number {
    ($($number:ty)*) => {$(
        impl ToArgument for $number {
            fn to_argument(&self) -> Result<Cow<'_, str>, Unsendable> {
                Ok(Cow::Owned(self.to_string()))
            }
        }
    )*};
}
whole_number!(i32 i64 u16 u32 u64 usize);

impl ToArgument for SecretString {
    fn to_argument(&self) -> Result<Cow<'_, str>, Unsendable> {
        Ok(Cow::Borrowed(self.expose_secret()))
    }

    fn is_secret(&self) -> bool {
        true
    }
}

impl<T: ToArgument + ?Sized> ToArgument for &T {
    fn to_argument(&self) -> Result<Cow<'_, str>, Unsendable> {
        (**self).to_argument()
    }

    fn is_secret(&self) -> bool {
        (**self).is_secret()
    }
}

/// Says why an argument cannot be sent. Never contains the value.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{rule}")]
pub struct Unsendable {
    rule: Cow<'static, str>,
    #[source]
    source: Option<Arc<serde_json::Error>>,
}

impl Unsendable {
    /// Creates the error for a value that breaks a rule of the API. `rule` describes the valid values. It must not
    /// contain the value, because the value may be secret.
    pub fn form(rule: &str) -> Self {
        Self {
            rule: Cow::Owned(rule.to_owned()),
            source: None,
        }
    }

    /// Creates the error for a value that cannot be written as JSON.
    pub fn not_json(error: serde_json::Error) -> Self {
        Self {
            rule: Cow::Borrowed("the value cannot be written as JSON"),
            source: Some(Arc::new(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn booleans_are_lower_case_and_numbers_are_plain_digits() {
        assert_eq!(true.to_argument().unwrap(), "true");
        assert_eq!(false.to_argument().unwrap(), "false");
        assert_eq!((-7_i64).to_argument().unwrap(), "-7");
    }
}
