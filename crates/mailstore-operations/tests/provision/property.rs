//! A plan after its application is empty, for any desired state and any fault.

use proptest::prelude::*;

use crate::support::Scene;

/// The users, two of which exist.
const NAMES: [&str; 4] = ["jane.doe", "John.Doe", "new.one", "new two"];

fn words(known: &'static [&'static str]) -> impl Strategy<Value = String> {
    proptest::option::of(proptest::sample::subsequence(known, 0..=known.len()))
        .prop_map(|words| words.map_or_else(String::new, |words| format!("{words:?}")))
}

fn line(name: &str, value: &str) -> String {
    if value.is_empty() {
        String::new()
    } else {
        format!("{name} = {value}\n")
    }
}

prop_compose! {
    fn user(index: usize)(
        absent in proptest::bool::weighted(0.15),
        full_name in proptest::sample::select(vec!["", "\"\"", "\"Jane\"", "\"J, \\\"ü\\\" & Co\""]),
        emails in words(&["a", "b", "c"]),
        pop3 in words(&["p", "q"]),
        privileges in prop_oneof![
            9 => words(&["login", "archive", "export", "changePassword"]),
            1 => Just("[\"admin\"]".to_owned()),
        ],
        login in words(&["web", "imap", "outlook"]),
        own in words(&["read", "write", "delete"]),
        other in words(&["read"]),
    ) -> String {
        let name = NAMES[index];
        if absent {
            return format!("[[user]]\nname = {name:?}\nstate = \"absent\"\n");
        }
        let emails = ["a", "b", "c"].iter().fold(emails, |text, letter| {
            text.replace(&format!("\"{letter}\""), &format!("\"{letter}{index}@example.com\""))
        });
        let mut text = format!("[[user]]\nname = {name:?}\n");
        text += &line("full-name", full_name);
        text += &line("emails", &emails);
        text += &line("pop3-user-names", &pop3);
        text += &line("privileges", &privileges);
        text += &line("login-privileges", &login);
        text += &line("own-archive", &own);
        if !other.is_empty() {
            text += &format!("folders = {{ \"frank.clark\" = {other} }}\n");
        }
        text
    }
}

prop_compose! {
    fn profile(index: usize)(
        absent in proptest::bool::weighted(0.2),
        automatic in proptest::sample::select(vec!["", "true", "false"]),
        pause in proptest::sample::select(vec!["", "60", "300"]),
    ) -> String {
        let mut text = format!("[[profile]]\nname = \"P{index}\"\nowner = \"admin\"\n");
        if absent {
            return text + "state = \"absent\"\n";
        }
        text += "type = \"I\"\nconnector = \"IMAP\"\ndetails = { host = \"h\", port = 143 }\n";
        text + &line("automatic", automatic) + &line("pause-seconds", pause)
    }
}

fn file() -> impl Strategy<Value = String> {
    (user(0), user(1), user(2), user(3), profile(0), profile(1))
        .prop_map(|(a, b, c, d, e, f)| format!("version = 1\n{a}{b}{c}{d}{e}{f}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_plan_after_its_application_is_empty(
        files in proptest::collection::vec(file(), 1..3),
        fault in proptest::sample::select(vec!["reset", "close-before", "status:500", "status-after:500", "garble"]),
        place in 1..40_usize,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let scene = Scene::new();
        let result: Result<(), TestCaseError> = runtime.block_on(async {
            for (number, file) in files.iter().enumerate() {
                let options = mailstore_operations::provision::PlanOptions {
                    allow_delete: true,
                    ..scene.options()
                };
                let plan = scene.plan_with(file, &options).await;
                prop_assert_eq!(plan.blocked().count(), 0, "{}", plan.to_text());
                let _ = std::fs::remove_file(scene.journal_path());
                scene.simulator.clear_faults();
                scene.simulator.inject(format!("start #{place} {fault}").parse().unwrap()).unwrap();
                let mut ended = false;
                for _ in 0..4 {
                    if scene.apply(&plan).await.is_ok_and(|report| report.is_complete()) {
                        ended = true;
                        break;
                    }
                }
                prop_assert!(ended, "file {}: {:?}", number, scene.apply(&plan).await);
                scene.simulator.clear_faults();
                let again = scene.plan_with(file, &options).await;
                prop_assert!(again.changes.is_empty(), "file {}:\n{}\n{}", number, file, again.to_text());
            }
            let profiles = scene.client.get_profiles().await.unwrap();
            for name in ["P0", "P1"] {
                let count = profiles.iter().filter(|profile| profile.name.as_deref() == Some(name)).count();
                prop_assert!(count <= 1, "{} profiles {}", count, name);
            }
            Ok(())
        });
        result?;
    }
}
