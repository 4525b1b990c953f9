//! Tests of `Bindings`: inputs, outputs and errors.

use std::fs;
use std::path::Path;

use mailstore_codegen::{Bindings, BindingsError, Edition, Generator, Overlay};
use mailstore_metadata::Dump;

use crate::support::{dump, read, short, workspace};

fn folder_with(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

const DUMP: &str = r#"[
  {"name": "GetStores", "args": []},
  {"name": "VerifyStore", "args": [{"name": "id", "type": "number", "nullable": false}]}
]"#;

fn bindings(folder: &Path) -> Bindings {
    Bindings::new(folder.join("metadata.json"))
}

/// The text that a `main` prints if it returns the error, without the path of the folder.
fn printed(error: &BindingsError, folder: &Path) -> String {
    format!("{error:?}")
        .replace(&folder.display().to_string(), "FOLDER")
        .replace('\\', "/")
}

#[test]
fn a_client_is_written_checked_and_found_stale() {
    let folder = folder_with(&[("metadata.json", DUMP)]);
    let (bindings, client) = (bindings(folder.path()), folder.path().join("client"));
    assert!(!bindings.write(&client).unwrap().is_empty());
    bindings.check(&client).unwrap();
    assert!(
        bindings.write(&client).unwrap().is_empty(),
        "the second write changed something"
    );

    fs::write(
        folder.path().join("metadata.json"),
        DUMP.replace("VerifyStore", "CompactStore"),
    )
    .unwrap();
    let error = bindings.check(&client).unwrap_err();
    assert!(matches!(error, BindingsError::Stale { .. }), "{error}");
    let text = printed(&error, folder.path());
    assert!(
        text.contains("+    pub fn compact_store(&self, id: i64)"),
        "{text}"
    );
    assert!(
        text.contains("call `Bindings::write` for the same folder"),
        "{text}"
    );
}

#[test]
fn an_error_in_the_dump_is_shown_with_its_place() {
    let folder = folder_with(&[("metadata.json", &DUMP.replace("\"number\"", "\"numbr\""))]);
    let text = printed(&bindings(folder.path()).generate().unwrap_err(), folder.path());
    insta::assert_snapshot!("bindings_dump", text);
}

#[test]
fn an_error_in_an_overlay_is_shown_with_its_place() {
    let overlay = "[functions.VerifyStor]\nsummary = \"Verifies a store.\"\n";
    let folder = folder_with(&[("metadata.json", DUMP), ("overlay.toml", overlay)]);
    let bindings = bindings(folder.path()).overlay(folder.path().join("overlay.toml"));
    let text = printed(&bindings.generate().unwrap_err(), folder.path());
    insta::assert_snapshot!("bindings_overlay", text);
}

#[test]
fn missing_files_unknown_functions_and_foreign_files_are_errors() {
    let folder = folder_with(&[("metadata.json", DUMP), ("notes.txt", "mine")]);
    let missing = Bindings::new(folder.path().join("nothing.json"))
        .generate()
        .unwrap_err();
    let text = printed(&missing, folder.path());
    assert!(
        text.contains("cannot read FOLDER/nothing.json") && text.contains("because: "),
        "{text}"
    );

    let misspelt = bindings(folder.path())
        .only(["VerifyStor"])
        .generate()
        .unwrap_err();
    let text = printed(&misspelt, folder.path());
    assert!(
        text.contains("has no function VerifyStor") && text.contains("did you mean `VerifyStore`"),
        "{text}"
    );

    let foreign = bindings(folder.path()).write(folder.path()).unwrap_err();
    assert!(matches!(foreign, BindingsError::Foreign { .. }), "{foreign}");
    assert_eq!(
        fs::read_to_string(folder.path().join("notes.txt")).unwrap(),
        "mine"
    );
}

#[test]
fn a_client_with_only_some_functions_has_their_types_and_the_digest_of_the_whole_dump() {
    let bindings = Bindings::new(workspace("metadata/mailstore/server-24.json")).known(Edition::Server);
    let whole = bindings.clone().generate().unwrap();
    let part = bindings.only(["VerifyStore"]).generate().unwrap();
    let listing = part.listing();
    assert!(
        listing.contains("verify_store(&self, id: StoreId, include_indexes: bool) -> ()"),
        "{listing}"
    );
    assert!(
        listing.contains("StoreId(i64)") && !listing.contains("ProfileId"),
        "{listing}"
    );
    assert_eq!(part.apis[0].digest, whole.apis[0].digest);
}

