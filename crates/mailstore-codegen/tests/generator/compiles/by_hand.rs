//! Hand-written types that implement only the traits that generated code needs.

use std::borrow::Cow;

use mailstore_transport::{FromJson, Json, Problem, Reader, ToArgument, ToArguments, ToJson, Unsendable};

macro_rules! value {
    ($($doc:literal $name:ident)*) => {$(
        #[doc = $doc]
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name;

        impl FromJson for $name {
            fn read(_: &mut Reader<'_>) -> Result<Self, Problem> {
                Ok(Self)
            }
        }

        impl ToJson for $name {
            fn to_json(&self) -> Result<Json, Unsendable> {
                Ok(Json::null())
            }
        }
    )*};
}
value! { "An id of numbers." Type "An id of strings." Key "A word." Day "A set." Days "An object." Thing }

macro_rules! argument {
    ($($name:ident)*) => {$(
        impl ToArgument for $name {
            fn to_argument(&self) -> Result<Cow<'_, str>, Unsendable> {
                Ok(Cow::Borrowed("a"))
            }
        }
    )*};
}
argument! { Type Key Day Days }

/// Several arguments.
pub struct Span;

impl ToArguments for Span {
    fn to_arguments(&self) -> Vec<(&'static str, Result<String, Unsendable>)> {
        vec![("from", Ok(String::new())), ("to", Ok(String::new()))]
    }
}
