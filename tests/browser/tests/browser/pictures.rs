//! The pictures of the report in the documentation.
//!
//! No test compares their pixels: the fonts of another machine give other pictures.

use std::fs;
use std::path::Path;

use serde_json::json;

use crate::history::{example, page};
use crate::script::run;

const NAMES: [&str; 3] = ["report-light.png", "report-dark.png", "report-print.png"];

/// The largest picture in bytes, so that a clone of the repository stays small.
const LARGEST: usize = 200_000;

/// With `UPDATE_PICTURES=1`, as `cargo xtask report-pictures` runs it, the test writes the pictures into `docs`.
#[test]
fn the_pictures_of_the_report_are_made() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.html");
    fs::write(&file, page(example())).unwrap();
    run("pictures.js", &json!({ "file": file, "folder": folder.path() }));
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    for name in NAMES {
        let made = fs::read(folder.path().join(name)).unwrap();
        assert!(made.starts_with(b"\x89PNG\r\n\x1a\n"), "{name}");
        assert!(made.len() < LARGEST, "{name} has {} bytes", made.len());
        if std::env::var_os("UPDATE_PICTURES").is_some() {
            fs::write(docs.join(name), made).unwrap();
        }
        assert!(docs.join(name).is_file(), "run `cargo xtask report-pictures`");
    }
}
