//! Calls on several instances of the Service Provider Edition.

use mailstore_sim::{Edition, Fault, Phase, Simulator};

use crate::support::{Ran, Server, run};

fn spe() -> Server {
    let step = std::time::Duration::ZERO;
    Server::of(Simulator::builder(Edition::Spe).step(step).start().unwrap())
}

fn topic(server: &Server, words: &str, arguments: &[&str]) -> Ran {
    run(&mut server.command(&server.with_trust(words, arguments)))
}

#[test]
fn a_call_on_all_instances_lists_the_results_with_their_instances() {
    let server = spe();
    let ran = topic(
        &server,
        "users list",
        &["--instances", "*", "-o", "csv", "--columns", "instance,userName"],
    );
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let rows: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(rows[0], "instance,userName");
    assert!(
        rows.contains(&"acme,admin") && rows.contains(&"demo,admin"),
        "{ran:?}"
    );
    assert!(
        ran.stderr.ends_with("2 succeeded, 0 failed, 0 skipped\n"),
        "{ran:?}"
    );
}

#[test]
fn a_pattern_chooses_instances() {
    let server = spe();
    let ran = topic(
        &server,
        "users list",
        &["--instances", "a*,zebra", "-o", "ndjson"],
    );
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(
        ran.stdout
            .lines()
            .all(|line| line.starts_with(r#"{"instance":"acme","#)),
        "{ran:?}"
    );

    let ran = topic(&server, "users list", &["--instances", "zebra"]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.stderr.contains("no instance matches"), "{ran:?}");
}

#[test]
fn a_stopped_instance_and_a_failure_do_not_stop_the_others() {
    let server = spe();
    let ran = topic(&server, "instances stop", &["acme", "--yes"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let ran = topic(&server, "users list", &["--instances", "*", "-o", "ndjson"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(
        ran.stderr.contains("acme: skipped, because its status is"),
        "{ran:?}"
    );
    assert!(
        ran.stderr.ends_with("1 succeeded, 0 failed, 1 skipped\n"),
        "{ran:?}"
    );

    let ran = topic(&server, "instances start", &["acme"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    server
        .simulator
        .inject(Fault::status(403).on(Phase::Start).of("GetUsers").times(1))
        .unwrap();
    let ran = topic(
        &server,
        "users list",
        &["--instances", "*", "--parallel", "1", "-o", "ndjson"],
    );
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stderr.contains("1 succeeded, 1 failed, 0 skipped"), "{ran:?}");
    assert!(!ran.stdout.is_empty(), "{ran:?}");
}

#[test]
fn long_calls_on_several_instances_show_their_logs() {
    let server = spe();
    let ran = topic(
        &server,
        "stores verify",
        &["1", "--include-indexes=false", "--instances", "*"],
    );
    assert_eq!(ran.code, Some(0), "{ran:?}");
    for instance in ["acme", "demo"] {
        let line = format!("{instance}: Finished. No errors have been found.");
        assert!(ran.stderr.contains(&line), "{ran:?}");
    }
    assert_eq!(server.simulator.starts("VerifyStore"), 2);
}

#[test]
fn an_instance_that_is_missing_or_not_needed_is_explained() {
    let server = spe();
    for (words, arguments, wanted) in [
        ("users list", &[][..], "GetUsers needs an instance"),
        (
            "instances list",
            &["--instance", "demo"],
            "the function has no argument for an instance",
        ),
        (
            "call",
            &["GetUsers", "instanceID=demo", "--instance", "acme"],
            "the instance is given twice",
        ),
        (
            "users list",
            &["--instance", "demo", "--instances", "*"],
            "cannot be used with",
        ),
        (
            "users list",
            &["--instances", "[", "-o", "csv"],
            "unclosed character class",
        ),
    ] {
        let ran = topic(&server, words, arguments);
        assert_eq!(ran.code, Some(2), "{words}: {ran:?}");
        assert!(ran.stderr.contains(wanted), "{words}: {ran:?}");
    }
}

#[test]
fn an_option_comes_before_the_variable_and_the_variable_before_the_profile() {
    let server = spe();
    let folder = server.folder.path().join("config");
    std::fs::create_dir(&folder).unwrap();
    let simulator = &server.simulator;
    let profile = format!(
        "current = 'spe'\n[profile.spe]\naddress = '{}'\nedition = 'spe'\nuser = 'admin'\npins = ['{}']\n\
         instance = 'by-profile'\n",
        simulator.url(),
        simulator.fingerprint()
    );
    std::fs::write(folder.join("config.toml"), profile).unwrap();
    let shown = |option: &[&str], variable: Option<&str>| {
        let mut words = vec!["users", "list", "--dry-run"];
        words.extend(option);
        let mut command = crate::support::command(&words);
        command.env("MAILSTORE_CONFIG", &folder);
        if let Some(variable) = variable {
            command.env("MAILSTORE_INSTANCE", variable);
        }
        let ran = run(&mut command);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        ran.stdout
    };
    let option = ["--instance", "by-option"];
    assert!(shown(&option, Some("by-variable")).contains("  instanceID=by-option\n"));
    assert!(shown(&[], Some("by-variable")).contains("  instanceID=by-variable\n"));
    assert!(shown(&[], None).contains("  instanceID=by-profile\n"));
}
