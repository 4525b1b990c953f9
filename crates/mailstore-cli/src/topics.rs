//! The commands that are made from the catalogs: a topic such as `stores`, and a function such as `verify`.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use clap::{Arg, ArgMatches, Args as _, Command, FromArgMatches as _, ValueHint};
use clap_complete::engine::{ArgValueCandidates, CompletionCandidate};
use heck::ToKebabCase as _;
use mailstore_codegen::model::{Argument, ArgumentKind, Function};
use mailstore_reach::{
    Catalog, Edition, about_argument, is_instance, is_secret, kind_of_argument, without_markdown,
};
use miette::IntoDiagnostic as _;

use crate::call::{self, CallOptions};
use crate::exit::Failed;
use crate::topic_names::{is_in, names_in};
use crate::{catalog, completions};

/// The place of the topics in the list of commands.
const AFTER_OTHERS: usize = 1000;

/// The catalogs of all editions.
pub(crate) struct Topics(Vec<Catalog>);

/// A function with the catalog that it is from. If several editions have the function, it is that of the first one.
struct Entry<'a> {
    catalog: &'a Catalog,
    function: &'a Function,
    /// The editions that have the function.
    editions: Vec<Edition>,
    /// Arguments that only another edition has.
    more: Vec<(&'a Catalog, &'a Argument)>,
}

impl Topics {
    pub(crate) fn read() -> Result<Self, Failed> {
        let catalogs = Edition::ALL.into_iter().map(catalog::built_in);
        Ok(Self(catalogs.collect::<Result<_, _>>()?))
    }

    /// Returns the names of the topics with their titles and descriptions, sorted.
    fn names(&self) -> Vec<(String, &str, &str)> {
        let mut names = Vec::new();
        let mut seen = BTreeSet::new();
        for catalog in &self.0 {
            for group in &catalog.api.groups {
                let name = group.module.as_str().to_kebab_case();
                if seen.insert(name.clone()) {
                    names.push((name, group.title.as_str(), group.doc.as_str()));
                }
            }
        }
        names.sort();
        names
    }

    /// Returns the functions of a topic.
    fn entries(&self, topic: &str) -> Vec<Entry<'_>> {
        let mut entries: Vec<Entry<'_>> = Vec::new();
        for catalog in &self.0 {
            let groups = catalog.api.groups.iter();
            let functions = groups.flat_map(|group| {
                let name = group.module.as_str().to_kebab_case();
                let is_of = move |function: &&Function| is_in(&name, topic, &function.wire);
                group.functions.iter().filter(is_of)
            });
            for function in functions {
                match entries
                    .iter_mut()
                    .find(|entry| entry.function.wire == function.wire)
                {
                    Some(entry) => {
                        entry.editions.push(catalog.edition);
                        let is_new = |argument: &&Argument| {
                            !entry
                                .function
                                .arguments
                                .iter()
                                .any(|own| own.wire == argument.wire)
                        };
                        let new = function.arguments.iter().filter(is_new);
                        entry.more.extend(new.map(|argument| (catalog, argument)));
                    }
                    None => entries.push(Entry {
                        catalog,
                        function,
                        editions: vec![catalog.edition],
                        more: Vec::new(),
                    }),
                }
            }
        }
        entries
    }

    /// Adds the commands of all topics to the command line.
    pub(crate) fn add_to(&self, command: Command) -> Command {
        self.names()
            .into_iter()
            .fold(command, |command, (topic, title, doc)| {
                command.subcommand(self.topic(&topic, title, doc))
            })
    }

    fn topic(&self, topic: &str, title: &str, doc: &str) -> Command {
        let entries = self.entries(topic);
        let names = names_of(topic, &entries);
        let command = Command::new(topic.to_owned())
            .about(format!("Functions: {title}"))
            .long_about(format!("{title}\n\n{}", without_markdown(&self.0[0], doc)))
            .subcommand_required(true)
            .arg_required_else_help(true)
            .disable_help_subcommand(true)
            .display_order(AFTER_OTHERS);
        entries.iter().zip(names).fold(command, |command, (entry, name)| {
            let full = entry.function.wire.to_kebab_case();
            let sub = entry.command(&name).alias(entry.function.wire.clone());
            command.subcommand(if name == full { sub } else { sub.alias(full) })
        })
    }

    /// Calls the function of these matches. Returns `None` if they are not for a topic.
    pub(crate) fn run(&self, matches: &ArgMatches) -> Option<Result<(), Failed>> {
        let (topic, matches) = matches.subcommand()?;
        if !self.names().iter().any(|(name, ..)| name == topic) {
            return None;
        }
        let (name, matches) = matches.subcommand()?;
        let entries = self.entries(topic);
        let names = names_of(topic, &entries);
        let (entry, _) = entries.iter().zip(names).find(|(_, own)| own == name)?;
        Some(entry.run(matches))
    }
}

