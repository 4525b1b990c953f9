//! Collects the results of one archive.

use mailstore_api::Timestamp;

use super::result::{AuditResult, Object, ObjectKind, Verdict};
use super::rule::Rule;
use super::settings::Rules;

/// The results of one archive, or of the installation.
pub(super) struct Checker<'a> {
    pub(super) rules: &'a Rules,
    pub(super) now: Timestamp,
    /// How many requests are sent at the same time for this archive.
    pub(super) parallel: usize,
    whole: Object,
    archive: Option<String>,
    pub(super) results: Vec<AuditResult>,
}

impl<'a> Checker<'a> {
    pub(super) fn of_archive(
        rules: &'a Rules,
        now: Timestamp,
        parallel: usize,
        id: &str,
        name: &str,
    ) -> Self {
        let whole = Object {
            kind: ObjectKind::Archive,
            name: name.to_owned(),
            id: Some(id.to_owned()),
        };
        Self {
            rules,
            now,
            parallel,
            whole,
            archive: Some(id.to_owned()),
            results: Vec::new(),
        }
    }

    pub(super) fn of_installation(rules: &'a Rules, now: Timestamp) -> Self {
        let whole = Object {
            kind: ObjectKind::Installation,
            name: "Service Provider Edition".to_owned(),
            id: None,
        };
        Self {
            rules,
            now,
            parallel: 1,
            whole,
            archive: None,
            results: Vec::new(),
        }
    }

    pub(super) fn archive_id(&self) -> &str {
        self.archive.as_deref().unwrap_or_default()
    }

    /// Returns those rules that are used.
    pub(super) fn used(&self, rules: &[Rule]) -> Vec<Rule> {
        let is_used = |rule: &&Rule| self.rules.severity(**rule).is_some();
        rules.iter().filter(is_used).copied().collect()
    }

    pub(super) fn uses(&self, rule: Rule) -> bool {
        self.rules.severity(rule).is_some()
    }

    /// Adds the result for an object. Does nothing if the rule is switched off.
    pub(super) fn add(&mut self, rule: Rule, object: Object, verdict: Verdict) {
        let Some(severity) = self.rules.severity(rule) else {
            return;
        };
        self.results.push(AuditResult {
            archive: self.archive.clone(),
            rule,
            object,
            status: verdict.status,
            severity,
            text: verdict.text,
            exception: None,
        });
    }

    /// Adds the result for the whole archive or installation.
    pub(super) fn add_whole(&mut self, rule: Rule, verdict: Verdict) {
        self.add(rule, self.whole.clone(), verdict);
    }

    /// Adds that nothing can be seen.
    pub(super) fn add_unknown(&mut self, rules: &[Rule], reason: &str) {
        for rule in rules {
            self.add_whole(*rule, Verdict::unknown(reason));
        }
    }

    /// Adds that there is nothing to compare, so that every rule has a result.
    pub(super) fn add_if_none(&mut self, rule: Rule, text: &str) {
        if !self.results.iter().any(|result| result.rule == rule) {
            self.add_whole(rule, Verdict::ok(text));
        }
    }
}
