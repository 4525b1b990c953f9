//! Clients of the stand-in.

use std::sync::OnceLock;
use std::time::Duration;

use bridge_interop::Python;
use jetstream_api::{Builder, Client, Destination, Manifest, SecretString, Task, Transfer, Wait};

/// The settings of a client of the stand-in, which reads its own settings from these variables.
pub(crate) fn builder(variables: &[(&str, &str)]) -> Builder {
    static PYTHON: OnceLock<String> = OnceLock::new();
    let mut builder = Client::builder()
        .python(PYTHON.get_or_init(interpreter))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .module_path(Python::modules());
    for (name, value) in variables {
        builder = builder.env(name, value);
    }
    builder
}

/// The path of Python itself, because the command may be a slow script that finds it.
fn interpreter() -> String {
    let print = "import sys; print(sys.executable)";
    let output = Python::required().command().args(["-c", print]).output();
    String::from_utf8(output.unwrap().stdout)
        .unwrap()
        .trim()
        .to_owned()
}

pub(crate) async fn client() -> Client {
    builder(&[]).connect().await.unwrap()
}

pub(crate) fn secret(text: &str) -> SecretString {
    SecretString::from(text)
}

/// A wait with short pauses.
pub(crate) fn fast<S: Task, R>(wait: Wait<'_, S, R>) -> Wait<'_, S, R> {
    wait.pauses(Duration::from_millis(1), Duration::from_millis(10))
}

/// A manifest whose local path decides how it ends.
pub(crate) async fn manifest(client: &Client, local: &str) -> Manifest {
    client.create_manifest([("/data/a", local)]).await.unwrap()
}

/// A transfer whose destination decides how it ends.
pub(crate) async fn transfer(client: &Client, address: &str) -> Transfer {
    let manifest = manifest(client, "/local/a").await;
    let destination: Destination = client.create_destination(address).await.unwrap();
    client.create_transfer(&destination, &manifest).await.unwrap()
}
