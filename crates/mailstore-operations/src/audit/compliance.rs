//! The rules for compliance and for the licence of MailStore Server.

use mailstore_api::types::{ComplianceConfiguration, RetentionPolicy};
use mailstore_api::{Archive, server};

use super::checker::Checker;
use super::result::Verdict;
use super::rule::Rule;
use super::settings::{AuditLog, LegalHold};
use super::users::usage;

pub(super) async fn check(archive: &impl Archive, checker: &mut Checker<'_>) {
    if checker.uses(Rule::RetentionOff) {
        let verdict = match archive.get_retention_policies().await {
            Ok(policies) => retention(&policies),
            Err(error) => Verdict::unknown(format!("the retention policies cannot be read: {error}")),
        };
        checker.add_whole(Rule::RetentionOff, verdict);
    }
    let rules = checker.used(&[Rule::LegalHold, Rule::AuditLog]);
    if rules.is_empty() {
        return;
    }
    match archive.get_compliance_configuration().await {
        Ok(configuration) => {
            let verdict = legal_hold(&configuration, &checker.rules.legal_hold);
            checker.add_whole(Rule::LegalHold, verdict);
            let verdict = audit_log(&configuration, &checker.rules.audit_log);
            checker.add_whole(Rule::AuditLog, verdict);
        }
        Err(error) => {
            checker.add_unknown(
                &rules,
                &format!("the compliance settings cannot be read: {error}"),
            );
        }
    }
}

fn retention(policies: &[RetentionPolicy]) -> Verdict {
    if policies.iter().any(|policy| policy.enabled == Some(true)) {
        Verdict::ok("a retention policy is active")
    } else if policies.iter().any(|policy| policy.enabled.is_none()) {
        Verdict::unknown("the server does not say whether a retention policy is active")
    } else {
        Verdict::finding("no retention policy is active")
    }
}

fn legal_hold(configuration: &ComplianceConfiguration, settings: &LegalHold) -> Verdict {
    match configuration.legal_hold_enabled {
        None => Verdict::unknown("the server does not say whether legal hold is on"),
        Some(on) => {
            let text = if on {
                "legal hold is on"
            } else {
                "legal hold is off"
            };
            if on == settings.required {
                Verdict::ok(text)
            } else {
                Verdict::finding(text)
            }
        }
    }
}

fn audit_log(configuration: &ComplianceConfiguration, settings: &AuditLog) -> Verdict {
    let Some(logged) = &configuration.log_successful_user_activities else {
        return Verdict::unknown("the server does not say which activities it logs");
    };
    if logged.is_empty() {
        return Verdict::finding("no successful activity is logged");
    }
    let is_missing = |word: &&String| {
        let mut logged = logged.iter();
        !logged.any(|activity| activity.as_str().eq_ignore_ascii_case(word))
    };
    let missing: Vec<&str> = settings
        .required
        .iter()
        .filter(is_missing)
        .map(String::as_str)
        .collect();
    if missing.is_empty() {
        Verdict::ok("the required activities are logged")
    } else {
        Verdict::finding(format!("not logged: {}", missing.join(", ")))
    }
}

/// Compares the number of users with the licence of a MailStore Server.
pub(super) async fn check_licence(client: &server::Client, checker: &mut Checker<'_>) {
    if !checker.uses(Rule::LicenceOver) {
        return;
    }
    let max_percent = checker.rules.licence_over.max_percent;
    let verdict = match client.get_license_information().await {
        Ok(licence) => match (licence.named_users, licence.max_named_users) {
            (Some(used), Some(allowed)) => usage(used, allowed, max_percent),
            _ => Verdict::unknown("the server does not say how many users are used and allowed"),
        },
        Err(error) => Verdict::unknown(format!("the licence cannot be read: {error}")),
    };
    checker.add_whole(Rule::LicenceOver, verdict);
}
