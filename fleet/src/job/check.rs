//! Checks a job with the profiles and the functions of their servers. Nothing is sent.

use std::collections::BTreeMap;

use mailstore_api::{Edition, Effect};
use mailstore_codegen::model::Function;
use mailstore_reach::{Catalog, is_instance};
use miette::IntoDiagnostic as _;

use super::Job;
use super::filter::Filter;
use super::plan::{KnownProfile, PlannedInstances, PlannedServer};
use super::problem::{Problem, WrongJob};
use super::values;
use crate::call::CallEffect;

/// The functions of each product.
pub struct Catalogs {
    catalogs: Vec<Catalog>,
}

impl Catalogs {
    /// Returns the functions that this program knows.
    ///
    /// # Errors
    /// The functions contradict each other.
    pub fn built_in() -> miette::Result<Self> {
        let catalog = |edition| {
            let dump = mailstore_sim::function_list(edition).into_diagnostic()?;
            Catalog::new(edition, &dump, false)
        };
        let catalogs = Edition::ALL.into_iter().map(catalog).collect::<Result<_, _>>()?;
        Ok(Self { catalogs })
    }

    fn of(&self, edition: Edition) -> Option<&Catalog> {
        self.catalogs.iter().find(|catalog| catalog.edition == edition)
    }
}

impl Job {
    /// Checks the job with the profiles of the user. Returns its servers, sorted by the names of their profiles.
    /// `allow_destructive` is the option on the command line.
    ///
    /// # Errors
    /// A profile, the function or an argument does not exist or is wrong, or the function is not allowed. The error has
    /// all problems.
    pub fn check(
        &self,
        profiles: &BTreeMap<String, KnownProfile>,
        catalogs: &Catalogs,
        allow_destructive: bool,
    ) -> Result<Vec<PlannedServer>, WrongJob> {
        let mut problems = Vec::new();
        self.check_profile_names(profiles, &mut problems);
        let mut servers = Vec::new();
        for (name, profile) in profiles {
            if !self.has(name) {
                continue;
            }
            let Some(catalog) = catalogs.of(profile.edition) else {
                continue;
            };
            let mut found = Vec::new();
            servers.extend(self.server(name, profile, catalog, allow_destructive, &mut found));
            for problem in found {
                // The same problem of other servers is reported once.
                if !problems.contains(&problem) {
                    problems.push(problem);
                }
            }
        }
        if problems.is_empty() && servers.is_empty() {
            problems.push(Problem::new("except", "the exceptions leave no server"));
        }
        if problems.is_empty() {
            Ok(servers)
        } else {
            Err(self.error(problems))
        }
    }

    /// Returns all filters with their fields.
    pub(super) fn filters(&self) -> impl Iterator<Item = (String, &Filter)> {
        let targets = self.targets.iter().enumerate();
        let targets = targets.map(|(index, filter)| (format!("target[{index}]"), filter));
        let exceptions = self.exceptions.iter().enumerate();
        let exceptions = exceptions.map(|(index, filter)| (format!("except[{index}]"), filter));
        let waves = self.waves.iter().enumerate().flat_map(|(wave, filters)| {
            let filters = filters.target.iter().enumerate();
            filters.map(move |(index, filter)| (format!("wave[{wave}].target[{index}]"), filter))
        });
        targets.chain(exceptions).chain(waves)
    }

    fn check_profile_names(&self, profiles: &BTreeMap<String, KnownProfile>, problems: &mut Vec<Problem>) {
        let names: Vec<&str> = profiles.keys().map(String::as_str).collect();
        for (field, filter) in self.filters() {
            let field = format!("{field}.profiles");
            filter.profiles.check(&field, "profile", &names, problems);
        }
    }

    /// Returns whether a profile is a target, and is not left out as a whole.
    fn has(&self, profile: &str) -> bool {
        let is_left_out = |filter: &Filter| filter.instances.is_none() && filter.profiles.matches(profile);
        self.targets.iter().any(|filter| filter.profiles.matches(profile))
            && !self.exceptions.iter().any(is_left_out)
    }

    fn server(
        &self,
        name: &str,
        profile: &KnownProfile,
        catalog: &Catalog,
        allow_destructive: bool,
        problems: &mut Vec<Problem>,
    ) -> Option<PlannedServer> {
        let function = match catalog.function(&self.function) {
            Ok(function) => function,
            Err(report) => {
                let problem = Problem::of_report("function", &report);
                let message = format!("{} ({})", problem.message, profile.edition.title());
                problems.push(Problem { message, ..problem });
                return None;
            }
        };
        let effect = CallEffect::from(function.effect);
        if profile.read_only && effect == CallEffect::Change {
            let message = format!(
                "{} may change something, but the profile `{}` only reads",
                function.wire,
                mailstore_api::printable(name)
            );
            problems.push(Problem::new("function", message));
        }
        self.check_danger(function, allow_destructive, problems);
        let arguments = values::arguments(self, catalog, function, problems);
        let instances = self.instances(name, profile, function, problems);
        Some(PlannedServer {
            profile: name.to_owned(),
            server: profile.server.clone(),
            edition: profile.edition,
            function: function.wire.clone(),
            effect,
            arguments,
            store_argument: self.for_each_store.as_ref().map(|stores| stores.argument.clone()),
            instances,
        })
    }

    fn check_danger(&self, function: &Function, allow_destructive: bool, problems: &mut Vec<Problem>) {
        let danger = match function.effect {
            Effect::Destructive => "it may delete or move data, or lock users out",
            Effect::Unknown => "its effect is unknown, and it may delete data",
            _ => return,
        };
        let missing = match (self.allow_destructive, allow_destructive) {
            (true, true) => return,
            (true, false) => "Add the option `--allow-destructive`.",
            (false, true) => "Set `allow-destructive = true` in the job.",
            (false, false) => {
                "Set `allow-destructive = true` in the job, and add the option `--allow-destructive`."
            }
        };
        let message = format!("{} is not allowed: {danger}", function.wire);
        problems.push(Problem::new("function", message).with_help(missing));
    }

    fn instances(
        &self,
        name: &str,
        profile: &KnownProfile,
        function: &Function,
        problems: &mut Vec<Problem>,
    ) -> PlannedInstances {
        let targets = self.targets.iter().enumerate();
        let targets = targets.filter(|(_, filter)| filter.profiles.matches(name));
        let takes_instance = function.arguments.iter().any(is_instance);
        let mut is_filtered = false;
        for (index, filter) in targets {
            match (takes_instance, &filter.instances) {
                // The filters are for servers of both products: a MailStore Server has no instances.
                (false, Some(_)) if profile.edition == Edition::Spe => {
                    let message = format!("{} has no argument for an instance", function.wire);
                    problems.push(Problem::new(format!("target[{index}].instances"), message));
                }
                (true, None) if profile.instance.is_none() => {
                    let message = format!("{} needs an instance", function.wire);
                    let help = "Add `instances = [\"*\"]` for all instances.";
                    problems.push(Problem::new(format!("target[{index}]"), message).with_help(help));
                }
                (true, Some(_)) => is_filtered = true,
                _ => {}
            }
        }
        match &profile.instance {
            _ if !takes_instance => PlannedInstances::None,
            Some(instance) if !is_filtered => PlannedInstances::One(instance.clone()),
            own => PlannedInstances::Matching(own.clone()),
        }
    }
}
