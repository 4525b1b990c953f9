//! The head of a document: title, version, and a description of the protocol and of the evidence.

use super::low_level::TAG;
use super::node::Object;
use super::texts::Texts;
use clientgen::model::{Api, Effect, Evidence};
use clientgen::text::{evidence_word, one_line};

pub(super) fn info(api: &Api) -> Object {
    Object::new()
        .with("title", one_line(&api.title))
        .with("version", version(&api.source))
        .with("description", description(api))
}

/// The server version from the file name of the dump, such as `24` for `metadata/mailstore/server-24.json`.
fn version(source: &str) -> String {
    let file = source.rsplit(['/', '\\']).next().unwrap_or(source);
    let stem = file.strip_suffix(".json").unwrap_or(file);
    let is_number = |c: char| c.is_ascii_digit() || c == '.';
    let number = stem.rsplit(|c| !is_number(c)).next().unwrap_or_default();
    let number = number.trim_matches('.');
    if number.is_empty() {
        "0".to_owned()
    } else {
        number.to_owned()
    }
}

fn description(api: &Api) -> String {
    let title = one_line(&api.title);
    let source = one_line(&api.source);
    let functions = api.functions().len();
    let effects: Vec<String> = Effect::ALL
        .into_iter()
        .map(|effect| format!("- `{}`: {}", effect.as_str(), effect.description()))
        .collect();
    let effects = effects.join("\n");
    let [documented, observed, inferred] =
        [Evidence::Documented, Evidence::Observed, Evidence::Inferred].map(evidence_word);
    format!(
        "The {functions} functions of the {title}, and the three operations of the protocol that are not functions.\n\n\
         The vendor publishes no OpenAPI document. This document was generated. Names, arguments and their order come from \
         a function list (`{source}`). Everything else, such as results, effects and descriptions, comes from public \
         sources. The document was not tested against a server. Servers may send members, words and functions that are not \
         listed here. `/api/get-metadata` returns the functions of your server.\n\n\
         ## Requests\n\n\
         Arguments are form fields in UTF-8. Booleans are `true` and `false` in lower case. Lists are separated by \
         commas. An argument that takes JSON is one field that contains the JSON text. Dates have the form \
         `2026-01-01T00:00:00`, without zone and fraction (`date-time-local`), and times the form `03:30:00`. An empty \
         string is a value: to omit an optional argument, leave out the field. A call without arguments needs the header \
         `Content-Length: 0`. Some HTTP libraries leave it out; the server then responds with 411.\n\n\
         ## Responses\n\n\
         Bodies are JSON in UTF-8. **A byte order mark (EF BB BF) may precede any of them.** Many JSON parsers reject it, \
         so strip it first. A failed call also has the HTTP status 200: only the `statusCode` `succeeded` means success.\n\n\
         Depending on the load of the server, any call may return `running` with a `token` instead of a result. Then \
         request `/api/get-status` until `statusCode` changes. If the response to a call that may change something is \
         lost, do not repeat the call.\n\n\
         A new server has a self-signed certificate, so clients must be configured to trust it.\n\n\
         ## Extensions\n\n\
         `x-mailstore-effect` says what a call may do:\n\n{effects}\n\n\
         `x-mailstore-long-running` is true if calls of the function are known to take minutes or hours.\n\n\
         `x-mailstore-evidence` says how a result or type is known. If it is missing, the evidence was not recorded:\n\n\
         - `{documented}`: documented by the vendor\n\
         - `{observed}`: observed in published responses\n\
         - `{inferred}`: inferred from programs that use the API"
    )
}

/// The dump that the document was generated from: its name and digest.
pub(super) fn source(api: &Api) -> Object {
    Object::new()
        .with("dump", api.source.as_str())
        .with("sha256", api.digest.as_str())
}

pub(super) fn server(api: &Api) -> Object {
    let variable = |default: String, description: &str| {
        Object::new()
            .with("default", default)
            .with("description", description)
    };
    let variables = Object::new()
        .with(
            "host",
            variable("localhost".to_owned(), "Name or address of the server."),
        )
        .with(
            "port",
            variable(
                api.port.to_string(),
                "TCP port of the API, as set in the configuration of the server.",
            ),
        );
    Object::new()
        .with("url", "https://{host}:{port}")
        .with("variables", variables)
}

/// The tags: one for each topic, and one for the operations of the protocol.
pub(super) fn tags(api: &Api, texts: &Texts) -> Vec<Object> {
    let tag = |name: &str, title: String, doc: String| {
        Object::new()
            .with("name", name)
            .with_some("description", Some(doc))
            .with("x-displayName", title)
    };
    let topics = api.groups.iter().map(|group| {
        tag(
            group.module.as_str(),
            one_line(&group.title),
            texts.prose(&group.doc),
        )
    });
    let doc = "Operations that are not functions: polling and cancelling a running call, and the server's function list.";
    topics
        .chain([tag(TAG, "Running calls".to_owned(), doc.to_owned())])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn the_version_is_the_number_at_the_end_of_the_dump_name() {
        for (source, number) in [
            ("metadata/mailstore/server-24.json", "24"),
            (r"C:\dumps\spe-25.3.json", "25.3"),
            ("server.json", "0"),
            ("", "0"),
            ("9", "9"),
        ] {
            assert_eq!(version(source), number, "{source}");
        }
    }
}
