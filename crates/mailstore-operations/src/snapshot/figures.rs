//! The parts of a snapshot.

use std::collections::BTreeMap;

use mailstore_api::Timestamp;
use mailstore_api::jiff::SignedDuration;
use mailstore_api::types::User;
use serde::{Deserialize, Serialize};

use crate::ServiceAccounts;
use crate::runs::{Situation, Subject, judge};

/// The users of an archive.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Users {
    /// All users.
    pub all: u64,
    /// The users that count for billing.
    pub billable: u64,
    /// The patterns of the users that do not count.
    pub without: Vec<String>,
}

impl Users {
    /// Counts users.
    pub fn count(users: &[User], accounts: &ServiceAccounts) -> Self {
        let billable = users.iter().filter(|user| !accounts.contains(&user.user_name));
        Self {
            all: users.len() as u64,
            billable: billable.count() as u64,
            without: accounts.patterns().to_vec(),
        }
    }
}

/// The use of a licence.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Licence {
    /// The number of users that count, as the server says, or the users for billing if it is compared with a contract.
    pub used: i64,
    /// The number of users that the licence allows.
    pub allowed: i64,
}

/// The situations of the profiles or jobs of an archive.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct RunFigures {
    /// The number of profiles or jobs in each situation. Situations of no profile or job are left out.
    pub situations: BTreeMap<Situation, u64>,
    /// The profiles or jobs that a person should look at, from bad to good.
    pub troubled: Vec<Troubled>,
}

/// A profile or job that a person should look at.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Troubled {
    /// The id on the server.
    pub id: i64,
    /// The name.
    pub name: String,
    /// The situation.
    pub situation: Situation,
    /// When the last run ended that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_run: Option<Timestamp>,
}

impl RunFigures {
    /// Judges profiles or jobs. `window` is the time in which runs were searched for.
    ///
    /// If several situations apply, the worst one in the order of [`Situation`] counts, as in the checks for monitoring
    /// systems.
    pub fn of(subjects: &[Subject], window: SignedDuration, now: Timestamp) -> Self {
        let mut figures = Self::default();
        for subject in subjects {
            let situation = judge(subject, window, |situation| situation, now).situation;
            *figures.situations.entry(situation).or_default() += 1;
            if situation >= Situation::CompletedWithErrors {
                figures.troubled.push(Troubled {
                    id: subject.id,
                    name: subject.name.clone(),
                    situation,
                    last_run: subject.last.as_ref().map(|run| run.ended),
                });
            }
        }
        figures
            .troubled
            .sort_by_key(|one| (std::cmp::Reverse(one.situation), one.id));
        figures
    }

    /// Returns the number of profiles or jobs.
    pub fn total(&self) -> u64 {
        self.situations.values().copied().fold(0, u64::saturating_add)
    }

    /// Returns the number of profiles or jobs in a situation.
    pub fn count(&self, situation: Situation) -> u64 {
        self.situations.get(&situation).copied().unwrap_or_default()
    }

    /// Returns the number whose last run failed.
    pub fn failing(&self) -> u64 {
        self.count(Situation::Failed)
    }

    /// Returns the number without a recent run: the last one is too old, or none was found.
    pub fn overdue(&self) -> u64 {
        self.count(Situation::TooOld)
            .saturating_add(self.count(Situation::NoRun))
    }
}

#[cfg(test)]
mod tests {
    use mailstore_api::from_json;

    use super::*;
    use crate::runs::{Outcome, Run, Start};

    fn now() -> Timestamp {
        "2026-11-28T06:00:00Z".parse().expect("a moment")
    }

    fn profile(id: i64, outcome: Option<Outcome>, hours: i64) -> Subject {
        Subject {
            id,
            name: format!("profile {id}"),
            start: Start::Automatic,
            limit: Some(SignedDuration::from_hours(26)),
            last: outcome.map(|outcome| Run {
                id,
                outcome,
                ended: now() - SignedDuration::from_hours(hours),
                archived: None,
            }),
            running: None,
            not_due: false,
        }
    }

    #[test]
    fn failing_overdue_and_other_profiles_are_counted_separately() {
        let subjects = [
            profile(1, Some(Outcome::Succeeded), 1),
            profile(2, None, 0),
            profile(3, Some(Outcome::Failed), 30),
            profile(4, Some(Outcome::Succeeded), 30),
            profile(5, Some(Outcome::CompletedWithErrors), 1),
        ];
        let figures = RunFigures::of(&subjects, SignedDuration::from_hours(168), now());
        assert_eq!((figures.total(), figures.failing(), figures.overdue()), (5, 1, 2));
        let troubled: Vec<i64> = figures.troubled.iter().map(|troubled| troubled.id).collect();
        assert_eq!(troubled, [3, 4, 2, 5]);
        assert_eq!(
            serde_json::to_value(&figures).expect("JSON")["situations"],
            serde_json::json!({ "succeeded": 1, "completed_with_errors": 1, "no_run": 1, "too_old": 1, "failed": 1 })
        );
    }

    #[test]
    fn service_accounts_are_not_billable() {
        let users = r#"[{"userName": "admin"}, {"userName": "$archiveadmin"}, {"userName": "jane"}, {"userName": "svc-1"}]"#;
        let users: Vec<User> = from_json(users).expect("users");
        let accounts = ServiceAccounts::new(["svc-*"]).expect("valid");
        let users = Users::count(&users, &accounts);
        assert_eq!((users.all, users.billable), (4, 1));
        assert_eq!(users.without, ["$archiveadmin", "admin", "svc-*"]);
    }
}
