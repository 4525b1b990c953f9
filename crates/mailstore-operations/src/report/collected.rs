//! The snapshots of a history that a report needs.

use std::collections::{BTreeMap, BTreeSet};

use mailstore_api::Timestamp;
use mailstore_api::civil::Date;

use super::Month;
use crate::snapshot::{Snapshot, Users};
use crate::{Contract, Size};

/// The last snapshot of each archive and month.
///
/// The order in which snapshots are added does not matter.
#[derive(Clone, Debug, Default)]
pub struct Collected {
    archives: BTreeMap<(String, String), Archive>,
    /// The months in which a server has a snapshot of any archive.
    seen: BTreeMap<String, BTreeSet<Month>>,
    contract: Contract,
}

/// The snapshots of one archive.
#[derive(Clone, Debug, Default)]
pub(super) struct Archive {
    pub(super) months: BTreeMap<Month, InMonth>,
}

/// The snapshots of one archive in one month.
#[derive(Clone, Debug)]
pub(super) struct InMonth {
    /// The last one.
    pub(super) last: Snapshot,
    /// The last figures that were read, with the moments of their snapshots.
    pub(super) users: Option<Read<Users>>,
    pub(super) messages: Option<Read<i64>>,
    pub(super) size: Option<Read<Size>>,
}

/// A figure that was read.
#[derive(Clone, Debug)]
pub(super) struct Read<T> {
    pub(super) value: T,
    pub(super) day: Date,
    taken: Timestamp,
}

impl Collected {
    /// Sets the numbers of users that contracts allow. They are the licences of instances of the Service Provider
    /// Edition in the last month of the report, and are compared with the users for billing.
    pub fn set_contract(&mut self, contract: Contract) {
        self.contract = contract;
    }

    pub(super) fn contract(&self) -> &Contract {
        &self.contract
    }

    /// Adds a snapshot.
    pub fn add(&mut self, snapshot: Snapshot) {
        let month = Month::of(snapshot.day);
        let server = self.seen.entry(snapshot.server.clone()).or_default();
        server.insert(month);
        let key = (snapshot.server.clone(), snapshot.instance.clone());
        let months = &mut self.archives.entry(key).or_default().months;
        match months.get_mut(&month) {
            Some(found) => found.add(snapshot),
            None => {
                months.insert(month, InMonth::new(snapshot));
            }
        }
    }

    /// Returns when the last snapshot was taken.
    pub(super) fn last_taken(&self) -> Option<Timestamp> {
        let months = self.archives.values().flat_map(|archive| archive.months.values());
        months.map(|month| month.last.taken).max()
    }

    /// Returns the last months without a gap, at most this number.
    pub(super) fn months(&self, most: usize) -> Vec<Month> {
        let all = || self.seen.values().flatten().copied();
        let (Some(first), Some(last)) = (all().min(), all().max()) else {
            return Vec::new();
        };
        let backwards = std::iter::successors(Some(last), |month| Some(month.before()));
        let mut months: Vec<Month> = backwards
            .take_while(|month| *month >= first)
            .take(most.max(1))
            .collect();
        months.reverse();
        months
    }

    pub(super) fn archives(&self) -> impl Iterator<Item = &Archive> {
        self.archives.values()
    }

    /// Returns whether there is a snapshot of any archive of a server in a month.
    pub(super) fn has_seen(&self, server: &str, month: Month) -> bool {
        self.seen
            .get(server)
            .is_some_and(|months| months.contains(&month))
    }
}

impl InMonth {
    fn new(snapshot: Snapshot) -> Self {
        let mut month = Self {
            last: snapshot.clone(),
            users: None,
            messages: None,
            size: None,
        };
        month.add(snapshot);
        month
    }

    fn add(&mut self, snapshot: Snapshot) {
        keep(&mut self.users, &snapshot, snapshot.users.value());
        keep(&mut self.messages, &snapshot, snapshot.messages.value());
        keep(&mut self.size, &snapshot, snapshot.size.value());
        // Of two snapshots of the same moment, the later line counts.
        if snapshot.taken >= self.last.taken {
            self.last = snapshot;
        }
    }
}

fn keep<T: Clone>(place: &mut Option<Read<T>>, snapshot: &Snapshot, value: Option<&T>) {
    let Some(value) = value else {
        return;
    };
    if place.as_ref().is_none_or(|read| snapshot.taken >= read.taken) {
        *place = Some(Read {
            value: value.clone(),
            day: snapshot.day,
            taken: snapshot.taken,
        });
    }
}
