//! `mailstore metadata show`.

use mailstore_sim::Edition;

use crate::program::{mailstore, metadata, server};

fn show(arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = mailstore(&["metadata", "show"]);
    let output = command.args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn every_function_is_shown_with_its_arguments() {
    let (server, options) = server(Edition::Server);
    let options: Vec<&str> = options[2..].iter().map(String::as_str).collect();
    let file = metadata("server-24.json").display().to_string();
    let (code, output, errors) = show(&["server-24"]);
    assert_eq!(code, Some(0), "{errors}");
    assert_eq!(output.lines().count(), 89);
    let line = "VerifyStore(id: number, includeIndexes: bool)";
    assert!(output.lines().any(|found| found == line), "{output}");
    assert_eq!(show(&[&file]).1, output);
    assert_eq!(show(&[&[server.url()][..], &options].concat()).1, output);
    let chosen = ["server", "--server", server.url()];
    assert_eq!(show(&[&chosen[..], &options].concat()).1, output);
}

#[test]
fn one_function_is_found_by_a_similar_name() {
    let (code, output, errors) = show(&["server-24", "verify-store"]);
    assert_eq!(code, Some(0), "{errors}");
    assert!(
        output.starts_with("VerifyStore\n") && output.contains("includeIndexes"),
        "{output}"
    );
    let (code, _, errors) = show(&["server-24", "VerfyStore"]);
    assert_eq!(code, Some(2));
    assert!(errors.contains("Did you mean `VerifyStore`?"), "{errors}");
    let (code, output, _) = show(&["server-24", "GetServerInfo"]);
    assert_eq!(
        (code, output.as_str()),
        (Some(0), "GetServerInfo has no arguments\n")
    );
}

#[test]
fn a_list_that_does_not_exist_is_an_error_that_names_the_lists() {
    let (code, output, errors) = show(&["server-99"]);
    assert_eq!((code, output.as_str()), (Some(2), ""));
    assert!(
        errors.contains("cannot read server-99") && errors.contains("server-24, server-9, spe-24"),
        "{errors}"
    );
}