#[test]
fn the_known_facts_match_every_saved_dump() {
    let old = Bindings::new(workspace("metadata/mailstore/server-9.json"))
        .known(Edition::Server)
        .generate()
        .unwrap();
    assert!(old.listing().contains("get_stores(&self) -> Vec<Store>"));
    let spe = Bindings::new(workspace("metadata/mailstore/spe-24.json"))
        .known(Edition::Spe)
        .generate()
        .unwrap();
    assert!(spe.listing().contains("Instance::get_users(&self) -> Vec<User>"));
}

/// The overlays are copied into the crate, because a published crate cannot read files outside its folder.
#[test]
fn the_known_facts_are_copies_of_the_overlays() {
    for name in ["common", "server", "server-24", "spe"] {
        let known = read(&format!("crates/mailstore-codegen/src/known/{name}.toml"));
        assert_eq!(
            known,
            read(&format!("metadata/mailstore/overlay/{name}.toml")),
            "run `cargo xtask codegen`"
        );
    }
}

fn single(dump: Dump, overlays: &[Overlay]) -> String {
    Generator::new("generate")
        .single(dump, "dump.json", overlays)
        .unwrap()
        .listing()
}

#[test]
fn an_overlay_that_gives_way_is_ignored_where_the_dump_or_another_overlay_differs() {
    let known = r#"
        [types.StoreId]
        kind = "id"
        doc = "A store."
        [types.Unheard]
        kind = "id"
        doc = "Nothing uses it."
        [functions.Gone]
        summary = "Is not there."
        [functions.VerifyStore]
        summary = "Verifies."
        effect = "action"
        args.id = { type = "StoreId", doc = "A store." }
        args.gone = { type = "StoreId", doc = "Is not there." }
    "#;
    let known = || Overlay::parse("known.toml", known).unwrap().giving_way();
    // The overlay matches the dump.
    let listing = single(short(&["VerifyStore(id: number)"]), &[known()]);
    assert!(
        listing.contains("verify_store(&self, id: StoreId) -> Json  // VerifyStore, action"),
        "{listing}"
    );
    // The dump of a newer server has another type.
    let listing = single(short(&["VerifyStore(id)"]), &[known()]);
    assert!(listing.contains("verify_store(&self, id: &str)"), "{listing}");
    // Another overlay has other facts about the function and about the type.
    let mine = r#"
        [types.StoreId]
        kind = "id"
        of = "string"
        doc = "A store, by name."
        [functions.VerifyStore]
        effect = "read"
        result = "bool"
        args.id = { type = "StoreId", doc = "A store." }
    "#;
    let mine = Overlay::parse("mine.toml", mine).unwrap();
    for overlays in [[mine.clone(), known()], [known(), mine]] {
        let listing = single(short(&["VerifyStore(id)"]), &overlays);
        assert!(
            listing.contains("verify_store(&self, id: &StoreId) -> bool  // VerifyStore, read"),
            "{listing}"
        );
    }
}

#[test]
fn one_file_contains_all_modules_of_the_tree() {
    let generated = Generator::new("generate")
        .single(dump(DUMP), "dump.json", &[])
        .unwrap();
    let text = generated.tree.in_one_file("client");
    assert!(
        text.starts_with(
            "// @generated by mailstore-codegen from dump.json. Written by `generate`. Do not edit.\n"
        ),
        "{text}"
    );
    for part in [
        "pub mod client {",
        "pub mod catalog {",
        "mod client {",
        "pub fn verify_store(",
        "pub static GET_STORES",
    ] {
        assert!(text.contains(part), "{part}");
    }
    syn::parse_file(&text).unwrap();
}

#[test]
fn the_error_of_a_stale_client_contains_the_command_that_writes_it() {
    let folder = folder_with(&[("metadata.json", DUMP)]);
    let error = bindings(folder.path())
        .command("cargo run -p generate")
        .check(folder.path().join("client"))
        .unwrap_err();
    let text = printed(&error, folder.path());
    assert!(text.contains("run `cargo run -p generate`"), "{text}");
}

