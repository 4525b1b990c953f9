//! The function list of a Python module.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::function::Function;
use crate::{name, unique};

/// The function list of a Python module: a dump of `bridge.py dump`, or a list that was written from documentation.
///
/// Functions are sorted by [`key`](Function::key), and no key occurs twice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a function list")]
#[non_exhaustive]
pub struct BridgeDump {
    /// The version of the format, which is 1.
    #[serde(deserialize_with = "unique::format")]
    pub format: u64,
    /// Name of the module.
    #[serde(deserialize_with = "name::path")]
    pub module: String,
    /// Version of the module, if it is known.
    pub version: Option<String>,
    /// Version of Python, if the list was read from a module.
    pub python: Option<String>,
    /// Where the list comes from, if it was not read from a module.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The functions.
    #[serde(deserialize_with = "unique::list")]
    pub functions: Vec<Function>,
    /// The constants and their values, in the form in which the bridge writes values. A value is null if it is not known.
    #[serde(deserialize_with = "unique::constants")]
    pub constants: BTreeMap<String, Value>,
    /// The public members of classes. Members are sorted.
    #[serde(deserialize_with = "unique::classes")]
    pub classes: BTreeMap<String, Vec<String>>,
}

impl BridgeDump {
    /// The size of the largest list, in bytes.
    pub const MAX_BYTES: usize = 16 << 20;

    /// Returns the function with this key.
    pub fn function(&self, key: &str) -> Option<&Function> {
        let found = self
            .functions
            .binary_search_by(|function| function.key().cmp(key));
        self.functions.get(found.ok()?)
    }

    /// Takes parameters that are not known from another list, such as one that was written from documentation. Keeps
    /// everything else, so functions that this list lacks are not added. Returns the number of functions that changed.
    ///
    /// Bindings of C++ do not tell Python the names of parameters, so a dump of such a module lacks them.
    pub fn complete(&mut self, other: &BridgeDump) -> usize {
        let mut completed = 0;
        let mut functions = Vec::new();
        for function in self.functions.drain(..) {
            let known: Vec<&Function> = match function.signature() {
                None => other
                    .functions
                    .iter()
                    .filter(|known| known.name == function.name && known.signature().is_some())
                    .collect(),
                Some(_) => Vec::new(),
            };
            if known.is_empty() {
                functions.push(function);
                continue;
            }
            completed += 1;
            functions.extend(known.into_iter().map(|known| Function {
                doc_sha: function.doc_sha.clone(),
                ..known.clone()
            }));
        }
        functions.sort_by(|a, b| a.key().cmp(b.key()));
        functions.dedup_by(|a, b| a.key() == b.key());
        self.functions = functions;
        completed
    }
}
