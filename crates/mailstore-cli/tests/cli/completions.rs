//! Completion in a shell, and manual pages.

use crate::support::{command, run};

/// Returns the candidates for the last word, as `bash` asks for them.
fn candidates(words: &[&str]) -> Vec<String> {
    let mut arguments = vec!["--", "mailstore"];
    arguments.extend(words);
    let ran = run(command(&arguments)
        .env("MAILSTORE_COMPLETE", "bash")
        .env("_CLAP_IFS", "\n")
        .env("_CLAP_COMPLETE_INDEX", words.len().to_string()));
    assert_eq!(ran.code, Some(0), "{ran:?}");
    ran.stdout.lines().map(str::to_owned).collect()
}

#[test]
fn commands_functions_arguments_and_values_are_completed() {
    for (words, wanted) in [
        (&["me"][..], &["metadata"][..]),
        (&["call", "verifyst"], &["VerifyStore", "VerifyStores"]),
        (&["call", "VerifyStore", "inc"], &["includeIndexes="]),
        (
            &["call", "verify-store", "includeIndexes="],
            &["includeIndexes=true", "includeIndexes=false"],
        ),
        (
            &["call", "SetUserAuthentication", "authentication=i"],
            &["authentication=integrated"],
        ),
        (&["stores", "ver"], &["verify", "verify-all"]),
        (
            &["users", "set-authentication", "anna", "dir"],
            &["directoryServices"],
        ),
        (
            &["stores", "verify", "3", "--include-indexes", ""],
            &["true", "false"],
        ),
        (&["check", "li"], &["licence"]),
    ] {
        assert_eq!(candidates(words), wanted, "{words:?}");
    }
}

#[test]
fn nothing_is_offered_for_unknown_functions_and_arguments() {
    assert!(candidates(&["call", "NoSuchFunction", "x"]).is_empty());
    assert!(candidates(&["call", "VerifyStore", "nothing="]).is_empty());
}

#[test]
fn each_shell_has_a_script_that_asks_the_program() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let ran = run(&mut command(&["completions", shell]));
        assert_eq!(ran.code, Some(0), "{ran:?}");
        assert!(ran.stdout.contains("MAILSTORE_COMPLETE"), "{shell}: {ran:?}");
    }
    let ran = run(&mut command(&["completions", "tcsh"]));
    assert_eq!(ran.code, Some(2), "{ran:?}");
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("man");
    let ran = run(&mut command(&["man", "--out", out.to_str().unwrap()]));
    assert_eq!(ran.code, Some(0), "{ran:?}");
    for (page, text) in [
        ("mailstore.1", "Exit codes"),
        ("mailstore-stores-verify.1", "Function: VerifyStore"),
        ("mailstore-check-profiles.1", "Examples"),
    ] {
        let text_of_page = std::fs::read_to_string(out.join(page)).expect(page);
        assert!(text_of_page.contains(text), "{page} does not contain `{text}`");
    }
    // A folder that is a file.
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let ran = run(&mut command(&["man", "--out", file.to_str().unwrap()]));
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stderr.contains("cannot write the manual pages"), "{ran:?}");
}
