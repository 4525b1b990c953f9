//! Tests of the file.

use mailstore_fleet::job::Job;

const VALID: &str = "version = 1
name = 'verify'
function = 'VerifyStore'
logs = 'logs'
limits = { overall = 8, per-server = 2 }

[[target]]
profiles = ['berlin']
";

fn error(text: &str) -> String {
    Job::from_toml(text).unwrap_err().to_string()
}

#[test]
fn a_short_job_is_valid() {
    let job = Job::from_toml(VALID).unwrap();
    assert_eq!(job.function, "VerifyStore");
    assert!(!job.allow_destructive);
    assert!(job.targets[0].profiles.matches("berlin"));
}

#[test]
fn an_error_has_its_line_its_column_and_its_field() {
    for (from, to, expected) in [
        (
            "name = 'verify'",
            "name = 'a:b'",
            "line 2, column 1: `name`: a name has letters without accents, digits, `-`, `_` and `.`, and at most 64 of them",
        ),
        (
            "overall = 8",
            "overal = 8",
            "line 5, column 12: `limits.overal`: unknown field `overal`, expected `overall` or `per-server`. Did you mean `overall`?",
        ),
        (
            "overall = 8",
            "overall = 'x'",
            "line 5, column 22: `limits.overall`: invalid type: string \"x\", expected u32",
        ),
        (
            "limits = { overall = 8, per-server = 2 }",
            "",
            "line 1, column 1: missing field `limits`",
        ),
        (
            "overall = 8, ",
            "",
            "line 5, column 10: `limits`: missing field `overall`",
        ),
        (
            "profiles = ['berlin']",
            "",
            "line 7, column 1: `target[0]`: missing field `profiles`",
        ),
        (
            "overall = 8",
            "overall = 0",
            "line 5, column 12: `limits.overall`: the limit is at least 1",
        ),
        (
            "overall = 8",
            "overall = 301",
            "line 5, column 12: `limits.overall`: the limit is at most 300",
        ),
        (
            "profiles = ['berlin']",
            "profiles = ['b[']",
            "line 8, column 12: `target[0].profiles`: `b[` is not a pattern: unclosed character class; missing ']'",
        ),
        (
            "version = 1",
            "version = 2",
            "line 1, column 1: `version`: the version is 2, but this program only reads version 1",
        ),
        (
            "[[target]]",
            "on-failure = 'stopp'\n[[target]]",
            "line 7, column 14: `on-failure`: unknown variant `stopp`, expected one of `stop`, `finish-wave`, `continue`. Did you mean `stop`?",
        ),
        (
            "[[target]]",
            "[for-each-store]\nstates = ['normal', 'curent']\n[[target]]",
            "line 8, column 21: `for-each-store.states[1]`: a store has no state `curent`. Did you mean `current`?",
        ),
    ] {
        assert!(VALID.contains(from), "{from}");
        assert_eq!(error(&VALID.replacen(from, to, 1)), expected);
    }
}

#[test]
fn all_problems_are_reported_in_the_order_of_the_file() {
    let text = VALID
        .replace("overall = 8", "overall = 0")
        .replace("logs = 'logs'", "logs = ' '")
        + "[window]\nopens = '22:00'\n";
    let error = error(&text);
    let lines: Vec<&str> = error
        .lines()
        .map(|line| line.split(',').next().unwrap())
        .collect();
    assert_eq!(lines, ["line 4", "line 5", "line 10"], "{error}");
}

#[test]
fn an_error_does_not_show_the_line_of_the_file() {
    for text in [
        "password = 'canary'\n",
        "version = 1\npassword = 'canary\n",
        "version = 1 'canary'\n",
    ] {
        let error = error(text);
        assert!(error.starts_with("line "), "{error}");
        assert!(!error.contains("canary"), "{error}");
    }
}

#[test]
fn a_job_has_a_target() {
    let text = VALID.replace("[[target]]\nprofiles = ['berlin']\n", "target = []\n");
    assert_eq!(error(&text), "line 7, column 1: `target`: the job has no target");
}
