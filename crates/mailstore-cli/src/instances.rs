//! The instances of the Service Provider Edition on which a function is called.

use globset::{Glob, GlobSet, GlobSetBuilder};
use mailstore_codegen::model::Function;
use mailstore_reach::is_instance;
use miette::{IntoDiagnostic as _, miette};

use crate::arguments::Given;
use crate::exit::Failed;
use crate::server::Server;

/// The options to choose instances of the Service Provider Edition.
#[derive(clap::Args, Clone, Default)]
pub(crate) struct Instances {
    /// The instance to use. [env: MAILSTORE_INSTANCE]
    #[arg(
        long,
        value_name = "ID",
        conflicts_with = "instances",
        help_heading = "Service Provider Edition"
    )]
    instance: Option<String>,
    /// Call the function on all instances whose ID matches one of these patterns, such as `*` or `demo,cust-*`.
    /// Instances that do not run are skipped.
    #[arg(
        long,
        value_name = "PATTERNS",
        value_delimiter = ',',
        conflicts_with = "detach",
        help_heading = "Service Provider Edition"
    )]
    instances: Vec<String>,
    /// The number of instances on which the function is called at the same time.
    #[arg(
        long,
        value_name = "COUNT",
        default_value_t = 4,
        value_parser = clap::value_parser!(u8).range(1..=32),
        help_heading = "Service Provider Edition"
    )]
    pub(crate) parallel: u8,
}

/// The instances of a call.
pub(crate) enum Chosen {
    One(String),
    Many(Vec<String>),
}

impl Instances {
    /// Returns the instances of a call: from the options, from the environment or from the profile. Returns `None` if the
    /// function has no argument for an instance, or if the user gave it.
    ///
    /// # Errors
    /// The function needs an instance and there is none, or an option has no effect.
    pub(crate) fn choose(
        &self,
        function: &Function,
        given: &[Given<'_>],
        server: &Server,
    ) -> Result<Option<Chosen>, Failed> {
        let chosen = if self.instances.is_empty() {
            self.instance.clone().map(Chosen::One)
        } else {
            Some(Chosen::Many(self.instances.clone()))
        };
        let useless = |reason: &str| Failed::usage(miette!("{}: {reason}", function.wire));
        let Some(argument) = function.arguments.iter().find(|argument| is_instance(argument)) else {
            return match chosen {
                Some(_) => Err(useless("the function has no argument for an instance")),
                None => Ok(None),
            };
        };
        if given.iter().any(|given| is_instance(given.argument)) {
            return match chosen {
                Some(_) => Err(useless("the instance is given twice")),
                None => Ok(None),
            };
        }
        let chosen = match chosen {
            Some(chosen) => Some(chosen),
            None => server.instance_or(None)?.map(Chosen::One),
        };
        if chosen.is_none() && argument.is_required() {
            return Err(Failed::usage(miette!(
                help = "Add `--instance ID`, or `--instances '*'` for all instances.",
                "{} needs an instance",
                function.wire
            )));
        }
        Ok(chosen)
    }
}

/// Returns the instance as an argument of the call.
pub(crate) fn as_argument<'a>(function: &'a Function, id: &str) -> Option<Given<'a>> {
    let argument = function.arguments.iter().find(|argument| is_instance(argument))?;
    Some(Given {
        argument,
        value: id.into(),
        file: None,
    })
}

/// Returns a matcher for the ids of instances that match one of the patterns.
pub(crate) fn matcher(patterns: &[String]) -> Result<GlobSet, Failed> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        set.add(Glob::new(pattern).into_diagnostic().map_err(Failed::usage)?);
    }
    set.build().into_diagnostic().map_err(Failed::usage)
}
