//! Property tests of the diff between any two dumps.

mod support;

use mailstore_metadata::diff::{Consequence, Verdict, What};
use mailstore_metadata::{Argument, ArgumentKind, Diff, Dump, Function};
use proptest::prelude::*;
use proptest::sample::{Index, subsequence};
use support::{alike_functions, functions, kind};

fn dump(functions: &[Function]) -> Dump {
    Dump::from_functions(functions.to_vec()).expect("names are valid and distinct")
}

/// Returns whether the change must be reported.
type IsExpected = fn(&What) -> bool;

/// One edit of a dump.
#[derive(Clone, Debug)]
enum Mutation {
    AddFunction,
    RemoveFunction,
    RenameFunction,
    ChangePath,
    AddArgument {
        at: Index,
        kind: ArgumentKind,
        nullable: bool,
    },
    RemoveArgument {
        at: Index,
    },
    RenameArgument {
        at: Index,
    },
    ChangeType {
        at: Index,
        kind: ArgumentKind,
    },
    FlipNullable {
        at: Index,
    },
    Swap {
        at: Index,
        with: Index,
    },
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let index = any::<Index>;
    prop_oneof![
        Just(Mutation::AddFunction),
        Just(Mutation::RemoveFunction),
        Just(Mutation::RenameFunction),
        Just(Mutation::ChangePath),
        (index(), kind(), any::<bool>()).prop_map(|(at, kind, nullable)| Mutation::AddArgument {
            at,
            kind,
            nullable
        }),
        index().prop_map(|at| Mutation::RemoveArgument { at }),
        index().prop_map(|at| Mutation::RenameArgument { at }),
        (index(), kind()).prop_map(|(at, kind)| Mutation::ChangeType { at, kind }),
        index().prop_map(|at| Mutation::FlipNullable { at }),
        (index(), index()).prop_map(|(at, with)| Mutation::Swap { at, with }),
    ]
}

impl Mutation {
    /// Edits one of the functions. Returns its new name and the change that must be reported, or `None` if there is
    /// nothing to edit.
    fn apply(&self, functions: &mut Vec<Function>, which: &Index) -> Option<(String, IsExpected)> {
        if let Self::AddFunction = self {
            let name = "Zzz".to_owned();
            let is_there = functions.iter().any(|function| function.name == name);
            functions.push(Function {
                name: name.clone(),
                arguments: Vec::new(),
                path: None,
            });
            return (!is_there).then_some((name, |what| {
                matches!(what, What::FunctionAdded { .. } | What::FunctionRenamed { .. })
            }));
        }
        if functions.is_empty() {
            return None;
        }
        let which = which.index(functions.len());
        if let Self::RemoveFunction = self {
            let name = functions.remove(which).name;
            return Some((name, |what| matches!(what, What::FunctionRemoved { .. })));
        }
        let function = &mut functions[which];
        let arguments = &mut function.arguments;
        let at = |index: &Index| (!arguments.is_empty()).then(|| index.index(arguments.len()));
        let expected: IsExpected = match self {
            Self::AddFunction | Self::RemoveFunction => return None,
            Self::RenameFunction => {
                function.name += "_";
                // Names of one or two letters are too short to be similar.
                |what| matches!(what, What::FunctionRenamed { .. } | What::FunctionAdded { .. })
            }
            Self::ChangePath => {
                function.path = Some(function.path.take().unwrap_or_default() + "zzz/");
                |what| matches!(what, What::PathChanged { .. })
            }
            Self::AddArgument { at, kind, nullable } => {
                let argument = Argument {
                    name: "Zzzzzzzzzzzzzzzz".to_owned(),
                    kind: *kind,
                    nullable: *nullable,
                };
                arguments.insert(at.index(arguments.len() + 1), argument);
                |what| matches!(what, What::ArgumentAdded { .. })
            }
            Self::RemoveArgument { at: index } => {
                let at = at(index)?;
                arguments.remove(at);
                |what| matches!(what, What::ArgumentRemoved { .. })
            }
            Self::RenameArgument { at: index } => {
                let at = at(index)?;
                arguments[at].name += "_zzzz";
                |what| matches!(what, What::ArgumentRenamed { .. } | What::ArgumentAdded { .. })
            }
            Self::ChangeType { at: index, kind } => {
                let at = at(index)?;
                if arguments[at].kind == *kind {
                    return None;
                }
                arguments[at].kind = *kind;
                |what| matches!(what, What::TypeChanged { .. })
            }
            Self::FlipNullable { at: index } => {
                let at = at(index)?;
                arguments[at].nullable ^= true;
                |what| matches!(what, What::BecameOptional { .. } | What::BecameRequired { .. })
            }
            Self::Swap { at: index, with } => {
                let (at, with) = (at(index)?, at(with)?);
                if at == with {
                    return None;
                }
                arguments.swap(at, with);
                |what| matches!(what, What::Reordered { .. })
            }
        };
        Some((function.name.clone(), expected))
    }
}

