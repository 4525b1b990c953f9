//! Ids and vocabularies: the macros that give generated types their behaviour.

use std::fmt;

/// A word that this version does not know. Read it with the `as_str` of the type that holds it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct UnknownWord(Box<str>);

impl UnknownWord {
    /// Called by generated code.
    #[doc(hidden)]
    pub fn new(word: &str) -> Self {
        Self(word.into())
    }

    /// The word as the server sent it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for UnknownWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Gives a generated enum its words: `as_str`, `From<&str>`, `Display`, reading and sending.
///
/// The last variant takes every word that is not in the table. A word is matched exactly first and without
/// regard to case second: the server's own spelling varies.
#[doc(hidden)]
#[macro_export]
macro_rules! words {
    ($name:ident { $($variant:ident = $word:literal),* $(,)? } else $other:ident($content:ident)) => {
        impl $name {
            /// The word on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)*
                    Self::$other(word) => word.as_str(),
                }
            }
        }

        impl ::core::convert::From<&str> for $name {
            fn from(word: &str) -> Self {
                match word {
                    $($word => Self::$variant,)*
                    $(_ if word.eq_ignore_ascii_case($word) => Self::$variant,)*
                    _ => Self::$other($content::new(word)),
                }
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        $crate::read_and_send_as_text!($name);
    };
}

/// Gives a generated `struct Name(pub i64)` what an id needs.
#[doc(hidden)]
#[macro_export]
macro_rules! number_id {
    ($name:ident) => {
        impl ::core::convert::From<i64> for $name {
            fn from(number: i64) -> Self {
                Self(number)
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&self.0, f)
            }
        }

        impl ::core::str::FromStr for $name {
            type Err = ::core::num::ParseIntError;

            fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl $crate::FromJson for $name {
            fn from_json(value: $crate::Value) -> ::core::result::Result<Self, $crate::Problem> {
                <i64 as $crate::FromJson>::from_json(value).map(Self)
            }
        }

        impl $crate::ToArgument for $name {
            fn to_argument(&self) -> ::std::borrow::Cow<'_, str> {
                ::std::borrow::Cow::Owned(::std::string::ToString::to_string(&self.0))
            }
        }
    };
}

/// Gives a generated `struct Name(Box<str>)` what an id needs.
#[doc(hidden)]
#[macro_export]
macro_rules! text_id {
    ($name:ident) => {
        impl $name {
            /// The id with this text; it is not checked.
            pub fn new(text: &str) -> Self {
                Self(::std::boxed::Box::from(text))
            }

            /// The text of the id.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl ::core::convert::From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::new(text)
            }
        }

        impl ::core::convert::From<::std::string::String> for $name {
            fn from(text: ::std::string::String) -> Self {
                Self(text.into_boxed_str())
            }
        }

        impl ::core::convert::From<&$name> for $name {
            fn from(id: &$name) -> Self {
                ::core::clone::Clone::clone(id)
            }
        }

        impl ::core::convert::AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(&self.0)
            }
        }

        $crate::read_and_send_as_text!($name);
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! read_and_send_as_text {
    ($name:ident) => {
        impl $crate::FromJson for $name {
            fn from_json(value: $crate::Value) -> ::core::result::Result<Self, $crate::Problem> {
                let text = <::std::string::String as $crate::FromJson>::from_json(value)?;
                ::core::result::Result::Ok(Self::from(text.as_str()))
            }
        }

        impl $crate::ToArgument for $name {
            fn to_argument(&self) -> ::std::borrow::Cow<'_, str> {
                ::std::borrow::Cow::Borrowed(self.as_str())
            }
        }
    };
}

#[cfg(test)]
#[allow(unreachable_pub, reason = "the macros are made for public types")]
mod tests {
    use super::UnknownWord;
    use crate::{FromJson, ToArgument};

    #[derive(Clone, Debug, PartialEq)]
    enum State {
        WriteProtected,
        Unknown(UnknownWord),
    }
    words!(State { WriteProtected = "writeProtected" } else Unknown(UnknownWord));

    #[derive(Clone, Copy, Debug, PartialEq)]
    struct StoreId(i64);
    number_id!(StoreId);

    #[test]
    fn words_are_read_in_any_case_and_sent_in_the_servers() {
        let state = State::from("WRITEprotected");
        assert_eq!(state, State::WriteProtected);
        assert_eq!(state.to_argument(), "writeProtected");
    }

    #[test]
    fn a_word_that_is_not_known_survives() {
        let state = State::from_json("melting".into()).unwrap();
        assert_eq!(state.as_str(), "melting");
        assert_eq!(state.to_argument(), "melting");
    }

    #[test]
    fn ids_are_read_printed_and_sent_as_numbers() {
        let id: StoreId = "3".parse().unwrap();
        assert_eq!((id, id.to_string().as_str()), (StoreId(3), "3"));
        assert_eq!(StoreId::from_json(3.into()).unwrap(), id);
    }
}
