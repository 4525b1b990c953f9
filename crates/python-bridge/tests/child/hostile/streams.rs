//! What the module prints, reads and closes never reaches the stream of the protocol.

use python_bridge::ErrorKind;
use serde_json::json as value;

use super::{builder, open};
use crate::scene::scene;
use crate::support::{close, interpreter, json};

const TEXT: &str = "caf\u{e9} \u{2028} \u{1f600} \u{0}";

#[test]
fn prints_at_import_are_not_answers() {
    scene(async || {
        let connection = open().await;
        connection.ping().await.unwrap();
        let report = close(connection).await;
        for part in ["prints when it is imported", r#""written at import""#] {
            assert!(report.stderr().contains(part), "{part}: {}", report.stderr());
        }
    });
}

/// Before the first answer, a line of C and a line of another process would be taken for `hello`.
#[test]
fn prints_at_import_from_c_and_from_other_processes_are_not_answers() {
    scene(async || {
        let folder = tempfile::tempdir().unwrap();
        let hello = r#"{"hello": {"bridge": 1, "python": "0", "module": "forged"}}"#;
        let text = format!(
            "import ctypes, os, subprocess, sys\nLINE = {hello:?}\nprint(LINE)\n\
             os.write(1, LINE.encode() + b'\\n')\nos.system('echo from a shell')\n\
             ctypes.CDLL(None).puts(LINE.encode())\nctypes.CDLL(None).fflush(None)\n\
             subprocess.check_call([sys.executable, '-c', 'print(%r)' % LINE])\n"
        );
        std::fs::write(folder.path().join("talkative.py"), text).unwrap();
        let connection = interpreter()
            .module("talkative")
            .module_path(folder.path())
            .spawn()
            .await
            .unwrap();
        assert_eq!(connection.hello().module, "talkative");
        let report = close(connection).await;
        assert_eq!(
            report.stderr().matches("forged").count(),
            4,
            "{}",
            report.stderr()
        );
        assert!(report.stderr().contains("from a shell"));
    });
}

#[test]
fn prints_of_a_function_are_not_answers() {
    scene(async || {
        let connection = open().await;
        for (name, result) in [
            ("writes_to_descriptor", "written"),
            ("prints_from_c", "printed"),
            ("starts_child", "started"),
        ] {
            assert_eq!(connection.call(name).await.unwrap(), result.into());
        }
        let printed = connection.call("prints").arg("text", TEXT).await.unwrap();
        assert_eq!(printed, "printed".into());
        let report = close(connection).await;
        for part in [r#""raw""#, r#""from C""#, "from a child", r#""not the answer""#] {
            assert!(report.stderr().contains(part), "{part}: {}", report.stderr());
        }
    });
}

#[test]
fn text_survives_an_ascii_locale() {
    scene(async || {
        let connection = builder()
            .env("PYTHONIOENCODING", "ascii")
            .env("LC_ALL", "C")
            .env("PYTHONUTF8", "0")
            .env("PYTHONCOERCECLOCALE", "0")
            .spawn()
            .await
            .unwrap();
        let echoed = connection.call("echo").arg("value", TEXT).await.unwrap();
        assert_eq!(echoed, TEXT.into());
        connection.call("prints").arg("text", TEXT).await.unwrap();
        let error = connection.call("raises").await.unwrap_err();
        let ErrorKind::Raised { message, .. } = error.kind() else {
            panic!("{error:?}");
        };
        assert_eq!(message, "caf\u{e9} \u{2028} \u{1f600}");
        close(connection).await;
    });
}

#[test]
fn a_folder_with_other_characters_is_found_in_an_ascii_locale() {
    scene(async || {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("caf\u{e9} \u{1f600}");
        std::fs::create_dir(&path).unwrap();
        std::fs::write(path.join("here.py"), "__version__ = '3'\n").unwrap();
        let connection = interpreter()
            .env("LC_ALL", "C")
            .env("PYTHONUTF8", "0")
            .env("PYTHONCOERCECLOCALE", "0")
            .module("here")
            .module_path(&path)
            .spawn()
            .await
            .unwrap();
        assert_eq!(connection.hello().module_version.as_deref(), Some("3"));
        close(connection).await;
    });
}

#[test]
fn a_megabyte_on_the_standard_error_does_not_block() {
    scene(async || {
        let connection = open().await;
        let size = 1 << 20;
        let call = connection.call("floods_errors").arg("size", size);
        assert_eq!(call.await.unwrap(), json(value!(size)));
        let report = close(connection).await;
        assert_eq!(report.stderr(), "x".repeat(64 * 1024));
    });
}

#[test]
fn the_input_of_the_module_is_empty_and_its_output_may_be_closed() {
    scene(async || {
        let connection = open().await;
        assert_eq!(connection.call("reads_input").await.unwrap(), "".into());
        assert_eq!(connection.call("closes_output").await.unwrap(), "closed".into());
        assert_eq!(
            connection.call("echo").arg("value", 1).await.unwrap(),
            json(value!(1))
        );
        close(connection).await;
    });
}

/// A module that is named like the script of the bridge is the one that the program wants.
#[test]
fn a_module_named_bridge_is_not_the_script() {
    scene(async || {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("bridge.py"), "__version__ = 'another'\n").unwrap();
        let text = "import bridge\n__version__ = bridge.__version__\n";
        std::fs::write(folder.path().join("user.py"), text).unwrap();
        let path = std::env::join_paths(
            crate::scene::environment()
                .iter()
                .filter(|(name, _)| *name == "PYTHONPATH")
                .map(|(_, folder)| folder.into())
                .chain([folder.path().to_owned()]),
        );
        // The folders of this variable come after the folder of the script.
        let connection = interpreter()
            .env("PYTHONPATH", path.unwrap())
            .module("user")
            .spawn()
            .await
            .unwrap();
        assert_eq!(connection.hello().module_version.as_deref(), Some("another"));
        close(connection).await;
    });
}
