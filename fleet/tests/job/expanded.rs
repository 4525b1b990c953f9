//! Tests of the calls of a job.

use mailstore_api::Edition;
use mailstore_fleet::call::OnFailure;
use mailstore_fleet::job::{Expansion, Listed, MOST_CALLS};

use crate::support::{
    CATALOGS, archive, check, expand, job, listed, night, profile, profiles, short, verify,
};

#[test]
fn the_function_is_called_for_each_store_and_each_server_has_its_turn() {
    let expansion = expand(&verify(""), &listed()).unwrap();
    assert_eq!(
        short(&expansion),
        [
            "0 berlin/-/1",
            "0 bonn/-/1",
            "0 cloud/acme/1",
            "0 berlin/-/2",
            "0 cloud/acme/3",
            "0 cloud/demo/1",
        ]
    );
    assert!(expansion.not_called.is_empty());
    let call = &expansion.calls[2];
    assert!(
        call.key.starts_with("2026-11-27/verify:cloud:acme:VerifyStore:"),
        "{}",
        call.key
    );
}

#[test]
fn waves_are_in_the_order_of_the_file() {
    let job = verify(
        "[[wave]]
        name = 'canary'
        target = [{ profiles = ['cloud'], instances = ['demo'] }]
        [[wave]]
        name = 'some'
        percent = 30",
    );
    let expansion = expand(&job, &listed()).unwrap();
    assert_eq!(expansion.waves, ["canary", "some", "rest"]);
    // 30 % of 4 targets are 2 targets.
    assert_eq!(
        short(&expansion),
        [
            "0 cloud/demo/1",
            "1 berlin/-/1",
            "1 bonn/-/1",
            "1 berlin/-/2",
            "2 cloud/acme/1",
            "2 cloud/acme/3",
        ]
    );
}

#[test]
fn an_exception_wins_over_all_targets() {
    let job =
        verify("[[except]]\nprofiles = ['cloud']\ninstances = ['acme']\n[[except]]\nprofiles = ['bonn']");
    assert_eq!(
        short(&expand(&job, &listed()).unwrap()),
        ["0 berlin/-/1", "0 cloud/demo/1", "0 berlin/-/2"]
    );
}

#[test]
fn a_pattern_without_an_instance_is_a_problem() {
    let job = verify("[[except]]\nprofiles = ['cloud']\ninstances = ['acne']");
    let error = expand(&job, &listed()).unwrap_err().to_string();
    assert!(
        error.ends_with("`except[0].instances[0]`: no instance matches `acne`. Did you mean `acme`?"),
        "{error}"
    );
    // An instance of a server that does not answer may match.
    let mut unknown = listed();
    unknown
        .0
        .insert("cloud".to_owned(), Err("no connection".to_owned()));
    assert!(expand(&job, &unknown).is_ok());
}

#[test]
fn what_cannot_be_called_does_not_stop_the_rest() {
    let mut listed = listed();
    listed
        .0
        .insert("berlin".to_owned(), Err("no connection".to_owned()));
    let mut stopped = archive(Some("acme"), &[]);
    stopped.not_running = Some("the instance is not running".to_owned());
    let mut unknown = archive(Some("broken"), &[]);
    unknown.stores = Err("no stores".to_owned());
    let empty = archive(Some("new"), &[]);
    listed
        .0
        .insert("cloud".to_owned(), Ok(vec![stopped, unknown, empty]));
    let expansion = expand(&verify(""), &listed).unwrap();
    assert_eq!(short(&expansion), ["0 bonn/-/1"]);
    let not_called: Vec<(Option<&str>, &str, bool)> = expansion
        .not_called
        .iter()
        .map(|one| {
            (
                one.target.instance.as_deref(),
                one.reason.as_str(),
                one.is_failure,
            )
        })
        .collect();
    assert_eq!(
        not_called,
        [
            (None, "no connection", true),
            (Some("acme"), "the instance is not running", false),
            (Some("broken"), "no stores", true),
            (Some("new"), "no store matches", false),
        ]
    );
}

/// Expands a job whose first wave is on `berlin` and whose second one is on `bonn`. One server does not answer.
fn expand_without(silent: &str, on_failure: OnFailure) -> Expansion {
    let mut listed = listed();
    listed
        .0
        .insert(silent.to_owned(), Err("no connection".to_owned()));
    let mut job = verify(
        "[[wave]]
        name = 'canary'
        target = [{ profiles = ['berlin'] }]
        [[wave]]
        name = 'second'
        target = [{ profiles = ['bonn'] }]",
    );
    job.on_failure = on_failure;
    expand(&job, &listed).unwrap()
}

#[test]
fn no_wave_after_that_of_a_silent_server_is_started() {
    for on_failure in [OnFailure::Stop, OnFailure::FinishWave] {
        let expansion = expand_without("berlin", on_failure);
        assert_eq!(short(&expansion), Vec::<String>::new());
        let held_back = expansion.held_back.unwrap();
        assert_eq!(held_back.wave, "canary");
        assert!(held_back.calls > 0);

        let expansion = expand_without("bonn", on_failure);
        assert!(expansion.calls.iter().all(|call| call.wave == 0));
        assert!(!expansion.calls.is_empty());
        assert_eq!(expansion.held_back.unwrap().wave, "second");

        // The last wave has no other one after it.
        let expansion = expand_without("cloud", on_failure);
        assert_eq!(expansion.held_back, None);
        assert!(expansion.calls.iter().any(|call| call.wave == 1));
    }
}

