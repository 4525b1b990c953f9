//! Vocabularies: the macro that gives generated enums their words.

use std::borrow::Cow;
use std::fmt;

use crate::argument::Unsendable;

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

        /// In the order of the words on the wire.
        impl ::core::cmp::Ord for $name {
            fn cmp(&self, other: &Self) -> ::core::cmp::Ordering {
                self.as_str().cmp(other.as_str())
            }
        }

        impl ::core::cmp::PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> ::core::option::Option<::core::cmp::Ordering> {
                ::core::option::Option::Some(::core::cmp::Ord::cmp(self, other))
            }
        }

        impl $crate::ToArgument for $name {
            fn to_argument(
                &self,
            ) -> ::core::result::Result<::std::borrow::Cow<'_, str>, $crate::Unsendable> {
                match self {
                    $(Self::$variant => ::core::result::Result::Ok(::std::borrow::Cow::Borrowed($word)),)*
                    Self::$other(content) => $crate::not_one_of(content.as_str(), &[$($word),*]),
                }
            }
        }

        $crate::read_and_write_as_text!($name);
    };
}

/// The text of the variant for other words, which must not be one of the words that have a variant: it would mean
/// that, and whoever wrote it something else.
#[doc(hidden)]
pub fn not_one_of<'a>(content: &'a str, words: &[&str]) -> Result<Cow<'a, str>, Unsendable> {
    match words.iter().find(|word| **word == content) {
        None => Ok(Cow::Borrowed(content)),
        Some(word) => Err(Unsendable::form(&format!(
            "here, `{word}` is no name but has a meaning of its own: use the variant that stands for it"
        ))),
    }
}

#[cfg(test)]
#[allow(unreachable_pub, reason = "the macros are made for public types")]
mod tests {
    use super::UnknownWord;
    use crate::{FromJson, ToArgument};

    #[derive(Clone, Debug, PartialEq, Eq)]
    enum State {
        WriteProtected,
        Unknown(UnknownWord),
    }
    crate::words!(State { WriteProtected = "writeProtected" } else Unknown(UnknownWord));

    #[derive(Clone, Debug, PartialEq, Eq)]
    struct Name(Box<str>);
    crate::text_id!(Name);

    #[derive(Clone, Debug, PartialEq, Eq)]
    enum Filter {
        All,
        One(Name),
    }
    crate::words!(Filter { All = "*" } else One(Name));

    #[test]
    fn words_are_read_in_any_case_and_sent_in_the_servers() {
        let state = State::from("WRITEprotected");
        assert_eq!(state, State::WriteProtected);
        assert_eq!(state.to_argument().unwrap(), "writeProtected");
    }

    #[test]
    fn a_word_that_is_not_known_survives() {
        let state = State::from_json(&"melting".into()).unwrap();
        assert_eq!(state.as_str(), "melting");
        assert_eq!(state.to_argument().unwrap(), "melting");
    }

    /// An instance that is called `*` would be every instance.
    #[test]
    fn a_name_that_the_server_reads_as_a_word_is_refused() {
        assert_eq!(Filter::from("*"), Filter::All);
        assert_eq!(Filter::One(Name::new("acme")).to_argument().unwrap(), "acme");
        let refused = Filter::One(Name::new("*")).to_argument().unwrap_err();
        assert!(refused.to_string().contains("`*` is no name"), "{refused}");
    }
}
