//! The macro that implements generated sets of words. Some words cannot be combined with others.

use crate::argument::Unsendable;
use crate::problem::Problem;
use crate::reader::{FromJson, Reader};
use crate::vocabulary::ParseWordError;

/// Implements a generated enum as a set of words. The words in `$word` cannot be combined with others.
///
/// `$empty` is the variant that is equal to an empty set.
#[doc(hidden)]
#[macro_export]
macro_rules! word_set {
    ($name:ident of $item:ident { $($alone:ident = $word:literal),+ } empty $empty:ident) => {
        impl $name {
            /// Returns the words on the wire: the sorted words of the set, or one word that cannot be combined with
            /// others.
            pub fn words(&self) -> ::std::vec::Vec<&str> {
                match self {
                    $(Self::$alone => ::std::vec![$word],)+
                    Self::Of(items) if items.is_empty() => Self::$empty.words(),
                    Self::Of(items) => items.iter().map($item::as_str).collect(),
                }
            }

            /// Returns whether this version does not know one of the words. A newer server may send unknown words.
            pub fn has_unknown_words(&self) -> bool {
                ::core::matches!(self, Self::Of(items) if items.iter().any($item::is_unknown))
            }

            /// Returns whether this word is in the set. It does not consider what other words imply.
            pub fn contains(&self, item: &$item) -> bool {
                ::core::matches!(self, Self::Of(items) if items.contains(item))
            }
        }

        impl ::core::convert::From<$item> for $name {
            fn from(item: $item) -> Self {
                <Self as ::core::iter::FromIterator<$item>>::from_iter([item])
            }
        }

        impl<const N: usize> ::core::convert::From<[$item; N]> for $name {
            fn from(items: [$item; N]) -> Self {
                <Self as ::core::iter::FromIterator<$item>>::from_iter(items)
            }
        }

        impl ::core::convert::From<::std::vec::Vec<$item>> for $name {
            fn from(items: ::std::vec::Vec<$item>) -> Self {
                <Self as ::core::iter::FromIterator<$item>>::from_iter(items)
            }
        }

        impl ::core::iter::FromIterator<$item> for $name {
            fn from_iter<I: ::core::iter::IntoIterator<Item = $item>>(items: I) -> Self {
                let mut set = ::std::collections::BTreeSet::new();
                // Inserting one item after the other needs less code than the constructor, which sorts them first.
                ::core::iter::Extend::extend(&mut set, items);
                let items = set;
                let alone = if items.len() < 2 {
                    items.first().map_or($crate::first(&Self::$empty.words()), $item::as_str)
                } else {
                    ""
                };
                match alone {
                    $($word => Self::$alone,)+
                    _ => Self::Of(items),
                }
            }
        }

        /// Converts one word to a set.
        impl $crate::IntoOption<$name> for $item {
            fn into_option(self) -> ::core::option::Option<$name> {
                ::core::option::Option::Some(<$name as ::core::convert::From<$item>>::from(self))
            }
        }

        impl<const N: usize> $crate::IntoOption<$name> for [$item; N] {
            fn into_option(self) -> ::core::option::Option<$name> {
                ::core::option::Option::Some(<$name as ::core::iter::FromIterator<$item>>::from_iter(self))
            }
        }

        impl $crate::IntoOption<$name> for ::std::vec::Vec<$item> {
            fn into_option(self) -> ::core::option::Option<$name> {
                ::core::option::Option::Some(<$name as ::core::iter::FromIterator<$item>>::from_iter(self))
            }
        }

        /// Two sets are equal if their words on the wire are equal.
        impl ::core::cmp::PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.words() == other.words()
            }
        }

        impl ::core::cmp::Eq for $name {}

        impl ::core::hash::Hash for $name {
            fn hash<H: ::core::hash::Hasher>(&self, state: &mut H) {
                ::core::hash::Hash::hash(&self.words(), state);
            }
        }

        /// Parses the format of `Display`, in any case: words separated by commas, or one word that cannot be combined
        /// with others.
        ///
        /// Rejects words that this version does not know. To keep unknown words, collect them:
        /// `text.split(',').map(Word::from).collect()`.
        impl ::core::str::FromStr for $name {
            type Err = $crate::ParseWordError;

            fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
                $crate::parse_set(text, &[$($word),+], $item::WORDS, |word| {
                    <$item as ::core::str::FromStr>::from_str(word).ok()
                })
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(&self.words().join(","))
            }
        }

        /// Decodes an array of words or a string of words with commas. If one of several words cannot be combined with
        /// others, the others are ignored.
        impl $crate::FromJson for $name {
            fn read(reader: &mut $crate::Reader<'_>) -> ::core::result::Result<Self, $crate::Problem> {
                let mut words = $crate::words_of(reader)?;
                let alone = $crate::alone_among(&mut words, &[$($word),+], Self::$empty.words()[0]);
                ::core::result::Result::Ok(match alone {
                    $(::core::option::Option::Some($word) => Self::$alone,)+
                    _ => <Self as ::core::iter::FromIterator<$item>>::from_iter(
                        words.iter().map(|word| <$item as ::core::convert::From<&str>>::from(word.as_str())),
                    ),
                })
            }
        }

        impl $crate::ToArgument for $name {
            fn to_argument(
                &self,
            ) -> ::core::result::Result<::std::borrow::Cow<'_, str>, $crate::Unsendable> {
                let words = self.words();
                $crate::check_words(&words, &[$($word),+])?;
                ::core::result::Result::Ok(::std::borrow::Cow::Owned(words.join(",")))
            }
        }

        /// Writes an array of words, as the server does.
        impl $crate::ToJson for $name {
            fn to_json(&self) -> ::core::result::Result<$crate::Json, $crate::Unsendable> {
                ::core::result::Result::Ok($crate::Json::from(self.words()))
            }
        }

        $crate::serialize!($name);
    };
}