/// Returns the names of the commands of these functions.
fn names_of(topic: &str, entries: &[Entry<'_>]) -> Vec<String> {
    let functions: Vec<&str> = entries.iter().map(|entry| entry.function.wire.as_str()).collect();
    names_in(topic, &functions)
}

impl Entry<'_> {
    /// Returns the arguments of the function with the catalog that describes them. The instance is an option of all
    /// calls.
    fn arguments(&self) -> impl Iterator<Item = (&Catalog, &Argument)> {
        let own = self.function.arguments.iter();
        let own = own.map(|argument| (self.catalog, argument));
        own.chain(self.more.iter().copied())
            .filter(|(_, argument)| !is_instance(argument))
    }

    fn command(&self, name: &str) -> Command {
        let Self {
            catalog, function, ..
        } = self;
        let titles: Vec<&str> = self.editions.iter().map(|edition| edition.title()).collect();
        let summary = if function.summary.is_empty() {
            format!("Calls {}.", function.wire)
        } else {
            without_markdown(catalog, &function.summary)
        };
        let long = [
            summary.clone(),
            without_markdown(catalog, &function.doc),
            format!(
                "Function: {}\nEffect: {}{}\nEditions: {}",
                function.wire,
                without_markdown(catalog, function.effect.description()),
                if function.long {
                    " Runs for minutes or hours."
                } else {
                    ""
                },
                titles.join(", ")
            ),
        ];
        let long: Vec<String> = long.into_iter().filter(|text| !text.is_empty()).collect();
        let arguments = self
            .arguments()
            .map(|(catalog, argument)| option(catalog, function, argument));
        // The attributes of the options would replace descriptions that are set before.
        CallOptions::augment_args(Command::new(name.to_owned()).args(arguments))
            .about(summary.trim_end_matches('.').to_owned())
            .long_about(long.join("\n\n"))
    }

    fn run(&self, matches: &ArgMatches) -> Result<(), Failed> {
        let options = CallOptions::from_arg_matches(matches)
            .into_diagnostic()
            .map_err(Failed::usage)?;
        let words: Vec<String> = self
            .arguments()
            .filter_map(|(_, argument)| {
                let value = matches.get_one::<String>(&argument_id(argument))?;
                let mark = if is_secret(argument) && value != "-" {
                    "@"
                } else {
                    ""
                };
                Some(format!("{}={mark}{value}", argument.wire))
            })
            .collect();
        call::call(&options, &self.function.wire, &words)
    }
}

/// The id of an argument of a function. It differs from the ids of the options.
fn argument_id(argument: &Argument) -> String {
    format!("argument {}", argument.wire)
}

