//! Strings with a required format. Strings from a program are validated. Strings from a server are accepted unchanged.

/// A string does not have the required format. The error does not show the string, which may be personal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid {what}: {rule}")]
pub struct Malformed {
    pub(crate) what: &'static str,
    pub(crate) rule: &'static str,
}

/// Lets `?` return it from functions that make calls.
impl From<Malformed> for mailstore_transport::Error {
    fn from(malformed: Malformed) -> Self {
        wire_values::Unsendable::form(&malformed.to_string()).into()
    }
}

/// Defines a newtype over a string with a required format. `$read` returns the string as it is sent, or `None` if it is
/// invalid.
macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $what:literal, $rule:literal, $read:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            const MALFORMED: $crate::Malformed = $crate::Malformed { what: $what, rule: $rule };

            /// Returns the string.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            fn read(text: &str) -> Option<std::borrow::Cow<'_, str>> {
                let read: fn(&str) -> Option<std::borrow::Cow<'_, str>> = $read;
                read(text)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::Malformed;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::read(text).map(|text| Self(text.into())).ok_or(Self::MALFORMED)
            }
        }

        impl TryFrom<&str> for $name {
            type Error = $crate::Malformed;

            fn try_from(text: &str) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl wire_values::FromJson for $name {
            fn read(
                reader: &mut wire_values::Reader<'_>,
            ) -> Result<Self, wire_values::Problem> {
                <String as wire_values::FromJson>::read(reader).map(|text| Self(text.into()))
            }
        }

        impl wire_values::ToJson for $name {
            fn to_json(&self) -> Result<wire_values::Json, wire_values::Unsendable> {
                Ok(self.as_str().into())
            }
        }

        wire_values::serialize!($name);

        impl wire_values::ToArgument for $name {
            fn to_argument(
                &self,
            ) -> Result<std::borrow::Cow<'_, str>, wire_values::Unsendable> {
                Self::read(&self.0)
                    .ok_or_else(|| wire_values::Unsendable::form(&Self::MALFORMED.to_string()))
            }
        }
    };
}
pub(crate) use text;