/// Reads the words of a set from a server: an array of strings, or (in versions 7 and 8) a string with commas.
#[doc(hidden)]
pub fn words_of(reader: &mut Reader<'_>) -> Result<Vec<String>, Problem> {
    let Some(text) = reader.string() else {
        return FromJson::read(reader);
    };
    let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
    Ok(words.map(str::to_owned).collect())
}

/// Returns the word among those of a server that cannot be combined with others. Removes `empty`, the word for an empty
/// set, if there are other words.
#[doc(hidden)]
pub fn alone_among(words: &mut Vec<String>, alone: &[&'static str], empty: &str) -> Option<&'static str> {
    if words.len() > 1 {
        words.retain(|word| !word.eq_ignore_ascii_case(empty));
    }
    let among = |alone: &&str| words.iter().any(|word| word.eq_ignore_ascii_case(alone));
    alone.iter().copied().find(among)
}

/// Returns the word that is sent for an empty set.
#[doc(hidden)]
pub fn first<'a>(words: &[&'a str]) -> &'a str {
    words.first().copied().unwrap_or_default()
}

/// Parses a set strictly: one word that cannot be combined with others, or known words separated by commas.
#[doc(hidden)]
pub fn parse_set<Item, Set: FromIterator<Item> + FromJson>(
    text: &str,
    alone: &'static [&'static str],
    known: &'static [&'static str],
    parse: fn(&str) -> Option<Item>,
) -> Result<Set, ParseWordError> {
    let refused = || ParseWordError::new(known, alone);
    let text = text.trim();
    if alone.iter().any(|word| word.eq_ignore_ascii_case(text)) {
        return Set::from_json(&text.into()).map_err(|_| refused());
    }
    let words = text.split(',').map(|word| parse(word.trim()));
    words.collect::<Option<Set>>().ok_or_else(refused)
}

/// Rejects words that the server would misread: empty words, words with commas (which separate words), and combinations
/// with a word that cannot be combined. Only words that were made from a string can be invalid.
#[doc(hidden)]
pub fn check_words(words: &[&str], alone: &[&str]) -> Result<(), Unsendable> {
    if words.iter().any(|word| word.is_empty() || word.contains(',')) {
        return Err(Unsendable::form(
            "a word of a set must not be empty and must have no comma, because commas separate words",
        ));
    }
    match words.iter().find(|word| words.len() > 1 && alone.contains(word)) {
        None => Ok(()),
        Some(word) => Err(Unsendable::form(&format!(
            "`{word}` cannot be combined with other words"
        ))),
    }
}

