//! Several editions side by side: their shared types, and the editions that the docs name.

use insta::assert_snapshot;
use mailstore_codegen::{Generated, Generator, Overlay, OverlayError, Source};

use crate::support::{file, short};

fn overlay(name: &str, text: &str) -> Overlay {
    Overlay::parse(name, text).unwrap_or_else(|error| panic!("{error}"))
}

fn source(functions: &[&str], overlays: &[&Overlay]) -> Source {
    Source {
        dump: short(functions),
        name: "dump.json".to_owned(),
        overlays: overlays.iter().copied().cloned().collect(),
    }
}

fn editions(sources: &[Source]) -> Result<Generated, OverlayError> {
    Generator::new("generate")
        .with_examples("my_api")
        .editions(sources)
}

fn surface(name: &str, more: &str) -> Overlay {
    let text = format!("[surface]\nname = \"{name}\"\ntitle = \"The {name}\"\nport = 1\n{more}");
    overlay(&format!("{name}.toml"), &text)
}

const USER: &str = "[types.User]\nkind = \"struct\"\ndoc = \"A user.\"\n";

/// An overlay with two functions, a shared type and an example.
fn common() -> Overlay {
    overlay(
        "common.toml",
        r#"
        [functions.GetUsers]
        result = "[User]"
        example = '''
        // Everything that the client lists.
        let my_client = client.clone();

        for user in client.get_users().await? {
            show(&client, my_client, user);
        }
        '''
        [functions.SetUser.args]
        user = { type = "User", doc = "The user." }
        [types.User]
        kind = "struct"
        doc = "A user."
        "#,
    )
}

#[test]
fn editions_are_modules_behind_features() {
    let sources = [
        source(&["GetUsers()"], &[&surface("server_9", ""), &common()]),
        source(&["SetUser(user: json)"], &[&surface("spe", ""), &common()]),
    ];
    // An overlay that is parsed twice is not shared.
    let error = editions(&sources).unwrap_err();
    assert_eq!(
        error.to_string(),
        "common.toml:12:20: function SetUser matches nothing in dump.json"
    );
    let common = common();
    let sources = [
        source(&["GetUsers()"], &[&surface("server_9", "short = \"9\""), &common]),
        source(
            &["GetUsers()", "SetUser(user: json)"],
            &[&surface("spe", ""), &common],
        ),
        source(&["GetUsers()"], &[]),
    ];
    let generated = editions(&sources).unwrap();
    assert_snapshot!("root", file(&generated, "mod.rs"));
    let paths: Vec<&str> = generated.tree.files().map(|(path, _)| path).collect();
    assert_snapshot!("files", paths.join("\n"));
    // Only one edition sends the type, but all editions share it.
    assert_snapshot!("shared_types", file(&generated, "types/functions.rs"));
    assert_snapshot!("types_of_an_edition", file(&generated, "spe/types/mod.rs"));
}

/// The docs list editions only if there are several.
#[test]
fn the_docs_of_a_function_list_the_editions_that_have_it() {
    let common = common();
    let seen = |sources: &[Source], path: &str| {
        let generated = editions(sources).unwrap();
        let text = file(&generated, path);
        let lines = text.lines().filter(|line| line.contains("Unknown:"));
        lines.map(|line| line.trim().to_owned()).collect::<Vec<_>>()
    };
    let sources = [
        source(
            &["GetUsers()"],
            &[&surface("server", "short = \"Server\""), &common],
        ),
        source(
            &["GetUsers()", "SetUser(user: json)"],
            &[&surface("spe", "since = \"9.0\""), &common],
        ),
        source(&["SetUser(user: json)"], &[]),
    ];
    let effect = "/// Unknown: assume it may delete data.";
    assert_eq!(
        seen(&sources, "server/functions.rs"),
        [format!("{effect} Editions: Server, The spe.")]
    );
    assert_eq!(
        seen(&sources, "spe/functions.rs"),
        [
            format!("{effect} First seen: 9.0. Editions: Server, The spe."),
            format!("{effect} First seen: 9.0. Editions: The spe, api.")
        ]
    );
    assert_eq!(
        seen(&sources, "api/functions.rs"),
        [format!("{effect} Editions: The spe, api.")]
    );
    let alone = [source(&["GetUsers()"], &[])];
    assert_eq!(seen(&alone, "api/functions.rs"), [effect]);
}

#[test]
fn examples_are_in_the_docs_of_editions_that_allow_them() {
    let common = common();
    let handle = "handle = { argument = \"id\", type = \"Id\", name = \"Instance\", method = \"type\", doc = \"\" }\n\
                  [types.Id]\nkind = \"id\"\nof = \"string\"\ndoc = \"\"";
    let sources = [
        source(
            &["GetUsers()", "SetUser(user: json)"],
            &[&surface("server", ""), &common],
        ),
        source(&["GetUsers(id)"], &[&surface("spe", handle), &common]),
        source(&["GetUsers()"], &[&surface("old", "examples = false"), &common]),
    ];
    let generated = editions(&sources).unwrap();
    assert_snapshot!("example_of_the_client", example(&generated, "server"));
    assert_snapshot!("example_of_the_handle", example(&generated, "spe"));
    assert!(!generated.tree.get("old/functions.rs").unwrap().contains("```"));
    let without = Generator::new("generate").editions(&sources).unwrap();
    assert!(!without.tree.get("server/functions.rs").unwrap().contains("```"));
    // The module path of a stand-alone client is unknown.
    let single = Generator::new("generate").with_examples("my_api");
    let dump = short(&["GetUsers()", "SetUser(user: json)"]);
    let single = single.single(dump, "dump.json", &[common]).unwrap();
    assert!(!single.tree.get("functions.rs").unwrap().contains("```"));
}

