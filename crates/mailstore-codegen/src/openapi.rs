//! Writes the model of an edition as an OpenAPI document, for tools of other languages.

mod info;
mod low_level;
mod node;
mod operation;
mod protocol;
mod schema;
mod texts;
mod version;

use std::collections::{BTreeMap, BTreeSet};

use clientgen::Generated;
use clientgen::JSON_MARK;
use clientgen::model::{Api, TypeDef};

use crate::target::GENERATOR;
use node::Object;
use operation::Writer;
use protocol::Protocol;
use texts::Texts;
pub use version::Version;

/// Returns the OpenAPI document of one edition as JSON text that ends with a line feed. The same input gives the same
/// bytes.
///
/// `api` is one of `generated.apis`. Shared types that no function of this edition uses are left out.
///
/// Each function is a `POST` whose `operationId` is the wire name. The extensions `x-mailstore-effect`,
/// `x-mailstore-long-running` and `x-mailstore-evidence` contain facts for which OpenAPI has no members. The
/// description of the document explains them.
///
/// ```
/// use mailstore_codegen::{Generator, openapi};
/// use mailstore_metadata::Dump;
///
/// let dump = Dump::parse("dump.json", br#"[{"name": "GetUsers", "args": []}]"#)?;
/// let generated = Generator::new("my-tool").single(dump, "dump.json", &[])?;
/// let document = openapi::document(&generated, &generated.apis[0], openapi::Version::V3_1);
/// assert!(document.contains(r#""/api/invoke/GetUsers""#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn document(generated: &Generated, api: &Api, version: Version) -> String {
    let all: BTreeMap<&str, &TypeDef> = generated
        .shared_types
        .iter()
        .chain(&api.types)
        .map(|definition| (definition.name.as_str(), definition))
        .collect();
    let used = schema::used_types(api, &all);
    let texts = Texts::of(generated, api);
    let protocol = Protocol::new(version, &used);

    let mut schemas = Object::new();
    for name in &used {
        schemas.insert(name, schema::definition(version, all[name], &texts));
    }
    protocol.add_schemas(&mut schemas);
    let components = Object::new()
        .with("schemas", schemas.sorted())
        .with("responses", Protocol::shared_responses())
        .with("securitySchemes", Protocol::security_schemes());
    let writer = Writer {
        version,
        api,
        texts: &texts,
        protocol: &protocol,
    };
    let number = match version {
        Version::V3_0 => "3.0.3",
        Version::V3_1 => "3.1.0",
    };
    let login = Object::new().with("basic", Vec::<String>::new());
    let document = Object::new()
        .with("openapi", number)
        .with(JSON_MARK, GENERATOR)
        .with("info", info::info(api))
        .with("servers", vec![info::server(api)])
        .with("security", vec![login])
        .with("tags", info::tags(api, &texts))
        .with("paths", paths(&writer))
        .with("components", components)
        .with("x-mailstore-source", info::source(api));
    let text = serde_json::to_string_pretty(&document).expect("strings, arrays and objects always serialize");
    text + "\n"
}

/// The functions, sorted by path, then the operations of the protocol.
fn paths(writer: &Writer<'_>) -> Object {
    let mut functions = Object::new();
    let mut names = BTreeSet::new();
    for group in &writer.api.groups {
        for function in &group.functions {
            let path = format!("/{}{}", function.path, function.wire);
            functions.insert(&path, writer.path_item(group, function));
            names.insert(function.wire.as_str());
        }
    }
    let mut paths = functions.sorted();
    for (path, item) in writer.protocol.operations(&names) {
        // If the dump lists such an operation, its entry is used.
        if !paths.contains(&path) {
            paths.insert(&path, item);
        }
    }
    paths
}