/// Returns an argument of the command line for an argument of a function. Required values are positional, except for
/// booleans, which nobody could read without their names, and secrets, which are not on the command line.
fn option(catalog: &Catalog, function: &Function, argument: &Argument) -> Arg {
    let is_bool = argument.sent_as() == ArgumentKind::Bool;
    let is_positional =
        argument.is_required() && argument.fixed.is_none() && !is_bool && !is_secret(argument);
    let arg = Arg::new(argument_id(argument))
        .help(format!(
            "{} [{}]",
            about_argument(catalog, argument),
            kind_of_argument(catalog, argument)
        ))
        .allow_hyphen_values(argument.sent_as() == ArgumentKind::Number)
        .help_heading("Arguments of the function");
    let arg = match candidates(catalog, argument) {
        Some(candidates) => arg.add(candidates),
        None => arg,
    };
    let name = argument.wire.to_kebab_case();
    if is_secret(argument) {
        arg.long(format!("{name}-file"))
            .value_name("FILE")
            .value_hint(ValueHint::FilePath)
    } else if is_positional {
        let arg = arg.value_name(name.to_uppercase());
        if function.effect.only_reads() && is_filter(catalog, argument) {
            arg.default_value(EVERYTHING)
        } else {
            arg.required(true)
        }
    } else {
        let value = if is_bool { "BOOL" } else { "VALUE" };
        arg.long(long_name(&name)).value_name(value)
    }
}

/// The word of a filter that matches everything.
const EVERYTHING: &str = "*";

/// Returns whether an argument is a filter, such as that of `GetInstances`.
fn is_filter(catalog: &Catalog, argument: &Argument) -> bool {
    let words = catalog.words(&argument.ty);
    words.is_some_and(|known| known.words.iter().any(|(word, _)| *word == EVERYTHING))
}

/// The long name of an option for an argument. Names that options of all calls have get a prefix.
fn long_name(name: &str) -> String {
    static TAKEN: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
        let command = CallOptions::augment_args(Command::new(""));
        let names = command.get_arguments().filter_map(Arg::get_long);
        names.map(str::to_owned).collect()
    });
    if TAKEN.contains(name) {
        format!("arg-{name}")
    } else {
        name.to_owned()
    }
}

/// Returns the values that completion offers for an argument.
fn candidates(catalog: &Catalog, argument: &Argument) -> Option<ArgValueCandidates> {
    let words = completions::values(catalog, argument);
    if words.is_empty() {
        return None;
    }
    Some(ArgValueCandidates::new(move || {
        let candidate = |(word, doc): &(String, String)| {
            let help = (!doc.is_empty()).then(|| doc.clone().into());
            CompletionCandidate::new(word).help(help)
        };
        words.iter().map(candidate).collect::<Vec<_>>()
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_store_and_all_stores_have_different_names() {
        let topics = Topics::read().expect("the built-in lists are valid");
        let entries = topics.entries("stores");
        let names = names_of("stores", &entries);
        for (wire, short) in [("VerifyStore", "verify"), ("VerifyStores", "verify-all")] {
            let index = entries.iter().position(|entry| entry.function.wire == wire);
            assert_eq!(names[index.expect(wire)], short);
        }
        let different: BTreeSet<&String> = names.iter().collect();
        assert_eq!(different.len(), names.len(), "{names:?}");
    }

    #[test]
    fn every_function_of_both_editions_is_a_command_that_shows_its_arguments() {
        let topics = Topics::read().expect("the built-in lists are valid");
        let mut command = topics.add_to(Command::new("mailstore"));
        // Panics if two arguments of a command have the same name.
        command.build();
        let mut commands = BTreeSet::new();
        for (topic, ..) in topics.names() {
            let of_topic = command.find_subcommand(&topic).expect("a topic");
            for entry in topics.entries(&topic) {
                let full = entry.function.wire.to_kebab_case();
                let found = of_topic
                    .find_subcommand(&full)
                    .unwrap_or_else(|| panic!("{topic} has no {full}"));
                let help = found.clone().render_long_help().to_string();
                assert!(help.contains(&entry.function.wire), "{help}");
                for (_, argument) in entry.arguments() {
                    let name = argument.wire.to_kebab_case();
                    let forms = [format!("--{name}"), format!("--arg-{name}"), name.to_uppercase()];
                    assert!(
                        forms.iter().any(|form| help.contains(form)),
                        "{full} has no {name}: {help}"
                    );
                }
                commands.insert(entry.function.wire.clone());
            }
        }
        let functions: BTreeSet<&str> = topics
            .0
            .iter()
            .flat_map(|catalog| catalog.api.functions())
            .map(|function| function.wire.as_str())
            .collect();
        assert_eq!(commands.len(), functions.len());
    }
}
