//! Only names of the compiled list can be called, and nothing is evaluated.

use python_bridge::generated_v1::Draft;
use python_bridge::{Effect, ErrorKind, Function, Handle, Json, Surface};
use serde_json::json as value;

use super::{builder, open};
use crate::scene::scene;
use crate::support::{close, json};

const NAMES: [&str; 8] = [
    "unlisted",
    "os.getcwd",
    "subprocess.call",
    "__import__",
    "echo.__globals__",
    "MJob.__init__",
    "echo.__call__",
    "",
];

/// Functions that are not in the list of the connection.
static FORGED: [Function; 8] = {
    let mut all = [const { Function::new("").effect(Effect::Read) }; 8];
    let mut index = 0;
    while index < all.len() {
        all[index].name = NAMES[index];
        index += 1;
    }
    all
};

#[test]
fn a_function_that_is_not_in_the_list_is_refused_before_it_is_called() {
    scene(async || {
        let connection = open().await;
        for function in &FORGED {
            let name = function.name;
            let error = connection.call(name).await.unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::Refused(_)), "{name}: {error}");
            // The Python side has the list, too.
            let error = Draft::new(&connection, function)
                .send::<Json>()
                .await
                .unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::Refused(_)), "{name}: {error}");
            assert!(!error.is_outcome_unknown());
            for error in [
                connection.constant(name).await.unwrap_err(),
                connection.new_object(name, ()).await.unwrap_err(),
            ] {
                assert!(matches!(error.kind(), ErrorKind::Refused(_)), "{name}: {error}");
            }
        }
        assert_eq!(connection.call("called").await.unwrap(), json(value!([])));
        close(connection).await;
    });
}

#[test]
fn attributes_of_objects_and_functions_cannot_be_reached() {
    scene(async || {
        let connection = open().await;
        let job: Handle = connection.call("job").arg("name", "a").returns().await.unwrap();
        for method in ["secret", "__class__", "getName.__globals__", "name", "status", ""] {
            let error = job.call(method, ()).await.unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::Refused(_)), "{method}: {error}");
        }
        drop(job);
        close(connection).await;
    });
}

#[test]
fn a_list_with_a_private_name_does_not_start() {
    static PRIVATE: Function = Function::new("__import__");
    static WALKING: Function = Function::new("echo.__globals__");
    static LISTS: [Surface; 2] = [
        Surface::new("hostile", "Hostile").functions(&[&PRIVATE]),
        Surface::new("hostile", "Hostile").functions(&[&WALKING]),
    ];
    scene(async || {
        for list in &LISTS {
            let error = builder().surface(list).spawn().await.unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::Start { .. }), "{error}");
            assert!(error.to_string().contains("is not allowed"), "{error}");
        }
    });
}

#[test]
fn a_missing_function_is_known_before_it_is_called() {
    scene(async || {
        let connection = open().await;
        assert_eq!(connection.hello().missing, ["not_there"]);
        assert_eq!(connection.hello().module_version.as_deref(), Some("9.0.6"));
        let error = connection.call("not_there").await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Missing(_)), "{error}");
        assert!(error.to_string().contains("9.0.6"), "{error}");
        close(connection).await;
    });
}

#[test]
fn a_constant_is_not_a_function() {
    static LIMIT: Function = Function::new("LIMIT").effect(Effect::Read);
    static CONSTANT: Surface = Surface::new("hostile", "Hostile").functions(&[&LIMIT]);
    scene(async || {
        let connection = builder().surface(&CONSTANT).spawn().await.unwrap();
        let error = connection.call("LIMIT").await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Missing(_)), "{error}");
        assert_eq!(connection.constant("LIMIT").await.unwrap(), json(value!(7)));
        close(connection).await;
    });
}