#[cfg(test)]
#[allow(unreachable_pub, reason = "the macros are made for public types")]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use crate::{FromJson, Json, ToArgument, ToJson, UnknownWord};

    #[derive(Clone, Debug)]
    enum Right {
        Login,
        Archive,
        Unknown(UnknownWord),
    }
    crate::words!(Right { Login = "login", Archive = "archive" } else Unknown(UnknownWord));

    #[derive(Clone, Debug)]
    enum Rights {
        None,
        Admin,
        Of(BTreeSet<Right>),
    }
    crate::word_set!(Rights of Right { None = "none", Admin = "admin" } empty None);

    #[test]
    fn sets_are_sent_with_commas_and_an_empty_set_as_its_word() {
        let sent = |rights: Rights| rights.to_argument().unwrap().into_owned();
        assert_eq!(
            sent([Right::Login, Right::Archive, Right::Login].into()),
            "archive,login"
        );
        assert_eq!(sent(Right::Login.into()), "login");
        assert_eq!(sent(Rights::Admin), "admin");
        assert_eq!(sent(Vec::new().into()), "none");
        assert_eq!(sent(Rights::Of(BTreeSet::new())), "none");
    }

    #[test]
    fn a_combination_with_a_word_that_cannot_be_combined_is_rejected() {
        let rights = Rights::from([Right::Login, Right::from("admin")]);
        assert!(rights.to_argument().is_err());
    }

    /// Otherwise a string from a user could add words to a set.
    #[test]
    fn a_word_from_a_string_with_a_comma_is_rejected() {
        for text in ["login,archive", ",", ""] {
            let problem = Rights::from(Right::from(text)).to_argument().unwrap_err();
            assert!(problem.to_string().contains("no comma"), "{text:?}: {problem}");
        }
    }

    #[test]
    fn a_set_in_an_object_is_an_array() {
        let sent = |rights: Rights| rights.to_json().unwrap();
        assert_eq!(
            sent(Rights::from([Right::Login, Right::Archive])),
            json!(["archive", "login"]).into()
        );
        assert_eq!(sent(Rights::Admin), json!(["admin"]).into());
        assert_eq!(sent(Rights::Of(BTreeSet::new())), json!(["none"]).into());
    }

    #[test]
    fn sets_with_unknown_words_are_decoded() {
        let read = |value| Rights::from_json(&Json::from(value)).unwrap();
        assert_eq!(read(json!(["login"])), Right::Login.into());
        assert_eq!(read(json!([])), Rights::None);
        assert_eq!(read(json!(["none"])), Rights::None);
        assert_eq!(read(json!(["login", "admin"])), Rights::Admin);
        assert_eq!(read(json!(["none", "login"])), Right::Login.into());
        assert_eq!(
            read(json!("login, archive")),
            [Right::Login, Right::Archive].into()
        );
        assert_eq!(read(json!(["fly"])).words(), ["fly"]);
        assert!(Rights::from_json(&json!([7]).into()).is_err());
        assert!(read(json!(["LOGIN"])).contains(&Right::Login));
    }

    #[test]
    fn parsing_accepts_the_display_format_and_rejects_unknown_words() {
        for set in [
            Rights::Admin,
            Rights::None,
            Right::Login.into(),
            [Right::Login, Right::Archive].into(),
        ] {
            assert_eq!(set.to_string().parse(), Ok(set));
        }
        assert_eq!(
            " LOGIN , archive".parse(),
            Ok(Rights::from([Right::Login, Right::Archive]))
        );
        for bad in ["fly", "login,fly", "login,admin", "none,login", "", ",", "login,"] {
            let error = bad.parse::<Rights>().unwrap_err();
            assert_eq!(
                error.to_string(),
                "not a word that this version knows: expected either `none`, `admin`, or any of `login`, `archive` \
                 separated by commas",
                "{bad}"
            );
        }
        let lenient: Rights = "login,fly".split(',').map(Right::from).collect();
        assert!(lenient.has_unknown_words());
        assert_eq!(lenient.words(), ["fly", "login"]);
    }

    #[test]
    fn sets_with_the_same_words_are_equal() {
        assert_eq!(Rights::Of(BTreeSet::new()), Rights::None);
        assert_eq!(Rights::from([Right::from("admin")]), Rights::Admin);
        assert_eq!(Rights::Of([Right::from("admin")].into()), Rights::Admin);
        assert_ne!(Rights::from([Right::Login]), Rights::Admin);
    }
}
