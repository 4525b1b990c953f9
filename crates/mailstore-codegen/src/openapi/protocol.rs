//! The parts of the protocol that do not depend on the functions: the response envelope, errors and the login.

use std::collections::BTreeSet;

use super::node::Object;
use super::schema::{Schema, value, vocabulary};
use super::version::Version;
use clientgen::model::Type;

/// The parts of a document that describe the protocol. Their component names differ from all type names.
pub(super) struct Protocol {
    pub(super) version: Version,
    /// The component name of the response envelope.
    pub(super) envelope: String,
    error: String,
    status: String,
}

impl Protocol {
    pub(super) fn new(version: Version, types: &BTreeSet<&str>) -> Self {
        Self {
            version,
            envelope: free("Envelope", types),
            error: free("ServerError", types),
            status: free("StatusCode", types),
        }
    }

    /// Adds the components of the protocol.
    pub(super) fn add_schemas(&self, schemas: &mut Object) {
        schemas.insert(&self.envelope, self.envelope());
        schemas.insert(&self.error, self.error());
        schemas.insert(&self.status, self.status());
    }

    fn envelope(&self) -> Object {
        let version = self.version;
        let text = |doc: &str| value(version, &Type::String).or_null(version, doc);
        let percent = Schema::Typed(Object::new().with("type", "number"));
        let properties = Object::new()
            .with(
                "error",
                component(&self.error, "object").or_null(version, "The error of a failed call. Null for any other call."),
            )
            .with(
                "token",
                text(
                    "Identifies the running call for `/api/get-status` and `/api/cancel-async`. Null if the first \
                     response completed the call. Anyone who has it can read the result, so keep it out of logs.",
                ),
            )
            .with(
                "statusVersion",
                value(version, &Type::Number).described(
                    version,
                    "Increases with each change of the call. Pass it to `/api/get-status`.",
                ),
            )
            .with("statusCode", component(&self.status, "string").described(version, ""))
            .with(
                "percentProgress",
                percent.or_null(version, "0 to 100 while the call runs. Null if unknown."),
            )
            .with("statusText", text("What the call is doing. Null in every published response."))
            .with(
                "result",
                Schema::Any.described(
                    version,
                    "The result of the function. Null while the call runs, after a failure, and for most functions that \
                     change something.",
                ),
            )
            .with(
                "logOutput",
                text(
                    "New log lines since `lastKnownStatusVersion`, separated by CR LF. Null or empty \
                     if the log has not grown.",
                ),
            );
        Object::new()
            .with("type", "object")
            .with(
                "description",
                "The response to a call. Only `statusCode` shows whether the call succeeded: a failed call also has the \
                 HTTP status 200.",
            )
            .with("properties", properties)
            .with("required", vec!["statusCode"])
            .with("additionalProperties", true)
            .with("x-mailstore-evidence", "documented")
    }

    fn error(&self) -> Object {
        let text = |doc: &str| value(self.version, &Type::String).or_null(self.version, doc);
        let properties = Object::new()
            .with("message", text("One sentence, such as `Missing API argument userName.`"))
            .with(
                "details",
                text(
                    "Exception and stack trace of the server. They may contain arguments, so keep them out of logs.",
                ),
            );
        Object::new()
            .with("type", "object")
            .with("description", "The error of a failed call.")
            .with("properties", properties)
            .with("additionalProperties", true)
            .with("x-mailstore-evidence", "documented")
    }

    fn status(&self) -> Object {
        let doc = "The state of the call.\n\n\
                   - `running`: the call has not completed; request `/api/get-status` again\n\
                   - `succeeded`: the call has completed, and `result` is valid\n\
                   - `failed`: the call has failed, and `error` says why\n\
                   - any other word: the call has completed but did not succeed";
        vocabulary(self.version, doc, &["running", "succeeded", "failed"], None)
            .with("x-mailstore-evidence", "documented")
    }

    /// The responses of an operation: this schema, or an HTTP error.
    pub(super) fn responses(&self, response: Object, not_found: &str) -> Object {
        let content = Object::new().with("application/json", Object::new().with("schema", response));
        let success = Object::new()
            .with(
                "description",
                "The response of the server. It may begin with a byte order mark.",
            )
            .with("content", content);
        let shared = |name: &str| Object::new().with("$ref", format!("#/components/responses/{name}"));
        Object::new()
            .with("200", success)
            .with("401", shared("Unauthorized"))
            .with("403", shared("Forbidden"))
            .with("404", shared(not_found))
    }

    /// The HTTP errors that all operations share.
    pub(super) fn shared_responses() -> Object {
        let response = |description: &str| Object::new().with("description", description);
        Object::new()
            .with(
                "Unauthorized",
                response("The user name or the password is wrong or missing (documented)."),
            )
            .with(
                "Forbidden",
                response("The user is not an administrator, or lacks the login privilege `api` (inferred)."),
            )
            .with(
                "NotFound",
                response("The server does not have this function (inferred)."),
            )
            .with(
                "UnknownToken",
                response(
                    "The token is wrong or has expired (documented). The lifetime of tokens is not public.",
                ),
            )
    }

    /// The login: HTTP basic authentication.
    pub(super) fn security_schemes() -> Object {
        let basic = Object::new().with("type", "http").with("scheme", "basic").with(
            "description",
            "User name and password of an administrator, sent with every request; there is no session. With \
                 multi-factor authentication, the API password replaces the password.",
        );
        Object::new().with("basic", basic)
    }
}

/// Returns `name`, with as many `_` at its end as are needed to differ from all names in `taken`.
pub(super) fn free(name: &str, taken: &BTreeSet<&str>) -> String {
    let mut free = name.to_owned();
    while taken.contains(free.as_str()) {
        free.push('_');
    }
    free
}

fn component(name: &str, ty: &'static str) -> Schema {
    Schema::Component {
        name: name.to_owned(),
        ty,
    }
}