fn kinds_of<'a>(arguments: impl Iterator<Item = &'a Argument>) -> Vec<(String, ArgumentKind)> {
    // Names that differ only in case count as the same.
    arguments
        .map(|argument| (argument.name.to_lowercase(), argument.kind))
        .collect()
}

/// Returns whether a list of values for one list of arguments is accepted by another list with a wrong meaning.
fn silently_wrong(
    old: &[(String, ArgumentKind)],
    new: &[(String, ArgumentKind)],
    accepts: impl Fn(ArgumentKind, ArgumentKind) -> bool,
) -> bool {
    let mut pairs = old.iter().zip(new);
    pairs.clone().all(|(old, new)| accepts(old.1, new.1)) && pairs.any(|(old, new)| old.0 != new.0)
}

proptest! {
    #[test]
    fn a_dump_does_not_differ_from_itself(functions in functions()) {
        let dump = dump(&functions);
        let diff = Diff::between(&dump, &dump);
        prop_assert!(diff.is_empty());
        prop_assert_eq!(diff.verdict(), Verdict::None);
        prop_assert_eq!(diff.apply(&dump).expect("the diff applies to its old dump"), dump);
    }

    #[test]
    fn applying_the_diff_to_the_old_dump_returns_the_new_dump(
        old in prop_oneof![functions(), alike_functions()],
        new in prop_oneof![functions(), alike_functions()],
    ) {
        let (old, new) = (dump(&old), dump(&new));
        let diff = Diff::between(&old, &new);
        let made = diff.apply(&old).expect("the diff applies to its old dump");
        prop_assert_eq!(made.canonical(), new.canonical());
        prop_assert_eq!(diff.is_empty(), old == new);
        prop_assert_eq!(diff.verdict() == Verdict::None, old == new);
    }

    #[test]
    fn every_mutation_is_reported(
        functions in functions(),
        mutation in mutation(),
        which in any::<Index>(),
    ) {
        let mut mutated = functions.clone();
        let Some((function, expected)) = mutation.apply(&mut mutated, &which) else {
            return Ok(());
        };
        prop_assume!(Dump::from_functions(mutated.clone()).is_ok());
        let diff = Diff::between(&dump(&functions), &dump(&mutated));
        prop_assert!(
            diff.changes_of(&function).iter().any(|change| expected(&change.what)),
            "{:#?}", diff.changes()
        );
        // No other function is reported, except the old name of a function that was not recognised as renamed.
        let others = diff.changes().iter().filter(|change| change.function != function);
        let removed = others.clone().filter(|change| matches!(change.what, What::FunctionRemoved { .. }));
        prop_assert_eq!(others.count(), removed.count());
    }

    #[test]
    fn a_further_change_never_lowers_the_verdict(
        old in alike_functions(),
        new in alike_functions(),
        part in any::<Index>(),
    ) {
        let diff = Diff::between(&dump(&old), &dump(&new));
        let (some, rest) = diff.changes().split_at(part.index(diff.changes().len() + 1));
        prop_assert_eq!(diff.verdict(), Verdict::of(some).max(Verdict::of(rest)));
        for change in diff.changes() {
            prop_assert!(Verdict::of([change]) <= diff.verdict());
        }
    }

    #[test]
    fn every_change_has_a_description(old in alike_functions(), new in alike_functions()) {
        for change in Diff::between(&dump(&old), &dump(&new)).changes() {
            let (what, meaning, advice) = (change.to_string(), change.meaning(), change.advice());
            prop_assert!(!what.is_empty() && !what.ends_with('.'), "{what}");
            for sentences in [meaning, advice] {
                prop_assert!(sentences.ends_with('.') && !sentences.contains("  "), "{sentences}");
            }
        }
    }

    /// The verdict on the changes of some functions is not higher than the verdict on the changes of more functions.
    #[test]
    fn fewer_changed_functions_never_raise_the_verdict(
        (old, new, some) in (alike_functions(), alike_functions()).prop_flat_map(|(old, new)| {
            let names: Vec<String> = old.iter().chain(&new).map(|function| function.name.clone()).collect();
            (Just(old), Just(new), subsequence(names.clone(), 0..=names.len()))
        })
    ) {
        // The other functions stay unchanged.
        let mut partly: Vec<Function> = new.iter().filter(|f| some.contains(&f.name)).cloned().collect();
        partly.extend(old.iter().filter(|f| !some.contains(&f.name)).cloned());
        let (old, new, partly) = (dump(&old), dump(&new), dump(&partly));
        let (all, part) = (Diff::between(&old, &new), Diff::between(&old, &partly));
        prop_assert!(part.verdict() <= all.verdict(), "{:#?}\n{:#?}", part.changes(), all.changes());
    }

    /// A call of the generated method that compiles before and after the change sends every value to the intended
    /// argument, unless a silent danger is reported.
    #[test]
    fn generated_calls_that_compile_are_correct_or_reported(
        old in alike_functions(),
        new in alike_functions(),
    ) {
        let (old, new) = (dump(&old), dump(&new));
        let diff = Diff::between(&old, &new);
        for function in new.functions() {
            let Some(before) = old.function(&function.name) else { continue };
            let required = |function: &Function| {
                kinds_of(function.arguments.iter().filter(|argument| !argument.nullable))
            };
            let (was, is) = (required(before), required(function));
            let accepts = |old, new| old == new || new == ArgumentKind::Json;
            let worst = diff.changes_of(&function.name).iter().map(|change| change.generated).max();
            if was.len() == is.len() && silently_wrong(&was, &is, accepts) {
                prop_assert_eq!(worst, Some(Consequence::SilentDanger));
            }
            if worst <= Some(Consequence::Additive) {
                let same = |(a, b): (&(String, ArgumentKind), &(String, ArgumentKind))| {
                    a.0 == b.0 && accepts(a.1, b.1)
                };
                prop_assert!(was.len() == is.len() && was.iter().zip(&is).all(same));
            }
        }
    }

    /// Checks the same for positional arguments: calls with any number of values.
    #[test]
    fn positional_calls_that_run_are_correct_or_reported(
        old in alike_functions(),
        new in alike_functions(),
    ) {
        let (old, new) = (dump(&old), dump(&new));
        let diff = Diff::between(&old, &new);
        for function in new.functions() {
            let Some(before) = old.function(&function.name) else { continue };
            let fewest = |function: &Function| {
                function.arguments.iter().rposition(|argument| !argument.nullable).map_or(0, |last| last + 1)
            };
            let (was, is) = (kinds_of(before.arguments.iter()), kinds_of(function.arguments.iter()));
            let accepts =
                |old, new| old == new || matches!(new, ArgumentKind::Json | ArgumentKind::String);
            let worst = diff.changes_of(&function.name).iter().map(|change| change.positional).max();
            for count in fewest(before).max(fewest(function))..=was.len().min(is.len()) {
                if silently_wrong(&was[..count], &is[..count], accepts) {
                    prop_assert_eq!(worst, Some(Consequence::SilentDanger));
                }
            }
        }
    }
}
