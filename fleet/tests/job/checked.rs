//! Tests of the check against profiles and functions.

use mailstore_fleet::call::CallEffect;
use mailstore_fleet::job::PlannedInstances;

use crate::support::{CATALOGS, check, job, profiles};

/// Checks a job and returns its problems without their places.
fn problems(lines: &str) -> Vec<String> {
    let error = check(&job(lines)).unwrap_err();
    let problems = error.problems.into_iter();
    problems
        .map(|problem| {
            assert!(problem.place.is_some(), "{problem}");
            let help = problem.help.map_or_else(String::new, |help| format!(" | {help}"));
            format!("{}: {}{help}", problem.field, problem.message)
        })
        .collect()
}

#[test]
fn the_function_and_its_arguments_are_those_of_each_server() {
    let job = job("
        function = 'verify-store'
        arguments = { includeindexes = true }
        for-each-store = {}
        [[target]]
        profiles = ['*']
        instances = ['*']
    ");
    let servers = check(&job).unwrap();
    let names: Vec<&str> = servers.iter().map(|server| server.profile.as_str()).collect();
    assert_eq!(names, ["berlin", "bonn", "cloud"]);
    for server in &servers {
        assert_eq!(server.function, "VerifyStore");
        assert_eq!(server.effect, CallEffect::Change);
        assert_eq!(
            server.arguments,
            [("includeIndexes".to_owned(), "true".to_owned())].into()
        );
    }
    assert_eq!(servers[0].instances, PlannedInstances::None);
    assert_eq!(servers[2].instances, PlannedInstances::Matching(None));
}

#[test]
fn wrong_names_are_problems_with_suggestions() {
    let target = "[[target]]\nprofiles = ['berlin']";
    assert_eq!(
        problems(&format!("function = 'VerifyStoer'\n{target}")),
        ["function: no function is called `VerifyStoer` (MailStore Server) | Did you mean `VerifyStore`?"]
    );
    assert_eq!(
        problems(&format!(
            "function = 'VerifyStore'\narguments = {{ id = 1, includeIndex = true }}\n{target}"
        )),
        [
            "arguments: VerifyStore needs the argument `includeIndexes`",
            "arguments.includeIndex: no argument is called `includeIndex` | Did you mean `includeIndexes`?",
        ]
    );
    assert_eq!(
        problems("function = 'GetServerInfo'\n[[target]]\nprofiles = ['berlin', 'bon']"),
        ["target[0].profiles[1]: no profile matches `bon` | Did you mean `bonn`?"]
    );
    assert_eq!(
        problems("function = 'GetServerInfo'\n[[target]]\nprofiles = ['*']\n[[except]]\nprofiles = ['clod']"),
        [
            "function: no function is called `GetServerInfo` (MailStore Service Provider Edition) | Did you mean `GetUserInfo`?",
            "except[0].profiles[0]: no profile matches `clod` | Did you mean `cloud`?",
        ]
    );
}

#[test]
fn values_have_the_types_of_their_arguments() {
    let target = "[[target]]\nprofiles = ['berlin']";
    for (arguments, problem) in [
        (
            "{ id = 'x', includeIndexes = true }",
            "arguments.id: the argument `id` must be an integer, not `x`",
        ),
        (
            "{ id = 1.5, includeIndexes = true }",
            "arguments.id: `id` cannot have a fraction",
        ),
        (
            "{ id = 1, includeIndexes = 1 }",
            "arguments.includeIndexes: the argument `includeIndexes` must be `true` or `false`, not `1`",
        ),
        (
            "{ id = [], includeIndexes = true }",
            "arguments.id: the list `id` is empty",
        ),
        (
            "{ id = 1, ID = 2, includeIndexes = true }",
            "arguments.id: `id` is given twice",
        ),
    ] {
        let found = problems(&format!(
            "function = 'VerifyStore'\narguments = {arguments}\n{target}"
        ));
        assert_eq!(found, [problem]);
    }
}

#[test]
fn a_store_is_either_given_or_taken_from_the_list() {
    let target = "[[target]]\nprofiles = ['berlin']";
    assert_eq!(
        problems(&format!("function = 'UpgradeStore'\n{target}")),
        [
            "function: UpgradeStore needs the argument `id` | `[for-each-store]` calls the function for each store."
        ]
    );
    assert_eq!(
        problems(&format!(
            "function = 'UpgradeStore'\narguments = {{ id = 1 }}\nfor-each-store = {{}}\n{target}"
        )),
        ["for-each-store.argument: `id` is also in `arguments`"]
    );
    assert_eq!(
        problems(&format!(
            "function = 'GetServerInfo'\nfor-each-store = {{}}\n{target}"
        )),
        ["for-each-store.argument: no argument is called `id`"]
    );
}

#[test]
fn a_job_contains_no_secret() {
    let target = "[[target]]\nprofiles = ['berlin']";
    let found = problems(&format!(
        "function = 'SetUserPassword'\narguments = {{ userName = 'anna', password = 'canary' }}\n{target}"
    ));
    assert!(
        found[0].starts_with("arguments.password: `password` is a secret."),
        "{found:?}"
    );
    assert!(!found[0].contains("canary"));
    let found = problems(&format!(
        "function = 'SetUserPassword'\narguments = {{ userName = 'anna' }}\n{target}"
    ));
    assert!(
        found[0].contains("which is a secret | A job cannot contain secrets."),
        "{found:?}"
    );
}

#[test]
fn a_destructive_function_is_allowed_in_the_file_and_on_the_command_line() {
    for (in_file, option) in [(false, false), (false, true), (true, false), (true, true)] {
        let job = job(&format!(
            "function = 'DetachStore'\nallow-destructive = {in_file}\narguments = {{ id = 1 }}\n[[target]]\nprofiles = ['berlin']"
        ));
        let checked = job.check(&profiles(), &CATALOGS, option);
        assert_eq!(checked.is_ok(), in_file && option, "{checked:?}");
        let Err(error) = checked else { continue };
        let help = error.problems[0].help.clone().unwrap();
        assert_eq!(help.contains("--allow-destructive"), !option, "{help}");
        assert_eq!(help.contains("allow-destructive = true"), !in_file, "{help}");
    }
}

#[test]
fn a_profile_that_only_reads_refuses_changes() {
    let mut profiles = profiles();
    profiles.get_mut("berlin").unwrap().read_only = true;
    let target = "[[target]]\nprofiles = ['berlin']";
    let changes = job(&format!("function = 'UpgradeStores'\n{target}"));
    let error = changes.check(&profiles, &CATALOGS, false).unwrap_err();
    assert!(
        error.to_string().contains("the profile `berlin` only reads"),
        "{error}"
    );
    let reads = job(&format!("function = 'GetServerInfo'\n{target}"));
    let servers = reads.check(&profiles, &CATALOGS, false).unwrap();
    assert_eq!(servers[0].effect, CallEffect::Read);
}

#[test]
fn the_instance_comes_from_the_job_or_from_the_profile() {
    let lines =
        "function = 'VerifyStores'\narguments = { includeIndexes = false }\n[[target]]\nprofiles = ['cloud']";
    assert_eq!(
        problems(lines),
        ["target[0]: VerifyStores needs an instance | Add `instances = [\"*\"]` for all instances."]
    );
    let mut profiles = profiles();
    profiles.get_mut("cloud").unwrap().instance = Some("demo".to_owned());
    let servers = job(lines).check(&profiles, &CATALOGS, false).unwrap();
    assert_eq!(servers[0].instances, PlannedInstances::One("demo".to_owned()));
    assert!(!servers[0].must_be_listed());
    assert_eq!(
        problems(
            "function = 'GetInstances'\narguments = { instanceFilter = '*' }\n[[target]]\nprofiles = ['cloud']\ninstances = ['*']"
        ),
        ["target[0].instances: GetInstances has no argument for an instance"]
    );
}

#[test]
fn a_job_without_a_server_is_a_problem() {
    assert_eq!(
        problems(
            "function = 'GetServerInfo'\n[[target]]\nprofiles = ['berlin']\n[[except]]\nprofiles = ['b*']"
        ),
        ["except: the exceptions leave no server"]
    );
}
