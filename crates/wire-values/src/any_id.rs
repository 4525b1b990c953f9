//! Ids that a server sends as a string or as a number.

use std::borrow::Cow;
use std::fmt;

use crate::argument::{ToArgument, Unsendable};
use crate::decode::whole;
use crate::encode::ToJson;
use crate::json::Json;
use crate::problem::Problem;
use crate::reader::{FromJson, Reader};

/// The content of an id that a server sends as a string or as a whole number. It is sent back in the same form.
///
/// The string `"7"` and the number `7` differ.
///
/// ```
/// use wire_values::{AnyId, from_json};
///
/// assert_eq!(from_json::<AnyId>("7")?, AnyId::Number(7));
/// assert_eq!(from_json::<AnyId>(r#""7""#)?, AnyId::Text("7".into()));
/// # Ok::<(), wire_values::Problem>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AnyId {
    /// A whole number.
    Number(i64),
    /// A string.
    Text(Box<str>),
}

impl fmt::Display for AnyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => text.fmt(f),
        }
    }
}

impl From<i64> for AnyId {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<&str> for AnyId {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for AnyId {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl FromJson for AnyId {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Problem> {
        const WHAT: &str = "a string or a whole number";
        if reader.is_number() {
            reader.number(WHAT, |digits| whole(digits).map(Self::Number))
        } else {
            reader.text(WHAT, |text| Some(Self::from(text)))
        }
    }
}

impl ToJson for AnyId {
    fn to_json(&self) -> Result<Json, Unsendable> {
        Ok(match self {
            Self::Number(number) => Json::from(*number),
            Self::Text(text) => Json::from(&**text),
        })
    }
}

impl ToArgument for AnyId {
    fn to_argument(&self) -> Result<Cow<'_, str>, Unsendable> {
        Ok(match self {
            Self::Number(number) => Cow::Owned(number.to_string()),
            Self::Text(text) => Cow::Borrowed(text),
        })
    }
}

/// Implements the traits of an id for a generated `struct Name(AnyId)`.
#[doc(hidden)]
#[macro_export]
macro_rules! any_id {
    ($name:ident) => {
        impl $name {
            /// Returns the string or number.
            pub fn get(&self) -> &$crate::AnyId {
                &self.0
            }
        }

        impl ::core::convert::From<i64> for $name {
            fn from(id: i64) -> Self {
                Self(<$crate::AnyId as ::core::convert::From<i64>>::from(id))
            }
        }

        impl ::core::convert::From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(<$crate::AnyId as ::core::convert::From<&str>>::from(id))
            }
        }

        impl ::core::convert::From<::std::string::String> for $name {
            fn from(id: ::std::string::String) -> Self {
                Self(<$crate::AnyId as ::core::convert::From<
                    ::std::string::String,
                >>::from(id))
            }
        }

        impl ::core::convert::From<$crate::AnyId> for $name {
            fn from(id: $crate::AnyId) -> Self {
                Self(id)
            }
        }

        impl ::core::convert::From<&$name> for $name {
            fn from(id: &$name) -> Self {
                ::core::clone::Clone::clone(id)
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&self.0, f)
            }
        }

        impl $crate::FromJson for $name {
            fn read(reader: &mut $crate::Reader<'_>) -> ::core::result::Result<Self, $crate::Problem> {
                <$crate::AnyId as $crate::FromJson>::read(reader).map(Self)
            }
        }

        impl $crate::ToJson for $name {
            fn to_json(&self) -> ::core::result::Result<$crate::Json, $crate::Unsendable> {
                $crate::ToJson::to_json(&self.0)
            }
        }

        $crate::serialize!($name);

        impl $crate::ToArgument for $name {
            fn to_argument(&self) -> ::core::result::Result<::std::borrow::Cow<'_, str>, $crate::Unsendable> {
                $crate::ToArgument::to_argument(&self.0)
            }
        }
    };
}

#[cfg(test)]
#[allow(unreachable_pub, reason = "the macro is made for public types")]
mod tests {
    use super::*;
    use crate::from_json;

    #[derive(Clone, Debug, PartialEq, Eq)]
    struct Id(AnyId);
    crate::any_id!(Id);

    #[test]
    fn strings_and_numbers_are_sent_back_in_the_same_form() {
        for text in ["7", "-1", r#""7""#, r#""receiver01:99""#, r#""\u00e4""#] {
            let id: Id = from_json(text).unwrap();
            assert_eq!(
                from_json::<Id>(id.to_json().unwrap().text()).unwrap(),
                id,
                "{text}"
            );
        }
        assert_ne!(Id::from(7), Id::from("7"));
        assert_eq!(Id::from(7).to_string(), Id::from("7").to_argument().unwrap());
        assert_eq!(Id::from("x".to_owned()).get(), &AnyId::Text("x".into()));
    }

    #[test]
    fn other_values_are_rejected() {
        for text in ["null", "true", "1.5", "[]", "9223372036854775808"] {
            let problem = from_json::<Id>(text).unwrap_err().to_string();
            assert!(
                problem.contains("expected a string or a whole number"),
                "{problem}"
            );
        }
    }
}
