//! Values that an assistant must not send: what stands for a secret in results, and secrets in JSON.

use mailstore_codegen::model::{Argument, ArgumentKind};
use mailstore_operations::{has_placeholder, redact};
use serde_json::Value;

use crate::refusal::Refusal;

/// Checks that a value contains neither a placeholder of a result nor a secret.
///
/// # Errors
/// The value would overwrite what the server has with a placeholder, or contains a secret.
pub(crate) fn check(argument: &Argument, value: &Value) -> Result<(), Refusal> {
    let name = &argument.wire;
    if has_placeholder(value) {
        return Err(Refusal::new(
            format!(
                "the argument `{name}` contains the placeholder of a secret from a result, such as `***`"
            ),
            "Sending it would overwrite the secret of the server. Tell the person, who can make the change with `mailstore call`.",
        ));
    }
    if argument.sent_as() != ArgumentKind::Json {
        return Ok(());
    }
    let mut redacted = value.clone();
    redact(&mut redacted);
    if let Some(member) = secret(name, value, &redacted) {
        return Err(Refusal::new(
            format!(
                "the member `{member}` of the argument `{name}` is a secret, which an assistant cannot give"
            ),
            "Set it to null if the function allows it. Otherwise tell the person, who can call the function with `mailstore call`. Do not ask for the secret itself.",
        ));
    }
    Ok(())
}

/// Returns the name of the first member that redaction changes. `null` is not a secret.
fn secret(name: &str, value: &Value, redacted: &Value) -> Option<String> {
    match (value, redacted) {
        (Value::Null, _) => None,
        (Value::Array(values), Value::Array(others)) => values
            .iter()
            .zip(others)
            .find_map(|(value, other)| secret(name, value, other)),
        (Value::Object(members), Value::Object(others)) if members.keys().eq(others.keys()) => members
            .iter()
            .find_map(|(name, value)| secret(name, value, others.get(name)?)),
        _ => (value != redacted).then(|| mailstore_transport::printable(name).to_string()),
    }
}
