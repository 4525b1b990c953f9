//! The generator, and the crates that generated clients share, contain no name of a product.

use std::fs;
use std::path::{Path, PathBuf};

/// The crates for any product.
const CRATES: [&str; 3] = ["clientgen", "https-connect", "wire-values"];

/// Names of products, of their protocols and of their ports.
const NAMES: [&str; 12] = [
    "mailstore",
    "jetstream",
    "muster",
    "oaio",
    "management api",
    "administration api",
    "get-metadata",
    "api/invoke",
    "8463",
    "8474",
    "8886",
    "9890",
];

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of the crate") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// The words of a text, so that `spec` does not count as `spe`.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric())
}

#[test]
fn no_file_contains_the_name_of_a_product() {
    let mut found = Vec::new();
    for name in CRATES {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name);
        found.extend([root.join("README.md"), root.join("Cargo.toml")]);
        files(&root.join("src"), &mut found);
    }
    assert!(found.len() > 80, "{} files", found.len());
    for path in found {
        let text = fs::read_to_string(&path).expect("UTF-8").to_lowercase();
        for name in NAMES {
            assert!(!text.contains(name), "{} contains `{name}`", path.display());
        }
        assert!(
            words(&text).all(|word| word != "spe"),
            "{} contains `spe`",
            path.display()
        );
    }
}
