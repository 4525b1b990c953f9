//! The macro that implements generated vocabularies.

use std::borrow::Cow;
use std::fmt;

use crate::argument::Unsendable;
use crate::printable::printable;

/// A word that this version does not know. The `as_str` of the enum returns it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct UnknownWord(Box<str>);

impl UnknownWord {
    /// Called by generated code.
    #[doc(hidden)]
    pub fn new(word: &str) -> Self {
        Self(word.into())
    }

    /// Returns the word as the server sent it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for UnknownWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        printable(&self.0).fmt(f)
    }
}

/// A string is not one of the words that this version knows. The error lists the words, but does not show the string.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a word that this version knows: expected {}", self.expected())]
pub struct ParseWordError {
    known: &'static [&'static str],
    alone: &'static [&'static str],
}

impl ParseWordError {
    /// Called by generated code. `alone` contains the words of a set that cannot be combined with others.
    #[doc(hidden)]
    pub const fn new(known: &'static [&'static str], alone: &'static [&'static str]) -> Self {
        Self { known, alone }
    }

    /// Returns the allowed words.
    pub fn allowed(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.known.iter().chain(self.alone).copied()
    }

    fn expected(&self) -> String {
        let list = |words: &[&str]| {
            let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
            quoted.join(", ")
        };
        match (self.known, self.alone) {
            ([], []) => "no word, because this version knows none".to_owned(),
            (known, []) => format!("one of {}", list(known)),
            ([], alone) => format!("one of {}", list(alone)),
            (known, alone) => format!(
                "either {}, or any of {} separated by commas",
                list(alone),
                list(known)
            ),
        }
    }
}

/// Implements a generated enum as a vocabulary: comparison, `as_str`, `FromStr`, `From<&str>`, `Display`, decoding and
/// sending.
///
/// The last variant holds every word that is not in the table. A word is first matched exactly, then ignoring case,
/// because the server's spelling varies. Two values are equal if their words on the wire are equal. So `Eq`, `Ord` and
/// `Hash` agree, even if a program puts a known word into the last variant.
#[doc(hidden)]
#[macro_export]
macro_rules! words {
    ($name:ident { $($variant:ident = $word:literal),* $(,)? } else Unknown(UnknownWord)) => {
        $crate::words!(@all $name { $($variant = $word),* } Unknown($crate::UnknownWord));

        impl $name {
            /// Returns whether this version does not know the word. A newer server may send unknown words.
            pub fn is_unknown(&self) -> bool {
                ::core::matches!(self, Self::Unknown(_))
            }
        }

        /// Parses a word that this version knows, in any case. `From<&str>` is lenient: it keeps other words as
        /// `Unknown`.
        impl ::core::str::FromStr for $name {
            type Err = $crate::ParseWordError;

            fn from_str(word: &str) -> ::core::result::Result<Self, Self::Err> {
                match <Self as ::core::convert::From<&str>>::from(word) {
                    Self::Unknown(_) => ::core::result::Result::Err(
                        $crate::ParseWordError::new(Self::WORDS, &[]),
                    ),
                    known => ::core::result::Result::Ok(known),
                }
            }
        }
    };
    ($name:ident { $($variant:ident = $word:literal),* $(,)? } else $other:ident($content:ident)) => {
        $crate::words!(@all $name { $($variant = $word),* } $other($content));

        impl $name {
            /// Always returns `false`, because every word that is not in the table is a name.
            pub fn is_unknown(&self) -> bool {
                false
            }
        }

        /// Never fails, because every word that is not in the table is a name.
        impl ::core::str::FromStr for $name {
            type Err = $crate::ParseWordError;

            fn from_str(word: &str) -> ::core::result::Result<Self, Self::Err> {
                ::core::result::Result::Ok(<Self as ::core::convert::From<&str>>::from(word))
            }
        }
    };
    (@all $name:ident { $($variant:ident = $word:literal),* } $other:ident($content:ty)) => {
        impl $name {
            /// The words that this version knows, as on the wire.
            pub const WORDS: &'static [&'static str] = &[$($word),*];

            /// Returns the word on the wire.
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
                    _ => Self::$other(<$content>::new(word)),
                }
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        /// Two values are equal if their words on the wire are equal.
        impl ::core::cmp::PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.as_str() == other.as_str()
            }
        }

        impl ::core::cmp::Eq for $name {}

        impl ::core::hash::Hash for $name {
            fn hash<H: ::core::hash::Hasher>(&self, state: &mut H) {
                ::core::hash::Hash::hash(self.as_str(), state);
            }
        }

        /// Compares the words on the wire.
        impl ::core::cmp::Ord for $name {
            fn cmp(&self, other: &Self) -> ::core::cmp::Ordering {
                ::core::cmp::Ord::cmp(self.as_str(), other.as_str())
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
                    Self::$other(content) => $crate::not_one_of(content.as_str(), Self::WORDS),
                }
            }
        }

        $crate::read_and_write_as_text!($name);
    };
}

