//! The macros that implement the behaviour of generated ids.

/// Implements the traits of an id for a generated `struct Name(pub i64)`.
#[doc(hidden)]
#[macro_export]
macro_rules! number_id {
    ($name:ident) => {
        impl ::core::convert::From<i64> for $name {
            fn from(number: i64) -> Self {
                Self(number)
            }
        }

        impl ::core::convert::From<$name> for i64 {
            fn from(id: $name) -> Self {
                id.0
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
                <i64 as ::core::str::FromStr>::from_str(text).map(Self)
            }
        }

        impl $crate::FromJson for $name {
            fn read(reader: &mut $crate::Reader<'_>) -> ::core::result::Result<Self, $crate::Problem> {
                <i64 as $crate::FromJson>::read(reader).map(Self)
            }
        }

        impl $crate::ToJson for $name {
            fn to_json(&self) -> ::core::result::Result<$crate::Json, $crate::Unsendable> {
                ::core::result::Result::Ok($crate::Json::from(self.0))
            }
        }

        $crate::serialize!($name);

        impl $crate::ToArgument for $name {
            fn to_argument(&self) -> ::core::result::Result<::std::borrow::Cow<'_, str>, $crate::Unsendable> {
                ::core::result::Result::Ok(::std::borrow::Cow::Owned(
                    ::std::string::ToString::to_string(&self.0),
                ))
            }
        }
    };
}

/// Implements the traits of an id for a generated `struct Name(Box<str>)`.
#[doc(hidden)]
#[macro_export]
macro_rules! text_id {
    ($name:ident) => {
        impl $name {
            /// Creates an id from a string, without validation.
            pub fn new(text: &str) -> Self {
                Self(::std::boxed::Box::from(text))
            }

            /// Returns the id as a string.
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

        /// Never fails, because ids are not validated.
        impl ::core::str::FromStr for $name {
            type Err = ::core::convert::Infallible;

            fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
                ::core::result::Result::Ok(Self::new(text))
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

        impl $crate::ToArgument for $name {
            fn to_argument(&self) -> ::core::result::Result<::std::borrow::Cow<'_, str>, $crate::Unsendable> {
                ::core::result::Result::Ok(::std::borrow::Cow::Borrowed(self.as_str()))
            }
        }

        $crate::read_and_write_as_text!($name);
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! read_and_write_as_text {
    ($name:ident) => {
        impl $crate::FromJson for $name {
            fn read(reader: &mut $crate::Reader<'_>) -> ::core::result::Result<Self, $crate::Problem> {
                reader.text("a string", |text| {
                    ::core::option::Option::Some(<Self as ::core::convert::From<&str>>::from(text))
                })
            }
        }

        impl $crate::ToJson for $name {
            fn to_json(&self) -> ::core::result::Result<$crate::Json, $crate::Unsendable> {
                ::core::result::Result::Ok($crate::Json::from(self.as_str()))
            }
        }

        $crate::serialize!($name);
    };
}

#[cfg(test)]
#[allow(unreachable_pub, reason = "the macros are made for public types")]
mod tests {
    use crate::{FromJson, ToArgument};

    #[derive(Clone, Copy, Debug, PartialEq)]
    struct StoreId(i64);
    crate::number_id!(StoreId);

    #[test]
    fn ids_are_decoded_displayed_and_sent_as_numbers() {
        let id: StoreId = "3".parse().unwrap();
        assert_eq!((id, id.to_string().as_str()), (StoreId(3), "3"));
        assert_eq!(StoreId::from_json(&3.into()).unwrap(), id);
        assert_eq!(id.to_argument().unwrap(), "3");
    }
}
