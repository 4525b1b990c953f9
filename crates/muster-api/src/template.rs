//! Writes the files that are installed in a Dispatcher.

use std::fs;
use std::io;
use std::path::Path;

use python_bridge::{BRIDGE, Surface};
use serde_json::{Map, Value, json};

use crate::class_list::{CLASSES, CONSTANTS, FIRST_RESULT, MODULE, OUT_PARAMETERS};
use crate::generated::catalog::SURFACE;

/// The template: a Python script for Python 3.3 and later.
pub const TEMPLATE: &str = include_str!("muster_bridge_template.py");

/// Functions that run code or replace the queue. The template refuses them, and all functions that remove something,
/// unless its setting `ALLOW_DANGEROUS` is true.
const RISKY: [&str; 2] = ["dbImportQueueSQL", "nodeRunPythonCode"];

/// Writes the files of the bridge to a folder. The README says where to install them.
///
/// The files are `muster_bridge_template.py`, `muster_bridge.py` and `muster_bridge_surface.json`. Files with these names
/// are replaced. The token file is not written, so the bridge stays off.
///
/// # Errors
/// A file cannot be written.
pub fn write_template(folder: impl AsRef<Path>) -> io::Result<()> {
    let folder = folder.as_ref();
    fs::write(folder.join("muster_bridge_template.py"), TEMPLATE)?;
    fs::write(folder.join("muster_bridge.py"), BRIDGE)?;
    fs::write(folder.join("muster_bridge_surface.json"), surface_text(&SURFACE))
}

/// Returns what programs may use, as JSON.
fn surface_text(surface: &Surface) -> String {
    let names = |is_included: &dyn Fn(&python_bridge::Function) -> bool| {
        let functions = surface.functions.iter().filter(|function| is_included(function));
        let mut names: Vec<&str> = functions.map(|function| function.name).collect();
        // Two functions have the same name.
        names.dedup();
        names
    };
    let mut reads: Vec<String> = names(&|function| function.effect.only_reads())
        .into_iter()
        .map(str::to_owned)
        .collect();
    let methods = |class: &python_bridge::Class| {
        let methods = class.reads.iter().chain(class.snapshot);
        methods
            .map(|method| format!("{}.{method}", class.name))
            .collect::<Vec<_>>()
    };
    // Setters of a new job change nothing in the queue, but setters of a job of the queue may. Only getters read.
    reads.extend(CLASSES.iter().flat_map(methods));
    let classes: Map<String, Value> = CLASSES
        .iter()
        .map(|class| {
            let entry = json!({"snapshot": class.snapshot, "methods": class.methods, "module": class.module});
            (class.name.to_owned(), entry)
        })
        .collect();
    let out: Map<String, Value> = OUT_PARAMETERS
        .iter()
        .map(|out| {
            (
                out.function.to_owned(),
                json!({ out.index.to_string(): out.class }),
            )
        })
        .collect();
    let dangerous = |function: &python_bridge::Function| {
        RISKY.contains(&function.name) || function.effect == python_bridge::Effect::Destructive
    };
    let surface = json!({
        "module": MODULE,
        "functions": names(&|_| true),
        "constants": CONSTANTS,
        "classes": classes,
        "errors": {"first": true, "code": FIRST_RESULT.code, "description": FIRST_RESULT.description},
        "out": out,
        "reads": reads,
        "dangerous": names(&dangerous),
    });
    format!("{surface:#}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(surface: &Value, key: &str) -> Vec<String> {
        serde_json::from_value(surface[key].clone()).unwrap()
    }

    #[test]
    fn the_written_surface_has_all_functions_and_names_the_dangerous_ones() {
        let folder = tempfile::tempdir().unwrap();
        write_template(folder.path()).unwrap();
        let text = fs::read_to_string(folder.path().join("muster_bridge_surface.json")).unwrap();
        let surface: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(texts(&surface, "functions").len(), 100);
        let dangerous = texts(&surface, "dangerous");
        for name in [
            "nodeRunPythonCode",
            "dbImportQueueSQL",
            "jobDelete",
            "userRemove",
            "poolRemove",
            "logClear",
        ] {
            assert!(dangerous.iter().any(|each| each == name), "{name}");
        }
        let reads = texts(&surface, "reads");
        assert!(dangerous.iter().all(|name| !reads.contains(name)));
        assert!(reads.iter().all(|name| !name.contains(".set")), "{reads:?}");
        let removals = texts(&surface, "functions")
            .into_iter()
            .filter(|name| name.contains("Remove"));
        for name in removals {
            assert!(dangerous.contains(&name), "{name}");
        }
    }

    #[test]
    fn the_template_is_off_and_read_only_until_it_is_changed() {
        assert!(
            TEMPLATE.contains("\nALLOW_CHANGES = False\n")
                && TEMPLATE.contains("\nALLOW_DANGEROUS = False\n")
        );
        assert!(TEMPLATE.is_ascii());
    }
}
