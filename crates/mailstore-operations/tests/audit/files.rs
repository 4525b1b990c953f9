//! Invalid files get one clear message with a place.

use mailstore_operations::audit::AuditConfig;

fn problem(toml: &str) -> String {
    AuditConfig::from_toml(toml).unwrap_err().to_string()
}

#[test]
fn a_wrong_name_is_an_error_with_its_line_and_a_suggestion() {
    for (toml, line, suggestion) in [
        (
            "version = 1\n[rules.mfa-of]\n",
            "line 2: ",
            "Did you mean `mfa-off`?",
        ),
        (
            "version = 1\n[rules.mfa-off]\n\nenabeld = true\n",
            "line 4: ",
            "Did you mean `enabled`?",
        ),
        (
            "version = 1\n[rules.mfa-off]\nseverity = \"crtical\"\n",
            "line 3: ",
            "Did you mean `critical`?",
        ),
        (
            "version = 1\n[[exception]]\nrule = \"store-eror\"\nreason = \"x\"\nuntil = 2027-01-01\n",
            "line 3: ",
            "Did you mean `store-error`?",
        ),
        (
            "version = 1\n[rules.audit-log]\nrequired = [\"UserAd\"]\n",
            "`rules.audit-log`: ",
            "Did you mean `UserAdd`?",
        ),
    ] {
        let text = problem(toml);
        assert!(text.starts_with(line) && text.ends_with(suggestion), "{text}");
    }
}

#[test]
fn an_exception_has_a_reason_and_an_end() {
    let exception = "version = 1\n\n[[exception]]\nrule = \"mfa-off\"\n";
    let text = problem(&format!("{exception}until = 2027-01-01\n"));
    assert_eq!(text, "line 3: missing field `reason`");
    let text = problem(&format!("{exception}reason = \"x\"\n"));
    assert_eq!(text, "line 3: missing field `until`");
    let text = problem(&format!("{exception}reason = \" \"\nuntil = 2027-01-01\n"));
    assert_eq!(text, "line 3: the reason of the exception is empty");
    for until in ["2027-02-30", "\"soon\"", "2027-01-01T00:00:00", "5"] {
        let text = problem(&format!("{exception}reason = \"x\"\nuntil = {until}\n"));
        assert!(text.starts_with("line "), "{text}");
    }
}

#[test]
fn a_wrong_value_is_an_error() {
    for (toml, expected) in [
        (
            "version = 2\n",
            "`version` is 2, but this program only reads version 1",
        ),
        (
            "version = 1\n[rules.profile-interval]\nmin = \"2d\"\n",
            "`rules.profile-interval`: `min` is longer than `max`",
        ),
        (
            "version = 1\n[rules.profile-interval]\nmin = \"often\"\n",
            "line 3: a duration is written as `90m`, `26h` or `7d`",
        ),
        (
            "version = 1\n[rules.store-not-verified]\nmax-days = 0\n",
            "`rules.store-not-verified`: `max-days` is at least 1",
        ),
    ] {
        assert_eq!(problem(toml), expected);
    }
    let text = problem("version = 1\n[rules.mfa-off]\nignore = [\"[a\"]\n");
    assert!(text.contains("the pattern `[a` is not valid"), "{text}");
    assert!(problem("").contains("`version`"));
}

#[test]
fn an_error_does_not_show_the_line_of_the_file() {
    let text = problem("version = 1\npassword-of-server = \"canary\"\n");
    assert!(text.starts_with("line 2: ") && !text.contains("canary"), "{text}");
    let text = problem("version = 1\nx = \"canary\n");
    assert!(!text.contains("canary"), "{text}");
}
