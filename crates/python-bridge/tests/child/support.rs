//! What all tests use: the sample module and its settings.

use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::{Context, Waker};

use python_bridge::{
    Argument, ArgumentKind, Bridge, Builder, Class, Connection, Effect, ExitReport, Function, Json, Surface,
};

use crate::process::{assert_gone, python};
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

pub(crate) fn json(value: serde_json::Value) -> Json {
    Json::from(value)
}

/// Polls a future once.
pub(crate) fn is_pending(future: &mut (impl Future + Unpin)) -> bool {
    let mut context = Context::from_waker(Waker::noop());
    Pin::new(future).poll(&mut context).is_pending()
}
