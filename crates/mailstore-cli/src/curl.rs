//! Shows a request without sending it.

use mailstore_codegen::model::Function;
use mailstore_reach::{Options, is_secret};

use crate::arguments::Given;

/// Returns the request as text. Secrets are hidden.
pub(crate) fn request(origin: &str, function: &Function, given: &[Given<'_>]) -> String {
    let mut text = format!("POST {}\n", url(origin, function));
    for given in given {
        let value = mailstore_reach::printable(given.shown()).whole();
        text.push_str(&format!("  {}={value}\n", given.argument.wire));
    }
    text
}

fn url(origin: &str, function: &Function) -> String {
    format!("{origin}/{}{}", function.path, function.wire)
}

/// Returns the request as a `curl` command. It prompts for the password. It reads values that are not on our command line from files.
pub(crate) fn command(origin: &str, function: &Function, given: &[Given<'_>], options: &Options) -> String {
    let mut words = vec![
        "curl".to_owned(),
        "--user".to_owned(),
        options.user_name().to_owned(),
    ];
    if let Some(ca) = &options.ca {
        words.extend(["--cacert".to_owned(), ca.display().to_string()]);
    }
    if options.insecure {
        words.push("--insecure".to_owned());
    }
    if given.is_empty() {
        // A POST request without a length is rejected.
        words.extend(["--data".to_owned(), String::new()]);
    }
    for given in given {
        let name = &given.argument.wire;
        let value = match &given.file {
            Some(file) => format!("{name}@{file}"),
            None if is_secret(given.argument) => format!("{name}@FILE"),
            None => format!("{name}={}", given.shown()),
        };
        words.extend(["--data-urlencode".to_owned(), value]);
    }
    words.push(url(origin, function));
    let command = shlex::try_join(words.iter().map(String::as_str));
    command.unwrap_or_else(|_| {
        "A value contains a null character, which no command line can contain.".to_owned()
    })
}
