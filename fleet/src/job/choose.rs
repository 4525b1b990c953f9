//! Finds the targets of a job among what its servers have.

use std::collections::BTreeMap;
use std::fmt;

use mailstore_api::printable;
use serde::Serialize;

use super::filter::Filter;
use super::listed::{Listed, ListedArchive, ListedStore};
use super::plan::{PlannedInstances, PlannedServer};
use super::problem::Problem;
use super::{ForEachStore, Job};
use crate::call::{Call, Target};

/// A target without calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotCalled {
    /// The target. The instance is missing if the instances of the server could not be listed.
    #[serde(flatten)]
    pub target: Target,
    /// Why the function is not called.
    pub reason: String,
    /// Whether this is a failure. An instance that is not running or has nothing to do is not a failure.
    pub is_failure: bool,
}

/// A target with the arguments of each of its calls.
pub(super) struct Chosen<'a> {
    pub(super) target: Target,
    server: &'a PlannedServer,
    arguments: Vec<BTreeMap<String, String>>,
}

impl Job {
    /// Adds a problem for each pattern that matches no instance. A pattern for a server whose instances are not known may
    /// match one of them.
    pub(super) fn check_instances(
        &self,
        servers: &[PlannedServer],
        listed: &Listed,
        problems: &mut Vec<Problem>,
    ) {
        for (field, filter) in self.filters() {
            let Some(patterns) = &filter.instances else {
                continue;
            };
            let mut names = Vec::new();
            let mut is_complete = true;
            for server in servers
                .iter()
                .filter(|server| filter.profiles.matches(&server.profile))
            {
                match (&server.instances, listed.0.get(&server.profile)) {
                    (PlannedInstances::None, _) => {}
                    (PlannedInstances::One(instance), _) => names.push(instance.as_str()),
                    (PlannedInstances::Matching(_), Some(Ok(archives))) => {
                        names.extend(archives.iter().filter_map(|archive| archive.instance.as_deref()));
                    }
                    (PlannedInstances::Matching(_), _) => is_complete = false,
                }
            }
            if is_complete {
                patterns.check(&format!("{field}.instances"), "instance", &names, problems);
            }
        }
    }

    /// Finds the targets of a server.
    pub(super) fn choose<'a>(
        &self,
        server: &'a PlannedServer,
        listed: &Listed,
        chosen: &mut Vec<Chosen<'a>>,
        not_called: &mut Vec<NotCalled>,
    ) {
        let target = |instance: Option<&str>| Target {
            profile: server.profile.clone(),
            server: server.server.clone(),
            instance: instance.map(str::to_owned),
        };
        let fixed = match &server.instances {
            PlannedInstances::None => Some(None),
            PlannedInstances::One(instance) => Some(Some(instance.as_str())),
            PlannedInstances::Matching(_) => None,
        };
        if let Some(instance) = fixed.filter(|_| !server.must_be_listed()) {
            if self.is_target(server, instance) {
                chosen.push(Chosen {
                    target: target(instance),
                    server,
                    arguments: vec![server.arguments.clone()],
                });
            }
            return;
        }
        let archives = match listed.0.get(&server.profile) {
            Some(Ok(archives)) => archives,
            Some(Err(reason)) => return not_called.push(NotCalled::failed(target(fixed.flatten()), reason)),
            None => {
                let reason = "the server was not asked what it has";
                return not_called.push(NotCalled::failed(target(fixed.flatten()), reason));
            }
        };
        for archive in archives {
            let instance = archive.instance.as_deref();
            if !self.is_target(server, instance) {
                continue;
            }
            match self.arguments(server, archive) {
                Ok(arguments) => chosen.push(Chosen {
                    target: target(instance),
                    server,
                    arguments,
                }),
                Err((reason, is_failure)) => not_called.push(NotCalled {
                    target: target(instance),
                    reason,
                    is_failure,
                }),
            }
        }
    }

    /// Returns whether the filters choose an instance of a server, or the server as a whole.
    fn is_target(&self, server: &PlannedServer, instance: Option<&str>) -> bool {
        let own = match &server.instances {
            PlannedInstances::None => None,
            PlannedInstances::One(own) => Some(own.as_str()),
            PlannedInstances::Matching(own) => own.as_deref(),
        };
        let chooses = |filter: &Filter| match (&filter.instances, instance) {
            (Some(patterns), Some(instance)) => patterns.matches(instance),
            (None, Some(_)) => own == instance,
            (_, None) => true,
        };
        let mut targets = self
            .targets
            .iter()
            .filter(|filter| filter.profiles.matches(&server.profile));
        targets.any(chooses)
            && !self
                .exceptions
                .iter()
                .any(|filter| filter.contains(&server.profile, instance))
    }

    /// Returns the arguments of each call on an archive, or why there is no call and whether this is a failure.
    fn arguments(
        &self,
        server: &PlannedServer,
        archive: &ListedArchive,
    ) -> Result<Vec<BTreeMap<String, String>>, (String, bool)> {
        if let Some(reason) = &archive.not_running {
            return Err((reason.clone(), false));
        }
        let (Some(argument), Some(filter)) = (&server.store_argument, &self.for_each_store) else {
            return Ok(vec![server.arguments.clone()]);
        };
        let stores = archive.stores.as_ref().map_err(|reason| (reason.clone(), true))?;
        let mut ids = Vec::new();
        for store in stores {
            if filter.has(store).map_err(|reason| (reason, true))? {
                ids.push(store.id);
            }
        }
        if ids.is_empty() {
            return Err(("no store matches".to_owned(), false));
        }
        ids.sort_unstable();
        ids.dedup();
        let with_store = |id: i64| {
            let mut arguments = server.arguments.clone();
            arguments.insert(argument.clone(), id.to_string());
            arguments
        };
        Ok(ids.into_iter().map(with_store).collect())
    }
}

impl ForEachStore {
    /// Returns whether a store is meant.
    ///
    /// # Errors
    /// The server does not say what the filter needs.
    fn has(&self, store: &ListedStore) -> Result<bool, String> {
        let has_name = self.names.as_ref().is_none_or(|names| names.matches(&store.name));
        let has_state = match &self.states {
            Some(states) => states.contains(&store.state),
            None => store.state != "disabled",
        };
        if !has_name || !has_state {
            return Ok(false);
        }
        for (is_asked, value, what) in [
            (self.needs_upgrade, store.needs_upgrade, "need an upgrade"),
            (
                self.needs_rebuild,
                store.needs_rebuild,
                "need a rebuild of their indexes",
            ),
        ] {
            match value {
                _ if !is_asked => {}
                Some(true) => {}
                Some(false) => return Ok(false),
                None => return Err(format!("the server does not say which stores {what}")),
            }
        }
        Ok(true)
    }
}

impl fmt::Display for NotCalled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", printable(&self.target.profile))?;
        if let Some(instance) = &self.target.instance {
            write!(f, "/{}", printable(instance))?;
        }
        write!(f, ": not called: {}", printable(&self.reason))
    }
}

impl NotCalled {
    fn failed(target: Target, reason: &str) -> Self {
        Self {
            target,
            reason: reason.to_owned(),
            is_failure: true,
        }
    }
}

impl Chosen<'_> {
    /// Returns the calls on the target.
    pub(super) fn calls(&self, window: &str, wave: usize) -> impl Iterator<Item = Call> {
        let wave = u32::try_from(wave).unwrap_or(u32::MAX);
        self.arguments.iter().map(move |arguments| {
            let (target, function) = (self.target.clone(), &self.server.function);
            Call::new(
                window,
                target,
                function,
                arguments.clone(),
                self.server.effect,
                wave,
            )
        })
    }
}
