//! The listing of a surface: one line for each function and type. Listings can be read and compared.

use std::fmt::Write;

use super::rust_type::{owned, parameter, setter};
use super::types::field_type;
use crate::generator::Generated;
use crate::model::{Api, Function, TypeBody, TypeDef};

impl Generated {
    /// Lists everything that was generated: the types that editions share, then [`Api::listing`] of each edition.
    pub fn listing(&self) -> String {
        let mut text = String::new();
        if !self.shared_types.is_empty() {
            text.push_str("types of several editions\n\n");
            self.shared_types
                .iter()
                .for_each(|definition| type_line(&mut text, definition));
        }
        for api in &self.apis {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&api.listing());
        }
        text
    }
}

impl Api {
    /// Lists the surface with one line for each function, in the order of the wire names. A line has the Rust
    /// signature, the setters and the result. After `//` follow the wire name, the effect, and `long` if the function
    /// is long-running.
    ///
    /// The types of this edition follow the functions: ids as `Name(content)`, vocabularies and sets as
    /// `Name = Variant "word" | ...`, objects as `Name { field: type "member", ... }`, and hand-written types as
    /// `Name is path::Name`.
    pub fn listing(&self) -> String {
        let functions = self.functions();
        let mut text = format!(
            "{}: {}, port {}, {} functions\n\n",
            self.name,
            self.title,
            self.port,
            functions.len()
        );
        for function in functions {
            function_line(&mut text, self, function);
        }
        if !self.types.is_empty() {
            text.push('\n');
            self.types
                .iter()
                .for_each(|definition| type_line(&mut text, definition));
        }
        text
    }
}

fn function_line(text: &mut String, api: &Api, function: &Function) {
    let on = match &api.handle {
        Some(handle) if function.on_handle => handle.name.as_str(),
        _ => "Client",
    };
    let required = function
        .required()
        .map(|argument| (&argument.name, &argument.ty))
        .chain(function.combined.iter().map(|parts| (&parts.name, &parts.ty)))
        .map(|(name, ty)| format!(", {}: {}", name.ident(), parameter(ty)));
    let setters = function
        .optional()
        .map(|argument| format!(" .{}({})", argument.name.ident(), setter(&argument.ty)));
    // Writing to a `String` cannot fail.
    _ = writeln!(
        text,
        "{on}::{}(&self{}){} -> {}  // {}, {}{}",
        function.method.ident(),
        required.collect::<String>(),
        setters.collect::<String>(),
        owned(&function.result),
        function.wire,
        function.effect.as_str(),
        if function.long { ", long" } else { "" },
    );
}

fn type_line(text: &mut String, definition: &TypeDef) {
    let name = &definition.name;
    let line = match &definition.body {
        _ if definition.rust.is_some() => {
            format!("{name} is {}", definition.rust.as_deref().unwrap_or_default())
        }
        TypeBody::Parts => name.clone(),
        TypeBody::Set { item, alone, .. } => {
            let variants = alone
                .iter()
                .map(|word| format!("{} {:?} | ", word.variant.as_str(), word.wire));
            format!("{name} = {}Of(set of {item})", variants.collect::<String>())
        }
        TypeBody::NumberId => format!("{name}(i64)"),
        TypeBody::TextId => format!("{name}(str)"),
        TypeBody::AnyId => format!("{name}(any)"),
        TypeBody::Words { words, otherwise } => {
            let mut variants: Vec<String> = words
                .iter()
                .map(|word| format!("{} {:?}", word.variant.as_str(), word.wire))
                .collect();
            variants.extend(
                otherwise
                    .iter()
                    .map(|other| format!("{}({})", other.variant.as_str(), other.ty)),
            );
            format!("{name} = {}", variants.join(" | "))
        }
        TypeBody::Record { fields } => {
            let fields: Vec<String> = fields
                .iter()
                .map(|field| format!("{}: {} {:?}", field.name.ident(), field_type(field), field.wire))
                .collect();
            let fields = match fields.as_slice() {
                [] => "{}".to_owned(),
                fields => format!("{{ {} }}", fields.join(", ")),
            };
            let sent = if definition.sent { ", also sent" } else { "" };
            format!("{name} {fields}{sent}")
        }
    };
    text.push_str(&line);
    text.push('\n');
}
