//! How a connection starts, and the errors if it does not.

use std::time::Duration;

use python_bridge::{Bridge, Error, ErrorKind, Step, Surface};

use crate::process::{assert_gone, python, until};
use crate::scene::{scene, scene_without_runtime};
use crate::support::{builder, close, open};

fn start_error(error: &Error) -> (&str, &[String]) {
    match error.kind() {
        ErrorKind::Start { problem, classes, .. } => (problem, classes),
        other => panic!("{other:?}"),
    }
}

#[test]
fn hello_says_what_was_started() {
    scene(async || {
        let connection = open().await;
        let hello = connection.hello();
        assert!(hello.python.starts_with("3.11."), "{hello:?}");
        assert_eq!(hello.module, "sample");
        assert_eq!(hello.module_version.as_deref(), Some("1.2.0"));
        assert!(hello.file.as_deref().unwrap().ends_with("sample.py"));
        assert_eq!(hello.missing, ["ancient"]);
        close(connection).await;
    });
}

#[test]
fn a_missing_python_is_named() {
    scene(async || {
        let error = builder()
            .python("python-that-nobody-has")
            .spawn()
            .await
            .unwrap_err();
        let (problem, classes) = start_error(&error);
        assert!(
            problem.contains("`python-that-nobody-has` was not found"),
            "{problem}"
        );
        assert!(classes.is_empty());
        assert!(std::error::Error::source(&error).is_some());
    });
}

#[test]
fn a_missing_module_is_an_import_error() {
    scene(async || {
        let error = builder()
            .module("module_that_nobody_has")
            .spawn()
            .await
            .unwrap_err();
        assert!(error.is_class("builtins.ImportError"), "{error}");
        assert!(error.to_string().contains("module_that_nobody_has"), "{error}");
        let ErrorKind::Start { exit: Some(exit), .. } = error.kind() else {
            panic!("{error:?}");
        };
        assert_eq!(exit.status().unwrap().code(), Some(3));
    });
}

#[test]
fn a_module_that_cannot_be_loaded_shows_what_it_wrote() {
    scene(async || {
        let error = builder().module("broken").spawn().await.unwrap_err();
        assert_eq!(start_error(&error).0, "no licence");
        assert_eq!(error.classes()[0], "builtins.RuntimeError");
        assert_eq!(error.stderr(), Some("the licence file is missing\n"));
        assert!(
            error.to_string().contains("the licence file is missing"),
            "{error}"
        );
    });
}

#[test]
fn a_program_that_is_not_python_is_an_error() {
    scene(async || {
        let error = builder().python("true").spawn().await.unwrap_err();
        let ErrorKind::Start { exit: Some(exit), .. } = error.kind() else {
            panic!("{error:?}");
        };
        assert!(exit.status().unwrap().success());
    });
}

#[test]
fn python_that_does_not_start_in_time_is_ended() {
    scene(async || {
        let error = builder().start_timeout(Duration::ZERO).spawn().await.unwrap_err();
        assert!(start_error(&error).0.contains("nothing was ready"), "{error}");
        assert!(!error.is_outcome_unknown());
    });
}

#[test]
fn the_root_is_found_by_steps() {
    scene(async || {
        let connection = builder()
            .surface(&METHODS)
            .root([Step::get(["Missing", "Item"]), Step::Call(vec!["a".into()])])
            .spawn()
            .await
            .unwrap();
        assert_eq!(connection.call("getName").await.unwrap(), "a".into());
        close(connection).await;
    });
}

static GET_NAME: python_bridge::Function =
    python_bridge::Function::new("getName").effect(python_bridge::Effect::Read);
static METHODS: Surface = Surface::new("item", "Item").functions(&[&GET_NAME]);

#[test]
fn a_builder_needs_a_module_and_the_right_method() {
    scene(async || {
        let error = Bridge::builder().python(python()).spawn().await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Configuration(_)), "{error}");
        let error = builder().open().await.unwrap_err();
        assert!(error.to_string().contains("Bridge::connect"), "{error}");
        let error = Bridge::connect("token")
            .module("sample")
            .spawn()
            .await
            .unwrap_err();
        assert!(error.to_string().contains("Bridge::builder"), "{error}");
    });
}

#[test]
fn without_a_runtime_nothing_starts() {
    scene_without_runtime(|| {
        let mut spawning = Box::pin(builder().spawn());
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        match spawning.as_mut().poll(&mut context) {
            std::task::Poll::Ready(Err(error)) => {
                assert!(matches!(error.kind(), ErrorKind::NoRuntime), "{error}")
            }
            other => panic!("{other:?}"),
        }
    });
}

#[test]
fn a_dropped_start_leaves_no_process() {
    scene(async || {
        let folder = tempfile::tempdir().unwrap();
        // The module tells its process, and then never ends loading.
        std::fs::write(
        folder.path().join("endless.py"),
        "import os, time\n\
         with open(os.path.join(os.path.dirname(__file__), 'draft'), 'w') as out:\n    out.write(str(os.getpid()))\n\
         os.rename(out.name, out.name[:-5] + 'pid')\n\
         while True:\n    time.sleep(1)\n",
    )
    .unwrap();
        let pid_file = folder.path().join("pid");
        let starting = builder().module("endless").module_path(folder.path()).spawn();
        let starting = tokio::spawn(starting);
        until(|| pid_file.exists()).await;
        starting.abort();
        let pid: u32 = std::fs::read_to_string(&pid_file).unwrap().parse().unwrap();
        until(|| !crate::process::exists(pid)).await;
        assert_gone(pid);
    });
}

#[test]
fn two_connections_have_two_processes() {
    scene(async || {
        let (one, other) = tokio::join!(open(), open());
        assert_ne!(one.process_id(), other.process_id());
        close(one).await;
        close(other).await;
    });
}

#[test]
fn debug_shows_no_secret() {
    scene_without_runtime(|| {
        let shown = format!("{:?}", builder().secret("hunter2-canary"));
        assert!(!shown.contains("hunter2"), "{shown}");
    });
}
