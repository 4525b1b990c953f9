//! What a product tells the generator: the crate that generated code uses, its client, and its names.

use proc_macro2::TokenStream;

use crate::model::Api;

/// The settings of one product.
///
/// A product declares one static `Target`. Its runtime crate has a module with everything that generated code uses; the
/// [crate documentation](crate#the-runtime-crate) lists the names in it.
#[derive(Debug)]
pub struct Target {
    /// Name of the program in the headers of generated files and in errors. Only files whose header has this name are
    /// replaced or removed.
    pub generator: &'static str,
    /// Path of the module that generated code uses, such as `::my_runtime::generated_v1`.
    pub runtime: &'static str,
    /// Name of the API in words, if no overlay gives one.
    pub title: &'static str,
    /// Default TCP port, if no overlay gives one. Zero if the product has no port.
    pub port: u16,
    /// How a program begins to use a client, as a Markdown sentence.
    pub begin: &'static str,
    /// The part of the client that differs between products.
    pub client: fn(&Api) -> ClientTemplate,
    /// Names that the product uses in generated code, in addition to those of the generator.
    pub reserved: Reserved,
}

/// Names that overlays and functions cannot use because a product uses them.
#[derive(Debug)]
pub struct Reserved {
    /// Methods of the client.
    pub methods: &'static [&'static str],
    /// Methods of every request.
    pub setters: &'static [&'static str],
    /// Modules, such as the name of the runtime crate.
    pub modules: &'static [&'static str],
    /// Types and traits that the client or the macros of the runtime crate use by name.
    pub types: &'static [&'static str],
}

/// The part of the type `Client` that differs between products.
///
/// The generator writes `struct Client { connection: Connection }` and a method that creates a `Draft`.
#[derive(Clone, Debug)]
pub struct ClientTemplate {
    /// Markdown documentation of the type.
    pub doc: String,
    /// Names that `methods` uses of the runtime module.
    pub imports: &'static [&'static str],
    /// The methods of the client, with the constructor. The static `super::catalog::SURFACE` describes the API.
    pub methods: TokenStream,
    /// Statements that call each of these methods on `client: &Client`. They are compiled and never run. They mark the
    /// methods of a stand-alone client as used. The function `any` returns a value of any type.
    pub uses: TokenStream,
}