fn example(generated: &Generated, edition: &str) -> String {
    let text = file(generated, &format!("{edition}/functions.rs"));
    let (_, rest) = text.split_once("```no_run").unwrap();
    let (example, _) = rest.split_once("```").unwrap();
    let lines = example
        .lines()
        .map(|line| line.trim_start().trim_end_matches("///"));
    lines.collect::<Vec<_>>().join("\n")
}

/// Otherwise, the definition of the shared overlay would be used for both.
#[test]
fn a_type_of_a_shared_overlay_cannot_be_defined_again() {
    let common = common();
    let own = overlay("own.toml", &format!("functions.Get.result = \"User\"\n{USER}"));
    let both = ["GetUsers()", "SetUser(user: json)"];
    let one = source(&both, &[&surface("one", ""), &common]);
    let two = source(&both, &[&surface("two", ""), &common]);
    let three = source(&["Get()"], &[&surface("three", ""), &own]);
    let error = editions(&[one.clone(), three.clone(), two.clone()]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "own.toml:2:8: type User is defined twice, first in common.toml:14:16"
    );
    let four = source(&["Get()"], &[&surface("four", ""), &own]);
    let error = editions(&[one.clone(), two, three.clone(), four]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "own.toml:2:8: type User is defined twice, first in common.toml:14:16"
    );
    // Two editions that share nothing may both have a type of this name.
    let generated = editions(&[one, three]).unwrap();
    assert!(generated.shared_types.is_empty());
    assert!(
        generated
            .tree
            .get("three/types/functions.rs")
            .unwrap()
            .contains("pub struct User")
    );
    assert!(
        generated
            .tree
            .get("one/types/functions.rs")
            .unwrap()
            .contains("pub struct User")
    );
}

/// All editions of a shared overlay have its types, so these cannot use a type of one edition.
#[test]
fn a_shared_type_can_use_only_shared_types() {
    let common = overlay(
        "common.toml",
        "functions.Get.result = \"A\"\n[types.A]\nkind = \"struct\"\ndoc = \"\"\nfields.x = { type = \"User\", doc = \"\" }",
    );
    let own = overlay("own.toml", USER);
    let sources = [
        source(&["Get()"], &[&surface("one", ""), &common, &own]),
        source(&["Get()"], &[&surface("two", ""), &common]),
    ];
    assert_eq!(
        editions(&sources).unwrap_err().to_string(),
        "common.toml:5:21: there is no type `User`"
    );
}

#[test]
fn a_source_with_the_same_overlay_twice_is_rejected() {
    let overlay = overlay("a.toml", "functions.GetUsers.summary = \"Lists.\"");
    let error = editions(&[source(&["GetUsers()"], &[&overlay, &overlay])]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a.toml:1:30: summary of function GetUsers is defined twice, first in a.toml:1:30"
    );
}

/// Types with the same name differ if they are defined for different editions.
#[test]
fn a_shared_trait_has_the_functions_with_the_same_signature() {
    let handle = "handle = { argument = \"id\", type = \"Id\", name = \"Instance\", method = \"instance\", doc = \"\" }\n\
                  [types.Id]\nkind = \"id\"\nof = \"string\"\ndoc = \"\"";
    let own = "\n[functions.GetHost]\nresult = \"Host\"\n[types.Host]\nkind = \"struct\"\ndoc = \"\"\n\
               fields.name = { type = \"string\", doc = \"\" }";
    let shared = ["GetUsers()", "SetUser(userName, user?: json)", "GetHost()"];
    let sources = [
        source(
            &[&shared[..], &["Rename(name)", "Limit(n: number)", "OnServer()"]].concat(),
            &[&surface("server", own)],
        ),
        source(
            &[
                "GetUsers(id)",
                "SetUser(id, userName, user?: json)",
                "GetHost(id)",
                // These differ: one argument more, another type, and not on the handle.
                "Rename(id, name, newName)",
                "Limit(id, n: string)",
                "OnServer()",
            ],
            &[&surface("spe", &format!("{handle}{own}"))],
        ),
    ];
    let generator = Generator::new("generate").with_shared_trait("Common", "server", "spe");
    let generated = generator.editions(&sources).unwrap();
    assert_snapshot!("shared_trait", file(&generated, "common.rs"));
    assert!(file(&generated, "mod.rs").contains("mod common;"));

    let none = Generator::new("generate").with_shared_trait("Common", "server", "old");
    let none = none.editions(&sources).unwrap();
    assert!(none.tree.get("common.rs").is_none() && !file(&none, "mod.rs").contains("common"));
}
