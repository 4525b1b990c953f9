//! Tests of vocabularies: every published word has a variant, and no other word is lost.

use mailstore_api::types::Schedule;
use mailstore_api::{Edition, server, spe};
use serde_json::{Value, json};

use super::ask::{feed, returning};
use super::published::{NOVELTY, Published};

#[tokio::test]
async fn every_published_word_has_a_variant() {
    let with_words = |published: &Published| {
        let words = published.with_words().into_iter();
        words.map(|(_, _, result)| result).collect()
    };
    let fed = feed(with_words).await;
    assert!(fed.len() > 100, "{}", fed.len());
    for fed in fed {
        assert!(!fed.text().contains("Unknown("), "{fed}: {}", fed.text());
    }
}

#[tokio::test]
async fn a_new_word_is_kept() {
    let with_new_word = |published: &Published| {
        let paths = published.words.keys();
        paths
            .flat_map(|path| published.with_word(path, &NOVELTY.into()))
            .collect()
    };
    for fed in feed(with_new_word).await {
        // An unknown schedule is kept as unknown members. `Debug` shows only their names.
        let kept = match fed.function.as_str() {
            "GetJobs" => "schedule: None, unknown: {",
            _ => NOVELTY,
        };
        assert!(fed.text().contains(kept), "{fed}: {}", fed.text());
    }
}

#[tokio::test]
async fn every_published_word_keeps_its_spelling() {
    let mut words = 0;
    for published in Published::all() {
        let edition = published.editions()[0];
        let with_words = published.with_words();
        let server = returning(with_words.iter().map(|(_, _, result)| result.clone())).await;
        let (of_server, of_spe) = (server.client(), server.spe_client());
        for (path, word, _) in with_words {
            let spelled = match edition {
                Edition::Server => spelled_by_server(&of_server, &published.function, path).await,
                Edition::Spe => spelled_by_spe(&of_spe, &published.function, path).await,
            };
            assert_eq!(&spelled, word, "{} {path}", published.function);
            words += 1;
        }
    }
    assert!(words > 80, "{words}");
}

/// Returns the word at a path as the decoded value spells it.
async fn spelled_by_server(client: &server::Client, function: &str, path: &str) -> Value {
    let from = mailstore_api::civil::date(2026, 1, 1);
    let (until, zone) = (from.tomorrow().unwrap(), server::TimeZone::SERVER_LOCAL);
    match (function, path) {
        ("GetComplianceConfiguration", "logSuccessfulUserActivities") => {
            let read = client.get_compliance_configuration().await.unwrap();
            read.log_successful_user_activities.unwrap()[0].as_str().into()
        }
        ("GetCredentials", "Type") => {
            let read = client.get_credentials().await.unwrap();
            read[0].credential_type.as_str().into()
        }
        ("GetDirectoryServicesConfiguration", _) => {
            let read = client.get_directory_services_configuration().await.unwrap();
            match path {
                "type" => read.directory_type.as_str().into(),
                "protocol" => json!(read.protocol),
                "authenticationType" => json!(read.authentication_type),
                "authenticationProtocol" => json!(read.authentication_protocol),
                other => panic!("{other}"),
            }
        }
        ("GetJobResults", "result") => {
            let read = client.get_job_results(from, until, &zone).await.unwrap();
            read[0].result.as_str().into()
        }
        ("GetJobs", path) => {
            let read = client.get_jobs().await.unwrap();
            let mut schedules = read.iter().filter_map(|job| job.schedule.schedule);
            let part = |schedule: Schedule| match (path, schedule) {
                ("schedule.interval", Schedule::Every(interval)) => Some(interval.minutes().into()),
                ("schedule.dayOfWeek", Schedule::Weekly(day, _)) => Some(format!("{day:?}").into()),
                _ => None,
            };
            schedules.find_map(part).unwrap()
        }
        ("GetProfiles", "type") => {
            let read = client.get_profiles().await.unwrap();
            read[0].profile_type.as_ref().unwrap().as_str().into()
        }
        ("GetRetentionPolicies", "periodInterval") => {
            let read = client.get_retention_policies().await.unwrap();
            read[0].period_interval.as_ref().unwrap().as_str().into()
        }
        ("GetRetentionPolicies", "referenceDateType") => {
            let read = client.get_retention_policies().await.unwrap();
            read[0].reference_date_type.as_ref().unwrap().as_str().into()
        }
        ("GetStores", "requestedState") => {
            let read = client.get_stores().await.unwrap();
            read[0].requested_state.as_str().into()
        }
        ("GetStores", "type") => {
            let read = client.get_stores().await.unwrap();
            read[0].store_type.as_ref().unwrap().as_str().into()
        }
        ("GetUserInfo", _) => {
            let read = client.get_user_info("frank.clark").await.unwrap();
            match path {
                "authentication" => read.authentication.as_str().into(),
                "mfaStatus" => read.mfa_status.unwrap().as_str().into(),
                "privileges" => read.privileges.words().join(",").into(),
                "loginPrivileges" => read.login_privileges.unwrap().words().join(",").into(),
                "privilegesOnFolders.privileges" => {
                    let rights = read.privileges_on_folders.unwrap();
                    rights[0].privileges.words().join(",").into()
                }
                other => panic!("{other}"),
            }
        }
        ("GetUsers", "mfaStatus") => {
            let read = client.get_users().await.unwrap();
            read[0].mfa_status.as_ref().unwrap().as_str().into()
        }
        ("GetWorkerResults", "result") => {
            let read = client.get_worker_results(from, until, &zone).await.unwrap();
            read[0].result.as_str().into()
        }
        other => panic!("{other:?} has words that this test does not check"),
    }
}

/// Like [`spelled_by_server`], for the functions that only the Service Provider Edition has.
async fn spelled_by_spe(client: &spe::Client, function: &str, path: &str) -> Value {
    match (function, path) {
        ("GetInstanceConfiguration", "startMode") => {
            let read = client
                .instance("demo")
                .get_instance_configuration()
                .await
                .unwrap();
            read.start_mode.as_str().into()
        }
        ("GetInstances", _) => {
            let read = client.get_instances(spe::InstanceFilter::All).await.unwrap();
            match path {
                "startMode" => read[0].start_mode.as_str().into(),
                "status" => read[0].status.as_str().into(),
                other => panic!("{other}"),
            }
        }
        ("GetServiceStatus", _) => {
            let read = client.get_service_status().await.unwrap();
            match path {
                "serverInfos.serverType" => read.server_infos[0].server_type.as_str().into(),
                "messages.type" => read.messages[0].message_type.as_str().into(),
                other => panic!("{other}"),
            }
        }
        other => panic!("{other:?} has words that this test does not check"),
    }
}
