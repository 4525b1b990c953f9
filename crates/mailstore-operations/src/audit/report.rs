//! The results of an audit.

use mailstore_api::Timestamp;
use mailstore_api::civil::Date;
use mailstore_api::jiff::tz::TimeZone;
use serde::Serialize;

use super::config::AuditConfig;
use super::exception::PlacedException;
use super::result::{AuditResult, Excepted, Status};
use super::rule::Severity;

/// The results of an audit in a stable order: by archive, rule and object.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct AuditReport {
    /// The version of this format, which is [`FORMAT`](Self::FORMAT).
    pub format: u32,
    /// The address of the server.
    pub server: String,
    /// When the audit began.
    pub read_at: Timestamp,
    /// How many results there are.
    pub counts: Counts,
    /// The results.
    pub results: Vec<AuditResult>,
    /// What is noteworthy about the exceptions, for people.
    pub notes: Vec<String>,
}

/// How many results have each status.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
#[allow(missing_docs, reason = "each field is the status of the same name")]
pub struct Counts {
    pub finding: usize,
    pub unknown: usize,
    pub excepted: usize,
    pub ok: usize,
}

impl AuditReport {
    /// The version of the JSON format.
    pub const FORMAT: u32 = 1;

    pub(super) fn new(
        server: String,
        mut results: Vec<AuditResult>,
        config: &AuditConfig,
        now: Timestamp,
    ) -> Self {
        results.sort_by(|one, other| {
            let key = |result: &AuditResult| (result.archive.clone(), result.rule, result.object.clone());
            key(one).cmp(&key(other))
        });
        let today = now.to_zoned(TimeZone::UTC).date();
        let notes = except(&mut results, &config.exceptions, today);
        let count = |status| results.iter().filter(|result| result.status == status).count();
        Self {
            format: Self::FORMAT,
            server,
            read_at: now,
            counts: Counts {
                finding: count(Status::Finding),
                unknown: count(Status::Unknown),
                excepted: count(Status::Excepted),
                ok: count(Status::Ok),
            },
            results,
            notes,
        }
    }

    /// Returns the severity of the worst finding. Returns `None` if there is no finding.
    pub fn worst(&self) -> Option<Severity> {
        let findings = self
            .results
            .iter()
            .filter(|result| result.status == Status::Finding);
        findings.map(|result| result.severity).max()
    }

    /// Returns the report as JSON, with a line end.
    ///
    /// # Errors
    /// The report cannot be written as JSON. This does not happen with values from a server.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }
}

/// Applies the exceptions to the results. Returns notes about exceptions that have ended or apply to nothing.
fn except(results: &mut [AuditResult], exceptions: &[PlacedException], today: Date) -> Vec<String> {
    let mut notes = Vec::new();
    for placed in exceptions {
        let exception = &placed.exception;
        if exception.until < today {
            notes.push(format!("{placed} ended on {}", exception.until));
            continue;
        }
        let mut is_used = false;
        for result in results.iter_mut().filter(|result| exception.applies_to(result)) {
            is_used = true;
            result.status = Status::Excepted;
            result.exception = Some(Excepted {
                reason: exception.reason.clone(),
                until: exception.until,
            });
        }
        if !is_used {
            notes.push(format!("{placed} applies to no result"));
        }
    }
    notes
}
