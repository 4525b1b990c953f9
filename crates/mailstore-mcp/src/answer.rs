//! The answers of tools.

use rmcp::model::{CallToolResult, ContentBlock};
use serde_json::{Value, json};

use crate::refusal::Refusal;

/// The answer of a call that succeeded.
pub(crate) fn success(answer: &Value) -> CallToolResult {
    CallToolResult::success(vec![ContentBlock::text(answer.to_string())])
}

/// The answer of a call that failed.
pub(crate) fn error(answer: &Value) -> CallToolResult {
    CallToolResult::error(vec![ContentBlock::text(answer.to_string())])
}

/// The answer of a call that was not sent.
pub(crate) fn refused(refusal: &Refusal) -> CallToolResult {
    error(&json!({
        "error": refusal.reason,
        "sent": "Nothing was sent to the server.",
        "next_step": refusal.next_step,
    }))
}
