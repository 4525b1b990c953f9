//! What all tests use: Python, the sample module, and the check that a process is gone.

use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::process::Command;
use std::sync::OnceLock;
use std::task::{Context, Waker};
use std::time::{Duration, Instant};

use python_bridge::{
    Argument, ArgumentKind, Bridge, Builder, Class, Connection, Effect, ExitReport, Function, Json, Surface,
};

use crate::scene::environment;

const fn any(name: &'static str) -> Argument {
    Argument::new(name, ArgumentKind::Any)
}

macro_rules! functions {
    ($($name:ident $text:literal $effect:ident [$($argument:expr),*];)*) => {
        $(pub(crate) static $name: Function = Function::new($text).effect(Effect::$effect).arguments(&[$($argument),*]);)*

        pub(crate) static SURFACE: Surface = Surface::new("sample", "Sample").functions(&[$(&$name),*]);
    };
}
functions! {
    ALIVE_ITEMS "alive_items" Read [];
    ANCIENT "ancient" Read [];
    CALLS "calls" Read [];
    CHECKED "checked" Read [any("code"), any("value")];
    CHANGE "change" Action [any("value")];
    CHANGE_WITHOUT_RESULT "change_without_result" Action [];
    DESCRIBE "describe" Read [any("value")];
    DIE "die" Action [any("status")];
    DIE_WITH_CHILD "die_with_child" Action [];
    ECHO "echo" Read [any("value").nullable()];
    FAIL "fail" Read [any("message")];
    FILL "fill" Read [any("name"), any("rank")];
    FOREVER "forever" Action [];
    ITEM "item" Read [any("name"), any("rank").default("0")];
    ITEMS "items" Read [any("count")];
    KILLED "killed" Action [];
    LOGIN "login" Action [any("user"), any("password").secret()];
    NAME_OF "name_of" Read [any("item")];
    READ_AND_DIE "read_and_die" Read [];
    SAY "say" Read [any("text")];
    SCALE "scale" Set [any("a"), any("b"), any("factor").default("1"), any("offset").default("0")];
    STRANGE "strange" Read [];
    UNSENDABLE "unsendable" Read [];
    WAIT_FOR "wait_for" Action [any("path")];
    WRITE_PRIVATE "write_private" Action [any("line")];
}

/// In the module, but not in its list.
pub(crate) static HIDDEN: Function = Function::new("hidden").effect(Effect::Read);

pub(crate) const ITEM_CLASS: Class = Class::new("Item")
    .snapshot(&["getName", "getRank"])
    .methods(&["getName", "getRank", "setName", "twin", "remove"])
    .reads(&["setName"]);

/// The program of Python 3.11, not a script that starts it.
pub(crate) fn python() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let output = Command::new("python3.11")
            .args(["-c", "import sys; print(sys.executable)"])
            .output()
            .expect("these tests need `python3.11` in PATH");
        assert!(
            output.status.success(),
            "python3.11 does not work: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        PathBuf::from(String::from_utf8(output.stdout).unwrap().trim())
    })
}

/// The folder with the modules of the tests.
pub(crate) fn modules() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python")
}

/// The settings of a Python that the scene of the test finds.
pub(crate) fn interpreter() -> Builder {
    let builder = Bridge::builder().python(python());
    environment()
        .into_iter()
        .fold(builder, |builder, (name, value)| builder.env(name, value))
}

pub(crate) fn builder() -> Builder {
    interpreter()
        .module("sample")
        .module_path(modules())
        .surface(&SURFACE)
        .constants(["LIMIT", "CODES"])
        .classes(&[ITEM_CLASS])
}

pub(crate) async fn open() -> Connection {
    builder().spawn().await.expect("the sample module starts")
}

/// Closes the connection, and checks that Python ended with success and is gone.
pub(crate) async fn close(connection: Connection) -> ExitReport {
    let pid = connection.process_id().expect("a child process");
    let report = connection.close().await;
    assert!(
        report.status().expect("a status").success(),
        "{report} {}",
        report.stderr()
    );
    assert_gone(pid);
    report
}

/// Checks that no process has this id. A process that nobody waited for would still have it.
pub(crate) fn assert_gone(pid: u32) {
    assert!(!exists(pid), "process {pid} is still there");
}

pub(crate) fn exists(pid: u32) -> bool {
    state(pid).is_some()
}

/// Returns the state of a process: `Z` if it has ended and was not waited for. `None` if there is no such process.
pub(crate) fn state(pid: u32) -> Option<char> {
    if Path::new("/proc/self/stat").exists() {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // The name of the program is in parentheses, and may contain some.
        let (_, rest) = stat.rsplit_once(')')?;
        return rest.trim_start().chars().next();
    }
    // Systems without these files have this command.
    let output = Command::new("ps")
        .args(["-o", "stat=", "-p"])
        .arg(pid.to_string())
        .output();
    let output = output.expect("`ps` runs").stdout;
    String::from_utf8_lossy(&output).trim_start().chars().next()
}

/// Waits until a condition is true, and fails after a minute.
pub(crate) async fn until(mut condition: impl FnMut() -> bool) {
    let began = Instant::now();
    while !condition() {
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "the condition never became true"
        );
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

pub(crate) fn json(value: serde_json::Value) -> Json {
    Json::from(value)
}

/// Polls a future once.
pub(crate) fn is_pending(future: &mut (impl Future + Unpin)) -> bool {
    let mut context = Context::from_waker(Waker::noop());
    Pin::new(future).poll(&mut context).is_pending()
}
