//! The overlays describe every function and argument of the APIs.

use std::collections::BTreeSet;

use mailstore_codegen::coverage::{Coverage, is_documented, is_id, is_typed};
use mailstore_codegen::model::{Api, Argument, Function, Type, TypeBody};

use crate::support::{editions, saved_dump};

fn apis() -> Vec<Api> {
    editions().apis
}

fn arguments(api: &Api) -> impl Iterator<Item = (&Function, &Argument)> {
    let functions = api.functions().into_iter();
    functions.flat_map(|function| {
        function
            .arguments
            .iter()
            .map(move |argument| (function, argument))
    })
}

#[test]
fn every_function_and_argument_is_documented() {
    for api in apis() {
        for function in api.functions() {
            assert!(
                is_documented(function),
                "{}: {} is not documented",
                api.name,
                function.wire
            );
            assert!(
                !function.since.is_empty(),
                "{}: {} has no `since`",
                api.name,
                function.wire
            );
            assert!(
                !function.editions.is_empty(),
                "{}: {} has no editions",
                api.name,
                function.wire
            );
            let result_described = !function.result_doc.is_empty() || function.evidence.is_some();
            assert!(
                result_described,
                "{}: the result of {} is not described",
                api.name, function.wire
            );
        }
        for (function, argument) in arguments(&api) {
            let documented = argument.by_handle || !argument.doc.is_empty();
            assert!(documented, "{}: {} of {}", api.name, argument.wire, function.wire);
        }
        let groups: Vec<&str> = api.groups.iter().map(|group| group.doc.as_str()).collect();
        assert!(!groups.contains(&""), "a topic of {} is not documented", api.name);
        let coverage = Coverage::of(&api);
        assert_eq!(coverage.functions_documented, coverage.functions);
        assert_eq!(coverage.arguments_documented, coverage.arguments);
    }
}

/// The names of all secret arguments, from the protocol notes.
const SECRETS: [&str; 3] = ["password", "passphrase", "encryptionKey"];

#[test]
fn every_secret_argument_has_the_type_secret() {
    for api in apis() {
        for (function, argument) in arguments(&api) {
            let secret = SECRETS.contains(&argument.wire.as_str());
            assert_eq!(
                argument.ty == Type::Secret,
                secret,
                "{} of {}",
                argument.wire,
                function.wire
            );
        }
    }
}

#[test]
fn every_id_has_a_type_of_its_own() {
    for api in apis() {
        for (function, argument) in arguments(&api) {
            let wire = argument.wire.as_str();
            if wire == "id" || wire.ends_with("Id") || wire.ends_with("ID") {
                assert!(
                    is_id(argument),
                    "{wire} of {} is {:?}",
                    function.wire,
                    argument.ty
                );
            }
        }
    }
}

/// Arguments without a richer type: plain strings, numbers and booleans.
const PLAIN: [&str; 27] = [
    "action",
    "automatic",
    "automaticMaintenanceWindows",
    "contentPath",
    "databaseName",
    "databasePath",
    "distinguishedName",
    "dryRun",
    "enabled",
    "excludeSearchIndexes",
    "fullName",
    "includeIndexes",
    "includeSize",
    "indexPath",
    "instanceUrl",
    "maxLevels",
    "name",
    "newUserName",
    "oldUserName",
    "owner",
    "path",
    "pop3UserNames",
    "reason",
    "recoverDeletedMessages",
    "serverName",
    "userName",
    "withServiceStatus",
];

#[test]
fn every_argument_that_is_not_plain_has_a_richer_type() {
    for api in apis() {
        for (function, argument) in arguments(&api) {
            let plain = PLAIN.contains(&argument.wire.as_str());
            assert!(
                is_typed(argument) || plain,
                "{} of {}",
                argument.wire,
                function.wire
            );
        }
    }
}

/// The functions of whose result at least the form is publicly known: nothing, an array or an object.
const EVIDENCED: [&str; 38] = [
    "CreateSystemAdministrator",
    "CreateUser",
    "GetActiveSessions",
    "GetChildFolders",
    "GetClientAccessServers",
    "GetComplianceConfiguration",
    "GetCredentials",
    "GetDirectoriesOnInstanceHost",
    "GetDirectoryServicesConfiguration",
    "GetEnvironmentInfo",
    "GetFolderStatistics",
    "GetIndexConfiguration",
    "GetInstanceConfiguration",
    "GetInstanceHosts",
    "GetInstanceProcessLiveStatistics",
    "GetInstanceStatistics",
    "GetInstances",
    "GetJobResults",
    "GetJobs",
    "GetLicenseInformation",
    "GetMessages",
    "GetProfiles",
    "GetRetentionPolicies",
    "GetServerInfo",
    "GetServiceConfiguration",
    "GetServiceStatus",
    "GetSmtpSettings",
    "GetStoreAutoCreateConfiguration",
    "GetStoreIndexes",
    "GetStores",
    "GetSystemAdministrators",
    "GetSystemSmtpConfiguration",
    "GetTimeZones",
    "GetUserInfo",
    "GetUsers",
    "GetWorkerResults",
    "SetUserPrivilegesOnFolder",
    "VerifyStore",
];

#[test]
fn every_result_with_public_evidence_is_typed() {
    let apis = apis();
    for name in EVIDENCED {
        let mut functions = apis
            .iter()
            .flat_map(Api::functions)
            .filter(|function| function.wire == name);
        let first = functions
            .next()
            .unwrap_or_else(|| panic!("no edition has {name}"));
        for function in functions.chain([first]) {
            assert_ne!(function.result, Type::Json, "{name}");
            assert!(
                function.evidence.is_some(),
                "the result of {name} has no evidence"
            );
        }
    }
}

#[test]
fn every_object_has_evidence_and_a_first_version() {
    let generated = editions();
    let own = generated.apis.iter().flat_map(|api| &api.types);
    for definition in generated.shared_types.iter().chain(own) {
        if matches!(definition.body, TypeBody::Record { .. }) {
            assert!(
                definition.evidence.is_some(),
                "{} has no evidence",
                definition.name
            );
            assert!(!definition.since.is_empty(), "{} has no `since`", definition.name);
        }
    }
}

/// Compares `since` with the dump of version 9.0.
#[test]
fn functions_since_9_0_are_those_of_the_dump_of_9_0() {
    let old = saved_dump("server-9.json");
    let old: BTreeSet<&str> = old
        .functions()
        .iter()
        .map(|function| function.name.as_str())
        .collect();
    for api in apis().iter().filter(|api| api.name.starts_with("server")) {
        for function in api.functions() {
            let since_9 = function.since == "9.0";
            assert_eq!(
                since_9,
                old.contains(function.wire.as_str()),
                "{}: {}",
                function.wire,
                function.since
            );
        }
    }
}
