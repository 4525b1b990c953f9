//! The nine snippets of the vendor's page of examples, in Rust.
//!
//! The argument is the folder that contains the Python package `jetstream`. The second argument is the program of Python.

mod page;

use std::error::Error;
use std::time::Duration;

use jetstream_api::Client;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let Some(folder) = arguments.next() else {
        return Err("usage: snippets FOLDER [PYTHON]".into());
    };
    let python = arguments.next().unwrap_or_else(|| "python3".to_owned());
    let settings = || Client::builder().python(&python).module_path(&folder);
    page::run(settings, Duration::from_secs(1), &mut std::io::stdout()).await
}