#[test]
fn a_job_that_continues_after_failures_starts_all_waves_beside_a_silent_server() {
    let expansion = expand_without("berlin", OnFailure::Continue);
    assert_eq!(expansion.held_back, None);
    assert!(expansion.calls.iter().any(|call| call.wave == 2));
}

#[test]
fn only_stores_that_need_an_upgrade_are_upgraded() {
    let job = job(
        "function = 'UpgradeStore'\nfor-each-store = { needs-upgrade = true }\n[[target]]\nprofiles = ['b*']",
    );
    let mut listed = listed();
    let Ok(berlin) = listed.0.get_mut("berlin").unwrap() else {
        panic!("listed");
    };
    berlin[0].stores.as_mut().unwrap()[1].needs_upgrade = Some(true);
    let Ok(bonn) = listed.0.get_mut("bonn").unwrap() else {
        panic!("listed");
    };
    bonn[0].stores.as_mut().unwrap()[0].needs_upgrade = None;
    let expansion = expand(&job, &listed).unwrap();
    assert_eq!(short(&expansion), ["0 berlin/-/2"]);
    assert_eq!(
        expansion.not_called[0].reason,
        "the server does not say which stores need an upgrade"
    );
    assert!(expansion.not_called[0].is_failure);
}

#[test]
fn disabled_stores_are_left_out_unless_the_job_names_their_state() {
    let mut listed = listed();
    let Ok(berlin) = listed.0.get_mut("berlin").unwrap() else {
        panic!("listed");
    };
    berlin[0].stores.as_mut().unwrap()[0].state = "disabled".to_owned();
    let lines = |stores: &str| {
        job(&format!(
            "function = 'VerifyStore'\narguments = {{ includeIndexes = false }}\nfor-each-store = {stores}\n[[target]]\nprofiles = ['berlin']"
        ))
    };
    for (stores, calls) in [
        ("{}", ["0 berlin/-/2"].as_slice()),
        ("{ states = ['disabled'] }", &["0 berlin/-/1"]),
        (
            "{ states = ['disabled', 'normal'] }",
            &["0 berlin/-/1", "0 berlin/-/2"],
        ),
        ("{ names = ['*-02'] }", &["0 berlin/-/2"]),
    ] {
        assert_eq!(
            short(&expand(&lines(stores), &listed).unwrap()),
            calls,
            "{stores}"
        );
    }
}

#[test]
fn two_profiles_of_the_same_archive_are_refused() {
    let mut profiles = profiles();
    profiles.insert("berlin-2".to_owned(), profile(Edition::Server, 1));
    let job = job("function = 'UpgradeStores'\n[[target]]\nprofiles = ['berlin*']");
    let servers = job.check(&profiles, &CATALOGS, false).unwrap();
    let error = job.expand(&servers, &listed(), night()).unwrap_err().to_string();
    assert!(
        error.contains("the profiles `berlin` and `berlin-2` both reach https://10.0.0.1:8463"),
        "{error}"
    );
}

#[test]
fn a_job_that_needs_no_list_is_expanded_without_one() {
    let job = job("function = 'GetServerInfo'\n[[target]]\nprofiles = ['b*']");
    assert!(check(&job).unwrap().iter().all(|server| !server.must_be_listed()));
    let expansion = expand(&job, &Default::default()).unwrap();
    assert_eq!(short(&expansion), ["0 berlin/-/-", "0 bonn/-/-"]);
}

/// Returns what the servers have if `berlin` has this many stores.
fn many_stores(count: usize) -> Listed {
    let ids: Vec<i64> = (1..).take(count).collect();
    Listed([("berlin".to_owned(), Ok(vec![archive(None, &ids)]))].into())
}

#[test]
fn a_job_with_too_many_calls_must_be_split() {
    let job = job("function = 'VerifyStore'
        arguments = { includeIndexes = false }
        for-each-store = {}
        [[target]]
        profiles = ['berlin']");
    let expansion = expand(&job, &many_stores(MOST_CALLS)).unwrap();
    assert_eq!(expansion.calls.len(), MOST_CALLS);
    let error = expand(&job, &many_stores(MOST_CALLS + 1))
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("the job has 20001 calls, but a job has at most 20000"),
        "{error}"
    );
    assert!(error.contains("Split the job"), "{error}");
}

#[test]
fn a_job_with_too_large_calls_must_be_split() {
    let name = "x".repeat(40_000);
    let job = job(&format!(
        "function = 'RenameStore'
        arguments = {{ name = '{name}' }}
        for-each-store = {{}}
        [[target]]
        profiles = ['berlin']"
    ));
    assert!(expand(&job, &many_stores(400)).is_ok());
    let error = expand(&job, &many_stores(420)).unwrap_err().to_string();
    assert!(
        error.contains("but those of a job have at most 16777216"),
        "{error}"
    );
    assert!(!error.contains("xxx"), "{error}");
}
