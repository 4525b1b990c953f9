//! Writes types of the model as Rust code.

use proc_macro2::TokenStream;

use crate::model::{Shape, Type};

/// The type of a parameter for a required argument.
pub(super) fn parameter(ty: &Type) -> String {
    match ty {
        Type::String | Type::Null => "&str".to_owned(),
        Type::Json => "impl Serialize".to_owned(),
        Type::Secret => "&SecretString".to_owned(),
        Type::DateTime => "impl IntoDateTime".to_owned(),
        Type::Named { name, shape, .. } => match shape {
            Shape::TextId | Shape::AnyId | Shape::Record => format!("&{name}"),
            Shape::Set => format!("impl Into<{name}>"),
            Shape::NumberId | Shape::Words | Shape::Parts => name.clone(),
        },
        Type::List(item) => match &**item {
            Type::String => "impl IntoIterator<Item = impl AsRef<str>>".to_owned(),
            Type::Named {
                name,
                shape: Shape::Record,
                ..
            } => format!("&[{name}]"),
            item => format!("impl IntoIterator<Item = {}>", owned(item)),
        },
        Type::Number
        | Type::Bool
        | Type::Time
        | Type::Utc
        | Type::EpochMilliseconds
        | Type::EpochMicroseconds
        | Type::Seconds
        | Type::Port => owned(ty),
    }
}

/// The type `T` of the `IntoOption<T>` that the setter of an optional argument takes. `None` for JSON, because its
/// setter takes any value that serializes.
pub(super) fn optional(ty: &Type) -> Option<String> {
    Some(match ty {
        Type::Json => return None,
        Type::String | Type::Null => "&str".to_owned(),
        Type::Secret => "&SecretString".to_owned(),
        Type::Named {
            name,
            shape: Shape::TextId | Shape::AnyId | Shape::Record,
            ..
        } => format!("&{name}"),
        Type::List(item) if item.shape() == Some(Shape::Record) => format!("&[{}]", owned(item)),
        ty => owned(ty),
    })
}

/// The type that the setter of an optional argument takes.
pub(super) fn setter(ty: &Type) -> String {
    match optional(ty) {
        None => parameter(ty),
        Some(value) => format!("impl IntoOption<{value}>"),
    }
}

/// The type of a result or a field.
pub(super) fn owned(ty: &Type) -> String {
    match ty {
        Type::Null => "()".to_owned(),
        Type::String => "String".to_owned(),
        Type::Number => "i64".to_owned(),
        Type::Bool => "bool".to_owned(),
        Type::Json => "Json".to_owned(),
        Type::Secret => "SecretString".to_owned(),
        Type::DateTime => "DateTime".to_owned(),
        Type::Time => "Time".to_owned(),
        Type::Utc | Type::EpochMilliseconds => "Timestamp".to_owned(),
        Type::EpochMicroseconds => "Microseconds".to_owned(),
        Type::Seconds => "Duration".to_owned(),
        Type::Port => "u16".to_owned(),
        Type::Named { name, .. } => name.clone(),
        Type::List(item) => format!("Vec<{}>", owned(item)),
    }
}

/// The name that an owned type imports from the runtime crate.
pub(super) fn runtime_name(ty: &Type) -> Option<&'static str> {
    match ty {
        Type::Json => Some("Json"),
        Type::Secret => Some("SecretString"),
        Type::DateTime => Some("DateTime"),
        Type::Time => Some("Time"),
        Type::Utc | Type::EpochMilliseconds => Some("Timestamp"),
        Type::EpochMicroseconds => Some("Microseconds"),
        Type::Seconds => Some("Duration"),
        Type::List(item) => runtime_name(item),
        _ => None,
    }
}

/// The tokens of a type.
pub(super) fn tokens(ty: &str) -> TokenStream {
    ty.parse().expect("generated types are valid Rust")
}
