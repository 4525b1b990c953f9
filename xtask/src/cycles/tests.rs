//! Cycles that are reported, and imports that are accepted.

use std::fs;

use super::{find, roots};

fn cycles_of(files: &[(&str, &str)]) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    find(&folder.path().join("lib.rs")).expect("the files can be parsed")
}

#[test]
fn files_that_import_each_other_are_reported() {
    let cycles = cycles_of(&[
        ("lib.rs", "mod a;\nmod b;\npub use a::A;"),
        ("a.rs", "use crate::b::B;\npub struct A(B);"),
        ("b.rs", "pub struct B(Option<Box<super::a::A>>);"),
    ]);
    assert_eq!(cycles.len(), 1, "{cycles:?}");
    assert!(
        cycles[0].contains("a.rs imports") && cycles[0].contains("b.rs imports"),
        "{cycles:?}"
    );
}

#[test]
fn imports_in_one_direction_are_accepted() {
    let files = [
        ("lib.rs", "mod a;\nmod b;\npub use a::A;\npub use b::B;"),
        ("a.rs", "use crate::B;\npub struct A(B);"),
        ("b.rs", "pub struct B;"),
    ];
    assert!(cycles_of(&files).is_empty());
}

#[test]
fn importing_a_re_exported_name_imports_the_file_that_defines_it() {
    let cycles = cycles_of(&[
        ("lib.rs", "mod outer;"),
        ("outer.rs", "mod a;\nmod b;\npub use a::A;\npub use b::B;"),
        ("outer/a.rs", "use crate::outer::B;\npub struct A(B);"),
        (
            "outer/b.rs",
            "pub fn b() -> Option<super::A> { None }\npub struct B;",
        ),
    ]);
    assert_eq!(cycles.len(), 1, "{cycles:?}");
    assert!(!cycles[0].contains("outer.rs imports"), "{cycles:?}");
}

#[test]
fn a_re_export_that_the_file_also_uses_is_an_import() {
    let cycles = cycles_of(&[
        ("lib.rs", "mod outer;"),
        (
            "outer.rs",
            "mod a;\npub use a::A;\npub type Key = u8;\npub struct Outer(A);",
        ),
        ("outer/a.rs", "use super::Key;\npub struct A(Key);"),
    ]);
    assert_eq!(cycles.len(), 1, "{cycles:?}");
}

#[test]
fn a_file_with_a_path_attribute_is_read() {
    let cycles = cycles_of(&[
        (
            "lib.rs",
            "#[path = \"parts/a.rs\"]\nmod a;\n#[path = \"parts/b.rs\"]\nmod b;",
        ),
        ("parts/a.rs", "use crate::b::B;\npub struct A(B);"),
        ("parts/b.rs", "pub struct B(Option<Box<super::a::A>>);"),
    ]);
    assert_eq!(cycles.len(), 1, "{cycles:?}");
}

#[test]
fn a_parent_and_its_child_may_import_in_one_direction_only() {
    let child = "use super::Outer;\nimpl Outer { pub fn name(&self) -> u8 { 1 } }";
    let parent = "mod child;\npub struct Outer;";
    let methods_in_a_child = [
        ("lib.rs", "mod outer;"),
        ("outer.rs", parent),
        ("outer/child.rs", child),
    ];
    assert!(cycles_of(&methods_in_a_child).is_empty());

    let (parent, child) = (
        format!("{parent}\npub fn f() {{ child::f(); }}"),
        format!("{child}\npub fn f() {{}}"),
    );
    let cycles = cycles_of(&[
        ("lib.rs", "mod outer;"),
        ("outer.rs", &parent),
        ("outer/child.rs", &child),
    ]);
    assert_eq!(cycles.len(), 1, "{cycles:?}");
}

#[test]
fn all_crates_of_a_package_have_a_root() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root_files = [
        "src/lib.rs",
        "src/main.rs",
        "tests/a.rs",
        "tests/b/main.rs",
        "examples/c.rs",
    ];
    for name in root_files
        .iter()
        .copied()
        .chain(["src/other.rs", "tests/support/mod.rs"])
    {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder");
        fs::write(path, "").expect("a file");
    }
    let mut found = roots(folder.path()).expect("the folders can be read");
    found.sort();
    let mut expected = root_files.map(|name| folder.path().join(name));
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn paths_in_macro_arguments_are_imports() {
    let cycles = cycles_of(&[
        ("lib.rs", "mod a;\nmod b;"),
        ("a.rs", "pub fn a() -> String { format!(\"{}\", crate::b::B) }"),
        ("b.rs", "pub const B: u8 = 1;\npub fn b() { super::a::a(); }"),
    ]);
    assert_eq!(cycles.len(), 1, "{cycles:?}");
}

#[test]
fn imports_in_tests_are_ignored() {
    let files = [
        ("lib.rs", "mod a;\nmod b;"),
        (
            "a.rs",
            "pub struct A;\n#[cfg(test)]\nmod tests { use crate::b::B; }",
        ),
        ("b.rs", "pub struct B(crate::a::A);"),
    ];
    assert!(cycles_of(&files).is_empty());
}
