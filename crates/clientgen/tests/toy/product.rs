//! The toy product: how its function list is read, and its settings for the generator.

use clientgen::listing::{Argument, ArgumentKind, Function, Listing};
use clientgen::{ClientTemplate, Reserved, Target};
use quote::quote;
use serde::Deserialize;

pub(crate) static TARGET: Target = Target {
    generator: "toy-codegen",
    runtime: "crate::runtime::generated_v1",
    title: "Toy API",
    port: 0,
    begin: "Begin with `Client::new`.",
    client: |_| ClientTemplate {
        doc: "A client of the parcel server.".to_owned(),
        imports: &[],
        methods: quote! {
            /// Uses this connection.
            pub fn new(connection: Connection) -> Self {
                Self { connection }
            }
        },
        uses: quote! { drop(Client::new(any())); },
    },
    reserved: Reserved {
        methods: &["new"],
        setters: &[],
        modules: &[],
        types: &[],
    },
};

/// A function as the list has it.
#[derive(Deserialize)]
struct Entry {
    name: String,
    overload: Option<String>,
    since: Option<String>,
    parameters: Option<Vec<Parameter>>,
}

#[derive(Deserialize)]
struct Parameter {
    name: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    optional: bool,
    #[serde(default)]
    by_name: bool,
    default: Option<String>,
}

/// The function list of the product.
pub(crate) fn listing() -> Listing {
    let entries: Vec<Entry> = serde_json::from_str(include_str!("functions.json")).expect("the list is JSON");
    let functions = entries.into_iter().map(function).collect();
    Listing::new("functions.json", "", functions).expect("the list has valid names")
}

fn function(entry: Entry) -> Function {
    Function {
        name: entry.name,
        by_name_only: entry.parameters.is_none(),
        out: Vec::new(),
        arguments: entry.parameters.into_iter().flatten().map(argument).collect(),
        path: String::new(),
        overload: entry.overload,
        since: entry.since,
    }
}

fn argument(parameter: Parameter) -> Argument {
    Argument {
        kind: ArgumentKind::from_word(&parameter.kind).expect("a known type word"),
        name: parameter.name,
        nullable: parameter.optional,
        default: parameter.default,
        by_name: parameter.by_name,
    }
}
