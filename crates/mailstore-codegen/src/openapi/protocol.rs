//! What every server has, whatever its functions: the envelope around results, errors and logins.

use std::collections::BTreeSet;

use super::node::Object;
use super::schema::{Schema, value, vocabulary};
use super::version::Version;
use crate::model::Type;

/// The parts of a document that have to do with the protocol. Their components have names that no type has.
pub(super) struct Protocol {
    pub(super) version: Version,
    /// The component of every answer.
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
                component(&self.error, "object").or_null(version, "What went wrong; null if nothing did."),
            )
            .with(
                "token",
                text(
                    "Names the running call for `/api/get-status` and `/api/cancel-async`; null if the call was over \
                     with its first answer. Whoever has it can read the result, so keep it out of logs.",
                ),
            )
            .with(
                "statusVersion",
                value(version, &Type::Number).described(
                    version,
                    "Grows with each change of the call; hand it to `/api/get-status`.",
                ),
            )
            .with("statusCode", component(&self.status, "string").described(version, ""))
            .with(
                "percentProgress",
                percent.or_null(version, "0 to 100 while the call runs; null where it is not known."),
            )
            .with("statusText", text("What is being done; null in every published answer."))
            .with(
                "result",
                Schema::Any.described(
                    version,
                    "What the function brings; null while it runs, after a failure, and for most functions that \
                     change something.",
                ),
            )
            .with(
                "logOutput",
                text(
                    "New lines of the log since `lastKnownStatusVersion`, separated by CR LF; null or empty if there \
                     are none.",
                ),
            );
        Object::new()
            .with("type", "object")
            .with(
                "description",
                "Every answer to a call. Whether the call succeeded stands in `statusCode` alone: a failed call has the \
                 HTTP status 200 too.",
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
                    "Exception and stack trace inside the server. They may repeat arguments, so keep them out of logs.",
                ),
            );
        Object::new()
            .with("type", "object")
            .with("description", "Why a call failed.")
            .with("properties", properties)
            .with("additionalProperties", true)
            .with("x-mailstore-evidence", "documented")
    }

    fn status(&self) -> Object {
        let doc = "How far the call is.\n\n\
                   - `running`: the call goes on; ask again with `/api/get-status`\n\
                   - `succeeded`: it is over, and `result` counts\n\
                   - `failed`: it is over, and `error` tells why\n\
                   - other words are possible: the call is over and did not succeed";
        vocabulary(self.version, doc, &["running", "succeeded", "failed"], None)
            .with("x-mailstore-evidence", "documented")
    }

    /// The responses of an operation: this answer, or an error of HTTP.
    pub(super) fn responses(&self, answer: Object, not_found: &str) -> Object {
        let content = Object::new().with("application/json", Object::new().with("schema", answer));
        let answered = Object::new()
            .with(
                "description",
                "The server's answer. A byte order mark may precede it.",
            )
            .with("content", content);
        let shared = |name: &str| Object::new().with("$ref", format!("#/components/responses/{name}"));
        Object::new()
            .with("200", answered)
            .with("401", shared("Unauthorized"))
            .with("403", shared("Forbidden"))
            .with("404", shared(not_found))
    }

    /// The responses that operations share.
    pub(super) fn shared_responses() -> Object {
        let says = |description: &str| Object::new().with("description", description);
        Object::new()
            .with(
                "Unauthorized",
                says("User name or password is wrong or missing (documented)."),
            )
            .with(
                "Forbidden",
                says("The user is no administrator, or lacks the login privilege `api` (inferred)."),
            )
            .with(
                "NotFound",
                says("The server does not know this function (inferred)."),
            )
            .with(
                "UnknownToken",
                says("The token is wrong or has expired (documented). How long tokens live is not public."),
            )
    }

    /// The login.
    pub(super) fn security_schemes() -> Object {
        let basic = Object::new()
            .with("type", "http")
            .with("scheme", "basic")
            .with(
                "description",
                "Name and password of an administrator, with every request; there is no session. Where multi-factor \
                 authentication is on, the API password takes the place of the password.",
            );
        Object::new().with("basic", basic)
    }
}

/// A name that is not taken.
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