#[test]
fn known_facts_of_another_edition_are_rejected_and_the_advice_is_right() {
    for (dump, wrong, right) in [
        ("metadata/mailstore/spe-24.json", Edition::Server, Edition::Spe),
        ("metadata/mailstore/server-24.json", Edition::Spe, Edition::Server),
        ("metadata/mailstore/server-9.json", Edition::Spe, Edition::Server),
    ] {
        let bindings = Bindings::new(workspace(dump));
        let error = bindings.clone().known(wrong).generate().unwrap_err();
        assert!(matches!(error, BindingsError::OtherEdition { .. }), "{error}");
        let text = printed(&error, Path::new("/nowhere"));
        assert!(text.contains(&format!("`known(Edition::{right:?})`")), "{text}");
        bindings.known(right).generate().unwrap();
    }
}

#[test]
fn the_places_where_the_dump_overrides_known_facts_are_listed() {
    for (dump, edition) in [
        ("metadata/mailstore/server-24.json", Edition::Server),
        ("metadata/mailstore/spe-24.json", Edition::Spe),
    ] {
        let generated = Bindings::new(workspace(dump)).known(edition).generate().unwrap();
        assert_eq!(generated.gave_way, [""; 0], "{dump}");
    }
    let old = Bindings::new(workspace("metadata/mailstore/server-9.json"))
        .known(Edition::Server)
        .generate()
        .unwrap();
    let text = old.gave_way.join("\n");
    assert!(text.contains("does not have the functions"), "{text}");
    assert!(text.contains("includeIndexes of VerifyStore"), "{text}");
}

fn in_utf16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    format!("\u{feff}{text}")
        .encode_utf16()
        .flat_map(to_bytes)
        .collect()
}

/// Windows and its shells save files in these encodings.
#[test]
fn inputs_may_have_a_byte_order_mark_crlf_or_utf_16() {
    let overlay = "[functions.VerifyStore]\nsummary = \"Verifies a store.\"\neffect = \"action\"\n";
    let plain = folder_with(&[("metadata.json", DUMP), ("overlay.toml", overlay)]);
    let generate = |folder: &Path| {
        let bindings = bindings(folder).overlay(folder.join("overlay.toml"));
        bindings.generate().unwrap().tree
    };
    let expected = generate(plain.path());
    let encodings: [fn(&str) -> Vec<u8>; 4] = [
        |text| text.replace('\n', "\r\n").into_bytes(),
        |text| format!("\u{feff}{text}").into_bytes(),
        |text| in_utf16(text, u16::to_le_bytes),
        |text| in_utf16(text, u16::to_be_bytes),
    ];
    for encode in encodings {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("metadata.json"), encode(DUMP)).unwrap();
        fs::write(folder.path().join("overlay.toml"), encode(overlay)).unwrap();
        assert_eq!(generate(folder.path()), expected);
    }
}

#[test]
fn inputs_that_are_not_text_too_long_or_folders_are_errors() {
    let folder = folder_with(&[("metadata.json", DUMP)]);
    let path = folder.path().join("overlay.toml");
    let error = || {
        let error = bindings(folder.path()).overlay(&path).generate().unwrap_err();
        printed(&error, folder.path())
    };
    fs::write(&path, b"[functions]\n# \xe4\n").unwrap();
    let text = error();
    assert!(
        text.contains("cannot read FOLDER/overlay.toml") && text.contains("line 2, column 3"),
        "{text}"
    );
    fs::write(&path, vec![b'#'; Dump::MAX_BYTES + 1]).unwrap();
    assert!(error().contains("which is the limit"));
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    assert!(error().contains("it is a folder"));
    #[cfg(unix)]
    {
        let endless = Bindings::new("/dev/zero").generate().unwrap_err();
        assert!(printed(&endless, folder.path()).contains("which is the limit"));
    }
}

#[test]
fn standard_input_can_be_only_one_input() {
    let error = Bindings::new("-").overlay("-").generate().unwrap_err();
    let text = printed(&error, Path::new("/nowhere"));
    assert!(text.contains("can be only one of the inputs"), "{text}");
}