/// Returns the content of the variant for other words. It must not be a word that has its own variant, because the
/// server would give it the meaning of that word.
#[doc(hidden)]
pub fn not_one_of<'a>(content: &'a str, words: &[&str]) -> Result<Cow<'a, str>, Unsendable> {
    match words.iter().find(|word| **word == content) {
        None => Ok(Cow::Borrowed(content)),
        Some(word) => Err(Unsendable::form(&format!(
            "`{word}` has a special meaning here and is not a name: use the variant of this word"
        ))),
    }
}

#[cfg(test)]
#[allow(unreachable_pub, reason = "the macros are made for public types")]
mod tests {
    use super::UnknownWord;
    use crate::{FromJson, ToArgument};

    #[derive(Clone, Debug)]
    enum State {
        WriteProtected,
        Unknown(UnknownWord),
    }
    crate::words!(State { WriteProtected = "writeProtected" } else Unknown(UnknownWord));

    #[derive(Clone, Debug, PartialEq, Eq)]
    struct Name(Box<str>);
    crate::text_id!(Name);

    #[derive(Clone, Debug)]
    enum Filter {
        All,
        One(Name),
    }
    crate::words!(Filter { All = "*" } else One(Name));

    #[test]
    fn words_are_decoded_in_any_case_and_sent_as_the_server_spells_them() {
        let state = State::from("WRITEprotected");
        assert_eq!(state, State::WriteProtected);
        assert_eq!(state.to_argument().unwrap(), "writeProtected");
    }

    #[test]
    fn an_unknown_word_is_kept() {
        let state = State::from_json(&"melting".into()).unwrap();
        assert_eq!(state.as_str(), "melting");
        assert_eq!(state.to_argument().unwrap(), "melting");
    }

    /// The name `*` of an instance would select every instance.
    #[test]
    fn a_name_that_the_server_reads_as_a_word_is_rejected() {
        assert_eq!(Filter::from("*"), Filter::All);
        assert_eq!(Filter::One(Name::new("acme")).to_argument().unwrap(), "acme");
        let refused = Filter::One(Name::new("*")).to_argument().unwrap_err();
        assert!(
            refused.to_string().contains("`*` has a special meaning"),
            "{refused}"
        );
    }

    #[test]
    fn from_str_rejects_unknown_words_and_from_keeps_them() {
        assert_eq!("WRITEprotected".parse(), Ok(State::WriteProtected));
        let error = "melting".parse::<State>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "not a word that this version knows: expected one of `writeProtected`"
        );
        assert!(error.allowed().eq(["writeProtected"]));
        assert!(State::from("melting").is_unknown() && !State::WriteProtected.is_unknown());
        assert_eq!(
            State::WriteProtected.to_string().parse(),
            Ok(State::WriteProtected)
        );
        let one: Filter = "acme".parse().unwrap();
        assert_eq!(one, Filter::One(Name::new("acme")));
        assert!(!one.is_unknown());
    }

    /// A program can put a word of another vocabulary into the variant for unknown words.
    #[test]
    fn eq_ord_and_hash_agree_if_an_unknown_word_is_spelled_like_a_known_word() {
        use std::collections::{BTreeSet, HashSet};

        let disguised = State::Unknown(UnknownWord::new("writeProtected"));
        assert_eq!(disguised, State::WriteProtected);
        assert_eq!(disguised.cmp(&State::WriteProtected), std::cmp::Ordering::Equal);
        let both = [disguised, State::WriteProtected];
        assert_eq!(both.iter().collect::<HashSet<_>>().len(), 1);
        assert_eq!(both.iter().collect::<BTreeSet<_>>().len(), 1);
        let other = State::Unknown(UnknownWord::new("WRITEPROTECTED"));
        assert_ne!(other, State::WriteProtected);
        assert_ne!(other.cmp(&State::WriteProtected), std::cmp::Ordering::Equal);
    }
}
